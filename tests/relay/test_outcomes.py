# SPDX-License-Identifier: EUPL-1.2
"""What each answer of Telegram means for one delivery."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.domain.outgoing import DeliveryState, Priority
from bot.domain.schedule import OVERDUE_AFTER
from bot.relay.outcomes import PATIENT_PAUSE, PATIENT_TRIES, RETRY_PAUSES, outcome_of
from bot.relay.request import BrokenConnectionError, NotSentError

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def ended(error, attempt=1, priority=Priority.BULK):
    return outcome_of(error, attempt, NOW, priority)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), DeliveryState.BLOCKED),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), DeliveryState.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), DeliveryState.GONE),
        (Forbidden("Forbidden: the group chat was deleted"), DeliveryState.GONE),
        (BadRequest("Bad Request: chat not found"), DeliveryState.GONE),
        (BadRequest("Bad Request: PEER_ID_INVALID"), DeliveryState.GONE),
        (
            BadRequest("Bad Request: not enough rights to send text messages to the chat"),
            DeliveryState.BLOCKED,
        ),
        (BadRequest("Bad Request: message is not modified"), DeliveryState.SENT),
        (BadRequest("Bad Request: message to delete not found"), DeliveryState.SENT),
        (BadRequest("Bad Request: message to edit not found"), DeliveryState.FAILED),
        (BadRequest("Bad Request: message is too long"), DeliveryState.FAILED),
        (TimedOut(), DeliveryState.UNKNOWN),
        (BrokenConnectionError("broken"), DeliveryState.UNKNOWN),
        (TelegramError("Invalid server response"), DeliveryState.UNKNOWN),
        (Conflict("Conflict"), DeliveryState.FAILED),
    ],
)
def test_what_is_final(error, state):
    outcome = ended(error)
    assert (outcome.state, outcome.retry_at, outcome.counts) == (state, None, True)


@pytest.mark.parametrize(
    "error", [NetworkError("Bad Gateway (502)"), NotSentError("no connection"), InvalidToken("Unauthorized")]
)
def test_what_was_surely_not_taken_is_tried_again_with_growing_pauses(error):
    pauses = [ended(error, attempt).retry_at - NOW for attempt in range(1, len(RETRY_PAUSES) + 1)]
    assert pauses == sorted(set(pauses))
    assert sum(pauses, timedelta()) < OVERDUE_AFTER
    assert ended(error, len(RETRY_PAUSES) + 1).state is DeliveryState.FAILED


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.NORMAL])
def test_an_answer_outlasts_an_outage_of_a_day(priority):
    error = NotSentError("no connection")
    last = len(RETRY_PAUSES) + PATIENT_TRIES
    pauses = [ended(error, attempt, priority).retry_at - NOW for attempt in range(1, last + 1)]
    assert pauses[: len(RETRY_PAUSES)] == list(RETRY_PAUSES)
    assert set(pauses[len(RETRY_PAUSES) :]) == {PATIENT_PAUSE}
    assert sum(pauses, timedelta()) > timedelta(days=1)
    assert ended(error, last + 1, priority).state is DeliveryState.FAILED


def test_a_429_says_nothing_about_the_message():
    outcome = ended(RetryAfter(timedelta(seconds=7)), attempt=99)
    assert (outcome.state, outcome.retry_at, outcome.counts) == (
        DeliveryState.QUEUED,
        NOW + timedelta(seconds=7),
        False,
    )


def test_a_group_that_moved_gets_it_at_once_but_not_for_ever():
    outcome = ended(ChatMigrated(-1001))
    assert (outcome.state, outcome.moved_to, outcome.retry_at) == (DeliveryState.QUEUED, -1001, NOW)
    again = ended(ChatMigrated(-1002), attempt=99)
    assert (again.state, again.moved_to) == (DeliveryState.FAILED, -1002)


def test_only_the_right_to_write_was_lost():
    assert ended(BadRequest("Bad Request: need administrator rights in the channel chat")).muted
    assert ended(Forbidden("Forbidden: CHAT_WRITE_FORBIDDEN")).muted
    assert not ended(Forbidden("Forbidden: bot was kicked from the group chat")).muted
