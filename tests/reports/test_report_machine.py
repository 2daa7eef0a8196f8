# SPDX-License-Identifier: EUPL-1.2
"""Anybody presses anything in any order, also each other's buttons: every report's history stays legal."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from botapi.people import Person as Somebody
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete
from street import Chats, open_chats, picture

from bot.domain.report import MOST_PHOTOS, PhotoRole, ReportState, is_legal
from storage.tables.reports import (
    ReportChangeRow,
    ReportDraftRow,
    ReportFollowerRow,
    ReportNoteRow,
    ReportPhotoRow,
    ReportRow,
    ReportTransferRow,
)

TABLES = (
    ReportChangeRow, ReportPhotoRow, ReportNoteRow, ReportFollowerRow, ReportTransferRow, ReportDraftRow,
    ReportRow,
)  # fmt: skip
SAID = (
    "/melding", "/mijnmeldingen", "/meldingen", "er ligt afval bij het Doelenplein", "Hofland", "doelnplein",
    "twee zakken", "meneer Jansen", "24-12", "de woningcorporatie", "1", "2", "مرحبا", "x" * 1001,
)  # fmt: skip
PHOTOS = [picture(colour, (40, 30)) for colour in ("red", "blue", "green")]
UNEXPECTED = "Er ging iets mis"


class Presses(RuleBasedStateMachine):
    """Two residents and two gebiedsmanagers, with the screens that they really have."""

    chats: ClassVar[Chats]
    runner: ClassVar[asyncio.Runner]

    def _do(self, action: Any) -> Any:
        return self.runner.run(action)

    @initialize()
    def move_in(self) -> None:
        self.people: list[Somebody] = self._do(self._move_in())
        self.seen: dict[str, None] = {}
        self.last = self.people[0]

    async def _move_in(self) -> list[Somebody]:
        async with self.chats.app.database.writing() as session:
            for table in TABLES:
                await session.execute(delete(table))
            await session.commit()
        residents = [await self.chats.somebody("nl") for _ in range(2)]
        return [*residents, *[await self.chats.manager() for _ in range(2)]]

    def _of(self, who: int) -> Somebody:
        self.last = self.people[who]
        return self.last

    @rule(who=st.integers(0, 3), which=st.integers(0, 10_000))
    def press(self, who: int, which: int) -> None:
        """Press a button that is somewhere on the screen, a stale one too."""
        person = self._of(who)
        shown = [each["callback_data"] for each in person.all_buttons if "callback_data" in each]
        # Those of the newest message come first, and most often.
        chosen = shown[which % min(len(shown), 12 if which % 3 else len(shown))]
        self.seen[chosen] = None
        self._do(person.forges(chosen))

    @rule(who=st.integers(0, 3), which=st.integers(0, 10_000))
    def press_anothers(self, who: int, which: int) -> None:
        """Press a button that somebody else had."""
        if self.seen:
            self._do(self._of(who).forges(list(self.seen)[which % len(self.seen)]))

    @rule(who=st.integers(0, 3), text=st.sampled_from(SAID))
    def say(self, who: int, text: str) -> None:
        self._do(self._of(who).says(text))

    @rule(who=st.integers(0, 1), place=st.sampled_from(["Doelenplein", "Hofland"]))
    def report(self, who: int, place: str) -> None:
        """Make a whole report, so that there is something to press about."""
        self._do(self._report(self._of(who), place))

    async def _report(self, person: Somebody, place: str) -> None:
        await person.says(f"er ligt weer afval bij het {place}")
        for label in ("Ja, dit", "Opnieuw beginnen", "De mijne is iets anders", "Overslaan", "Versturen en"):
            if any(label in each for each in person.buttons):
                await person.presses(label)

    @rule(who=st.integers(0, 3), photo=st.sampled_from(PHOTOS))
    def photo(self, who: int, photo: bytes) -> None:
        self._do(self._of(who).sends_photo(photo))

    @rule(who=st.integers(0, 3))
    def location(self, who: int) -> None:
        self._do(self._of(who).sends_location(52.046, 4.953))

    @rule(minutes=st.sampled_from([1, 60, 60 * 24 * 15]))
    def time_passes(self, minutes: int) -> None:
        self.chats.clock.ahead += timedelta(minutes=minutes)

    @invariant()
    def all_is_well(self) -> None:
        if not hasattr(self, "people"):
            return
        assert UNEXPECTED not in self.last.sees, self.last.sees
        for report in self._do(self.chats.all_reports()):
            assert is_legal(report), report
            assert (report.joined_to is not None) == (report.state is ReportState.JOINED)
            assert len(report.pictures(PhotoRole.BEFORE)) <= MOST_PHOTOS
            assert report.text != "meneer Jansen"


def test_whoever_presses_whatever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        world = open_chats(monkeypatch, tmp_path)
        Presses.chats, Presses.runner = runner.run(world.__aenter__()), runner
        try:
            run_state_machine_as_test(
                Presses,
                settings=settings(
                    max_examples=8,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(world.__aexit__(None, None, None))
