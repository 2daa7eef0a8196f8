# SPDX-License-Identifier: EUPL-1.2
"""What making a report looks like."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup, escape

from bot.domain.entry import Contact
from bot.domain.outgoing import Button
from bot.domain.place import Place, Places
from bot.domain.report import Report, Similar
from bot.domain.report_draft import Draft, DraftStep
from bot.domain.report_kind import Kinds, ReportKind, elsewhere, here
from bot.i18n import Texts
from bot.services.report_privacy import Mark
from bot.services.report_recognition import Recognised
from bot.services.reports import Receipt
from handlers.residents.report_callbacks import (
    AnswerInstead,
    BeginAnew,
    BeginReport,
    ContinueReport,
    DropReport,
    EditPart,
    ElsewhereKinds,
    FollowSimilar,
    MineIsAnother,
    MyReports,
    NoPhotos,
    NoWords,
    OpenMyReport,
    PickElsewhere,
    PickKind,
    PickPlace,
    ReportLater,
    SendReport,
    SkipStep,
    StepBack,
)
from handlers.residents.welcome_views import home_row
from handlers.screen import Rows, Screen, button

PARTS = (DraftStep.KIND, DraftStep.PLACE, DraftStep.PHOTOS, DraftStep.WORDS)


def offer(found: Recognised, kinds: Kinds, exchange: int, texts: Texts) -> Screen:
    """Offer to report what somebody just told."""
    kind = kinds.get(found.kind)
    place = texts("reports.offer.place", place=found.place.name) if found.place else ""
    danger = f"{texts('reports.step.danger')}\n\n" if kind is not None and kind.danger else ""
    return Screen(
        danger
        + texts(
            "reports.offer",
            icon=kind.icon if kind else "📣",
            kind=kind.name(texts.code) if kind else texts("reports.offer.some-kind"),
            place=place,
        ),
        [
            [
                button(
                    texts.label("reports.offer.yes"),
                    BeginReport(exchange=exchange, kind=kind.id if kind else ""),
                )
            ],
            _answer_row(exchange, texts),
        ],
    )


def with_answer_row(screen: Screen, exchange: int, texts: Texts) -> Screen:
    """Return what is said to a message in the place of a report, with a way to its answer."""
    return Screen(screen.text, [_answer_row(exchange, texts), *screen.rows])


def _answer_row(exchange: int, texts: Texts) -> list[Button]:
    return [button(texts.label("reports.offer.no"), AnswerInstead(exchange=exchange))]


def with_report_row(screen: Screen, exchange: int, texts: Texts) -> Screen:
    """Return an answer about something that can be reported, with a button to do so."""
    row = [button(texts.label("reports.report-this"), BeginReport(exchange=exchange))]
    return Screen(screen.text, [*screen.rows, row])


def waiting_draft(draft: Draft, wanted: BeginReport, kinds: Kinds, texts: Texts) -> Screen:
    """Ask whether to go on with the draft that waits, or to begin what is wanted now."""
    kind = kinds.get(draft.kind)
    anew = BeginAnew(token=draft.token, exchange=wanted.exchange, kind=wanted.kind)
    about = f"{kind.icon} {kind.name(texts.code)}" if kind else texts.label("reports.offer.some-kind")
    return Screen(
        texts("reports.waiting-draft", about=about),
        [
            [button(texts.label("reports.continue"), ContinueReport(token=draft.token))],
            [button(texts.label("reports.anew"), anew)],
        ],
    )


def step(draft: Draft, kinds: Kinds, places: Places, due: datetime | None, texts: Texts) -> Screen:
    """Ask what the present step asks."""
    if draft.step is DraftStep.KIND:
        return _ask_kind(draft, kinds, texts)
    if draft.step is DraftStep.PLACE:
        return _ask_place(draft, places, texts)
    if draft.step is DraftStep.PHOTOS:
        return photos(draft, texts)
    if draft.step is DraftStep.WORDS:
        return _ask_words(draft, texts)
    return _summary(draft, kinds, due, texts)


def photos(draft: Draft, texts: Texts) -> Screen:
    """Ask for photos, or say how many there are."""
    if not draft.photos:
        return Screen(texts("reports.step.photos"), [_skip_row(draft, texts), *_last_rows(draft, texts)])
    rows = [
        _go_on_row(draft, texts),
        [button(texts.label("reports.no-photos"), NoPhotos(token=draft.token))],
        *_last_rows(draft, texts),
    ]
    counted = texts.count("reports.step.photos-got", len(draft.photos))
    return Screen(f"{counted}\n\n{texts('reports.more-photos')}", rows)


def photo_got(draft: Draft, screen: Screen, texts: Texts) -> Screen:
    """Say that a photo arrived, before a step that asks something else."""
    counted = texts.count("reports.step.photos-got", len(draft.photos))
    return Screen(f"{counted}\n\n{screen.text}", screen.rows)


def elsewhere_kinds(token: str, kinds: Kinds, texts: Texts) -> Screen:
    """Ask which of the things that belong elsewhere it is."""
    rows = [
        [button(f"{kind.icon} {kind.name(texts.code)}", PickElsewhere(token=token, kind=kind.id))]
        for kind in elsewhere(kinds)
    ]
    return Screen(
        texts("reports.elsewhere-which"),
        [*rows, [button(texts.label("button.back"), EditPart(token=token, part=DraftStep.KIND))]],
    )


def goes_elsewhere(kind: ReportKind, contacts: Sequence[Contact], texts: Texts) -> Screen:
    """Say where it goes, and whom to call."""
    lines = [escape(contact_line(contact, texts)) for contact in contacts]
    return Screen(
        texts(
            "reports.elsewhere",
            icon=kind.icon,
            kind=kind.name(texts.code),
            advice=kind.advise(texts.code),
            contacts=Markup("\n").join(lines),
        ),
        [[button(texts.label("menu.melding"), BeginReport())], home_row(texts)],
    )


def contact_line(contact: Contact, texts: Texts) -> str:
    """Return who it is and how to reach them, as far as that is known."""
    return ", ".join(part for part in (contact.name(texts.code), contact.phone, contact.mail) if part)


def similar(draft: Draft, found: Sequence[Similar], now: datetime, texts: Texts) -> Screen:
    """Show reports that may be about the same."""
    lines = [
        texts(
            "reports.similar.line",
            number=str(each.report_id),
            ago=texts.ago(each.created_at, now),
            distance=texts("reports.same-place")
            if each.metres is None
            else texts("reports.metres", metres=round(each.metres)),
            state=texts.label(f"report.state.{each.state}"),
        )
        for each in found
    ]
    rows = [
        [
            button(
                texts.label("reports.follow-that", number=each.report_id),
                FollowSimilar(token=draft.token, report=each.report_id),
            )
        ]
        for each in found
    ]
    another = [button(texts.label("reports.mine-is-another"), MineIsAnother(token=draft.token))]
    return Screen(
        texts("reports.similar", lines=Markup("\n").join(lines)), [*rows, another, *_last_rows(draft, texts)]
    )


def personal(text: str, marks: Sequence[Mark], texts: Texts) -> Screen:
    """Show a text back with the parts marked that point at a person."""
    parts: list[str] = []
    end = 0
    for mark in marks:
        parts += [
            escape(text[end : mark.start]),
            Markup("<u><b>{}</b></u>").format(text[mark.start : mark.end]),
        ]
        end = mark.end
    parts.append(escape(text[end:]))
    return Screen(texts("reports.personal", text=Markup("").join(parts)))


def about_people(contact: Contact | None, texts: Texts) -> Screen:
    """Answer calmly that a report is about what happens where."""
    line = contact_line(contact, texts) if contact else ""
    return Screen(texts("reports.about-people", contact=line))


def sent(receipt: Receipt, kinds: Kinds, anonymous: bool, texts: Texts) -> Screen:
    """Confirm, with the number."""
    report = receipt.report
    if receipt.again:
        text = texts("reports.sent-before", number=str(report.id))
    elif anonymous:
        text = texts("reports.sent-anonymous", number=str(report.id))
    else:
        kind = kinds.get(report.kind)
        text = texts(
            "reports.sent",
            number=str(report.id),
            who=kind.who_acts(texts.code) if kind else "",
            due=texts.day(report.due_at.astimezone(texts.zone).date()),
        )
    return Screen(text, [[button(texts.label("menu.mijnmeldingen"), MyReports())], home_row(texts)])


def following(report: Report, texts: Texts) -> Screen:
    """Confirm that somebody follows a report."""
    return Screen(
        texts("reports.following", number=str(report.id)),
        [[button(texts.label("menu.mijnmeldingen"), OpenMyReport(report=report.id))], home_row(texts)],
    )


def kept_for_later(texts: Texts) -> Screen:
    """Say that the draft waits."""
    return Screen(texts("reports.kept-for-later"), [home_row(texts)])


def dropped(texts: Texts) -> Screen:
    """Confirm that nothing was sent."""
    return Screen(texts("reports.dropped"), [home_row(texts)])


def gone(texts: Texts) -> Screen:
    """Say that the draft is no longer there."""
    return Screen(
        texts("reports.draft-gone"),
        [[button(texts.label("menu.melding"), BeginReport())], home_row(texts)],
    )


def place_words(place: Place, texts: Texts) -> str:
    """Return where it is, in words."""
    if place.text:
        return place.text + (" 📌" if place.point is not None else "")
    return texts.label("reports.place.shared") if place.point is not None else "–"


def _ask_kind(draft: Draft, kinds: Kinds, texts: Texts) -> Screen:
    buttons = [
        button(f"{kind.icon} {kind.name(texts.code)}", PickKind(token=draft.token, kind=kind.id))
        for kind in here(kinds)
    ]
    rows: list[list[Button]] = [[each] for each in buttons]
    rows.append([button(texts.label("reports.elsewhere-kinds"), ElsewhereKinds(token=draft.token))])
    text = texts("reports.step.kind-words", text=draft.text) if draft.text else texts("reports.step.kind")
    return Screen(text, [*rows, *_last_rows(draft, texts)])


def _ask_words(draft: Draft, texts: Texts) -> Screen:
    if not draft.text:
        return Screen(texts("reports.step.words"), [_skip_row(draft, texts), *_last_rows(draft, texts)])
    return Screen(
        texts("reports.step.words-got", text=draft.text),
        [
            _go_on_row(draft, texts),
            [button(texts.label("reports.no-words"), NoWords(token=draft.token))],
            *_last_rows(draft, texts),
        ],
    )


def _ask_place(draft: Draft, places: Places, texts: Texts) -> Screen:
    buttons = [
        button(place.name, PickPlace(token=draft.token, place=place.id))
        for place in places.all.values()
        if place.area is not None and place.area != "buitengebied"
    ]
    rows = [buttons[index : index + 2] for index in range(0, len(buttons), 2)]
    return Screen(texts("reports.step.place"), [*rows, *_last_rows(draft, texts)])


def _summary(draft: Draft, kinds: Kinds, due: datetime | None, texts: Texts) -> Screen:
    kind = kinds[draft.kind]
    text = texts(
        "reports.summary",
        icon=kind.icon,
        kind=kind.name(texts.code),
        place=place_words(draft.place, texts),
        photos=str(len(draft.photos)) if draft.photos else texts("reports.none"),
        text=draft.text or texts("reports.none"),
        who=kind.who_acts(texts.code),
        due=texts.day(due.astimezone(texts.zone).date()) if due else "",
    )
    edits = [
        button(texts.label(f"reports.edit.{part}"), EditPart(token=draft.token, part=part)) for part in PARTS
    ]
    return Screen(
        text,
        [
            [button(texts.label("reports.send-informed"), SendReport(token=draft.token, anonymous=False))],
            [button(texts.label("reports.send-anonymous"), SendReport(token=draft.token, anonymous=True))],
            edits[:2],
            edits[2:],
            [
                button(texts.label("reports.later"), ReportLater(token=draft.token)),
                button(texts.label("button.cancel"), DropReport(token=draft.token)),
            ],
        ],
    )


def _skip_row(draft: Draft, texts: Texts) -> list[Button]:
    return [button(texts.label("reports.skip"), SkipStep(token=draft.token, step=draft.step))]


def _go_on_row(draft: Draft, texts: Texts) -> list[Button]:
    return [button(texts.label("reports.go-on"), SkipStep(token=draft.token, step=draft.step))]


def _last_rows(draft: Draft, texts: Texts) -> Rows:
    """Return the way back, later and out."""
    row = [
        button(texts.label("reports.later"), ReportLater(token=draft.token)),
        button(texts.label("button.cancel"), DropReport(token=draft.token)),
    ]
    if draft.step is not DraftStep.KIND:
        row.insert(0, button(texts.label("button.back"), StepBack(token=draft.token, step=draft.step)))
    return [row]
