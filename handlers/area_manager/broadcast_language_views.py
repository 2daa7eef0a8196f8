# SPDX-License-Identifier: EUPL-1.2
"""What the languages of a broadcast look like to the gebiedsmanager."""

from markupsafe import Markup

from bot.domain.broadcast import OPEN, Broadcast, Text, TextState
from bot.domain.entry import BASE_LANGUAGE
from bot.i18n import Texts
from handlers.area_manager.broadcast_callbacks import (
    ApproveText,
    AskTranslation,
    Correct,
    DropRecording,
    Listen,
    OpenBroadcast,
    OpenText,
    TextLanguages,
    WriteText,
)
from handlers.screen import Screen, button


def standing(broadcast: Broadcast, language: str) -> str:
    """Return where one language stands: none, asked, offered, outdated or approved."""
    text: Text | None = broadcast.texts.get(language)
    if text is None:
        return "none"
    if text.state is not TextState.ASKED and text.text and broadcast.outdated(language):
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
    key = "broadcast.languages" if broadcast.state in OPEN else "broadcast.languages-sent"
    return Screen(
        texts(key, number=broadcast.id),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],
    )


def language_text(broadcast: Broadcast, language: str, texts: Texts) -> Screen:
    """Show one language's text, and what can be done with it."""
    found = broadcast.texts.get(language)
    state = standing(broadcast, language)
    shown = Markup(found.text) if found and found.text else texts("broadcast.no-text")  # noqa: S704
    at = {"id": broadcast.id, "language": language}
    version = broadcast.version
    rows = []
    if state in {"offered", "outdated"}:
        key = "broadcast.approve" if state == "offered" else "broadcast.still-right"
        rows.append([button(texts.label(key), ApproveText(**at, version=version))])
    if broadcast.state in OPEN:
        asking = language != BASE_LANGUAGE and broadcast.original and _may_be_asked(broadcast, language)
        ask = [button(texts.label("broadcast.ask"), AskTranslation(**at))] if asking else []
        write = [button(texts.label("broadcast.write-language"), WriteText(**at))]
        # What is still needed stands first; once there is a text, that is rarely asking anew.
        rows += [row for row in ([write, ask] if found else [ask, write]) if row]
    elif found is not None:
        rows.append([button(texts.label("broadcast.correct"), Correct(**at, version=version))])
    if found is not None and found.voice:
        recording = [button(texts.label("broadcast.listen"), Listen(**at))]
        if broadcast.state in OPEN:
            drop = DropRecording(**at, version=version)
            recording.append(button(texts.label("broadcast.drop-recording"), drop))
        rows.append(recording)
    return Screen(
        texts(
            "broadcast.language-text",
            language=texts.languages.get(language).name,
            state=texts.label(f"text.state.{state}"),
            text=shown,
        ),
        [
            *rows,
            [
                button(texts.label("broadcast.to-languages"), TextLanguages(id=broadcast.id)),
                button(texts.label("broadcast.open", number=broadcast.id), OpenBroadcast(id=broadcast.id)),
            ],
        ],
    )


def _may_be_asked(broadcast: Broadcast, language: str) -> bool:
    """Whether key figures can be asked: not while they are busy with this very text."""
    found = broadcast.texts.get(language)
    return found is None or found.state is not TextState.ASKED or found.revision < broadcast.revision
