# SPDX-License-Identifier: EUPL-1.2
"""The buttons around reports of a resident. `token` tells the present draft from an older one."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.report_draft import DraftStep


class BeginReport(CallbackData, prefix="report"):
    """Make a report, or go on with the one that waits. `kind` and `exchange` when a message led to it."""

    exchange: int = 0


class AnswerInstead(CallbackData, prefix="report-no"):
    """It was a question, not a report."""

    exchange: int


class ContinueReport(CallbackData, prefix="report-go"):
    """Go on with the draft that waits."""

    token: str


class BeginAnew(CallbackData, prefix="report-anew"):
    """Throw the draft that waits away and begin another one."""

    token: str
    exchange: int = 0


class PickKind(CallbackData, prefix="report-kind"):
    """Say what it is about."""

    token: str
    kind: str


class ElsewhereKinds(CallbackData, prefix="report-other"):
    """Show what belongs elsewhere."""

    token: str


class PickElsewhere(CallbackData, prefix="report-else"):
    """Show where this goes."""

    kind: str


class PickPlace(CallbackData, prefix="report-place"):
    """Say where it is, by a known place."""

    token: str
    place: str


class SkipStep(CallbackData, prefix="report-skip"):
    """Go on without filling in this step, or with what is filled in."""

    token: str


class StepBack(CallbackData, prefix="report-back"):
    """Go one step back."""

    token: str


class EditPart(CallbackData, prefix="report-edit"):
    """Change one part."""

    token: str
    part: DraftStep


class NoPhotos(CallbackData, prefix="report-nophoto"):
    """Take the photos off."""

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
    report: int


class MineIsAnother(CallbackData, prefix="report-mine"):
    """Those that were shown are about something else."""

    token: str


class MyReports(CallbackData, prefix="my-reports"):
    """List my reports."""


class OpenMyReport(CallbackData, prefix="my-report"):
    """Show one of my reports."""

    report: int


class AddNote(CallbackData, prefix="my-report-note"):
    """Add words to my report."""

    report: int


class AddPhoto(CallbackData, prefix="my-report-photo"):
    """Add a photo to my report."""

    report: int


class ShowPhotos(CallbackData, prefix="my-report-show"):
    """Show the photos of my report."""

    report: int


class Withdraw(CallbackData, prefix="my-report-back"):
    """Take my report back; asked once more before it is done (`sure`)."""

    report: int
    sure: bool = False


class Solved(CallbackData, prefix="my-report-solved"):
    """It is solved, or not."""

    report: int
    yes: bool


class Unfollow(CallbackData, prefix="my-report-unfollow"):
    """Stop following a report."""

    report: int
