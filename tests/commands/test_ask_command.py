# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug ask`: what people read and what scripts rely on."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from bot.answers.engine import Engine

KINDS = {"answer", "choose", "unknown", "emergency", "smalltalk"}
MESSAGES = {
    "answer": "Hoe lang moet ik wachten op een huurhuis?",
    "emergency": "er is brand in mijn huis, mijn zoon is nog binnen",
    "smalltalk": "goedemorgen",
    "unknown": "Wie won gisteren de voetbalwedstrijd?",
}
UNREADABLE = {
    "{": "is no JSON",
    "hallo": "is no JSON",
    "[]": 'has no "text"',
    '"hallo"': 'has no "text"',
    '{"id": 1}': 'has no "text"',
    '{"id": 1, "text": null}': 'has no "text"',
    '{"text": "hallo", "language": 7}': 'has a "language" that is no code such as "nl"',
}


def records(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_decision_in_words(buurtbrug, montfoort: Engine, kind):
    result = buurtbrug("ask", MESSAGES[kind])
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["decision", kind]
    words = dict(line.split(maxsplit=1) for line in lines if line.startswith(("entry", "language")))
    decided = montfoort.decide(MESSAGES[kind])
    assert words["language"] == "nl"
    assert words.get("entry") == decided.entry
    start = lines.index("candidates")
    shown = [line.split() for line in lines[start + 1 : start + 6]]
    assert [entry for _, entry in shown] == [each.entry for each in decided.candidates]
    assert all(share.endswith("%") for share, _ in shown)
    assert "reasons" not in lines


def test_why(buurtbrug, montfoort):
    result = buurtbrug("ask", MESSAGES["answer"], "--explain")
    lines = result.stdout.splitlines()
    reasons = dict(line.strip().split(": ", 1) for line in lines[lines.index("reasons") + 1 :])
    assert json.loads(reasons["language"])["found"] == "nl"
    assert "WAIT" in json.loads(reasons["concepts"])
    assert 0 <= json.loads(reasons["danger"]) <= 1


def test_two_questions_in_one_message(buurtbrug, montfoort):
    text = "Hoe lang moet ik wachten op een huurhuis? En wie is de gebiedsmanager?"
    shown = buurtbrug("ask", text).stdout
    entries = [line.split()[1] for line in shown.splitlines() if line.startswith("entry")]
    assert sorted(entries) == ["area-manager", "waiting-time"]
    assert shown.splitlines().count("and the second question") == 1


def test_lines_come_back_in_order_with_exactly_the_promised_fields(buurtbrug, montfoort):
    asked = [{"id": number, "text": text} for number, text in enumerate([*MESSAGES.values(), "", "???"] * 2)]
    asked[1] |= {"id": "a name"}
    asked[2] |= {"id": None}
    found = records(buurtbrug("ask", "--jsonl", stdin="\n".join(json.dumps(each) for each in asked)))
    assert [each["id"] for each in found] == [each["id"] for each in asked]
    assert [each["decision"] for each in found[:4]] == list(MESSAGES)
    for each in found:
        assert list(each) == ["id", "decision", "entry", "candidates", "language"]
        assert each["decision"] in KINDS
        assert (each["entry"] is not None) is (each["decision"] in {"answer", "emergency"})
        assert len(each["candidates"]) == 5
        assert len({candidate["entry"] for candidate in each["candidates"]}) == 5
        for candidate in each["candidates"]:
            assert list(candidate) == ["entry", "probability"]
            assert 0 <= candidate["probability"] <= 1
        likely = [candidate["probability"] for candidate in each["candidates"]]
        assert likely == sorted(likely, reverse=True)


def test_lines_and_words_are_the_same_decision(buurtbrug, montfoort):
    text = MESSAGES["answer"]
    (line,) = records(buurtbrug("ask", "--jsonl", stdin=json.dumps({"text": text})))
    decided = montfoort.decide(text)
    assert (line["id"], line["decision"], line["entry"]) == (None, decided.kind, decided.entry)


def test_the_language_of_a_line_comes_before_that_of_the_command(buurtbrug, montfoort):
    lines = ['{"id": 1, "text": "ok 12", "language": "ar"}', '{"id": 2, "text": "ok 12"}']
    found = records(buurtbrug("ask", "--jsonl", "--language", "en", stdin="\n".join(lines)))
    assert [each["language"] for each in found] == ["ar", "en"]


def test_letters_of_every_script_come_back_as_they_are(buurtbrug, montfoort):
    result = buurtbrug("ask", "--jsonl", stdin='{"id": "ገዛ سكن", "text": "ገዛ"}\n')
    assert '"id": "ገዛ سكن"' in result.stdout


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "\\u200f", "a" * 5000])
def test_odd_letters_are_no_fault(buurtbrug, montfoort, text):
    line = '{"id": "%s", "text": "%s"}' % (text, text)  # noqa: UP031 - braces belong to JSON here
    (found,) = records(buurtbrug("ask", "--jsonl", stdin=line))
    assert found["id"] == json.loads(line)["id"]


