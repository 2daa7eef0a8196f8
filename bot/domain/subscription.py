# SPDX-License-Identifier: EUPL-1.2
"""What somebody wants to hear without asking: areas, topics, how often."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DIGEST_AT = time(18, 0)
"""When a digest goes out, in the municipality's zone: when most people are home, and it is not late."""
WEEKLY_ON = 4
"""The weekday of the weekly digest: Friday, before the weekend's plans are made."""


class Topic(StrEnum):
    """What an update is about. Also the kind of template that is offered for it."""

    WORKS = "works"
    MEETING = "meeting"
    RESULT = "result"
    WARNING = "warning"
    HOUSING = "housing"
    NEWS = "news"


class Frequency(StrEnum):
    """How often somebody wants to hear."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriptionState(StrEnum):
    """Whether anything is sent."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One person's wishes. No areas or no topics: all of them. `digest_due` is None without a digest."""

    person_id: int
    areas: frozenset[str] = frozenset()
    topics: frozenset[Topic] = frozenset()
    frequency: Frequency = Frequency.NOW
    state: SubscriptionState = SubscriptionState.STOPPED
    digest_since: datetime | None = None
    digest_due: datetime | None = None

    @property
    def warnings_only(self) -> bool:
        """Whether nothing but warnings is wanted: what remains for who stopped and chose to keep those."""
        return self.topics == {Topic.WARNING}

    def at_once(self, topic: Topic) -> bool:
        """Whether an update on this topic comes at once: a warning does not wait for a digest."""
        return self.frequency is Frequency.NOW or topic is Topic.WARNING

    def wants(self, topic: Topic, areas: frozenset[str]) -> bool:
        """Whether an update on this topic for these areas (none: all) is among the wishes.

        A warning reaches everybody in its area who follows anything: it is not a matter of taste.
        """
        on_topic = not self.topics or topic in self.topics or topic is Topic.WARNING
        return on_topic and (not self.areas or not areas or bool(self.areas & areas))


def next_digest(frequency: Frequency, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first moment of a digest later than `after`; None for who wants to hear at once."""
    if frequency is Frequency.NOW:
        return None
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, DIGEST_AT, zone).astimezone(UTC)
        if moment > after and (frequency is Frequency.DAILY or day.weekday() == WEEKLY_ON):
            return moment
        day += timedelta(days=1)
