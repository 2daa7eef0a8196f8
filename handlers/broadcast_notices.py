# SPDX-License-Identifier: EUPL-1.2
"""The wording of broadcasts, and of what people are told around them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date
from markupsafe import Markup

from bot.channels.base import Capabilities
from bot.channels.markup import parse_html, visible_length
from bot.domain.broadcast import Broadcast, Copies, Run
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.group import Group
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Button, Outgoing, Priority
from bot.domain.schedule import Occurrence
from bot.domain.subscription import Frequency
from bot.i18n import Languages, Texts
from bot.services.broadcast_notices import Reader
from handlers.area_manager import (
    broadcast_report_views,
    broadcast_send_views,
    group_views,
    planning_views,
)
from handlers.area_manager.broadcast_callbacks import ApproveText, DecideMonthly, OpenBroadcast, OpenText
from handlers.key_figures.callbacks import Heard, PassOn, Translate
from handlers.residents.updates_callbacks import ReadUpdate, UpdatesMenu
from handlers.screen import Rows, Screen, button

EXCERPT = 400
"""Characters of an update in a digest."""
CUT = " …"
MONTHLY_EXCERPT = 160
"""Characters of an update in a monthly digest."""
MONTHLY_UPDATES = 8
SEPARATOR = "\n\n⸻\n\n"
"""Between the languages of one message."""


class ChatBroadcastNotices:
    """The same screens as in the conversation, put into the outbox."""

    def __init__(self, languages: Languages, zone: ZoneInfo, municipality: Municipality) -> None:
        self._languages = languages
        self._zone = zone
        self._municipality = municipality

    def message(self, broadcast: Broadcast, languages: Sequence[str], reader: Reader) -> Outgoing:
        """Return the message itself, in one language or in several below one another."""
        texts = self._texts(languages[0])
        rows: Rows = []
        if reader is Reader.KEY_FIGURE:
            rows = [
                [button(texts.label("pass.button"), PassOn(id=broadcast.id, language=languages[0]))],
                [button(texts.label("heard.button"), Heard(id=broadcast.id))],
            ]
        elif reader is Reader.SUBSCRIBER:
            rows = [[button(texts.label("updates.change"), UpdatesMenu(below=True))]]
        return Outgoing(
            text=SEPARATOR.join(self.body(broadcast, language) for language in languages),
            priority=Priority.BULK,
            language=languages[0],
            media=broadcast.media,
            media_kind=broadcast.media_kind,
            location=broadcast.location,
            # An album can't carry buttons.
            buttons=() if len(broadcast.media) > 1 else _buttons(rows),
        )

    def recording(self, broadcast: Broadcast, language: str) -> Outgoing:
        """Return the spoken text of one language, which follows the written one."""
        texts = self._texts(language)
        return Outgoing(
            text=str(texts("update.spoken", topic=texts.label(f"topic.{broadcast.topic}"))),
            reason="broadcasts",
            language=language,
            media=(broadcast.texts[language].voice,),
            media_kind="voice",
            silent=True,
        )

    def body(self, broadcast: Broadcast, language: str) -> str:
        """Return the whole text in one language: topic, text, link, expiry."""
        texts = self._texts(language)
        found = broadcast.texts.get(language)
        parts = [f"<b>{Markup.escape(texts.label(f'topic.{broadcast.topic}'))}</b>"]
        parts.append("" if found is None else found.text)
        if broadcast.link:
            parts.append(str(Markup.escape(broadcast.link)))
        if broadcast.expires is not None:
            parts.append(f"<i>{texts('update.until', day=texts.day(broadcast.expires))}</i>")
        return "\n\n".join(part for part in parts if part)

    def length(self, outgoing: Outgoing) -> tuple[int, int]:
        """Return the length of a message as Telegram counts it, and what is allowed."""
        limits = Capabilities()
        limit = limits.caption_length if outgoing.media else limits.text_length
        return visible_length(outgoing.text), limit

    def correction(self, broadcast: Broadcast, languages: Sequence[str]) -> Outgoing:
        """Return the corrected message as a new one, for who can't see the old one change."""
        bodies = [
            f"{self._texts(language)('update.corrected')}\n\n{self.body(broadcast, language)}"
            for language in languages
        ]
        return Outgoing(SEPARATOR.join(bodies), language=languages[0])

    def withdrawn(self, broadcast: Broadcast, languages: Sequence[str]) -> Outgoing:
        """Tell that a message no longer holds."""
        lines = [
            self._texts(language)("update.withdrawn", text=self._excerpt(broadcast, language))
            for language in languages
        ]
        return Outgoing(SEPARATOR.join(lines), language=languages[0])

    def rehearsal(self, broadcast: Broadcast, languages: Sequence[str], reader: str) -> Outgoing:
        """Return what stands above a rehearsed message, so that nobody takes it for the real one."""
        texts = self._texts(reader)
        name = " + ".join(self._languages.get(language).name for language in languages)
        return Outgoing(texts("broadcast.rehearsal", number=broadcast.id, language=name), language=reader)

    def after_rehearsal(self, broadcast: Broadcast, reader: str) -> Outgoing:
        """Return what stands below the last rehearsed message: where to go on."""
        return _outgoing(broadcast_send_views.after_rehearsal(broadcast, self._texts(reader)), reader)

    def report(
        self,
        broadcast: Broadcast,
        run: Run,
        counts: Sequence[Copies],
        groups: Sequence[tuple[Group, str, str]],
        reader: str,
    ) -> Outgoing:
        """Return the delivery report: by language, and by group with language and state."""
        screen = broadcast_report_views.report(broadcast, run, counts, groups, self._texts(reader))
        return _outgoing(screen, reader)

    def overdue(self, broadcast: Broadcast, occurrence: Occurrence, reader: str) -> Outgoing:
        """Ask what to do with what could not go out in time."""
        return _outgoing(planning_views.overdue(broadcast, occurrence, self._texts(reader)), reader)

    def stopped(self, broadcast: Broadcast, occurrence: Occurrence, why: Exception, reader: str) -> Outgoing:
        """Tell that nothing was sent: a language was missing, it no longer holds, or nobody would get it."""
        texts = self._texts(reader)
        return _outgoing(planning_views.stopped(broadcast, occurrence, why, texts), reader)

    def group(self, group: Group, reader: str) -> Outgoing:
        """Tell a gebiedsmanager what happened to a group, with the buttons to decide."""
        return _outgoing(group_views.card(group, self._municipality, self._texts(reader)), reader)

    def translation_asked(self, broadcast: Broadcast, language: str, reader: str) -> Outgoing:
        """Ask a key figure for a translation."""
        texts = self._texts(reader)
        screen = Screen(
            texts("translate.asked", text=Markup(broadcast.original)),  # noqa: S704 - checked when written
            [[button(texts.label("translate.begin"), Translate(id=broadcast.id, language=language))]],
        )
        return replace(_outgoing(screen, reader), reason=f"translation:{broadcast.id}")

    def translation_offered(self, broadcast: Broadcast, language: str, reader: str) -> Outgoing:
        """Show a gebiedsmanager a translation that came in."""
        texts = self._texts(reader)
        offered = broadcast.texts[language]
        screen = Screen(
            texts(
                "translate.offered",
                number=broadcast.id,
                language=self._languages.get(language).name,
                text=Markup(offered.text),  # noqa: S704 - made from the message's own entities
            ),
            [
                [
                    button(
                        texts.label("broadcast.approve"),
                        # Keeping the offer raises the version by one.
                        ApproveText(id=broadcast.id, language=language, version=broadcast.version + 1),
                    )
                ],
                [button(texts.label("broadcast.look"), OpenText(id=broadcast.id, language=language))],
            ],
        )
        return _outgoing(screen, reader)

    def heard_question(self, broadcast: Broadcast, reader: str) -> Outgoing:
        """Ask a key figure what people say about it."""
        texts = self._texts(reader)
        screen = Screen(
            texts("heard.question", text=self._excerpt(broadcast, reader)),
            [
                [button(texts.label("heard.button"), Heard(id=broadcast.id))],
                [button(texts.label("pass.button"), PassOn(id=broadcast.id, language=reader))],
            ],
        )
        return _outgoing(screen, reader)

    def heard(self, broadcast: Broadcast, text: str, reader: str) -> Outgoing:
        """Tell a gebiedsmanager what people say."""
        texts = self._texts(reader)
        screen = Screen(
            texts("heard.told", number=broadcast.id, text=text),
            [[button(texts.label("broadcast.open", number=broadcast.id), OpenBroadcast(id=broadcast.id))]],
        )
        return _outgoing(screen, reader)

    def digest(
        self, broadcasts: Sequence[Broadcast], frequency: Frequency, reader: str
    ) -> Sequence[tuple[Outgoing, Sequence[int]]]:
        """Return several updates in as few messages as hold them, each with the numbers of its updates.

        What is too long for a digest is cut, with a button that shows the whole.
        """
        texts = self._texts(reader)
        limit = Capabilities().text_length
        messages: list[tuple[list[str], Rows, list[int]]] = []
        for broadcast in broadcasts:
            topic = texts.label(f"topic.{broadcast.topic}")
            text = self._excerpt(broadcast, reader)
            entry = str(texts("updates.digest.entry", topic=topic, text=text))
            row = []
            if text.endswith(CUT) or broadcast.media or broadcast.link or broadcast.location:
                row = [[button(texts.label("updates.read", topic=topic), ReadUpdate(id=broadcast.id))]]
            if messages and visible_length("\n\n".join([*messages[-1][0], entry])) <= limit:
                parts, rows, numbers = messages[-1]
                messages[-1] = ([*parts, entry], [*rows, *row], [*numbers, broadcast.id])
            else:
                messages.append(([str(texts(f"updates.digest.{frequency}")), entry], row, [broadcast.id]))
        change = [button(texts.label("updates.change"), UpdatesMenu(below=True))]
        return [
            (_outgoing(Screen("\n\n".join(parts), [*rows, change]), reader), numbers)
            for parts, rows, numbers in messages
        ]

    def monthly_text(
        self, month: date, results: Sequence[Broadcast], done: Mapping[str, int], reader: str
    ) -> str:
        """Return the text of a key figure's monthly digest, in their language."""
        texts = self._texts(reader)
        lines = [
            str(texts("monthly.line", text=self._excerpt(each, reader, MONTHLY_EXCERPT)))
            for each in results[:MONTHLY_UPDATES]
        ]
        head = texts(
            "monthly.head",
            month=format_date(month, "LLLL y", locale=texts.language.locale),
            sent=done["sent"],
        )
        own = texts("monthly.own", passed=done["passed"], heard=done["heard"])
        return "\n\n".join([str(head), *lines, str(own)])

    def monthly(self, digest_id: int, number: int, texts: Sequence[str], reader: str) -> Outgoing:
        """Show a gebiedsmanager a digest that waits for approval, as it will arrive and as they read it."""
        own = self._texts(reader)
        screen = Screen(
            "\n\n".join([str(own("monthly.waiting", number=number)), SEPARATOR.join(texts)]),
            [
                [button(own.label("monthly.send"), DecideMonthly(digest=digest_id, send=True))],
                [button(own.label("monthly.drop"), DecideMonthly(digest=digest_id, send=False))],
            ],
        )
        return _outgoing(screen, reader)

    def _excerpt(self, broadcast: Broadcast, language: str, longest: int = EXCERPT) -> str:
        found = broadcast.texts.get(language) or broadcast.texts.get(BASE_LANGUAGE)
        plain = parse_html(found.text).text if found is not None else ""
        return plain if len(plain) <= longest else plain[:longest].rsplit(" ", 1)[0] + CUT

    def _texts(self, language: str) -> Texts:
        return Texts(self._languages, language, self._zone)


def _buttons(rows: Rows) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _outgoing(screen: Screen, language: str) -> Outgoing:
    return Outgoing(
        screen.text, Priority.URGENT, reason="broadcasts", language=language, buttons=_buttons(screen.rows)
    )