def test_empty_lines_are_passed_over_and_other_fields_do_no_harm(buurtbrug, montfoort):
    lines = '\n{"id": 1, "text": "hallo", "label": "x"}\r\n  \n{"id": 2, "text": "hallo"}'
    assert [each["id"] for each in records(buurtbrug("ask", "--jsonl", stdin=lines))] == [1, 2]


@pytest.mark.parametrize("nothing", ["", "\n", " \n\r\n"])
def test_nothing_asked_is_nothing_answered(buurtbrug, montfoort, nothing):
    result = buurtbrug("ask", "--jsonl", stdin=nothing)
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("line", UNREADABLE)
def test_a_line_that_cannot_be_read_is_named_after_the_answers_before_it(buurtbrug, montfoort, line):
    result = buurtbrug(
        "ask", "--jsonl", stdin=f'{{"id": 1, "text": "hallo"}}\n\n{line}\n{{"text": "hallo"}}\n'
    )
    assert result.exit_code == 1
    assert result.stderr.startswith(f"line 3 {UNREADABLE[line]}")
    assert len(result.stderr.splitlines()) == 1
    assert [json.loads(each)["id"] for each in result.stdout.splitlines()] == [1]


def test_a_line_in_another_encoding_is_named(buurtbrug, montfoort):
    result = buurtbrug("ask", "--jsonl", stdin=b'{"text": "hallo"}\n' + '{"text": "café"}'.encode("latin-1"))
    assert result.exit_code == 1
    assert result.stderr == "line 2 is not UTF-8\n"


def test_a_language_that_there_is_not_is_said_with_those_that_there_are(buurtbrug, montfoort):
    result = buurtbrug("ask", "hallo", "--language", "klingon")
    assert result.exit_code == 2
    assert "klingon" in result.stderr
    assert "nl, ar, ti, en" in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""


def test_a_language_of_a_line_that_there_is_not_is_no_reason_to_stop(buurtbrug, montfoort):
    """A file of questions may well tell of people whose language the bot does not speak."""
    lines = '{"id": 1, "text": "Hoe lang moet ik wachten op een huurhuis?", "language": "pl"}'
    (found,) = records(buurtbrug("ask", "--jsonl", stdin=lines))
    assert (found["decision"], found["language"]) == ("answer", "nl")


@pytest.mark.parametrize("arguments", [(), ("hallo", "--jsonl")])
def test_either_a_text_or_lines(buurtbrug, arguments):
    result = buurtbrug("ask", *arguments, stdin='{"text": "hallo"}')
    assert result.exit_code == 2
    assert "give a text, or --jsonl" in " ".join(result.stderr.split())


def test_any_folder_of_content(buurtbrug, town: Path, tmp_path: Path):
    (found,) = records(
        buurtbrug("ask", "--jsonl", "--content", town, stdin='{"text": "grofvuil ophalen oude bank"}')
    )
    assert found["candidates"][0]["entry"] == "waste"
    assert {each["entry"] for each in found["candidates"]} == {"waiting-time", "waste", "emergency"}
    assert len(list((tmp_path / "data").glob("index-*.npz"))) == 1, "the index is kept for the next time"


def test_a_bare_folder_of_entries_from_the_settings(buurtbrug, town: Path, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_CONTENT", str(town / "answers"))
    shown = buurtbrug("ask", "grofvuil ophalen oude bank").stdout.splitlines()
    assert shown[shown.index("candidates") + 1].split()[1] == "waste"


@pytest.mark.parametrize(
    ("folder", "says"), [("nowhere", "there is no such folder of content"), ("empty", "no entries found")]
)
def test_a_folder_without_content(buurtbrug, tmp_path: Path, folder, says):
    (tmp_path / "empty").mkdir()
    result = buurtbrug("ask", "hallo", "--content", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{folder}: {says}")
    assert result.stdout == ""


def test_a_bad_setting_is_said_without_a_trace(buurtbrug, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_PORT", "many")
    monkeypatch.setenv("BUURTBRUG_SECRET_KEY", "hunter2")
    result = buurtbrug("ask", "hallo")
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        "BUURTBRUG_SECRET_KEY",
        "BUURTBRUG_PORT",
    ]
    assert "hunter2" not in result.output
