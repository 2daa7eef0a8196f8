# SPDX-License-Identifier: EUPL-1.2
"""The screen before 'send': who gets it, who does not and why, how long it takes."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.broadcast import Broadcast, BroadcastState, Run
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.outgoing import Button
from bot.i18n import Texts
from bot.services.audience import Reach
from bot.services.broadcasts import Confirmation
from handlers.area_manager.broadcast_callbacks import (
    ConfirmBroadcast,
    OpenBroadcast,
    PlanBroadcast,
    Rehearse,
    SendBroadcast,
    TextLanguages,
    UndoBroadcast,
    joined,
)
from handlers.screen import Screen, button

GROUPS = 5
"""How many groups are named that get nothing, of each kind."""


def confirm(found: Confirmation, texts: Texts) -> Screen:
    """Count everything, name what is left out and why, and offer to send."""
    broadcast, reach = found.broadcast, found.reach
    parts = [texts("broadcast.confirm", number=broadcast.id), *counted(reach, found.seconds, texts)]
    if found.blanks:
        parts.append(texts("hint.blanks", words=", ".join(found.blanks)))
    if found.expired:
        parts.append(texts("broadcast.expired"))
    rows = [] if found.expired else _send_rows(found, parts, texts)
    plan = [button(texts.label("broadcast.plan"), PlanBroadcast(id=broadcast.id))]
    if broadcast.texts and broadcast.state is BroadcastState.DRAFT and not found.expired:
        rows.append(plan)
    return Screen(
        "\n".join(parts),
        [
            *rows,
            [button(texts.label("broadcast.rehearse"), Rehearse(id=broadcast.id))],
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def sent(run: Run, texts: Texts) -> Screen:
    """Say when it leaves, with the button to take it back."""
    return Screen(
        texts("broadcast.sent", number=run.broadcast_id, time=texts.time(run.starts_at)),
        [[button(texts.label("broadcast.undo"), UndoBroadcast(run=run.id))]],
    )


def after_rehearsal(broadcast: Broadcast, texts: Texts) -> Screen:
    """Lead on below what was rehearsed: nobody has to scroll back."""
    rows = [[button(texts.label("broadcast.open", number=broadcast.id), OpenBroadcast(id=broadcast.id))]]
    if broadcast.state is BroadcastState.DRAFT:
        rows.insert(0, [button(texts.label("broadcast.to-confirm"), ConfirmBroadcast(id=broadcast.id))])
    return Screen(texts("broadcast.after-rehearsal"), rows)


def _send_rows(found: Confirmation, parts: list[Markup], texts: Texts) -> list[Sequence[Button]]:
    """Return the buttons that send, and add what keeps it from being sent to the text."""
    broadcast, reach = found.broadcast, found.reach
    if not reach.missing:
        send = SendBroadcast(id=broadcast.id, token=found.token)
        return [[button(texts.label("broadcast.send-now"), send)]] if reach.parcels else []
    missing = names(sorted(reach.missing), texts)
    parts.append(texts("broadcast.missing", languages=missing))
    rows: list[Sequence[Button]] = [
        [button(texts.label("broadcast.to-languages"), TextLanguages(id=broadcast.id))]
    ]
    if reach.parcels and BASE_LANGUAGE not in reach.missing:
        without = SendBroadcast(id=broadcast.id, token=found.token, without=joined(reach.missing))
        rows.append([button(texts.label("broadcast.send-without", languages=missing), without)])
    return rows


def counted(reach: Reach, seconds: int, texts: Texts) -> list[Markup]:
    """Return the lines with how many get it, by language and channel, and who does not."""
    if not reach.parcels:
        lines = [texts("broadcast.nobody")]
    else:
        lines = [
            texts(
                "broadcast.count",
                languages=names(codes, texts),
                reader=texts.label(f"reader.{reader}"),
                channel=texts.label(f"channel.{channel}"),
                number=number,
            )
            for codes, reader, channel, number in reach.counted()
        ]
        if reach.recordings:
            lines.append(texts.count("broadcast.recordings", reach.recordings))
        lines.append(texts.count("broadcast.takes", -(-seconds // 60)))
    for language, number in sorted(reach.left_out.items()):
        lines.append(texts("broadcast.left-out", language=texts.languages.get(language).name, number=number))
    if reach.digests:
        lines.append(texts.count("broadcast.in-digest", reach.digests))
    if reach.unreachable:
        lines.append(texts.count("broadcast.unreachable", reach.unreachable))
    lines += [texts("broadcast.muted", title=group.title) for group in reach.muted[:GROUPS]]
    lines += [texts("broadcast.not-approved", title=group.title) for group in reach.waiting[:GROUPS]]
    more = len(reach.muted[GROUPS:]) + len(reach.waiting[GROUPS:])
    if more:
        lines.append(texts.count("groups.and-more", more))
    return lines


def names(codes: Sequence[str], texts: Texts) -> str:
    """Return the names of languages that go together."""
    return " + ".join(texts.languages.get(code).name for code in codes)
