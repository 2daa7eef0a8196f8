# SPDX-License-Identifier: EUPL-1.2
"""What drafts look like to the gebiedsmanager."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.channels.markup import parse_html
from bot.domain import readability
from bot.domain.broadcast import Broadcast, BroadcastState, HistoryLine, Text
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.group import Group, GroupState
from bot.domain.municipality import Municipality
from bot.domain.subscription import Topic
from bot.i18n import Texts
from bot.services.audience import Reach
from bot.services.broadcasts import Confirmation
from handlers.area_manager.broadcast_callbacks import (
    ApproveText,
    AskTranslation,
    Attach,
    AudienceMenu,
    BeginBroadcast,
    Broadcasts,
    ChooseTopic,
    ConfirmBroadcast,
    Correct,
    Detach,
    Discard,
    Expiry,
    History,
    NewBroadcast,
    OpenBroadcast,
    OpenText,
    PlanBroadcast,
    Planning,
    Rehearse,
    SendBroadcast,
    ShowReport,
    TextLanguages,
    ToggleAudience,
    Withdraw,
    WriteText,
)
from handlers.residents.callbacks import Cancel
from handlers.residents.contact_views import excerpt
from handlers.residents.welcome_views import home_row
from handlers.screen import Rows, Screen, button

SHOWN = 8
EXPIRIES = (1, 7, 14, 30)
RATE = 25.0
"""Messages a second to count with: a little below what Telegram allows."""
LINES = 20


def listed(drafts: Sequence[Broadcast], sent: Sequence[Broadcast], texts: Texts) -> Screen:
    """List drafts and what was sent, with a button for a new one."""
    rows: list[list[object]] = []
    for broadcast in [*drafts[:SHOWN], *sent[:SHOWN]]:
        label = texts.label(
            f"broadcast.mark.{broadcast.state}",
            number=broadcast.id,
            text=excerpt(parse_html(broadcast.original).text or "…")[:40],
        )
        rows.append([button(label, OpenBroadcast(id=broadcast.id))])
    return Screen(
        texts("broadcast.list"),
        [
            [button(texts.label("broadcast.new"), NewBroadcast())],
            *rows,  # type: ignore[list-item]
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
    return Screen(
        text,
        [
            [
                button(texts.label("button.back"), OpenBroadcast(id=broadcast.id)),
                button(texts.label("broadcast.stop-writing"), Cancel()),
            ]
        ],
    )


def card(broadcast: Broadcast, municipality: Municipality, texts: Texts, runs: Sequence[int] = ()) -> Screen:
    """Show a broadcast: text, hints, what goes along, who, until when; and what can be done."""
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
            along=_along(broadcast, texts),
            until=texts.day(broadcast.expires) if broadcast.expires else texts.label("broadcast.no-end"),
            who=_who(broadcast, municipality, texts),
            languages=", ".join(
                f"{texts.label(f'text.mark.{standing(broadcast, code)}')} {texts.languages.get(code).name}"
                for code in texts.languages.codes
            ),
        ),
    ]
    rows = _draft_rows(broadcast, texts) if _open(broadcast) else _sent_rows(broadcast, texts)
    reports = [
        [button(texts.label("broadcast.report", number=number), ShowReport(run=number))]
        for number in runs[:3]
    ]
    return Screen(
        "\n\n".join(part for part in parts if part),
        [*rows, *reports, [button(texts.label("broadcast.all"), Broadcasts())]],
    )


def standing(broadcast: Broadcast, language: str) -> str:
    """Return where one language stands: none, asked, offered, outdated or approved."""
    text: Text | None = broadcast.texts.get(language)
    if text is None:
        return "none"
    if text.text and broadcast.outdated(language):
        return "outdated"
    return text.state.value


def languages(broadcast: Broadcast, texts: Texts) -> Screen:
    """Show the languages and where each stands."""
    rows = [
        [
            button(
                f"{texts.label(f'text.mark.{standing(broadcast, language.code)}')} {language.name}",
                OpenText(id=broadcast.id, language=language.code),
            )
        ]
        for language in texts.languages
    ]
    return Screen(
        texts("broadcast.languages", number=broadcast.id),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],
    )


def language_text(broadcast: Broadcast, language: str, texts: Texts) -> Screen:
    """Show one language's text, and what can be done with it."""
    found = broadcast.texts.get(language)
    state = standing(broadcast, language)
    shown = Markup(found.text) if found and found.text else texts("broadcast.no-text")  # noqa: S704
    rows = [[button(texts.label("broadcast.write-language"), WriteText(id=broadcast.id, language=language))]]
    if state in {"offered", "outdated"}:
        approve = ApproveText(id=broadcast.id, language=language, version=broadcast.version)
        rows.append([button(texts.label("broadcast.approve"), approve)])
    if language != BASE_LANGUAGE and broadcast.original and state != "asked":
        ask = AskTranslation(id=broadcast.id, language=language)
        rows.append([button(texts.label("broadcast.ask"), ask)])
    return Screen(
        texts(
            "broadcast.language-text",
            language=texts.languages.get(language).name,
            state=texts.label(f"text.state.{state}"),
            text=shown,
        ),
        [*rows, [button(texts.label("button.back"), TextLanguages(id=broadcast.id))]],
    )


