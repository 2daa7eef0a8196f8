# SPDX-License-Identifier: EUPL-1.2
"""Reading the kinds of report (`kinds/*.toml`) and the words about reporting of each language."""

from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from bot.content.loader import ContentError, read_toml
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.report_kind import Kinds, ReportKind
from bot.domain.reporting import PrivacyWords, Reporting, ReportWords

Words = TypeVar("Words", ReportWords, PrivacyWords)


def load_kinds(folder: Path) -> Kinds:
    """Read the kinds of report of a municipality, in the order in which they are offered.

    Raises ContentError when a file is malformed.
    """
    kinds = [_kind(path) for path in sorted((folder / "kinds").glob("*.toml"))]
    return {kind.id: kind for kind in sorted(kinds, key=lambda kind: kind.order)}


def load_reporting(locales: Path) -> Reporting:
    """Read `reporting.toml` of every language. Raises ContentError when a file is malformed."""
    report: dict[str, ReportWords] = {}
    privacy: dict[str, PrivacyWords] = {}
    for path in sorted(locales.glob("*/reporting.toml")):
        raw = read_toml(path)
        report[path.parent.name] = _words(path, raw.get("recognise", {}), ReportWords)
        privacy[path.parent.name] = _words(path, raw.get("privacy", {}), PrivacyWords)
    return Reporting(report, privacy)


def _kind(path: Path) -> ReportKind:
    raw = read_toml(path)
    known = {"name", "who", "advice", "cues"}
    plain = {field.name for field in fields(ReportKind)} - {"id", "names", "who", "advice", "cues"}
    if unknown := set(raw) - known - plain:
        raise ContentError(f"{path}: unknown: {', '.join(sorted(unknown))}; see docs/reports.md")
    if not raw.get("name", {}).get(BASE_LANGUAGE):
        raise ContentError(f"{path}: [name] has no Dutch text")
    if raw.get("elsewhere") and not raw.get("advice", {}).get(BASE_LANGUAGE):
        raise ContentError(f"{path}: what belongs elsewhere needs [advice] in Dutch")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
    }
    try:
        return ReportKind(
            id=path.stem,
            names=raw["name"],
            who=raw.get("who", {}),
            advice=raw.get("advice", {}),
            cues={language: tuple(forms) for language, forms in raw.get("cues", {}).items()},
            **{name: values[name] for name in plain if name in values},
        )
    except TypeError as error:
        raise ContentError(f"{path}: {error}") from error


def _words(path: Path, raw: dict[str, Any], kind: type[Words]) -> Words:
    known = {field.name for field in fields(kind)}
    if unknown := set(raw) - known:
        raise ContentError(f"{path}: unknown: {', '.join(sorted(unknown))}; see docs/reports.md")
    return kind(**{name: tuple(forms) for name, forms in raw.items()})
