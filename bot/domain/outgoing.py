# SPDX-License-Identifier: EUPL-1.2
"""What is told outside a direct reply: it goes through the outbox, in the transaction that causes it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.person import Address


class Priority(IntEnum):
    """Lower goes first. An answer from a person never waits behind a broadcast."""

    URGENT = 0
    """An answer from a person, a report's status, something the gebiedsmanager waits for."""
    NORMAL = 1
    BULK = 2
    """A broadcast."""


class Action(StrEnum):
    """What is to be done at the recipient."""

    SEND = "send"
    EDIT = "edit"
    """Change the text of a message that was sent before (`edits`)."""
    DELETE = "delete"
    """Remove a message that was sent before (`edits`)."""


class DeliveryState(StrEnum):
    """What became of one message for one recipient."""

    QUEUED = "queued"
    LEASED = "leased"
    """A worker is sending it now."""
    SENT = "sent"
    BLOCKED = "blocked"
    """The person has blocked the bot, or the group has removed it."""
    GONE = "gone"
    """The chat no longer exists."""
    FAILED = "failed"
    """Refused for good, or tried too often."""
    UNKNOWN = "unknown"
    """The connection ended after sending: perhaps it arrived. Never repeated blindly."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message: either callback `data` (at most 64 bytes) or a `url`."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message in one language, ready to send to any number of recipients.

    `text` is Telegram's HTML. `media` are ids of the media store: none, one, or an album; `media_kind`
    is photo, voice or document. `reason` says what caused it, for example `question:12`.
    """

    text: str
    priority: Priority = Priority.NORMAL
    reason: str = ""
    language: str = ""
    media: tuple[str, ...] = ()
    media_kind: str = "photo"
    location: tuple[float, float] | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    action: Action = Action.SEND
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where one copy goes. `edits` is the message id at that address for an edit or a deletion."""

    address: Address
    person_id: int | None = None
    edits: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one recipient, as a worker leases it. `owner` is the worker that holds the lease."""

    id: int
    message_id: int
    outgoing: Outgoing
    recipient: Recipient
    attempts: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try to send ended. `retry_at` is set when it goes back to the queue.

    `moved_to` is the new chat id of a group that became a supergroup. `muted`: the group keeps the bot and no
    longer lets it write. `counts` is False when the try says nothing about the message: it was held back, not
    refused.
    """

    state: DeliveryState
    sent_message_id: int | None = None
    error: str = ""
    retry_at: datetime | None = None
    moved_to: int | None = None
    muted: bool = False
    details: dict[str, str] = field(default_factory=dict)
    counts: bool = True
