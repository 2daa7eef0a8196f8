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

from bot.domain.outgoing import DeliveryState, Outcome, Priority
from bot.relay.request import BrokenConnectionError

log = structlog.get_logger(__name__)

RETRY_PAUSES = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
)
"""Before the second, third … try. After the last one a broadcast has failed: together less than the half hour
after which it is not sent late by itself."""
PATIENT_PAUSE = timedelta(minutes=30)
PATIENT_TRIES = 48
"""What is no broadcast is tried again so often, after so long each time: an answer is welcome a day late."""
GONE = (
    "chat not found",
    "user is deactivated",
    "chat was deleted",
    "peer_id_invalid",
    "chat was deactivated",
)
"""What the Bot API says of a chat that does not exist (any more)."""
CLOSED = ("not enough rights", "have no rights to send", "chat_write_forbidden", "need administrator rights")
"""What it says of a group that keeps the bot but no longer lets it write."""
ALREADY_SO = ("message is not modified", "message to delete not found")
"""What it says where nothing is left to change."""


def outcome_of(error: TelegramError, attempt: int, now: datetime, priority: Priority) -> Outcome:
    """Return how a try ended that raised `error`; `attempt` is 1 for the first one."""
    match error:
        case RetryAfter():
            again = now + retry_after(error)
            outcome = Outcome(DeliveryState.QUEUED, error="429", retry_at=again, counts=False)
        case ChatMigrated(new_chat_id=moved_to):
            outcome = _moved(moved_to, attempt, now)
        case TimedOut() | BrokenConnectionError():
            # It had left: nobody knows whether it arrived, so it is shown and never repeated blindly.
            outcome = Outcome(DeliveryState.UNKNOWN, error=error.message)
        case BadRequest() | Forbidden():
            outcome = _refused(error)
        case InvalidToken():
            log.warning("relay.token_refused")
            outcome = again_later(error.message, attempt, now, priority)
        case NetworkError():
            # No connection, or the server answered with a 5xx: it was not taken.
            outcome = again_later(error.message, attempt, now, priority)
        case _ if type(error) is TelegramError:
            # The answer said that it was taken, and could not be read.
            outcome = Outcome(DeliveryState.UNKNOWN, error=error.message)
        case _:
            outcome = Outcome(DeliveryState.FAILED, error=error.message)
    return outcome


def again_later(error: str, attempt: int, now: datetime, priority: Priority) -> Outcome:
    """Return the outcome of a try that may be repeated: later each time, until it has failed for good."""
    quick = len(RETRY_PAUSES)
    if attempt > quick + (0 if priority is Priority.BULK else PATIENT_TRIES):
        return Outcome(DeliveryState.FAILED, error=error)
    pause = RETRY_PAUSES[attempt - 1] if attempt <= quick else PATIENT_PAUSE
    return Outcome(DeliveryState.QUEUED, error=error, retry_at=now + pause)


def retry_after(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def _moved(moved_to: int, attempt: int, now: datetime) -> Outcome:
    if attempt > len(RETRY_PAUSES):
        return Outcome(DeliveryState.FAILED, error="the chat moved again and again", moved_to=moved_to)
    return Outcome(DeliveryState.QUEUED, error="migrated", retry_at=now, moved_to=moved_to)


def _refused(error: BadRequest | Forbidden) -> Outcome:
    said = error.message.lower()
    if any(each in said for each in GONE):
        state = DeliveryState.GONE
    elif any(each in said for each in CLOSED):
        return Outcome(DeliveryState.BLOCKED, error=error.message, muted=True)
    elif isinstance(error, Forbidden):
        state = DeliveryState.BLOCKED
    elif any(each in said for each in ALREADY_SO):
        state = DeliveryState.SENT
    else:
        state = DeliveryState.FAILED
    return Outcome(state, error=error.message)
