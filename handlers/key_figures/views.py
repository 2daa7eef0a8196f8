# SPDX-License-Identifier: EUPL-1.2
"""What passing on, hearing and translating look like to a key figure."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.channels.markup import parse_html
from bot.domain.broadcast import Broadcast
from bot.i18n import Texts
from bot.services.key_figures import ABOUT, PLACES
from bot.services.translating import Task
from handlers.key_figures.callbacks import (
    Heard,
    PassedOn,
    PassOn,
    SendHeard,
    SendTranslation,
    Translate,
    Translations,
    Updates,
)
from handlers.residents.callbacks import Cancel
from handlers.residents.contact_views import excerpt
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button


def newest(broadcasts: Sequence[Broadcast], texts: Texts) -> Screen:
    """List the newest updates."""
    if not broadcasts:
        return Screen(texts("pass.none"), [home_row(texts)])
    rows = []
    for broadcast in broadcasts:
        language = texts.code if broadcast.ready(texts.code) else "nl"
        text = parse_html(broadcast.texts[language].text).text if language in broadcast.texts else ""
        label = f"{texts.label(f'topic.{broadcast.topic}')}: {excerpt(text)}"[:60]
        rows.append([button(label, PassOn(id=broadcast.id, language=language))])
    return Screen(texts("pass.list"), [*rows, home_row(texts)])


def after_clean(broadcast: Broadcast, language: str, texts: Texts) -> Screen:
    """Say how to pass the clean message on, in which other languages it is, and ask to tell about it."""
    others = [
        button(each.name, PassOn(id=broadcast.id, language=each.code))
        for each in texts.languages
        if each.code != language and broadcast.ready(each.code)
    ]
    return Screen(
        texts("pass.how"),
        [
            [button(texts.label("pass.done"), PassedOn(id=broadcast.id))],
            *([others] if others else []),
            [button(texts.label("heard.button"), Heard(id=broadcast.id))],
            [button(texts.label("menu.doorsturen"), Updates())],
        ],
    )


def where(broadcast_id: int, texts: Texts) -> Screen:
    """Thank, and ask where it was passed on: it is kept already, and this may be left open."""
    return Screen(
        texts("pass.where"),
        [
            *(
                [button(texts.label(f"pass.place.{place}"), PassedOn(id=broadcast_id, place=place))]
                for place in PLACES
            ),
            [button(texts.label("heard.button"), Heard(id=broadcast_id))],
        ],
    )


def about(broadcast_id: int, place: str, texts: Texts) -> Screen:
    """Ask to about how many; this may be left open too."""
    return Screen(
        texts("pass.about"),
        [
            [
                button(
                    texts.label("pass.about-number", number=number),
                    PassedOn(id=broadcast_id, place=place, about=number),
                )
                for number in ABOUT
            ],
            home_row(texts),
        ],
    )


def thanks(broadcast_id: int, texts: Texts) -> Screen:
    """Thank for passing it on."""
    return Screen(
        texts("pass.thanks"),
        [[button(texts.label("heard.button"), Heard(id=broadcast_id))], home_row(texts)],
    )


def write_heard(texts: Texts) -> Screen:
    """Invite to tell what people say."""
    return Screen(texts("heard.write"), [[button(texts.label("button.cancel"), Cancel())]])


def confirm_heard(text: str, token: str, texts: Texts) -> Screen:
    """Show it once more before it goes to the gebiedsmanager."""
    return Screen(
        texts("heard.confirm", text=text),
        [
            [button(texts.label("button.send"), SendHeard(token=token))],
            [button(texts.label("button.cancel"), Cancel())],
        ],
    )


def heard_sent(texts: Texts) -> Screen:
    """Thank for telling."""
    return Screen(texts("heard.sent"), [home_row(texts)])


def tasks(found: Sequence[Task], texts: Texts) -> Screen:
    """List what waits for a translation."""
    if not found:
        return Screen(texts("translate.none"), [home_row(texts)])
    rows = [
        [
            button(
                excerpt(parse_html(task.broadcast.original).text)[:50],
                Translate(id=task.broadcast.id, language=task.language),
            )
        ]
        for task in found
    ]
    return Screen(texts.count("translate.list", len(found)), [*rows, home_row(texts)])


def task(found: Task, texts: Texts) -> Screen:
    """Show the original and the words with an established translation; invite to write or speak."""
    terms = [texts("translate.term", dutch=dutch, own=own) for dutch, own in found.terms]
    parts = [
        texts(
            "translate.task",
            language=texts.languages.get(found.language).name,
            text=Markup(found.broadcast.original),  # noqa: S704 - made from the message's own entities
        )
    ]
    if terms:
        parts.append(Markup("\n").join([texts("translate.terms"), *terms]))
    if found.before:
        before = Markup(found.before)  # noqa: S704 - made from the message's own entities
        parts.append(texts("translate.before", text=before))
    return Screen(
        "\n\n".join(parts),
        [
            [button(texts.label("menu.vertalen"), Translations())],
            [button(texts.label("button.cancel"), Cancel())],
        ],
    )


def confirm_translation(text: str, spoken: bool, token: str, texts: Texts) -> Screen:
    """Show the translation once more before the gebiedsmanager gets it."""
    shown = Markup(text)  # noqa: S704 - made from the message's own entities
    rows = [[button(texts.label("button.cancel"), Cancel())]]
    if text:
        rows.insert(0, [button(texts.label("button.send"), SendTranslation(token=token))])
    return Screen(
        texts(
            "translate.confirm",
            text=shown or texts("translate.no-text"),
            voice=texts.label("translate.with-voice" if spoken else "translate.without-voice"),
        ),
        rows,
    )


def translation_sent(texts: Texts) -> Screen:
    """Thank for the translation."""
    return Screen(
        texts("translate.sent"), [[button(texts.label("menu.vertalen"), Translations())], home_row(texts)]
    )
