# SPDX-License-Identifier: EUPL-1.2
"""What plans look like to the gebiedsmanager."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from babel.dates import format_date
from markupsafe import Markup

from bot.channels.markup import parse_html
from bot.domain.broadcast import Broadcast, ExpiredError, NotReadyError
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.outgoing import Button
from bot.domain.schedule import Occurrence, OccurrenceState, PlanState, Repeat, Rule
from bot.i18n import Texts
from bot.services.audience import Reach
from bot.services.planning import Planned
from handlers.area_manager.broadcast_callbacks import (
    Broadcasts,
    ChangePlan,
    DecideOccurrence,
    Expiry,
    KeepPlan,
    OpenBroadcast,
    OpenPlan,
    PlanAt,
    PlanHolidays,
    Planning,
    PlanRepeat,
    PlanUntil,
    TextLanguages,
    joined,
)
from handlers.residents.contact_views import excerpt
from handlers.residents.welcome_views import home_row
from handlers.screen import Rows, Screen, button

SUGGESTED = ((0, 18 * 60), (1, 9 * 60), (1, 18 * 60 + 30), (2, 10 * 60))
"""Days from today, and minutes after midnight."""
UNTIL_WEEKS = (0, 4, 13, 26)


def when(number: int, now: datetime, texts: Texts) -> Screen:
    """Ask when, with some moments as buttons."""
    local = now.astimezone(texts.zone)
    rows = [
        [
            button(
                texts.label(f"plan.day.{days}", time=f"{minutes // 60:02}:{minutes % 60:02}"),
                PlanAt(day=(local.date() + timedelta(days=days)).isoformat(), minutes=minutes),
            )
        ]
        for days, minutes in SUGGESTED
        if days or local.hour * 60 + local.minute < minutes
    ]
    return Screen(
        texts("plan.when", number=number),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=number))]],
    )


@dataclass(frozen=True, slots=True)
class Warnings:
    """What one should know before planning: languages that are not ready, blanks, a holiday."""

    missing: frozenset[str]
    blanks: tuple[str, ...]
    on_holiday: bool


def confirm(number: int, rule: Rule, first: datetime, token: str, warnings: Warnings, texts: Texts) -> Screen:
    """Show the plan once more, with how it repeats and until when, each to change."""
    head = texts("plan.confirm", number=number, moment=texts.moment(first), repeat=repeats(rule, texts))
    parts = [Markup("\n").join([head, *_repeating(rule, texts)])]
    if warnings.on_holiday:
        parts.append(texts("plan.on-holiday"))
    if warnings.blanks:
        parts.append(texts("hint.blanks", words=", ".join(warnings.blanks)))
    names = ", ".join(texts.languages.get(code).name for code in sorted(warnings.missing))
    rows: list[Sequence[Button]] = [[button(texts.label("plan.keep"), KeepPlan(token=token))]]
    if warnings.missing:
        parts.append(texts("plan.missing", languages=names))
        without = KeepPlan(token=token, without=joined(warnings.missing))
        rows.append([button(texts.label("plan.keep-without", languages=names), without)])
    rows += [
        [
            button(
                ("✓ " if repeat is rule.repeat else "") + repeats(replace(rule, repeat=repeat), texts),
                PlanRepeat(repeat=repeat),
            )
        ]
        for repeat in Repeat
    ]
    if rule.repeat is not Repeat.ONCE:
        rows += [
            [
                button(
                    ("✓ " if _ends_after(rule) == weeks else "") + texts.label(f"plan.until.{weeks}"),
                    PlanUntil(weeks=weeks),
                )
                for weeks in UNTIL_WEEKS[index : index + 2]
            ]
            for index in (0, 2)
        ]
        toggle = "plan.keep-holidays" if rule.skip_holidays else "plan.skip-holidays"
        rows.append([button(texts.label(toggle), PlanHolidays())])
    rows.append([button(texts.label("button.back"), OpenBroadcast(id=number))])
    return Screen("\n\n".join(parts), rows)


def _ends_after(rule: Rule) -> int:
    """Return after how many weeks a plan ends, 0 without an end."""
    return 0 if rule.until is None else (rule.until - rule.first).days // 7


def _repeating(rule: Rule, texts: Texts) -> list[Markup]:
    """Return the lines that only a plan with more than one day needs."""
    if rule.repeat is Repeat.ONCE:
        return []
    return [
        texts(
            "plan.repeating",
            until=texts.full_day(rule.until) if rule.until else texts.label("broadcast.no-end"),
            holidays=texts.label("plan.holidays.skipped" if rule.skip_holidays else "plan.holidays.kept"),
        )
    ]


def repeats(rule: Rule, texts: Texts) -> str:
    """Return how a plan repeats, in words: 'elke week op maandag', 'elke 1e maandag van de maand'."""
    weekday = format_date(rule.first, "EEEE", locale=texts.language.locale)
    if rule.repeat is Repeat.NTH_WEEKDAY:
        return texts.label(f"plan.repeat.nth.{rule.nth or 'last'}", weekday=weekday)
    return texts.label(f"plan.repeat.{rule.repeat}", weekday=weekday, day=rule.first.day)


def listed(planned: Sequence[Planned], texts: Texts) -> Screen:
    """List what is planned, the next first."""
    if not planned:
        return Screen(
            texts("plan.none"), [[button(texts.label("menu.bericht"), Broadcasts())], home_row(texts)]
        )
    lines = [texts("plan.list")]
    rows = []
    for each in planned:
        occurrence = each.next
        lines.append(
            texts(
                "plan.line",
                number=each.broadcast.id,
                moment=texts.moment(occurrence.due_at) if occurrence else "–",
                state=texts.label(_state(each)),
                text=excerpt(parse_html(each.broadcast.original).text),
            )
        )
        rows.append([button(texts.label("plan.open", number=each.broadcast.id), OpenPlan(plan=each.plan.id))])
    return Screen("\n\n".join(lines), [*rows, home_row(texts)])


def card(each: Planned, texts: Texts) -> Screen:
    """Show one plan, and what can be done with it."""
    rule = each.plan.rule
    moments = [texts.moment(occurrence.due_at) for occurrence in each.open] or ["–"]
    head = texts(
        "plan.card",
        number=each.broadcast.id,
        moments=", ".join(moments),
        repeat=repeats(rule, texts),
        state=texts.label(_state(each)),
    )
    lines = [head, *_repeating(rule, texts)]
    if each.plan.without:
        names = ", ".join(texts.languages.get(code).name for code in sorted(each.plan.without))
        lines.append(texts("plan.without", languages=names))
    return Screen(
        Markup("\n").join(lines), [*_rows(each, texts), [button(texts.label("menu.planning"), Planning())]]
    )


def _rows(each: Planned, texts: Texts) -> Rows:
    at = {"plan": each.plan.id, "version": each.plan.version}
    rows = []
    decide: list[Button] = []
    if each.next is not None:
        decide = [
            button(texts.label("plan.skip"), DecideOccurrence(occurrence=each.next.id, what="skip")),
            button(texts.label("plan.send-now"), DecideOccurrence(occurrence=each.next.id, what="send")),
        ]
        if each.next.state is not OccurrenceState.PLANNED:
            rows.append(decide)
    paused = each.plan.state is PlanState.PAUSED
    rows.append(
        [
            button(texts.label("plan.edit"), ChangePlan(**at, what="edit")),
            button(
                texts.label("plan.resume" if paused else "plan.pause"),
                ChangePlan(**at, what="resume" if paused else "pause"),
            ),
        ]
    )
    if decide and decide not in rows:
        rows.append(decide)
    rows.append([button(texts.label("plan.cancel"), ChangePlan(**at, what="cancel"))])
    rows.append(
        [
            button(
                texts.label("broadcast.open", number=each.broadcast.id),
                OpenBroadcast(id=each.broadcast.id),
            )
        ]
    )
    return rows


def cancel_sure(each: Planned, texts: Texts) -> Screen:
    """Ask once more before a plan ends."""
    at = {"plan": each.plan.id, "version": each.plan.version}
    return Screen(
        texts("plan.cancel-sure", number=each.broadcast.id),
        [
            [button(texts.label("plan.cancel"), ChangePlan(**at, what="cancel", sure=True))],
            [button(texts.label("button.back"), OpenPlan(plan=each.plan.id))],
        ],
    )


def send_sure(broadcast: Broadcast, reach: Reach, occurrence: int, texts: Texts) -> Screen:
    """Ask once more before a planned one is sent now; without what is missing only on purpose."""
    send = DecideOccurrence(occurrence=occurrence, what="send", sure=True)
    parts = [texts("plan.send-sure", number=broadcast.id)]
    rows: list[Sequence[Button]] = []
    if not reach.missing:
        rows.append([button(texts.label("plan.send-now"), send)])
    else:
        names = ", ".join(texts.languages.get(code).name for code in sorted(reach.missing))
        parts.append(texts("broadcast.missing", languages=names))
        rows.append([button(texts.label("broadcast.to-languages"), TextLanguages(id=broadcast.id))])
        if reach.parcels and BASE_LANGUAGE not in reach.missing:
            without = send.model_copy(update={"without": joined(reach.missing)})
            rows.append([button(texts.label("broadcast.send-without", languages=names), without)])
    return Screen("\n".join(parts), [*rows, [button(texts.label("menu.planning"), Planning())]])


def overdue(broadcast: Broadcast, occurrence: Occurrence, texts: Texts) -> Screen:
    """Ask what to do with what could not go out in time."""
    text = texts("plan.overdue", number=broadcast.id, moment=texts.moment(occurrence.due_at))
    return Screen(text, _decisions(occurrence, texts))


def stopped(broadcast: Broadcast, occurrence: Occurrence, why: Exception, texts: Texts) -> Screen:
    """Tell that nothing was sent: a language was missing, it no longer holds, or nobody would get it."""
    decisions = _decisions(occurrence, texts)
    if isinstance(why, ExpiredError):
        later = [button(texts.label("broadcast.to-until"), Expiry(id=broadcast.id))]
        return Screen(texts("plan.expired", number=broadcast.id), [later, *decisions])
    if not isinstance(why, NotReadyError):
        return Screen(texts("plan.nobody", number=broadcast.id), decisions)
    missing = str(why.details["languages"]).split(", ")
    names = ", ".join(texts.languages.get(code).name for code in missing)
    rows = [
        [button(texts.label("broadcast.to-languages"), TextLanguages(id=broadcast.id))],
        *decisions,
    ]
    return Screen(texts("plan.stopped", number=broadcast.id, languages=names), rows)


def _decisions(occurrence: Occurrence, texts: Texts) -> Rows:
    return [
        [button(texts.label("plan.send-now"), DecideOccurrence(occurrence=occurrence.id, what="send"))],
        [button(texts.label("plan.skip"), DecideOccurrence(occurrence=occurrence.id, what="skip"))],
    ]


def _state(each: Planned) -> str:
    if each.plan.state is PlanState.PAUSED:
        return "plan.state.paused"
    if each.next is not None and each.next.state is not OccurrenceState.PLANNED:
        return f"plan.state.{each.next.state}"
    return "plan.state.active"
