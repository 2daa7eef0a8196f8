# SPDX-License-Identifier: EUPL-1.2
"""Reading a municipality's folder into a `Knowledge` snapshot. The format is in docs/content-format.md."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import frontmatter

from bot.domain.entry import (
    BASE_LANGUAGE,
    Certainty,
    Contact,
    Entry,
    EntryKind,
    Figure,
    Knowledge,
    Source,
    Topic,
    Translation,
)

SECTION_QUESTIONS = "## questions"
SECTION_DANGER = "## danger"


class ContentError(Exception):
    """A file of the content cannot be read. The message names the file and says how to mend it."""


def load_knowledge(folder: Path) -> Knowledge:
    """Read the whole folder of a municipality.

    Raises ContentError when the folder or a file in it cannot be understood.
    """
    answers = folder / "answers"
    if not answers.is_dir():
        # A bare folder of entries is welcome too: `buurtbrug ask --content DIR`.
        answers = folder
    if not answers.is_dir():
        raise ContentError(f"{folder}: there is no such folder of content")
    entries = {entry.id: entry for entry in _entries(answers)}
    if not entries:
        raise ContentError(f"{folder}: no entries found; each is a folder with entry.toml and nl.md")
    elsewhere = {entry.id: entry for entry in _entries(folder / "elsewhere")}
    return Knowledge(
        entries=entries,
        elsewhere=elsewhere,
        figures={key: _figure(key, raw) for key, raw in read_toml(folder / "figures.toml").items()},
        contacts={key: _contact(key, raw) for key, raw in read_toml(folder / "contacts.toml").items()},
        topics={key: _topic(key, raw) for key, raw in read_toml(folder / "topics.toml").items()},
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; one that does not exist is empty. Raises ContentError when it is malformed."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: not valid TOML: {error}") from error


def read_translation(path: Path) -> Translation:
    """Read one text, for example nl.md. Raises ContentError when its heading is malformed."""
    try:
        document = frontmatter.loads(path.read_text(encoding="utf-8"))
    except Exception as error:  # the YAML reader has a family of errors of its own
        raise ContentError(f"{path}: the part between the two --- lines cannot be read: {error}") from error
    text, sections = _split(document.content)
    meta: Mapping[str, Any] = document.metadata
    try:
        revision = int(meta.get("revision") or meta.get("translates") or 0)
    except (TypeError, ValueError) as error:
        raise ContentError(f"{path}: the revision must be a number") from error
    return Translation(
        language=path.stem,
        title=str(meta.get("title") or "").strip(),
        text=text,
        revision=revision,
        reviewed_by=str(meta.get("reviewed_by") or "").strip(),
        questions=sections.get(SECTION_QUESTIONS, ()),
        danger=sections.get(SECTION_DANGER, ()),
    )


def _entries(folder: Path) -> Iterator[Entry]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if (path / "entry.toml").is_file():
            yield _entry(path)


def _entry(path: Path) -> Entry:
    raw = read_toml(path / "entry.toml")
    translations = {file.stem: read_translation(file) for file in sorted(path.glob("*.md"))}
    if BASE_LANGUAGE not in translations:
        raise ContentError(f"{path}: {BASE_LANGUAGE}.md is missing; every entry exists in Dutch first")
    try:
        return Entry(
            id=path.name,
            topic=raw.get("topic", ""),
            kind=EntryKind(raw.get("kind", "answer")),
            contacts=tuple(raw.get("contacts", ())),
            related=tuple(raw.get("related", ())),
            sources=tuple(
                Source(item["title"], item["url"], _day(item["checked_on"]))
                for item in raw.get("sources", ())
            ),
            translations=translations,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ContentError(f"{path / 'entry.toml'}: {error!r} is missing or malformed") from error


def _split(body: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Split the text that people see from the lists under `## questions` and `## danger`."""
    text: list[str] = []
    sections: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in body.splitlines():
        heading = line.strip().lower()
        if heading in (SECTION_QUESTIONS, SECTION_DANGER):
            current = sections.setdefault(heading, [])
        elif current is None:
            text.append(line)
        elif line.lstrip().startswith("- ") and (item := line.lstrip()[2:].strip()):
            current.append(item)
    return "\n".join(text).strip(), {name: tuple(items) for name, items in sections.items()}


def _topic(key: str, raw: Mapping[str, Any]) -> Topic:
    try:
        return Topic(key, raw["name"], raw.get("icon", ""))
    except (KeyError, TypeError) as error:
        raise ContentError(f"topics.toml, [{key}]: {error!r} is missing or malformed") from error


def _figure(key: str, raw: Mapping[str, Any]) -> Figure:
    try:
        return Figure(
            id=key,
            value=Decimal(str(raw["value"])),
            unit=raw["unit"],
            valid_from=_day(raw["valid_from"]),
            valid_to=_day(raw["valid_to"]) if "valid_to" in raw else None,
            source=raw["source"],
            url=raw["url"],
            checked_on=_day(raw["checked_on"]),
            contact=raw["contact"],
        )
    except (KeyError, ValueError, ArithmeticError, TypeError) as error:
        raise ContentError(f"figures.toml, [{key}]: {error!r} is missing or malformed") from error


def _contact(key: str, raw: Mapping[str, Any]) -> Contact:
    try:
        return Contact(
            id=key,
            names=raw["name"],
            phone=raw.get("phone", ""),
            mail=raw.get("mail", ""),
            web=raw.get("web", ""),
            sure=Certainty(raw["sure"]),
            source=raw["source"],
            checked_on=_day(raw["checked_on"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ContentError(f"contacts.toml, [{key}]: {error!r} is missing or malformed") from error


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    raise ValueError(f"{value!r} is not a date")
