# SPDX-License-Identifier: EUPL-1.2
"""What reports look like to the gebiedsmanager: where they stand, lists, cards, history."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from bot.domain.municipality import Municipality
from bot.domain.outgoing import Button
from bot.domain.person import Person
from bot.domain.report import ALLOWED, OPEN, Actor, Report, ReportState, TransferState
from bot.domain.report_kind import Kinds, here
from bot.i18n import Texts
from bot.services.report_changing import Joined
from bot.services.report_desk import PER_PAGE, Page
from handlers.area_manager.report_callbacks import (
    ChangeReport,
    Duplicates,
    ExportReports,
    HandReport,
    JoinReports,
    ListReports,
    NarrowReports,
    OpenReport,
    ReportHistory,
    ReportPhotos,
    ReportsHome,
    RetryTransfer,
    SearchReports,
    SetArea,
    SetKind,
    ShowResults,
    TakeReport,
    UndoHand,
    UndoJoin,
)
from handlers.residents.callbacks import Cancel
from handlers.residents.report_mine_views import kind_icon, kind_name
from handlers.residents.report_views import place_words
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button

LISTS = ("new", "open", "overdue", "mine", "closed")
LONGEST_PART = 220
"""Characters of the reporter's words on a card: with a picture it holds 1024 in all."""
NO_AREA = "-"
HISTORY = 12
AGES = (7, 14, 30, 90)
"""Days after which an open report may be looked for."""


def home(counts: Mapping[str, int], texts: Texts) -> Screen:
    """Show where the reports stand."""
    lists = [button(texts.label(f"reports.desk.list.{each}"), ListReports(which=each)) for each in LISTS]
    narrow = [
        button(texts.label(f"reports.desk.by-{each}"), NarrowReports(by=each))
        for each in ("area", "kind", "state", "age")
    ]
    return Screen(
        texts("reports.desk.home", **{name: str(number) for name, number in counts.items()}),
        [
            lists[:2],
            lists[2:4],
            [lists[4], button(texts.label("reports.desk.search"), SearchReports())],
            narrow[:2],
            narrow[2:],
            [
                button(texts.label("reports.desk.results"), ShowResults()),
                button(texts.label("reports.desk.export"), ExportReports()),
            ],
            home_row(texts),
        ],
    )


def narrow(by: str, municipality: Municipality, kinds: Kinds, texts: Texts) -> Screen:
    """Offer areas, kinds, states or ages."""
    if by == "area":
        buttons = [
            button(municipality.area(area, texts.code), ListReports(which="open", area=area))
            for area in municipality.areas
        ]
        buttons.append(
            button(texts.label("reports.desk.unknown-area"), ListReports(which="open", area=NO_AREA))
        )
    elif by == "kind":
        buttons = [
            button(f"{kind.icon} {kind.name(texts.code)}", ListReports(which="open", kind=kind.id))
            for kind in here(kinds)
        ]
    elif by == "age":
        buttons = [
            button(texts.count("reports.desk.older", days), ListReports(which="open", days=days))
            for days in AGES
        ]
    else:
        buttons = [
            button(texts.label(f"report.state.{state}"), ListReports(which="any", state=state))
            for state in ReportState
        ]
    rows = [[each] for each in buttons]
    return Screen(texts("reports.desk.pick"), [*rows, _home_row(texts)])


def list_(page: Page, shown: ListReports, kinds: Kinds, now: datetime, texts: Texts) -> Screen:
    """Show a page of a list."""
    if not page.total:
        return Screen(texts("reports.desk.empty"), [_home_row(texts)])
    rows = [_open_row(report, texts) for report in page.reports]
    turn = []
    if page.number > 0:
        turn.append(
            button(texts.label("button.previous"), shown.model_copy(update={"page": page.number - 1}))
        )
    if (page.number + 1) * PER_PAGE < page.total:
        turn.append(button(texts.label("button.next"), shown.model_copy(update={"page": page.number + 1})))
    lines = [line(report, kinds, now, texts) for report in page.reports]
    return Screen(
        "\n\n".join([texts.count("reports.desk.list", page.total), *lines]),
        [*rows, *([turn] if turn else []), _home_row(texts)],
    )


def found(reports: Sequence[Report], kinds: Kinds, now: datetime, texts: Texts) -> Screen:
    """Show what a search found."""
    lines = [line(report, kinds, now, texts) for report in reports]
    return Screen(
        "\n\n".join([texts.count("reports.desk.found", len(reports)), *lines]),
        [
            *[_open_row(report, texts) for report in reports],
            [button(texts.label("reports.desk.search"), SearchReports()), _home_row(texts)[0]],
        ],
    )


