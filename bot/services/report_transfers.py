# SPDX-License-Identifier: EUPL-1.2
"""Handing reports to other systems: tried again with growing pauses, failures told to the gebiedsmanager."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.domain.errors import NotFoundError
from bot.domain.report import ALLOWED, Actor, Change, PhotoRole, Report, Transfer
from bot.domain.report_kind import Kinds
from bot.services.ports import Clock, Media, Work
from bot.services.report_notices import ReportNotices
from bot.services.report_ports import BackendError, OutsideReceipt, Parcel, ReportBackend
from bot.services.report_telling import tell_change, tell_managers

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
"""After so many tries it is given up, and somebody should look."""
HOLD = timedelta(minutes=5)
"""So long one try may take before another process tries too."""


class ReportTransfers:
    """Carries reports to the back ends that are set up."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        kinds: Kinds,
        media: Media,
        notices: ReportNotices,
        backends: Mapping[str, ReportBackend],
    ) -> None:
        self._work = work
        self._clock = clock
        self._kinds = kinds
        self._media = media
        self._notices = notices
        self._backends = backends

    async def run(self) -> int:
        """Try what is due; returns how many arrived. Each is told once it has failed for good."""
        now = self._clock.now()
        async with self._work() as unit:
            due = await unit.transfers.due(now, now + HOLD)
            reports = {each.id: await unit.reports.get(each.report_id) for each in due}
            await unit.commit()
        arrived = 0
        for transfer in due:
            report = reports[transfer.id]
            if report is not None:
                arrived += await self._try(transfer, report)
        return arrived

    async def outside_state(self, backend: str, number: str, state: str) -> Report | None:
        """Take over the state that another system gives a report; None when nothing changes here."""
        known = self._backends.get(backend)
        wanted = known.states.get(state) if known else None
        async with self._work() as unit:
            transfer = await unit.transfers.by_number(backend, number)
            if transfer is None:
                return None
            await unit.transfers.sent(transfer.id, number, state)
            report = await unit.reports.get(transfer.report_id)
            if report is None or wanted not in ALLOWED[Actor.OUTSIDE][report.state]:
                await unit.commit()
                return None
            now = self._clock.now()
            change = Change(0, report.state, wanted, Actor.OUTSIDE, None, now, {}, target=backend)
            if await unit.reports.change(report.id, change) is None:
                return None
            changed = await unit.reports.get(report.id)
            if changed is not None:
                await tell_change(
                    unit, self._notices, changed, change, pictures=(None, None), now=now, not_before=None
                )
            await unit.commit()
        return changed

    async def _try(self, transfer: Transfer, report: Report) -> bool:
        backend = self._backends.get(transfer.backend)
        try:
            if backend is None:
                raise BackendError(f"{transfer.backend} is not set up", final=True)  # noqa: TRY301
            receipt = await backend.deliver(await self._parcel(report))
        except BackendError as error:
            await self._failed(transfer, report, error)
            return False
        except Exception:
            log.exception("report.transfer_failed", report=report.id, backend=transfer.backend)
            await self._failed(transfer, report, BackendError("unexpected error"))
            return False
        await self._sent(transfer, receipt)
        return True

    async def _sent(self, transfer: Transfer, receipt: OutsideReceipt) -> None:
        async with self._work() as unit:
            await unit.transfers.sent(transfer.id, receipt.number, receipt.state)
            await unit.commit()

    async def _failed(self, transfer: Transfer, report: Report, error: BackendError) -> None:
        """Plan the next try, or give up and tell it. `attempts` does not count the present one."""
        now = self._clock.now()
        give_up = error.final or transfer.attempts >= len(PAUSES)
        log.warning("report.not_transferred", report=report.id, reason=str(error), given_up=give_up)
        async with self._work() as unit:
            again = None if give_up else now + PAUSES[transfer.attempts]
            await unit.transfers.failed(transfer.id, str(error), again)
            present = await unit.reports.get(report.id)
            if give_up and present is not None:
                await tell_managers(
                    unit, present, lambda language: self._notices.not_transferred(present, language), now
                )
            await unit.commit()

    async def _parcel(self, report: Report) -> Parcel:
        kind = self._kinds.get(report.kind)
        pictures = []
        for media_id in report.pictures(PhotoRole.BEFORE):
            try:
                pictures.append(await self._media.load(media_id))
            except NotFoundError:
                log.warning("report.picture_gone", report=report.id)
        return Parcel(
            number=report.id,
            kind=report.kind,
            kind_name=kind.name("nl") if kind else report.kind,
            place=report.place.text,
            point=report.place.point,
            text=report.text,
            created_at=report.created_at,
            attachments=tuple(pictures),
        )
