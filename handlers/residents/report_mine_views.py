# SPDX-License-Identifier: EUPL-1.2
"""What one's own reports look like, and what is told about them."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.domain.outgoing import Button
from bot.domain.person import Person
from bot.domain.report import ALLOWED, OPEN, Actor, Change, Report, ReportState
from bot.domain.report_kind import Kinds
from bot.i18n import Texts
from handlers.residents.callbacks import Cancel
from handlers.residents.contact_views import excerpt
from handlers.residents.report_callbacks import (
    AddNote,
    AddPhoto,
    BeginReport,
    MyReports,
    OpenMyReport,
    ShowPhotos,
    Solved,
    Unfollow,
    Withdraw,
)
from handlers.residents.report_views import place_words
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button

SHOWN = 8
CHANGES = 6


def kind_name(report: Report, kinds: Kinds, texts: Texts) -> str:
    """Return the name of a report's kind; its id where the kind is no longer in the content."""
    kind = kinds.get(report.kind)
    return kind.name(texts.code) if kind else report.kind


def kind_icon(report: Report, kinds: Kinds) -> str:
    """Return the sign of a report's kind."""
    kind = kinds.get(report.kind)
    return kind.icon if kind else "📣"


def mine(reports: Sequence[Report], page: int, kinds: Kinds, texts: Texts) -> Screen:
    """List what a person reported or follows, a page at a time; one past the end shows the last."""
    new = [button(texts.label("menu.melding"), BeginReport())]
    if not reports:
        return Screen(texts("reports.mine.none"), [new, home_row(texts)])
    lines = [texts("reports.mine.title")]
    rows: list[list[Button]] = []
    page = min(page, (len(reports) - 1) // SHOWN)
    for report in reports[page * SHOWN : (page + 1) * SHOWN]:
        icon = kind_icon(report, kinds)
        lines.append(
            texts(
                "reports.mine.line",
                number=str(report.id),
                icon=icon,
                kind=kind_name(report, kinds, texts),
                state=texts.label(f"report.state.{report.state}"),
                place=excerpt(place_words(report.place, texts)),
            )
        )
        rows.append(
            [
                button(
                    texts.label("reports.mine.open", icon=icon, number=str(report.id)),
                    OpenMyReport(report=report.id),
                )
            ]
        )
    turn = []
    if page > 0:
        turn.append(button(texts.label("button.previous"), MyReports(page=page - 1)))
    if (page + 1) * SHOWN < len(reports):
        turn.append(button(texts.label("button.next"), MyReports(page=page + 1)))
    return Screen("\n\n".join(lines), [*rows, *([turn] if turn else []), new, home_row(texts)])


def detail(report: Report, person: Person, kinds: Kinds, now: datetime, texts: Texts) -> Screen:
    """Show one report with its history and what can be done with it."""
    own = report.person_id == person.id
    history = _history(report, own=own, texts=texts)
    text = texts(
        "reports.mine.detail",
        number=str(report.id),
        state=texts.label(f"report.state.{report.state}"),
        icon=kind_icon(report, kinds),
        kind=kind_name(report, kinds, texts),
        place=place_words(report.place, texts),
        photos=str(len(report.photos)),
        text=(report.text if own else "") or texts("reports.none"),
        since=texts.moment(report.created_at),
        history=Markup("\n").join(history),
    )
    return Screen(
        text, [*_rows(report, own, now, texts), [button(texts.label("menu.mijnmeldingen"), MyReports())]]
    )


def _history(report: Report, *, own: bool, texts: Texts) -> list[Markup]:
    """Return what happened, the latest last; what the reporter added is for the reporter alone."""
    events = [
        (
            change.at,
            texts(
                "reports.history.line",
                moment=texts.moment(change.at),
                state=texts.label(f"report.state.{change.after}"),
            )
            + _note(change, texts),
        )
        for change in report.changes
        if change.undone_at is None
    ]
    events += [
        (note.at, texts("reports.history.note", moment=texts.moment(note.at), text=note.text))
        for note in report.notes
        if own
    ]
    return [line for _, line in sorted(events, key=lambda event: event[0])][-CHANGES:]


def _rows(report: Report, own: bool, now: datetime, texts: Texts) -> list[list[Button]]:
    number = report.id
    rows = []
    if report.photos:
        rows.append([button(texts.label("reports.mine.photos"), ShowPhotos(report=number))])
    if not own:
        rows.append([button(texts.label("reports.mine.unfollow"), Unfollow(report=number))])
        return rows
    if report.state in OPEN:
        label = "reports.answer" if report.state is ReportState.WAITING else "reports.mine.add-note"
        rows.append(
            [
                button(texts.label(label), AddNote(report=number)),
                button(texts.label("reports.mine.add-photo"), AddPhoto(report=number)),
            ]
        )
    if ReportState.WITHDRAWN in ALLOWED[Actor.REPORTER][report.state]:
        rows.append([button(texts.label("reports.mine.withdraw"), Withdraw(report=number))])
    if report.may_reopen(now):
        row = solved_row(report, texts)
        rows.append(row[1:] if report.is_confirmed else row)
    return rows


def solved_row(report: Report, texts: Texts) -> list[Button]:
    """Return the row that asks whether it is solved; what is not possible can only be not solved."""
    solved = button(texts.label("reports.solved"), Solved(report=report.id, yes=True))
    not_solved = button(texts.label("reports.not-solved"), Solved(report=report.id, yes=False))
    return [solved, not_solved] if report.state is ReportState.DONE else [not_solved]


def withdraw_sure(report: Report, texts: Texts) -> Screen:
    """Ask once more before a report is taken back."""
    return Screen(
        texts("reports.mine.withdraw-sure", number=str(report.id)),
        [
            [button(texts.label("reports.mine.withdraw"), Withdraw(report=report.id, sure=True))],
            [button(texts.label("button.back"), OpenMyReport(report=report.id))],
        ],
    )


def write(report: Report, texts: Texts) -> Screen:
    """Invite to add words."""
    return Screen(
        texts("reports.mine.write", number=str(report.id)), [[button(texts.label("button.cancel"), Cancel())]]
    )


def send_photo(report: Report, texts: Texts) -> Screen:
    """Invite to add a photo."""
    return Screen(
        texts("reports.mine.send-photo", number=str(report.id)),
        [[button(texts.label("button.cancel"), Cancel())]],
    )


def added(report: Report, texts: Texts) -> Screen:
    """Confirm that it was added."""
    return Screen(
        texts("reports.mine.added", number=str(report.id)),
        [[button(texts.label("menu.mijnmeldingen"), MyReports())], home_row(texts)],
    )


def reopened(report: Report, texts: Texts) -> Screen:
    """Confirm that it is open again, and let words be added."""
    return Screen(
        texts("reports.reopened", number=str(report.id)),
        [
            [
                button(texts.label("reports.mine.add-note"), AddNote(report=report.id)),
                button(texts.label("reports.mine.add-photo"), AddPhoto(report=report.id)),
            ],
            home_row(texts),
        ],
    )


def told(report: Report, change: Change, kinds: Kinds, texts: Texts, *, own: bool) -> Screen:
    """Tell the reporter or a follower what became of it."""
    kind = kind_name(report, kinds, texts)
    head = texts("reports.told.own" if own else "reports.told.followed", number=str(report.id), kind=kind)
    state = change.after.value
    if change.after is ReportState.WAITING and not own:
        state = "waiting-follower"
    what = texts(
        f"reports.told.{state}",
        day=texts.day(change.day) if change.day else "",
        target=change.target,
    )
    parts = [head, what]
    if note := _note(change, texts):
        parts.append(note.strip())
    rows: list[list[Button]] = []
    if own and change.after is ReportState.WAITING:
        rows.append([button(texts.label("reports.answer"), AddNote(report=report.id))])
    if own and change.after in {ReportState.DONE, ReportState.NOT_POSSIBLE}:
        rows.append(solved_row(report, texts))
    number = int(change.target) if change.after is ReportState.JOINED else report.id
    rows.append(
        [
            button(
                texts.label("reports.mine.open", icon=kind_icon(report, kinds), number=str(number)),
                OpenMyReport(report=number),
            )
        ]
    )
    return Screen("\n\n".join(parts), rows)


def _note(change: Change, texts: Texts) -> Markup:
    """Return the words of a change in the reader's language, or in the one there is, which is then named."""
    if not change.note:
        return Markup("")
    language = texts.code if texts.code in change.note else next(iter(change.note))
    note = texts("reports.told.note", note=change.note[language])
    if language == texts.code:
        return Markup("\n") + note
    name = texts.languages.get(language).name
    return Markup("\n") + note + Markup("\n") + texts("reports.told.note-in", language=name)
