# SPDX-License-Identifier: EUPL-1.2
"""The buttons of groups, broadcasts and plans: one class for each action, at most 64 bytes."""

from collections.abc import Iterable

from aiogram.filters.callback_data import CallbackData

from bot.domain.schedule import Repeat
from bot.domain.subscription import Topic


class GroupList(CallbackData, prefix="groups"):
    """List the groups."""


class OpenGroup(CallbackData, prefix="group"):
    """Show one group."""

    group: int


class ApproveGroup(CallbackData, prefix="group-ok"):
    """Send updates there."""

    group: int
    version: int


class LeaveGroup(CallbackData, prefix="group-leave"):
    """Let the bot leave; asked once more before it is done (`sure`)."""

    group: int
    version: int
    sure: bool = False


class GroupArea(CallbackData, prefix="group-area"):
    """Choose the area; `area` is `?` to ask, `*` for all."""

    group: int
    version: int
    area: str = "?"


class GroupLanguage(CallbackData, prefix="group-lang"):
    """Add or drop a language."""

    group: int
    version: int
    language: str


class GroupTogether(CallbackData, prefix="group-together"):
    """All languages in one message, or one each."""

    group: int
    version: int


class GroupThread(CallbackData, prefix="group-thread"):
    """Write in no topic thread any more."""

    group: int
    version: int


class Broadcasts(CallbackData, prefix="broadcasts"):
    """List drafts and what was sent, page by page."""

    page: int = 0


class NewBroadcast(CallbackData, prefix="bc-new"):
    """Choose what a new one is about."""


class BeginBroadcast(CallbackData, prefix="bc-begin"):
    """Begin a draft about this."""

    topic: Topic


class OpenBroadcast(CallbackData, prefix="bc"):
    """Show one broadcast."""

    id: int


class WriteText(CallbackData, prefix="bc-text"):
    """Type the text of one language."""

    id: int
    language: str


class AskTranslation(CallbackData, prefix="bc-ask"):
    """Ask key figures for a translation."""

    id: int
    language: str


class ApproveText(CallbackData, prefix="bc-approve"):
    """Approve a translation. `version` is what was read."""

    id: int
    language: str
    version: int


class TextLanguages(CallbackData, prefix="bc-langs"):
    """Show the languages and where each stands."""

    id: int


class OpenText(CallbackData, prefix="bc-lang"):
    """Show one language's text."""

    id: int
    language: str


class Listen(CallbackData, prefix="bc-listen"):
    """Hear the recording of a translation."""

    id: int
    language: str


class DropRecording(CallbackData, prefix="bc-mute"):
    """Send a translation without its recording."""

    id: int
    language: str
    version: int


class Attach(CallbackData, prefix="bc-attach"):
    """Send a picture, voice, document, place or link along."""

    id: int


class Detach(CallbackData, prefix="bc-detach"):
    """Take everything off that goes along."""

    id: int


class ChooseTopic(CallbackData, prefix="bc-topic"):
    """Say what it is about; `topic` is empty to ask."""

    id: int
    topic: str = ""


class Expiry(CallbackData, prefix="bc-expiry"):
    """Until when it holds: a day (ISO), `never` for no end, empty to ask."""

    id: int
    until: str = ""


class AudienceMenu(CallbackData, prefix="bc-who"):
    """Show who gets it, the groups page by page."""

    id: int
    page: int = 0


class ToggleAudience(CallbackData, prefix="bc-aim"):
    """Change who gets it: `what` is groups, subscribers, key_figures, area or group; `value` which."""

    id: int
    version: int
    what: str
    value: str = ""
    page: int = 0


class Rehearse(CallbackData, prefix="bc-rehearse"):
    """Send it to oneself alone."""

    id: int


class ConfirmBroadcast(CallbackData, prefix="bc-confirm"):
    """Count, and show what 'send' would do."""

    id: int


class SendBroadcast(CallbackData, prefix="bc-send"):
    """Send now; `without` are languages left out on purpose, joined by dots."""

    id: int
    token: str
    without: str = ""


class UndoBroadcast(CallbackData, prefix="bc-undo"):
    """Take it back within the first minute."""

    run: int


class Discard(CallbackData, prefix="bc-discard"):
    """Throw a draft away; asked once more before it is done (`sure`)."""

    id: int
    version: int
    sure: bool = False


class History(CallbackData, prefix="bc-history"):
    """Show who did what, the newest page first."""

    id: int
    page: int = 0


class ShowReport(CallbackData, prefix="bc-report"):
    """Show what became of a run."""

    run: int


class RetryFailed(CallbackData, prefix="bc-retry"):
    """Try again what failed."""

    run: int


class Correct(CallbackData, prefix="bc-correct"):
    """Correct a language; `language` is empty to choose."""

    id: int
    version: int
    language: str = ""


class SendCorrection(CallbackData, prefix="bc-fix"):
    """Send the correction that was just shown."""

    token: str


class Withdraw(CallbackData, prefix="bc-withdraw"):
    """Withdraw it; without a token it is asked first."""

    id: int
    token: str = ""


class PlanBroadcast(CallbackData, prefix="plan-new"):
    """Choose when it goes out."""

    id: int


class PlanAt(CallbackData, prefix="plan-at"):
    """Take this moment: a local day (ISO), and minutes after midnight."""

    day: str
    minutes: int


class PlanRepeat(CallbackData, prefix="plan-repeat"):
    """Choose how it repeats."""

    repeat: Repeat


class PlanUntil(CallbackData, prefix="plan-until"):
    """Choose until when: so many weeks from the first day, 0 without an end."""

    weeks: int


class PlanHolidays(CallbackData, prefix="plan-holidays"):
    """Skip public holidays, or not."""


class KeepPlan(CallbackData, prefix="plan-keep"):
    """Plan it as it was shown; `without` are languages that may be left out, joined by dots."""

    token: str
    without: str = ""


class Planning(CallbackData, prefix="planning"):
    """Show what is planned."""


class OpenPlan(CallbackData, prefix="plan"):
    """Show one plan."""

    plan: int


class ChangePlan(CallbackData, prefix="plan-change"):
    """Pause, resume, edit or cancel a plan; cancelling is asked once more (`sure`)."""

    plan: int
    version: int
    what: str
    sure: bool = False


class DecideOccurrence(CallbackData, prefix="plan-day"):
    """Skip one, or send it now; sending is asked once more (`sure`), perhaps without some languages."""

    occurrence: int
    what: str
    sure: bool = False
    without: str = ""


class DecideMonthly(CallbackData, prefix="monthly"):
    """Send a key figure's monthly digest, or drop it."""

    digest: int
    send: bool


def joined(languages: Iterable[str]) -> str:
    """Return languages as a button holds them."""
    return ".".join(sorted(languages))


def taken_apart(languages: str) -> frozenset[str]:
    """Return the languages of a button."""
    return frozenset(languages.split(".")) if languages else frozenset()
