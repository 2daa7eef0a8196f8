# SPDX-License-Identifier: EUPL-1.2
"""What drafts look like to the gebiedsmanager: the list, a new one, one as a whole, its history."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.channels.markup import parse_html
from bot.domain import readability
from bot.domain.broadcast import OPEN, Broadcast, BroadcastState, HistoryLine, Run
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Button
from bot.domain.subscription import Topic
from bot.i18n import Texts
from bot.i18n.direction import isolate
from handlers.area_manager.broadcast_callbacks import (
    Attach,
    AudienceMenu,
    BeginBroadcast,
    Broadcasts,
    ChooseTopic,
    ConfirmBroadcast,
    Correct,
    Discard,
    Expiry,
    History,
    NewBroadcast,
    OpenBroadcast,
    Planning,
    Rehearse,
    ShowReport,
    TextLanguages,
    Withdraw,
    WriteText,
)
from handlers.area_manager.broadcast_detail_views import along, who
from handlers.area_manager.broadcast_language_views import standing
from handlers.residents.contact_views import excerpt
from handlers.residents.welcome_views import home_row
from handlers.screen import Rows, Screen, button

SHOWN = 8
LINES = 20
REPORTS = 3


def listed(found: Sequence[Broadcast], page: int, texts: Texts) -> Screen:
    """List what there is, the one changed last first; one more than is shown tells of another page."""
    rows: list[Sequence[Button]] = []
    for broadcast in found[:SHOWN]:
        label = texts.label(
            f"broadcast.mark.{broadcast.state}",
            number=broadcast.id,
            text=excerpt(parse_html(broadcast.original).text or "…")[:40],
        )
        rows.append([button(label, OpenBroadcast(id=broadcast.id))])
    turn = []
    if page:
        turn.append(button(texts.label("broadcast.newer"), Broadcasts(page=page - 1)))
    if len(found) > SHOWN:
        turn.append(button(texts.label("broadcast.older"), Broadcasts(page=page + 1)))
    return Screen(
        texts("broadcast.list"),
        [
            [button(texts.label("broadcast.new"), NewBroadcast())],
            *rows,
            *([turn] if turn else []),
            [button(texts.label("menu.planning"), Planning())],
            home_row(texts),
        ],
    )


def topics(texts: Texts) -> Screen:
    """Ask what a new one is about."""
    rows = [[button(texts.label(f"topic.{topic}"), BeginBroadcast(topic=topic))] for topic in Topic]
    return Screen(texts("broadcast.which-topic"), [*rows, [button(texts.label("button.back"), Broadcasts())]])


def write(broadcast: Broadcast, language: str, texts: Texts) -> Screen:
    """Invite to write the text of one language; for a new Dutch text with the template of its kind."""
    name = texts.languages.get(language).name
    text = texts("broadcast.write", number=broadcast.id, language=name)
    if language == BASE_LANGUAGE and not broadcast.original:
        template = texts.other(BASE_LANGUAGE)(f"template.{broadcast.topic}")
        text = Markup("{}\n\n{}\n\n<code>{}</code>").format(text, texts("broadcast.template"), template)
    return Screen(text, [[button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]])


def card(broadcast: Broadcast, municipality: Municipality, texts: Texts, runs: Sequence[Run] = ()) -> Screen:
    """Show a broadcast: text, hints, what goes along, who, until when; what comes next and can be done."""
    original = Markup(broadcast.original)  # noqa: S704 - made from the message's own entities
    parts = [
        texts(
            "broadcast.card",
            number=broadcast.id,
            state=texts.label(f"broadcast.state.{broadcast.state}"),
            topic=texts.label(f"topic.{broadcast.topic}"),
            text=original or texts("broadcast.no-text"),
        ),
        _hints(broadcast, texts),
        texts(
            "broadcast.details",
            along=along(broadcast, texts),
            until=texts.day(broadcast.expires) if broadcast.expires else texts.label("broadcast.no-end"),
            who=who(broadcast, municipality, texts),
            languages=", ".join(_marked(broadcast, code, texts) for code in texts.languages.codes),
        ),
        _next(broadcast, texts),
    ]
    rows = [*_draft_rows(broadcast, texts)] if broadcast.state in OPEN else []
    if runs and broadcast.state is not BroadcastState.WITHDRAWN:
        rows += _after_rows(broadcast, texts)
    if broadcast.state not in OPEN:
        rows.append([button(texts.label("broadcast.to-history"), History(id=broadcast.id))])
    reports = [
        [button(texts.label("broadcast.report", number=run.id), ShowReport(run=run.id))]
        for run in runs[:REPORTS]
    ]
    return Screen(
        "\n\n".join(part for part in parts if part),
        [*rows, *reports, [button(texts.label("broadcast.all"), Broadcasts())]],
    )


def discard_sure(broadcast: Broadcast, texts: Texts) -> Screen:
    """Ask once more before a draft is thrown away."""
    sure = Discard(id=broadcast.id, version=broadcast.version, sure=True)
    return Screen(
        texts("broadcast.discard-sure", number=broadcast.id),
        [
            [button(texts.label("broadcast.discard"), sure)],
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def history(
    broadcast: Broadcast,
    lines: Sequence[HistoryLine],
    reach: tuple[int, int, int],
    reader: int,
    page: int,
    texts: Texts,
) -> Screen:
    """Show who did what, the newest page first, and how far it was passed on. `reader` is who looks."""
    parts = [texts("broadcast.history", number=broadcast.id)]
    end = max(0, len(lines) - page * LINES)
    for line in lines[max(0, end - LINES) : end]:
        by_name = "done.by-you" if line.by == reader else "done.by" if line.by else "done.by-itself"
        parts.append(
            texts(
                "broadcast.history-line",
                moment=texts.moment(line.at),
                what=texts.label(f"done.{line.what}"),
                who=texts.label(by_name, number=line.by),
            )
        )
    times, people, visits = reach
    if times or visits:
        parts.append(texts("broadcast.passed-on", times=times, people=people, visits=visits))
    turn = []
    if end > LINES:
        turn.append(button(texts.label("broadcast.older"), History(id=broadcast.id, page=page + 1)))
    if page:
        turn.append(button(texts.label("broadcast.newer"), History(id=broadcast.id, page=page - 1)))
    return Screen(
        "\n".join(parts),
        [
            *([turn] if turn else []),
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def _draft_rows(broadcast: Broadcast, texts: Texts) -> Rows:
    number = broadcast.id
    rows = [
        [
            button(texts.label("broadcast.edit"), WriteText(id=number, language=BASE_LANGUAGE)),
            button(texts.label("broadcast.to-languages"), TextLanguages(id=number)),
        ],
        [
            button(texts.label("broadcast.to-attach"), Attach(id=number)),
            button(texts.label("broadcast.to-until"), Expiry(id=number)),
        ],
        [
            button(texts.label("broadcast.to-audience"), AudienceMenu(id=number)),
            button(texts.label("broadcast.to-topic"), ChooseTopic(id=number)),
        ],
    ]
    if broadcast.texts:
        rows.append([button(texts.label("broadcast.rehearse"), Rehearse(id=number))])
    last = [button(texts.label("broadcast.to-history"), History(id=number))]
    if broadcast.state is BroadcastState.DRAFT:
        if broadcast.texts:
            rows.append([button(texts.label("broadcast.to-confirm"), ConfirmBroadcast(id=number))])
        last.append(button(texts.label("broadcast.discard"), Discard(id=number, version=broadcast.version)))
    else:
        rows.append([button(texts.label("menu.planning"), Planning())])
    return [*rows, last]


def _after_rows(broadcast: Broadcast, texts: Texts) -> list[Sequence[Button]]:
    """Return what can be done about what went out; for one that goes out again and again beside the rest."""
    rows: list[Sequence[Button]] = [
        [
            button(texts.label("broadcast.correct"), Correct(id=broadcast.id, version=broadcast.version)),
            button(texts.label("broadcast.withdraw"), Withdraw(id=broadcast.id)),
        ]
    ]
    if broadcast.state not in OPEN and any(broadcast.outdated(code) for code in broadcast.texts):
        rows.insert(0, [button(texts.label("broadcast.to-outdated"), TextLanguages(id=broadcast.id))])
    return rows


def _marked(broadcast: Broadcast, code: str, texts: Texts) -> str:
    mark = texts.label(f"text.mark.{standing(broadcast, code)}")
    return f"{mark} {isolate(texts.languages.get(code).name)}"


def _hints(broadcast: Broadcast, texts: Texts) -> Markup | str:
    if broadcast.state not in OPEN:
        return ""
    plain = parse_html(broadcast.original).text
    lines = [
        texts(f"hint.{hint.kind}", words=hint.words, better=hint.better) for hint in readability.hints(plain)
    ]
    blanks = readability.blanks(plain)
    parts = [texts("hint.blanks", words=", ".join(blanks))] if blanks else []
    parts += [Markup("\n").join([texts("hint.head"), *lines])] if lines else []
    return Markup("\n\n").join(parts)


def _next(broadcast: Broadcast, texts: Texts) -> Markup | str:
    """Say what comes next, so that nobody has to search among the buttons."""
    if broadcast.state is BroadcastState.SENT and any(map(broadcast.outdated, broadcast.texts)):
        return texts("broadcast.next.outdated")
    if broadcast.state is not BroadcastState.DRAFT:
        return ""
    if not broadcast.original:
        return texts("broadcast.next.text")
    if broadcast.missing(frozenset(texts.languages.codes)):
        return texts("broadcast.next.languages")
    return texts("broadcast.next.send")
