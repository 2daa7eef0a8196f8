# SPDX-License-Identifier: EUPL-1.2
"""The buttons around reports of a resident. `token` tells the present draft from an older one."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.domain.report_draft import DraftStep
from handlers.residents.callbacks import ExchangeNumber

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""The number of a report. A forged one that no database holds is no button at all."""


class BeginReport(CallbackData, prefix="report"):
    """Make a report, or go on with the one that waits. `exchange` and `kind` when a message led to it."""

    exchange: ExchangeNumber = 0
    kind: str = ""


class AnswerInstead(CallbackData, prefix="report-no"):
    """It was a question, not a report."""

    exchange: ExchangeNumber


class ContinueReport(CallbackData, prefix="report-go"):
    """Go on with the draft that waits."""

    token: str


class BeginAnew(CallbackData, prefix="report-anew"):
    """Throw the draft that waits away and begin another one."""

    token: str
    exchange: ExchangeNumber = 0
    kind: str = ""


class PickKind(CallbackData, prefix="report-kind"):
    """Say what it is about."""

    token: str
    kind: str


class ElsewhereKinds(CallbackData, prefix="report-other"):
    """Show what belongs elsewhere."""

    token: str


class PickElsewhere(CallbackData, prefix="report-else"):
    """Show where this goes."""

    token: str
    kind: str


class PickPlace(CallbackData, prefix="report-place"):
    """Say where it is, by a known place."""

    token: str
    place: str


class SkipStep(CallbackData, prefix="report-skip"):
    """Go on without filling in this step, or with what is filled in."""

    token: str
    step: DraftStep


class StepBack(CallbackData, prefix="report-back"):
    """Go one step back."""

    token: str
    step: DraftStep


class EditPart(CallbackData, prefix="report-edit"):
    """Change one part."""

    token: str
    part: DraftStep


class NoPhotos(CallbackData, prefix="report-nophoto"):
    """Take the photos off."""

    token: str


class NoWords(CallbackData, prefix="report-nowords"):
    """Take the words off."""

    token: str


class ReportLater(CallbackData, prefix="report-later"):
    """Continue later."""

    token: str


class DropReport(CallbackData, prefix="report-drop"):
    """Throw the draft away."""

    token: str


class SendReport(CallbackData, prefix="report-send"):
    """Send the report that was just read through."""

    token: str
    anonymous: bool


class FollowSimilar(CallbackData, prefix="report-follow"):
    """Follow a report that is about the same, in the place of sending one."""

    token: str
    report: Number


class MineIsAnother(CallbackData, prefix="report-mine"):
    """Those that were shown are about something else."""

    token: str


class MyReports(CallbackData, prefix="my-reports"):
    """List my reports, from `page` (0 is the first) on."""

    page: Number = 0


class OpenMyReport(CallbackData, prefix="my-report"):
    """Show one of my reports."""

    report: Number


class AddNote(CallbackData, prefix="my-report-note"):
    """Add words to my report."""

    report: Number


class AddPhoto(CallbackData, prefix="my-report-photo"):
    """Add a photo to my report."""

    report: Number


class ShowPhotos(CallbackData, prefix="my-report-show"):
    """Show the photos of my report."""

    report: Number


class Withdraw(CallbackData, prefix="my-report-back"):
    """Take my report back; asked once more before it is done (`sure`)."""

    report: Number
    sure: bool = False


class Solved(CallbackData, prefix="my-report-solved"):
    """It is solved, or not."""

    report: Number
    yes: bool


class Unfollow(CallbackData, prefix="my-report-unfollow"):
    """Stop following a report."""

    report: Number
