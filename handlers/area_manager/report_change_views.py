# SPDX-License-Identifier: EUPL-1.2
"""What changing a report looks like to the gebiedsmanager: asked, confirmed, taken back."""

from collections.abc import Mapping
from datetime import date

from bot.domain.outgoing import Button
from bot.domain.report import NEEDS_WORDS, Change, Report, ReportState
from bot.i18n import Texts
from handlers.area_manager.report_callbacks import (
    ConfirmChange,
    OpenReport,
    PlanIn,
    ReportsHome,
    SkipNote,
    Translate,
    UndoChange,
)
from handlers.residents.callbacks import Cancel
from handlers.screen import Screen, button

DAYS = (1, 2, 3, 7, 14)
"""Days from now that are offered for planning."""


def which_day(token: str, today: date, texts: Texts) -> Screen:
    """Ask for the planned day."""
    days = [
        button(texts.day(date.fromordinal(today.toordinal() + number)), PlanIn(token=token, days=number))
        for number in DAYS
    ]
    return Screen(
        texts("reports.desk.which-day"),
        [[each] for each in days] + [[button(texts.label("button.cancel"), Cancel())]],
    )


def to_whom(texts: Texts) -> Screen:
    """Ask to whom it is passed on."""
    return Screen(texts("reports.desk.to-whom"), [[button(texts.label("button.cancel"), Cancel())]])


def note(token: str, wanted: ReportState, texts: Texts) -> Screen:
    """Ask for words, and for a picture of the result."""
    state = texts.label(f"report.state.{wanted}")
    cancel = [button(texts.label("button.cancel"), Cancel())]
    if wanted in NEEDS_WORDS:
        return Screen(texts("reports.desk.note-needed", state=state), [cancel])
    key = "reports.desk.note-or-photo" if wanted is ReportState.DONE else "reports.desk.note"
    skip = [button(texts.label("reports.skip"), SkipNote(token=token))]
    return Screen(texts(key, state=state), [skip, cancel])


def photo_got(token: str, texts: Texts) -> Screen:
    """Confirm the picture, and ask for words."""
    return Screen(
        texts("reports.desk.photo-got"),
        [
            [button(texts.label("reports.go-on"), SkipNote(token=token))],
            [button(texts.label("button.cancel"), Cancel())],
        ],
    )


def translate(note: str, language: str, texts: Texts) -> Screen:
    """Ask for the note in another language."""
    name = texts.languages.get(language).name
    return Screen(
        texts("reports.desk.write-translation", language=name, note=note),
        [[button(texts.label("button.cancel"), Cancel())]],
    )


def confirm(
    number: int,
    wanted: ReportState,
    words: Mapping[str, str],
    day: date | None,
    target: str,
    token: str,
    readers: Mapping[str, int],
    texts: Texts,
) -> Screen:
    """Show once more what will be told, to how many, and in which languages the words are still missing."""
    missing = [language for language in readers if words and language not in words]
    names = [texts.languages.get(language).name for language in missing]
    text = texts(
        "reports.desk.confirm",
        number=str(number),
        state=texts.label(f"report.state.{wanted}"),
        day=f" · {texts.day(day)}" if day else "",
        target=f" · {target}" if target else "",
        note="\n\n".join(words.values()) or "–",
        readers=texts.count("reports.desk.readers", sum(readers.values())),
        missing=texts("reports.desk.missing", languages=", ".join(names)) if missing else "",
    )
    rows = [[button(texts.label("button.send"), ConfirmChange(token=token))]]
    rows += [
        [
            button(
                texts.label("reports.desk.translate", language=name),
                Translate(token=token, language=language),
            )
        ]
        for language, name in zip(missing, names, strict=True)
    ]
    return Screen(text, [*rows, [button(texts.label("button.cancel"), Cancel())]])


def changed(report: Report, change: Change, texts: Texts) -> Screen:
    """Confirm, with a minute to take it back."""
    return Screen(
        texts(
            "reports.desk.changed",
            number=str(report.id),
            state=texts.label(f"report.state.{report.state}"),
        ),
        [
            [button(texts.label("reports.desk.undo"), UndoChange(report=report.id, change=change.id))],
            _rows(report, texts),
        ],
    )


def undone(report: Report, texts: Texts) -> Screen:
    """Confirm that it was taken back."""
    return Screen(texts("reports.desk.undo-done"), [_rows(report, texts)])


def _rows(report: Report, texts: Texts) -> list[Button]:
    return [
        button(texts.label("reports.desk.open", number=str(report.id)), OpenReport(report=report.id)),
        button(texts.label("menu.meldingen"), ReportsHome()),
    ]
