# SPDX-License-Identifier: EUPL-1.2
"""The buttons of groups, broadcasts and plans: one class for each action, at most 64 bytes."""

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
    """List drafts and what was sent."""


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
    """Approve a translation. `revision` and `version` are what was read."""

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
    """Until when it holds: so many days from today, -1 never, -2 to ask."""

    id: int
    days: int = -2


class AudienceMenu(CallbackData, prefix="bc-who"):
    """Show who gets it."""

    id: int


class ToggleAudience(CallbackData, prefix="bc-aim"):
    """Change who gets it: `what` is groups, subscribers, key_figures, area or group; `value` which."""

    id: int
    version: int
    what: str
    value: str = ""


class Rehearse(CallbackData, prefix="bc-rehearse"):
    """Send it to oneself alone."""

    id: int


class ConfirmBroadcast(CallbackData, prefix="bc-confirm"):
    """Count, and show what 'send' would do."""

    id: int


class SendBroadcast(CallbackData, prefix="bc-send"):
    """Send now; `without` leaves missing languages out on purpose."""

    id: int
    token: str
    without: bool = False


class UndoBroadcast(CallbackData, prefix="bc-undo"):
    """Take it back within the first minute."""

    run: int


class Discard(CallbackData, prefix="bc-discard"):
    """Throw a draft away; asked once more before it is done (`sure`)."""

    id: int
    version: int
    sure: bool = False


class History(CallbackData, prefix="bc-history"):
    """Show who did what."""

    id: int


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
    """Take this moment: days from today, and minutes after midnight."""

    days: int
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
    """Plan it as it was shown."""

    token: str
    without: bool = False


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
    """Skip one, or send it now; sending is asked once more (`sure`)."""

    occurrence: int
    what: str
    sure: bool = False


class DecideMonthly(CallbackData, prefix="monthly"):
    """Send a key figure's monthly digest, or drop it."""

    digest: int
    send: bool