def attach(broadcast: Broadcast, texts: Texts) -> Screen:
    """Invite to send what goes along."""
    rows = []
    if broadcast.media or broadcast.location or broadcast.link:
        rows.append([button(texts.label("broadcast.detach"), Detach(id=broadcast.id))])
    return Screen(
        texts("broadcast.attach", along=_along(broadcast, texts)),
        [*rows, [button(texts.label("broadcast.attached"), OpenBroadcast(id=broadcast.id))]],
    )


def choose_topic(broadcast: Broadcast, texts: Texts) -> Screen:
    """Ask what it is about."""
    rows = [
        [
            button(
                ("✓ " if topic is broadcast.topic else "") + texts.label(f"topic.{topic}"),
                ChooseTopic(id=broadcast.id, topic=topic),
            )
        ]
        for topic in Topic
    ]
    return Screen(
        texts("broadcast.which-topic"),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],
    )


def expiry(broadcast: Broadcast, texts: Texts) -> Screen:
    """Ask until when it holds."""
    rows = [
        [button(texts.label("broadcast.days", number=days), Expiry(id=broadcast.id, days=days))]
        for days in EXPIRIES
    ]
    return Screen(
        texts("broadcast.until-when"),
        [
            *rows,
            [button(texts.label("broadcast.no-end"), Expiry(id=broadcast.id, days=-1))],
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def audience(
    broadcast: Broadcast, groups: Sequence[Group], municipality: Municipality, texts: Texts
) -> Screen:
    """Show who gets it, each a switch."""
    aim = broadcast.audience
    at = {"id": broadcast.id, "version": broadcast.version}

    def switch(label: str, what: str, on: bool, value: str = "") -> list[object]:
        return [button(("✓ " if on else "▫️ ") + label, ToggleAudience(**at, what=what, value=value))]

    rows = [
        switch(texts.label("broadcast.to.groups"), "groups", aim.groups),
        switch(texts.label("broadcast.to.subscribers"), "subscribers", aim.subscribers),
        switch(texts.label("broadcast.to.key_figures"), "key_figures", aim.key_figures),
    ]
    rows += [
        switch(municipality.area(area, texts.code), "area", area in aim.areas, area)
        for area in municipality.areas
    ]
    approved = [group for group in groups if group.state is GroupState.APPROVED]
    if aim.groups and len(approved) > 1:
        rows += [
            switch(f"👥 {group.title}"[:50], "group", group.id in aim.only_groups, str(group.id))
            for group in approved[:SHOWN]
        ]
    return Screen(
        texts("broadcast.audience"),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],  # type: ignore[list-item]
    )


def confirm(found: Confirmation, texts: Texts) -> Screen:
    """Count everything, name what is left out and why, and offer to send."""
    broadcast, reach = found.broadcast, found.reach
    parts = [texts("broadcast.confirm", number=broadcast.id), *counted(reach, texts)]
    missing = bool(reach.missing)
    rows: Rows = []
    if missing:
        names = _names(sorted(reach.missing), texts)
        parts.append(texts("broadcast.missing", languages=names))
        if reach.parcels:
            rows = [
                [
                    button(
                        texts.label("broadcast.send-without", languages=names),
                        SendBroadcast(id=broadcast.id, token=found.token, without=True),
                    )
                ]
            ]
    elif reach.parcels:
        send = SendBroadcast(id=broadcast.id, token=found.token)
        rows = [[button(texts.label("broadcast.send-now"), send)]]
    plan = [button(texts.label("broadcast.plan"), PlanBroadcast(id=broadcast.id))]
    return Screen(
        "\n".join(parts),
        [
            *rows,
            *([plan] if broadcast.original and broadcast.state is BroadcastState.DRAFT else []),
            [button(texts.label("broadcast.rehearse"), Rehearse(id=broadcast.id))],
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def counted(reach: Reach, texts: Texts) -> list[Markup]:
    """Return the lines with how many get it, by language and channel, and who does not."""
    if not reach.parcels:
        lines = [texts("broadcast.nobody")]
    else:
        lines = [
            texts(
                "broadcast.count",
                languages=_names(codes, texts),
                reader=texts.label(f"reader.{reader}"),
                channel=texts.label(f"channel.{channel}"),
                number=number,
            )
            for codes, reader, channel, number in reach.counted()
        ]
        lines.append(texts.count("broadcast.takes", -(-reach.seconds(RATE) // 60)))
    for language, number in sorted(reach.left_out.items()):
        lines.append(texts("broadcast.left-out", language=texts.languages.get(language).name, number=number))
    if reach.digests:
        lines.append(texts("broadcast.in-digest", number=reach.digests))
    if reach.unreachable:
        lines.append(texts("broadcast.unreachable", number=reach.unreachable))
    lines += [texts("broadcast.muted", title=group.title) for group in reach.muted]
    return lines


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
    texts: Texts,
) -> Screen:
    """Show who did what, and how far it was passed on."""
    parts = [texts("broadcast.history", number=broadcast.id)]
    for line in lines[-LINES:]:
        what = texts.label(f"done.{line.what}")
        who = texts.label("done.by", number=line.by) if line.by else texts.label("done.by-itself")
        parts.append(texts("broadcast.history-line", moment=_moment(line.at, texts), what=what, who=who))
    times, people, visits = reach
    if times or visits:
        parts.append(texts("broadcast.passed-on", times=times, people=people, visits=visits))
    return Screen("\n".join(parts), [[button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]])


def _moment(moment: datetime, texts: Texts) -> str:
    return texts.moment(moment)


def _open(broadcast: Broadcast) -> bool:
    return broadcast.state in {BroadcastState.DRAFT, BroadcastState.PLANNED}


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
        [button(texts.label("broadcast.rehearse"), Rehearse(id=number))],
    ]
    last = [button(texts.label("broadcast.to-history"), History(id=number))]
    if broadcast.state is BroadcastState.DRAFT:
        rows.append([button(texts.label("broadcast.to-confirm"), ConfirmBroadcast(id=number))])
        last.append(button(texts.label("broadcast.discard"), Discard(id=number, version=broadcast.version)))
    else:
        rows.append([button(texts.label("menu.planning"), Planning())])
    return [*rows, last]


def _sent_rows(broadcast: Broadcast, texts: Texts) -> Rows:
    rows = []
    if broadcast.state is BroadcastState.SENT:
        correct = Correct(id=broadcast.id, version=broadcast.version)
        rows.append([button(texts.label("broadcast.correct"), correct)])
        rows.append([button(texts.label("broadcast.withdraw"), Withdraw(id=broadcast.id))])
    return [*rows, [button(texts.label("broadcast.to-history"), History(id=broadcast.id))]]


def _hints(broadcast: Broadcast, texts: Texts) -> Markup | str:
    plain = parse_html(broadcast.original).text
    found = readability.hints(plain) if _open(broadcast) else ()
    lines = [texts(f"hint.{hint.kind}", words=hint.words, better=hint.better) for hint in found]
    return Markup("\n").join([texts("hint.head"), *lines]) if lines else ""


def _along(broadcast: Broadcast, texts: Texts) -> str:
    along = []
    if broadcast.media:
        kind = texts.label(f"media.{broadcast.media_kind}")
        along.append(f"{len(broadcast.media)} × {kind}")
    if broadcast.location:
        along.append(texts.label("media.location"))
    if broadcast.link:
        along.append(broadcast.link)
    return ", ".join(along) or "–"


def _who(broadcast: Broadcast, municipality: Municipality, texts: Texts) -> str:
    aim = broadcast.audience
    kinds = [
        texts.label(f"broadcast.to.{what}")
        for what in ("groups", "subscribers", "key_figures")
        if getattr(aim, what)
    ]
    areas = [municipality.area(area, texts.code) for area in sorted(aim.areas)]
    return ", ".join(kinds or ["–"]) + " · " + (", ".join(areas) or texts.label("groups.everywhere"))


def _names(codes: Sequence[str], texts: Texts) -> str:
    return " + ".join(texts.languages.get(code).name for code in codes)