def line(report: Report, kinds: Kinds, now: datetime, texts: Texts) -> Markup:
    """Return a report in two lines."""
    return texts(
        "reports.desk.line",
        number=str(report.id),
        icon=kind_icon(report, kinds),
        kind=kind_name(report, kinds, texts),
        state=texts.label(f"report.state.{report.state}"),
        late=texts("reports.desk.late") if report.is_overdue(now) else "",
        place=cut(place_words(report.place, texts), 80),
        ago=texts.ago(report.created_at, now),
    )


def search(texts: Texts) -> Screen:
    """Ask what to look for."""
    return Screen(texts("reports.desk.search-how"), [[button(texts.label("button.cancel"), Cancel())]])


def card(
    report: Report,
    reader: Person | None,
    kinds: Kinds,
    municipality: Municipality,
    now: datetime,
    texts: Texts,
) -> Screen:
    """Show one report with a button for every change that is allowed."""
    anonymous = report.person_id is None
    text = texts(
        "reports.desk.card",
        number=str(report.id),
        state=texts.label(f"report.state.{report.state}"),
        late=texts("reports.desk.late") if report.is_overdue(now) else "",
        icon=kind_icon(report, kinds),
        kind=kind_name(report, kinds, texts),
        place=cut(place_words(report.place, texts), LONGEST_PART),
        area=_area(report, municipality, texts),
        text=cut(report.text, LONGEST_PART) or texts("reports.none"),
        photos=str(len(report.photos)),
        followers=str(report.followers),
        language=texts.languages.get(report.language).name,
        anonymous=texts("reports.desk.anonymous") if anonymous else "",
        ago=texts.ago(report.created_at, now),
        due=texts.day(report.due_at.astimezone(texts.zone).date()),
        assigned=_assigned(report, reader, texts),
        transfer=_transfer(report, texts),
    )
    return Screen(text, _card_rows(report, reader, texts))


def _card_rows(report: Report, reader: Person | None, texts: Texts) -> list[list[Button]]:
    number = report.id
    allowed = ALLOWED[Actor.MANAGER][report.state] - {ReportState.JOINED}
    if report.person_id is None:
        # Nobody could answer a question about an anonymous report.
        allowed -= {ReportState.WAITING}
    changes = [
        button(texts.label(f"reports.desk.to.{state}"), ChangeReport(report=number, wanted=state))
        for state in ReportState
        if state in allowed
    ]
    rows = [changes[index : index + 2] for index in range(0, len(changes), 2)]
    if report.state in OPEN:
        if reader is None or report.assigned_to != reader.id:
            rows.append(
                [
                    button(texts.label("reports.desk.take"), TakeReport(report=number)),
                    button(texts.label("reports.desk.hand"), HandReport(report=number)),
                ]
            )
        else:
            rows.append([button(texts.label("reports.desk.hand"), HandReport(report=number))])
        rows.append([button(texts.label("reports.desk.to.joined"), Duplicates(report=number))])
    if report.transfer is not None and report.transfer.state is TransferState.FAILED:
        rows.append([button(texts.label("reports.desk.retry"), RetryTransfer(report=number))])
    rows.append(
        [
            button(texts.label("reports.desk.area"), SetArea(report=number)),
            button(texts.label("reports.desk.kind"), SetKind(report=number)),
        ]
    )
    more = [button(texts.label("reports.desk.history"), ReportHistory(report=number))]
    if report.photos:
        more.append(button(texts.label("reports.desk.photos"), ReportPhotos(report=number)))
    return [*rows, more, _home_row(texts)]


def history(report: Report, texts: Texts) -> Screen:
    """Show all that happened, with what was said."""
    events = [
        (
            change.at,
            texts(
                "reports.desk.history.line",
                moment=texts.moment(change.at),
                before=texts.label(f"report.state.{change.before}"),
                after=texts.label(f"report.state.{change.after}"),
                actor=texts.label(f"report.actor.{change.actor}"),
                undone=texts("reports.desk.undone") if change.undone_at else "",
            )
            + Markup("").join(Markup("\n<i>{}</i>").format(cut(each, 160)) for each in change.note.values()),
        )
        for change in report.changes
    ]
    events += [
        (
            note.at,
            texts(
                "reports.desk.history.note",
                moment=texts.moment(note.at),
                actor=texts.label(f"report.actor.{note.author}"),
                text=cut(note.text, LONGEST_PART),
            ),
        )
        for note in report.notes
    ]
    lines = [text for _, text in sorted(events, key=lambda event: event[0])][-HISTORY:]
    return Screen("\n".join(lines) or texts("reports.desk.history.none"), [_open_row(report, texts)])


