# SPDX-License-Identifier: EUPL-1.2
"""Groups, subscriptions and broadcasts, put together: their services, their jobs, their share links."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import share_links
from bot.clock import Job
from bot.content.terms import load_terms
from bot.domain.municipality import Municipality
from bot.domain.schedule import OVERDUE_AFTER
from bot.i18n import Languages, Texts
from bot.services.aftercare import AftercareService
from bot.services.broadcasts import BroadcastService
from bot.services.groups import GroupService
from bot.services.key_figures import KeyFigureService
from bot.services.monthly_digests import MonthlyDigestService
from bot.services.plan_clock import PlanClock
from bot.services.planning import PlanningService
from bot.services.ports import Clock, Work
from bot.services.subscriptions import SubscriptionService
from bot.services.translating import TranslatingService
from handlers.broadcast_notices import ChatBroadcastNotices

TICK_SECONDS = 0.5
"""What is planned starts within a second of its minute."""
REPORT_SECONDS = 3
"""A live report is changed at most this often: Telegram allows about one message a second in a chat."""
DIGEST_SECONDS = 60


class Broadcasting:
    """Everything about the gebiedsmanager's word."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        municipality: Municipality,
        languages: Languages,
        content: Path,
        *,
        rate: float = 30,
        overdue_after: timedelta = OVERDUE_AFTER,
    ) -> None:
        """`rate` is how many messages leave in a second."""
        self._municipality = municipality
        self._languages = languages
        self.notices = ChatBroadcastNotices(languages, municipality.zone, municipality)
        self.broadcasts = BroadcastService(work, clock, municipality, self.notices, rate)
        self.planning = PlanningService(work, clock, municipality, self.notices)
        self.plan_clock = PlanClock(work, clock, municipality, self.notices, overdue_after)
        self.aftercare = AftercareService(work, clock, self.notices)
        self.groups = GroupService(work, clock, municipality, self.notices)
        self.subscriptions = SubscriptionService(work, clock, municipality, self.notices)
        self.translating = TranslatingService(work, clock, self.notices, load_terms(content))
        self.key_figures = KeyFigureService(work, clock, municipality, self.notices)
        self.monthly_digests = MonthlyDigestService(work, clock, municipality, self.notices)

    def injected(self) -> dict[str, Any]:
        """Return what handlers may name among their parameters."""
        return {
            "broadcasts": self.broadcasts,
            "planning": self.planning,
            "aftercare": self.aftercare,
            "groups": self.groups,
            "subscriptions": self.subscriptions,
            "translating": self.translating,
            "key_figures": self.key_figures,
            "monthly_digests": self.monthly_digests,
            "broadcast_notices": self.notices,
        }

    def jobs(self) -> list[Job]:
        """Return what the leader does again and again."""
        return [
            Job("planned broadcasts", self.plan_clock.tick, every_seconds=TICK_SECONDS),
            Job("broadcast reports", self.aftercare.tick, every_seconds=REPORT_SECONDS),
            Job("digests", self.subscriptions.digest, every_seconds=DIGEST_SECONDS),
            Job("monthly digests", self.monthly_digests.prepare, daily_at=(8, 0)),
        ]

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the share links."""
        texts = Texts(self._languages, None, self._municipality.zone)
        return share_links.routes(
            self.key_figures, self.notices, self._languages, texts, self._municipality.name
        )
