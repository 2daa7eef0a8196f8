# SPDX-License-Identifier: EUPL-1.2
"""The command line as scripts rely on it: asking, measuring, inviting, and what it says of faults."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app as composition
from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.cli import app
from bot.commands import ask, evaluate
from bot.domain.entry import Knowledge
from bot.services.library import Library

CANDIDATES = 5


@pytest.fixture
def command(
    engine: Engine,
    knowledge: Knowledge,
    lexicon: Lexicon,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Run `buurtbrug …` with an engine that has learnt already, in a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BUURTBRUG_DATA_DIR", str(tmp_path))
    for module in (ask, evaluate):
        monkeypatch.setattr(module, "open_engine", lambda _content=None: engine)
    library = Library(knowledge, engine, lexicon)
    monkeypatch.setattr(composition, "load_library", lambda *_: library)

    def run(*arguments: str, given: str | None = None):
        return CliRunner().invoke(app, arguments, input=given)

    return run


def test_a_question_is_decided(command) -> None:
    result = command("ask", "hoe lang moet ik wachten op een huurhuis", "--language", "nl")
    assert result.exit_code == 0
    assert "answer" in result.stdout
    assert "waiting-time" in result.stdout
    assert len(re.findall(r"^ +[\d.]+%", result.stdout, re.MULTILINE)) == CANDIDATES


def test_a_decision_explains_itself(command) -> None:
    result = command("ask", "er is brand bij de buren", "--explain")
    assert "emergency" in result.stdout
    assert "danger" in result.stdout
    assert "concepts" in result.stdout


def test_lines_are_answered_in_their_order(command) -> None:
    asked = [
        {"id": 3, "text": "hoe lang moet ik wachten op een huurhuis", "language": "nl"},
        {"id": "b", "text": "there is a fire in my kitchen"},
        {"id": None, "text": "ሰላም"},
        {"id": 4, "text": "qwertz asdf"},
    ]
    result = command("ask", "--jsonl", given="".join(json.dumps(each) + "\n" for each in asked))
    assert result.exit_code == 0
    answered = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["id"] for each in answered] == [3, "b", None, 4]
    assert [each["decision"] for each in answered[:3]] == ["answer", "emergency", "smalltalk"]
    assert [each["entry"] for each in answered[:3]] == ["waiting-time", "emergency", None]
    for each in answered:
        assert list(each) == ["id", "decision", "entry", "candidates", "language"]
        assert len(each["candidates"]) == CANDIDATES
        assert all(set(candidate) == {"entry", "probability"} for candidate in each["candidates"])


def test_nothing_asked_is_nothing_answered(command) -> None:
    result = command("ask", "--jsonl", given="")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("line", ["no json", '{"id": 1}', '{"id": 1, "text": 5}', "[]"])
def test_a_line_that_is_no_question_is_named(command, line: str) -> None:
    result = command("ask", "--jsonl", given=f'{{"id": 0, "text": "hoi"}}\n{line}\n')
    assert result.exit_code == 2
    assert "line 2" in result.stderr
    assert "Traceback" not in result.stderr


def test_either_a_text_or_lines(command) -> None:
    assert command("ask").exit_code == 2
    assert command("ask", "hoi", "--jsonl", given="").exit_code == 2


def test_measuring_prints_a_table_or_json(command, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    case = {
        "text": "hoe lang moet ik wachten op een huurhuis",
        "language": "nl",
        "expected": "waiting-time",
        "also": [],
        "style": "plain",
    }
    file.write_text(json.dumps(case) + "\n", encoding="utf-8")
    assert "plain" in command("evaluate", str(file)).stdout
    found = json.loads(command("evaluate", str(file), "--json").stdout)
    assert found["languages"]["nl"]["plain"]["right_at_1"] == 1.0


def test_a_file_that_cannot_be_measured(command, tmp_path: Path) -> None:
    missing = command("evaluate", str(tmp_path / "nowhere.jsonl"))
    assert missing.exit_code == 2
    assert "nowhere.jsonl" in missing.stderr
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": 1}\n', encoding="utf-8")
    result = command("evaluate", str(bad))
    assert result.exit_code == 2
    assert "line 1" in result.stderr


def test_an_invitation_is_printed_and_each_is_another(command) -> None:
    first, second = command("invite"), command("invite", "key_figure")
    assert (first.exit_code, second.exit_code) == (0, 0)
    links = [re.findall(r"start=([\w-]{20,})", each.stdout) for each in (first, second)]
    assert all(len(each) == 1 for each in links)
    assert links[0] != links[1]
    assert command("invite", "king").exit_code == 2


def test_the_tables_are_made_once(command, tmp_path: Path) -> None:
    for _ in range(2):
        result = command("db", "upgrade")
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    assert (tmp_path / "buurtbrug.sqlite3").exists()


def test_help_names_every_command(command) -> None:
    said = command("--help").stdout
    assert all(name in said for name in ("run", "ask", "evaluate", "invite", "content", "db", "doctor"))