def colleagues(report: Report, people: Sequence[Person], texts: Texts) -> Screen:
    """Offer the colleagues to hand it to."""
    if not people:
        return Screen(texts("reports.desk.no-colleagues"), [_open_row(report, texts)])
    rows = [
        [
            button(
                texts.label("reports.desk.colleague", number=each.id),
                HandReport(report=report.id, person=each.id),
            )
        ]
        for each in people
    ]
    return Screen(texts("reports.desk.pick"), [*rows, _open_row(report, texts)])


def areas(report: Report, municipality: Municipality, texts: Texts) -> Screen:
    """Offer the areas."""
    rows = [
        [button(municipality.area(area, texts.code), SetArea(report=report.id, area=area))]
        for area in municipality.areas
    ]
    return Screen(texts("reports.desk.pick"), [*rows, _open_row(report, texts)])


def kinds_of(report: Report, kinds: Kinds, texts: Texts) -> Screen:
    """Offer the kinds."""
    rows = [
        [button(f"{kind.icon} {kind.name(texts.code)}", SetKind(report=report.id, kind=kind.id))]
        for kind in here(kinds)
    ]
    return Screen(texts("reports.desk.pick"), [*rows, _open_row(report, texts)])


def duplicates(report: Report, same: Sequence[Report], kinds: Kinds, now: datetime, texts: Texts) -> Screen:
    """Show reports that may be the same, to be closed at once."""
    if not same:
        return Screen(texts("reports.desk.no-duplicates"), [_open_row(report, texts)])
    shown = same[:PER_PAGE]
    lines = [line(each, kinds, now, texts) for each in shown]
    rows = [
        [
            button(
                texts.label("reports.desk.join-one", number=str(each.id)),
                JoinReports(report=report.id, other=each.id),
            )
        ]
        for each in shown
    ]
    last = max(each.id for each in shown)
    every = [
        button(
            texts.label("reports.desk.join", count=str(len(shown))), JoinReports(report=report.id, last=last)
        )
    ]
    return Screen(
        texts("reports.desk.duplicates", number=str(report.id), lines=Markup("\n\n").join(lines)),
        [*rows, *([every] if len(same) > 1 else []), _open_row(report, texts)],
    )


def joined(report: Report, done: Joined, texts: Texts) -> Screen:
    """Say how many were joined, with a minute to take it back."""
    undo = UndoJoin(report=report.id, change=done.change)
    return Screen(
        texts.count("reports.desk.joined", len(done.reports)),
        [[button(texts.label("reports.desk.undo"), undo)], _open_row(report, texts)],
    )


def handed(report: Report, reader: Person, texts: Texts) -> Screen:
    """Say who takes care of it now, with a minute to take it back."""
    undo = [button(texts.label("reports.desk.undo"), UndoHand(report=report.id))]
    return Screen(
        texts("reports.desk.handed-on", number=str(report.id), assigned=_assigned(report, reader, texts)),
        [*([undo] if report.assigned_to != reader.id else []), _open_row(report, texts)],
    )


def cut(text: str, length: int) -> str:
    """Return a text cut at a word to a length in characters."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + " …"


def _area(report: Report, municipality: Municipality, texts: Texts) -> str:
    if report.area is None or report.area not in municipality.areas:
        return texts.label("reports.desk.unknown-area")
    return municipality.area(report.area, texts.code)


def _assigned(report: Report, reader: Person | None, texts: Texts) -> str:
    if report.assigned_to is None:
        return texts.label("reports.desk.nobody")
    if reader is not None and report.assigned_to == reader.id:
        return texts.label("reports.desk.you")
    return texts.label("reports.desk.colleague", number=str(report.assigned_to))


def _transfer(report: Report, texts: Texts) -> Markup | str:
    transfer = report.transfer
    if transfer is None:
        return ""
    return texts(
        f"reports.desk.transfer.{transfer.state}",
        backend=transfer.backend,
        attempts=str(transfer.attempts),
        error=cut(transfer.error, 80),
        outside=" ".join(part for part in (transfer.number, transfer.outside_state) if part),
    )


def _open_row(report: Report, texts: Texts) -> list[Button]:
    return [button(texts.label("reports.desk.open", number=str(report.id)), OpenReport(report=report.id))]


def _home_row(texts: Texts) -> list[Button]:
    return [button(texts.label("menu.meldingen"), ReportsHome())]
