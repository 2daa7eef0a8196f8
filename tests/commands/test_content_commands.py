# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug content`: what editors and translators are told."""

import csv
import io
from pathlib import Path

import pytest
from little_town import translate


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_check_passes_over_warnings_unless_it_is_strict(buurtbrug, town):
    lines = buurtbrug("content", "check", "--content", town).stdout.splitlines()
    assert "warning waste/en.md: this language is missing" in lines
    assert all(line.startswith("warning ") for line in lines[:-1])
    assert lines[-1] == f"0 errors, {len(lines) - 1} warnings in {town}"
    assert buurtbrug("content", "check", "--content", town).exit_code == 0
    strict = buurtbrug("content", "check", "--content", town, "--strict")
    assert strict.exit_code == 1
    assert strict.stdout.splitlines() == lines


def test_check_says_each_error_in_a_line_the_worst_first(buurtbrug, town):
    change(town / "answers" / "waste" / "entry.toml", '["desk"]', '["nobody"]')
    long = "Een heel lange titel, veel te lang voor een knop in een gesprek met bewoners"
    change(town / "answers" / "waste" / "nl.md", 'title: "Afval"', f'title: "{long}"')
    result = buurtbrug("content", "check", "--content", town)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert "error waste/entry.toml: contacts: 'nobody' is not in contacts.toml" in lines[:2]
    assert lines[-1].startswith("2 errors, ")
    assert [line.split()[0] for line in lines[:3]] == ["error", "error", "warning"]


def test_check_finds_examples_that_are_nearly_the_same(buurtbrug, town):
    change(
        town / "answers" / "waste" / "nl.md",
        "- grofvuil ophalen\n",
        "- oude bank kwijt\n- oude bank kwijt!\n",
    )
    result = buurtbrug("content", "check", "--content", town)
    assert result.exit_code == 1
    assert "error waste/nl.md: " in result.stdout


def test_check_shows_brackets_as_they_are(buurtbrug, town):
    change(town / "answers" / "waste" / "nl.md", "Vraag het", "[bold]{oops} Vraag het")
    assert "unknown placeholder {oops}" in buurtbrug("content", "check", "--content", town).stdout
    place = town.rename(town.parent / "[red]town")
    assert "in [red]town" in buurtbrug("content", "check", "--content", place.name).stdout.splitlines()[-1]


def test_check_takes_the_folder_of_the_settings(buurtbrug, town, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_CONTENT", str(town))
    assert buurtbrug("content", "check").stdout.splitlines()[-1].endswith(f" in {town}")


@pytest.mark.parametrize(
    "command", [("check", "--content"), ("status", "--content"), ("export", "en", "--content"), ("learn",)]
)
def test_a_folder_that_is_not_there_is_said_in_a_line(buurtbrug, command):
    result = buurtbrug("content", *command, "nowhere")
    assert result.exit_code == 1
    assert result.stderr == "nowhere: there is no such folder of content\n"
    assert result.stdout == ""


@pytest.mark.parametrize(
    "command", [("check", "--content"), ("status", "--content"), ("export", "en", "--content"), ("learn",)]
)
def test_a_file_that_cannot_be_read_is_named_in_a_line(buurtbrug, town, command):
    (town / "topics.toml").write_text("[living", encoding="utf-8")
    result = buurtbrug("content", *command, town)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{town}/topics.toml: not valid TOML: ")
    assert len(result.stderr.splitlines()) == 1


def test_status_counts_texts_readers_and_examples(buurtbrug, town, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    translate(town, "waste", "en", "Ask {contact:desk}.", reviewed_by="A.")
    translate(town, "waiting-time", "en", "Ask {contact:desk}.")
    change(town / "answers" / "waiting-time" / "nl.md", "revision: 1", "revision: 2")
    result = buurtbrug("content", "status", "--content", town)
    assert result.exit_code == 0
    assert "3 entries, 0 neighbouring topics" in result.stdout
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines()]
    found = {row[0]: row[1:] for row in rows if row}
    assert found["Nederlands (nl)"] == ["3 of 3", "3", "", "17"]
    assert found["English (en)"] == ["2 of 3", "1", "1", "0"]
    assert [row[0].rsplit("(")[-1] for row in rows if row] == ["nl)", "ar)", "ti)", "en)"]


def test_export_puts_a_language_beside_the_dutch(buurtbrug, town):
    text = 'Ask {contact:desk}, "today".\nOr tomorrow; or never.'
    translate(town, "waste", "en", text, reviewed_by="A.")
    neighbour = town / "elsewhere"
    neighbour.mkdir()
    (town / "answers" / "emergency").rename(neighbour / "emergency")
    result = buurtbrug("content", "export", "en", "--content", town)
    assert result.exit_code == 0
    rows = list(csv.reader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    assert rows == [
        ["entry", "title nl", "text nl", "title en", "text en", "reviewed_by"],
        ["waiting-time", "Hoe lang wachten?", "Vraag het {contact:desk}.", "", "", ""],
        ["waste", "Afval", "Vraag het {contact:desk}.", "Title of waste", text, "A."],
        ["emergency", "Nood", "Vraag het {contact:desk}.", "", "", ""],
    ]


def test_export_of_a_language_that_there_is_not(buurtbrug, town):
    result = buurtbrug("content", "export", "klingon", "--content", town)
    assert result.exit_code == 2
    assert "there is no folder locales/klingon" in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_learn_keeps_the_index_and_finds_it_again(buurtbrug, town, tmp_path):
    first = buurtbrug("content", "learn", town, "--data", tmp_path / "kept")
    assert first.exit_code == 0
    (index,) = (tmp_path / "kept").glob("index-*.npz")
    assert first.stdout == f"learnt: {index.stem.removeprefix('index-')}\n"
    made = index.stat().st_mtime_ns
    assert buurtbrug("content", "learn", town, "--data", tmp_path / "kept").stdout == first.stdout
    assert index.stat().st_mtime_ns == made
    change(
        town / "answers" / "waste" / "nl.md", "- grofvuil ophalen\n", "- waar laat ik mijn kapotte koelkast\n"
    )
    assert buurtbrug("content", "learn", town, "--data", tmp_path / "kept").stdout != first.stdout
    assert len(list((tmp_path / "kept").iterdir())) == 1, "the index of the old text has gone"
