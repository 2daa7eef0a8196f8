# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug invite` and `buurtbrug db`: the first steps of an installation, and what stops them."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot import app as house
from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.app import build
from bot.commands import run
from bot.domain.entry import Knowledge
from bot.domain.errors import InvitationError
from bot.domain.person import Role
from bot.services.library import Library
from bot.settings import Settings
from storage.schema import newest

UNREACHABLE = "postgresql://me:hunter2@127.0.0.1:1/x"


@pytest.fixture(autouse=True)
def library(monkeypatch, engine: Engine, knowledge: Knowledge, lexicon: Lexicon):
    """Montfoort's content, read and learnt already."""
    monkeypatch.setattr(house, "load_library", lambda *_: Library(knowledge, engine, lexicon))


def revision(path: Path) -> list[tuple[str]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT version_num FROM alembic_version").fetchall()
    finally:
        connection.close()


def accepted(*tokens: str) -> list[Role | None]:
    """Open links as a new person each, as the chat does; None for a link that no longer works."""

    async def accept() -> list[Role | None]:
        app = await build(Settings())
        roles: list[Role | None] = []
        try:
            for number, token in enumerate(tokens):
                person = await app.people.arrive("web", number + 1, number + 1, "nl")
                try:
                    roles.append(await app.people.accept(person, token))
                except InvitationError:
                    roles.append(None)
        finally:
            await app.stop()
        return roles

    return asyncio.run(accept())


def links(output: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in output.splitlines())


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        ((), Role.AREA_MANAGER),
        (("area_manager",), Role.AREA_MANAGER),
        (("key_figure",), Role.KEY_FIGURE),
        (("administrator",), Role.ADMINISTRATOR),
    ],
)
def test_a_link_gives_its_role_once(buurtbrug, arguments, role):
    result = buurtbrug("invite", *arguments)
    assert result.exit_code == 0
    assert list(links(result.stdout)) == ["Web"]
    address, token = links(result.stdout)["Web"].split("?start=")
    assert address == "http://127.0.0.1:8080/"
    assert accepted(token, token) == [role, None]


def test_every_link_is_another_one(buurtbrug):
    assert buurtbrug("invite").stdout != buurtbrug("invite").stdout


def test_the_link_has_the_address_that_people_know(buurtbrug, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_PUBLIC_URL", "https://bot.example.org/")
    assert links(buurtbrug("invite").stdout)["Web"].startswith("https://bot.example.org/?start=")


def test_with_telegram_there_is_a_link_for_each_way_in(buurtbrug, telegram):
    result = buurtbrug("invite", "key_figure")
    found = links(result.stdout)
    assert list(found) == ["Web", "Telegram"]
    assert found["Telegram"].startswith("https://t.me/buurtbrug_test_bot?start=")
    assert found["Telegram"].split("=")[1] == found["Web"].split("=")[1]
    assert telegram.token not in result.output


@pytest.mark.parametrize("fault", ["refused", "away"])
def test_without_telegrams_answer_no_invitation_is_left_behind(
    buurtbrug, telegram, monkeypatch, fault, tmp_path
):
    if fault == "refused":
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", "1:hunter2")
    else:
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", "http://127.0.0.1:1")
    result = buurtbrug("invite")
    assert result.exit_code == 1
    assert result.stderr == "telegram does not tell the bot's name: `buurtbrug doctor` says what is wrong\n"
    assert result.stdout == ""
    connection = sqlite3.connect(tmp_path / "data" / "buurtbrug.sqlite3")
    assert connection.execute("SELECT count(*) FROM invitations").fetchone() == (0,)
    connection.close()


def test_an_unknown_role_is_said_with_those_that_there_are(buurtbrug, tmp_path):
    result = buurtbrug("invite", "mayor")
    assert result.exit_code == 2
    for word in ("mayor", *Role):
        assert word in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_upgrade_makes_the_tables_and_does_nothing_the_second_time(buurtbrug, tmp_path):
    for _ in range(2):
        result = buurtbrug("db", "upgrade")
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
        assert revision(tmp_path / "data" / "buurtbrug.sqlite3") == [(newest(),)]


def test_upgrade_keeps_what_is_there(buurtbrug):
    token = links(buurtbrug("invite").stdout)["Web"].split("=")[1]
    assert buurtbrug("db", "upgrade").exit_code == 0
    assert accepted(token) == [Role.AREA_MANAGER]


def test_after_the_upgrade_the_doctor_is_content(buurtbrug, monkeypatch, town):
    monkeypatch.setenv("BUURTBRUG_CONTENT", str(town))
    buurtbrug("db", "upgrade")
    assert "buurtbrug.sqlite3, up to date\n" in buurtbrug("doctor").stdout


@pytest.mark.parametrize("command", [("db", "upgrade"), ("db", "rotate-key"), ("invite",), ("run",)])
def test_a_database_that_does_not_answer(buurtbrug, monkeypatch, command):
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", UNREACHABLE)
    monkeypatch.setattr(run, "configure_logs", lambda _format: None)
    result = buurtbrug(*command)
    assert result.exit_code == 1
    assert "up to date" not in result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("postgresql+asyncpg://me:***@127.0.0.1:1/x does not answer (")
    assert line.endswith("is it running, is its address right?")


@pytest.mark.parametrize("command", [("db", "upgrade"), ("db", "rotate-key"), ("invite",)])
def test_a_database_of_a_newer_version_is_left_alone(buurtbrug, tmp_path, command):
    buurtbrug("db", "upgrade")
    path = tmp_path / "data" / "buurtbrug.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    result = buurtbrug(*command)
    assert result.exit_code == 1
    assert result.stderr.endswith("at 9999: a newer version of Buurtbrug made it, install that one\n")
    assert revision(path) == [("9999",)]


@pytest.mark.parametrize("command", [("db", "upgrade"), ("invite",)])
def test_a_data_folder_that_cannot_be_made(buurtbrug, tmp_path, command):
    (tmp_path / "data").write_text("")
    result = buurtbrug(*command)
    assert result.exit_code == 1
    assert result.stderr == "data: File exists\n"


@pytest.mark.parametrize("command", [("db", "upgrade"), ("db", "rotate-key"), ("invite",), ("run",)])
def test_a_bad_setting_is_said_before_anything_is_made(buurtbrug, monkeypatch, tmp_path, command):
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", "hunter2")
    result = buurtbrug(*command)
    assert result.exit_code == 1
    assert result.stderr.startswith("BUURTBRUG_TELEGRAM_TOKEN: this is no token")
    assert "hunter2" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_new_key_takes_over_and_an_open_invitation_still_needs_the_old_one(buurtbrug, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_SECRET_KEY", "the-old-key-0123456")
    token = links(buurtbrug("invite").stdout)["Web"].split("=")[1]
    monkeypatch.setenv("BUURTBRUG_SECRET_KEY", "the-new-key-0123456,the-old-key-0123456")
    result = buurtbrug("db", "rotate-key")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first == "0 fields and 0 files were brought under the first key."
    assert second.startswith("1 invitations still need the old key, the last one until ")
    assert "key-0123456" not in result.output
    assert accepted(token) == [Role.AREA_MANAGER]
