# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug evaluate`: a table, JSON, and what is wrong with a file."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

CASES = [
    {"text": "grofvuil ophalen", "language": "nl", "expected": "waste"},
    {"text": "wachttijd woning", "language": "nl", "expected": "waiting-time", "also": ["waste"]},
    {"text": "er is brand in mijn huis", "language": "nl", "expected": "emergency", "style": "emergency"},
    {"text": "banaan", "language": "en", "expected": None},
]


@pytest.fixture
def cases(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of cases."""

    def write(*lines: str) -> Path:
        path = tmp_path / "cases.jsonl"
        path.write_text("\n".join(lines or map(json.dumps, CASES)), encoding="utf-8")
        return path

    return write


def test_a_table_for_people(buurtbrug, cases, town, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    result = buurtbrug("evaluate", cases(), "--content", town)
    assert result.exit_code == 0
    rows = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines() if "│" in line
    ]
    assert [row[:3] for row in rows][:7] == [
        ["all", "all", "4"],
        ["all", "emergency", "1"],
        ["all", "plain", "3"],
        ["en", "all", "1"],
        ["en", "plain", "1"],
        ["nl", "all", "3"],
        ["nl", "emergency", "1"],
    ]
    for heading in ("language", "style", "cases", "at 1", "in 3", "answered", "false", "danger"):
        assert heading in result.stdout
    assert rows[3][3] == "-", "no share of nothing"


def test_json_for_scripts(buurtbrug, cases, town):
    result = buurtbrug("evaluate", cases(), "--content", town, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert set(found) == {"languages", "confusions"}
    assert set(found["languages"]) == {"all", "nl", "en"}
    figures = found["languages"]["all"]["all"]
    assert figures["cases"] == 4
    assert figures["right_at_1"] == 1
    assert figures["danger_recognised"] == 1
    assert found["languages"]["en"]["all"]["right_at_1"] is None


def test_what_was_mistaken_for_what(buurtbrug, cases, town):
    wrong = cases('{"text": "grofvuil ophalen", "language": "nl", "expected": "waiting-time"}')
    shown = buurtbrug("evaluate", wrong, "--content", town).stdout
    last = [line.split("│")[1:-1] for line in shown.splitlines() if "│" in line][-1]
    assert [cell.strip() for cell in last] == ["waiting-time", "waste", "1"]
    found = json.loads(buurtbrug("evaluate", wrong, "--content", town, "--json").stdout)
    assert found["confusions"] == [{"expected": "waiting-time", "found": "waste", "count": 1}]


def test_montfoorts_engine_without_another_content(buurtbrug, cases, montfoort):
    wanted = cases(
        '{"text": "Hoe lang wachten op een huurhuis?", "language": "nl", "expected": "waiting-time"}'
    )
    assert json.loads(buurtbrug("evaluate", wanted, "--json").stdout)["languages"]["all"]["all"]["cases"] == 1


def test_a_file_that_is_not_there(buurtbrug):
    result = buurtbrug("evaluate", "nothing.jsonl")
    assert result.exit_code == 1
    assert result.stderr == "nothing.jsonl: No such file or directory\n"
    assert result.stdout == ""


def test_a_folder_in_place_of_a_file(buurtbrug, tmp_path):
    result = buurtbrug("evaluate", tmp_path)
    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path}: Is a directory\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 3 is no JSON"),
        ("[]", "line 3 must be an object with text, language and expected"),
        ("7", "line 3 must be an object"),
        ('{"language": "nl", "expected": "waste"}', 'line 3 has no "text"'),
        ('{"text": "a", "expected": "waste"}', 'line 3 has no "language"'),
        ('{"text": "a", "language": "nl"}', 'line 3 has no "expected"'),
        ('{"text": "a", "language": "nl", "expected": null, "also": 5}', "line 3 must be an object"),
    ],
)
def test_a_line_that_cannot_be_read(buurtbrug, cases, line, says):
    path = cases(json.dumps(CASES[0]), "", line)
    result = buurtbrug("evaluate", path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}: {says}")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_a_file_in_another_encoding(buurtbrug, tmp_path):
    (tmp_path / "cases.jsonl").write_bytes('{"text": "café"}'.encode("latin-1"))
    result = buurtbrug("evaluate", "cases.jsonl")
    assert result.exit_code == 1
    assert result.stderr == "cases.jsonl: is not UTF-8\n"


def test_a_line_break_inside_a_text_does_not_end_the_line(buurtbrug, cases, town):
    case = '{"text": "grofvuil\u2028ophalen\u0085", "language": "nl", "expected": "waste"}'
    found = json.loads(buurtbrug("evaluate", cases(case), "--content", town, "--json").stdout)
    assert found["languages"]["all"]["all"]["cases"] == 1


def test_content_that_is_not_there_is_not_the_fault_of_the_file(buurtbrug, cases):
    result = buurtbrug("evaluate", cases(), "--content", "nowhere")
    assert result.exit_code == 1
    assert result.stderr == "nowhere: there is no such folder of content\n"
