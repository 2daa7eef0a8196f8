# SPDX-License-Identifier: EUPL-1.2
"""What an error of the Bot API means for one delivery. One rule each, the most certain first."""

from datetime import datetime, timedelta

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.domain.outgoing import DeliveryState, Outcome
from bot.relay.request import BrokenConnectionError, NotSentError

log = structlog.get_logger(__name__)

RETRY_PAUSES = (timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
"""Before the second, third … try; after the last one it has failed."""
GONE = (
    "chat not found",
    "user is deactivated",
    "chat was deleted",
    "peer_id_invalid",
    "chat was deactivated",
)
"""What the Bot API says of a chat that does not exist (any more)."""
ALREADY_SO = ("message is not modified", "message to delete not found")
"""What it says where nothing is left to change."""


def outcome_of(error: TelegramError, attempts: int, now: datetime) -> Outcome:
    """Return how a try ended that raised `error`; `attempts` counts this try."""
    match error:
        case RetryAfter(retry_after=after):
            pause = after if isinstance(after, timedelta) else timedelta(seconds=after)
            return Outcome(DeliveryState.QUEUED, error="429", retry_at=now + pause)
        case ChatMigrated(new_chat_id=moved_to):
            return Outcome(DeliveryState.QUEUED, error="migrated", retry_at=now, moved_to=moved_to)
        case Forbidden():
            outcome = Outcome(DeliveryState.BLOCKED, error=error.message)
        case TimedOut() | BrokenConnectionError():
            # It had left: nobody knows whether it arrived, so it is shown and never repeated blindly.
            outcome = Outcome(DeliveryState.UNKNOWN, error=error.message)
        case BadRequest():
            outcome = _refused(error)
        case InvalidToken():
            log.warning("relay.token_refused")
            outcome = _again(error, attempts, now)
        case NotSentError() | NetworkError():
            # No connection, or the server answered with a 5xx: it was not taken.
            outcome = _again(error, attempts, now)
        case _:
            outcome = Outcome(DeliveryState.FAILED, error=error.message)
    return outcome


def _refused(error: BadRequest) -> Outcome:
    said = error.message.lower()
    if any(each in said for each in GONE):
        return Outcome(DeliveryState.GONE, error=error.message)
    if any(each in said for each in ALREADY_SO):
        return Outcome(DeliveryState.SENT, error=error.message)
    return Outcome(DeliveryState.FAILED, error=error.message)


def _again(error: TelegramError, attempts: int, now: datetime) -> Outcome:
    if attempts > len(RETRY_PAUSES):
        return Outcome(DeliveryState.FAILED, error=error.message)
    return Outcome(
        DeliveryState.QUEUED, error=error.message, retry_at=now + RETRY_PAUSES[max(0, attempts - 1)]
    )
