# SPDX-License-Identifier: EUPL-1.2
"""An outgoing message as JSON, the form in which it waits (sealed) in the outbox."""

import json
from datetime import datetime
from typing import Any

from bot.domain.outgoing import Action, Button, Outgoing, Priority


def outgoing_to_json(outgoing: Outgoing) -> str:
    """Write a message as JSON."""
    return json.dumps(
        {
            "text": outgoing.text,
            "priority": int(outgoing.priority),
            "reason": outgoing.reason,
            "language": outgoing.language,
            "media": outgoing.media,
            "media_kind": outgoing.media_kind,
            "location": outgoing.location,
            "buttons": [
                [[button.label, button.data, button.url] for button in row] for row in outgoing.buttons
            ],
            "silent": outgoing.silent,
            "action": outgoing.action.value,
            "not_before": None if outgoing.not_before is None else outgoing.not_before.isoformat(),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def outgoing_from_json(text: str) -> Outgoing:
    """Read a message that `outgoing_to_json` has written."""
    stored: dict[str, Any] = json.loads(text)
    location = stored["location"]
    not_before = stored["not_before"]
    return Outgoing(
        text=stored["text"],
        priority=Priority(stored["priority"]),
        reason=stored["reason"],
        language=stored["language"],
        media=tuple(stored["media"]),
        media_kind=stored["media_kind"],
        location=None if location is None else (location[0], location[1]),
        buttons=tuple(tuple(Button(*button) for button in row) for row in stored["buttons"]),
        silent=stored["silent"],
        action=Action(stored["action"]),
        not_before=None if not_before is None else datetime.fromisoformat(not_before),
    )
