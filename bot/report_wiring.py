# SPDX-License-Identifier: EUPL-1.2
"""Putting the part of the reports together, for the composition root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.clock import Job
from bot.content.kinds import load_kinds, load_reporting
from bot.content.places import load_places
from bot.domain.municipality import Municipality
from bot.i18n import Languages
from bot.integrations.mail import MailBackend
from bot.integrations.pictures import PillowPictures
from bot.services.broadcasts import BroadcastService
from bot.services.ports import Clock, Media, Work
from bot.services.report_changing import ReportChanging
from bot.services.report_desk import ReportDesk
from bot.services.report_drafting import DraftService
from bot.services.report_ports import ReportBackend
from bot.services.report_privacy import PrivacyGuard
from bot.services.report_recognition import ReportRecogniser
from bot.services.report_results import ReportResults
from bot.services.report_transfers import ReportTransfers
from bot.services.reports import ReportService
from bot.settings import Settings
from handlers.area_manager.reports import ReportCards
from handlers.report_notices import ChatReportNotices
from handlers.report_results import ChatResultsWording
from handlers.residents.report import ReportScreens
from storage.database import Database
from storage.encryption import Cipher
from storage.report_personal import erase_old, unused_pictures

KEPT_AFTER_CLOSING = timedelta(days=90)
"""So long the words, pictures and reporter of a closed report are kept."""
UNUSED_PICTURES = timedelta(days=2)
"""A picture of a draft is used within a day, or never."""


@dataclass(frozen=True, slots=True)
class ReportingParts:
    """The services of the reports, and what is done by the clock."""

    drafting: DraftService
    reports: ReportService
    desk: ReportDesk
    changing: ReportChanging
    results: ReportResults
    transfers: ReportTransfers
    recogniser: ReportRecogniser
    municipality: Municipality
    clock: Clock
    media: Media
    database: Database
    cipher: Cipher

    def services(self) -> Mapping[str, object]:
        """Return what handlers ask for by name."""
        return {
            "drafting": self.drafting,
            "reports": self.reports,
            "desk": self.desk,
            "changing": self.changing,
            "results": self.results,
            "recogniser": self.recogniser,
            "screens": ReportScreens(self.drafting, self.reports, self.clock),
            "cards": ReportCards(self.drafting, self.municipality, self.clock),
            "clock": self.clock,
        }

    def jobs(self) -> Sequence[Job]:
        """Return what is done again and again."""
        return (
            Job("report transfers", self.transfers.run, every_seconds=20),
            Job("report reminders", self.desk.remind, daily_at=(9, 5)),
            Job("report drafts", self.drafting.clean, every_seconds=3600),
            Job("report retention", self.clean, daily_at=(3, 45)),
        )

    async def clean(self) -> int:
        """Let go what has been kept long enough; returns how many reports were emptied."""
        now = self.clock.now()
        emptied = await erase_old(self.database, now - KEPT_AFTER_CLOSING)
        await self.media.remove(await unused_pictures(self.database, self.cipher, now - UNUSED_PICTURES))
        return emptied


def put_together(
    work: Work,
    clock: Clock,
    settings: Settings,
    municipality: Municipality,
    languages: Languages,
    locales: Path,
    media: Media,
    database: Database,
    cipher: Cipher,
    broadcasts: BroadcastService,
) -> ReportingParts:
    """Read the kinds, places and words, and make the services. Raises ContentError."""
    kinds = load_kinds(settings.content)
    places = load_places(settings.content)
    words = load_reporting(locales)
    recogniser = ReportRecogniser(kinds, places, words.report)
    pictures = PillowPictures()
    notices = ChatReportNotices(languages, municipality.zone, kinds, municipality, clock)
    drafting = DraftService(
        work, clock, kinds, places, PrivacyGuard(words.privacy), pictures, media, recogniser
    )
    results_wording = ChatResultsWording(languages, municipality)
    shared = (work, clock, municipality, drafting, pictures, media, notices)
    return ReportingParts(
        drafting=drafting,
        reports=ReportService(*shared),
        desk=ReportDesk(work, clock, municipality, drafting, notices),
        changing=ReportChanging(*shared),
        results=ReportResults(work, clock, municipality, pictures, media, results_wording, broadcasts),
        transfers=ReportTransfers(work, clock, kinds, media, notices, backends(settings)),
        recogniser=recogniser,
        municipality=municipality,
        clock=clock,
        media=media,
        database=database,
        cipher=cipher,
    )


def backends(settings: Settings) -> Mapping[str, ReportBackend]:
    """Return the other systems that are set up, by name."""
    if settings.smtp_url is None or not settings.report_mail_to:
        return {}
    mail = MailBackend(
        settings.smtp_url.get_secret_value(), settings.report_mail_from, settings.report_mail_to
    )
    return {mail.name: mail}
