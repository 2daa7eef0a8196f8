# SPDX-License-Identifier: EUPL-1.2
"""Reading the word lists of the languages: concepts, small talk, and what lies outside the bot's field.

In each folder of a language, all of them optional:

- `concepts.toml`: `CONCEPT = ["form", …]`
- `smalltalk.toml`: a table for each class with `reply` and `forms`
- `out-of-scope.txt`: a sentence a line that has nothing to do with the bot

and beside the folders `other-languages.toml`: `code = ["sentence", …]` in languages the bot does not speak.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.answers.lexicon import Lexicon
from bot.content.loader import ContentError, read_toml

__all__ = ["Lexicon", "load_lexicon"]


def load_lexicon(locales: Path) -> Lexicon:
    """Read the word lists of all languages under `locales`. Raises ContentError when one is malformed."""
    concepts: dict[str, dict[str, tuple[str, ...]]] = {}
    small_talk: dict[str, dict[str, tuple[str, ...]]] = {}
    replies: dict[tuple[str, str], str] = {}
    out_of_scope: dict[str, tuple[str, ...]] = {}
    for folder in sorted(path for path in locales.iterdir() if path.is_dir()):
        language = folder.name
        raw = read_toml(folder / "concepts.toml")
        if raw:
            concepts[language] = {key: _strings(folder / "concepts.toml", key, raw[key]) for key in raw}
        file = folder / "smalltalk.toml"
        talk = read_toml(file)
        if talk:
            small_talk[language] = {
                key: _strings(file, key, _table(file, key, talk)["forms"]) for key in talk
            }
            replies |= {(language, key): str(_table(file, key, talk)["reply"]) for key in talk}
        if lines := _lines(folder / "out-of-scope.txt"):
            out_of_scope[language] = lines
    file = locales / "other-languages.toml"
    other = {key: _strings(file, key, value) for key, value in read_toml(file).items()}
    return Lexicon(concepts, small_talk, replies, out_of_scope, other)


def _table(file: Path, key: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
    table = raw[key]
    if not isinstance(table, dict) or "reply" not in table or "forms" not in table:
        raise ContentError(f"{file}, [{key}]: needs `reply` and `forms`")
    return table


def _strings(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ContentError(f"{file}, {key}: must be a list of texts")
    return tuple(value)


def _lines(file: Path) -> tuple[str, ...]:
    if not file.exists():
        return ()
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
