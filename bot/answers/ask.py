# SPDX-License-Identifier: EUPL-1.2
"""A decision as scripts and people read it: what `buurtbrug ask` prints."""

import json
from collections.abc import Iterable, Iterator

from bot.answers.engine import Engine
from bot.domain.decision import Decision


class AskLineError(ValueError):
    """A line of questions cannot be read. The message names the line and what is wrong with it."""


def as_record(decision: Decision, identity: object = None) -> dict[str, object]:
    """Return a decision with the fields that scripts rely on."""
    return {
        "id": identity,
        "decision": str(decision.kind),
        "entry": decision.entry,
        "candidates": [
            {"entry": each.entry, "probability": round(each.probability, 4)} for each in decision.candidates
        ],
        "language": decision.language,
    }


def ask_lines(engine: Engine, lines: Iterable[str | bytes], language: str | None = None) -> Iterator[str]:
    """Answer lines of {"id", "text", "language"?}, in the same order; empty lines are passed over.

    Bytes are read as UTF-8.

    `language` holds for lines that name none. Raises AskLineError.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line if isinstance(line, str) else line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise AskLineError(f"line {number} is not UTF-8") from error
        except ValueError as error:
            raise AskLineError(f"line {number} is no JSON: {error}") from error
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            raise AskLineError(f'line {number} has no "text"')
        spoken = asked.get("language") or language
        if spoken is not None and not isinstance(spoken, str):
            raise AskLineError(f'line {number} has a "language" that is no code such as "nl"')
        decision = engine.decide(asked["text"], language=spoken)
        yield _as_line(as_record(decision, asked.get("id")))


def _as_line(record: dict[str, object]) -> str:
    """Return JSON in letters as they are, or escaped where they cannot be written as UTF-8 (half a pair)."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(record)
    return line


def as_text(decision: Decision, *, explain: bool = False) -> str:
    """Return a decision for people to read, with its reasons if `explain`."""
    lines = [f"decision   {decision.kind}"]
    for name, value in (
        ("entry", decision.entry),
        ("elsewhere", decision.elsewhere),
        ("small talk", decision.smalltalk),
        ("language", decision.language),
    ):
        if value:
            lines.append(f"{name:<10} {value}")
    lines.append("candidates")
    lines += [f"  {each.probability:6.1%}  {each.entry}" for each in decision.candidates]
    if explain:
        lines.append("reasons")
        lines += [
            f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in decision.reasons.items()
        ]
    if decision.also is not None:
        lines += ["", "and the second question", as_text(decision.also, explain=explain)]
    return "\n".join(lines)
