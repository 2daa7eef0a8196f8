# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug doctor`: each sentence that it can say, and that it never says a secret."""

import os
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.commands import content, doctor
from storage.schema import newest

TOKEN = "424242:tests-only-AAF0bot0api0token00000000"


@pytest.fixture(autouse=True)
def sound_content(monkeypatch):
    """Content in which nothing is wrong, unless a test takes another folder."""
    monkeypatch.setattr(doctor, "find", lambda _folder: [])


@pytest.fixture
def examined(buurtbrug):
    """Run the doctor; returns what is said of each part, and whether all is well."""

    def run() -> tuple[dict[str, str], bool]:
        result = buurtbrug("doctor")
        lines = dict(line.split(": ", 1) for line in result.stdout.splitlines())
        said = {name.removeprefix("✓ ").removeprefix("✗ "): text for name, text in lines.items()}
        ill = any(name.startswith("✗") for name in lines)
        assert result.exit_code == (1 if ill else 0)
        assert result.stderr == ""
        return said, not ill

    return run


def test_a_fresh_machine_is_healthy_and_hears_what_could_be_set(examined, tmp_path):
    said, well = examined()
    assert well
    assert list(said) == ["settings", "database", "content", "telegram", "clock"]
    assert said["settings"] == "data in data, encrypted with a key of its own in data/secret.key"
    assert said["database"].endswith("not there yet: `buurtbrug run` makes it")
    assert said["content"].endswith("content/montfoort, no errors, 0 warnings")
    assert (
        said["telegram"] == "no token: only the web chat (set BUURTBRUG_TELEGRAM_TOKEN to connect Telegram)"
    )
    assert said["clock"].endswith("(compared with nothing: no server is connected)")
    assert list(tmp_path.iterdir()) == [], "looking changes nothing"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "many", "BUURTBRUG_PORT: Input should be a valid integer"),
        ("PORT", "70000", "BUURTBRUG_PORT: Input should be less than or equal to 65535"),
        ("TELEGRAM_MODE", "pigeon", "BUURTBRUG_TELEGRAM_MODE: Input should be 'polling' or 'webhook'"),
        (
            "TELEGRAM_API_URL",
            "my server",
            "BUURTBRUG_TELEGRAM_API_URL: needs a whole address, such as https://",
        ),
        ("PUBLIC_URL", "bot.example.org", "BUURTBRUG_PUBLIC_URL: needs a whole address, such as https://"),
        ("TELEGRAM_TOKEN", "hunter2", "BUURTBRUG_TELEGRAM_TOKEN: this is no token: @BotFather's look like"),
        ("TELEGRAM_TOKEN", "1:hunter2 x", "BUURTBRUG_TELEGRAM_TOKEN: this is no token"),
        ("SECRET_KEY", "hunter2", "BUURTBRUG_SECRET_KEY: each key needs at least 16 characters"),
        ("DATABASE_URL", "mysql://me:hunter2@x/y", "BUURTBRUG_DATABASE_URL: must begin with postgresql://"),
        ("LOG_FORMAT", "poem", "BUURTBRUG_LOG_FORMAT: "),
    ],
)
def test_a_bad_setting_is_named_with_how_to_mend_it(buurtbrug, monkeypatch, name, value, says):
    monkeypatch.setenv(f"BUURTBRUG_{name}", value)
    result = buurtbrug("doctor")
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"✗ settings: {says}")
    assert "hunter2" not in result.output


def test_every_bad_setting_has_a_line(buurtbrug, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_PORT", "-1")
    monkeypatch.setenv("BUURTBRUG_SEND_RATE", "0")
    lines = buurtbrug("doctor").stdout.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["BUURTBRUG_PORT", "BUURTBRUG_SEND_RATE"]


def test_settings_that_do_not_go_together_are_said_too(buurtbrug, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_MODE", "webhook")
    result = buurtbrug("doctor")
    assert result.exit_code == 1
    assert result.stdout.startswith("✗ settings: BUURTBRUG_TELEGRAM_MODE=webhook needs BUURTBRUG_PUBLIC_URL")
    assert TOKEN not in result.output


def test_settings_are_read_from_a_file_too(examined, tmp_path):
    (tmp_path / ".env").write_text("BUURTBRUG_DATA_DIR=elsewhere\n", encoding="utf-8")
    assert examined()[0]["settings"].startswith("data in elsewhere")


def test_a_data_folder_that_cannot_be_written(examined, monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    asked = []

    def access(path: Path, mode: int) -> bool:
        asked.append((Path(path), mode))
        return False

    monkeypatch.setattr(doctor, "os", SimpleNamespace(access=access, W_OK=os.W_OK))
    said, well = examined()
    assert not well
    assert said["settings"] == "data cannot be written: give this user the right, or set BUURTBRUG_DATA_DIR"
    assert asked == [(tmp_path / "data", os.W_OK)]


def test_a_data_folder_that_is_still_to_be_made_depends_on_the_folder_above(examined, monkeypatch, tmp_path):
    monkeypatch.setenv("BUURTBRUG_DATA_DIR", str(tmp_path / "one" / "two" / "three"))
    assert examined()[1]


def test_a_data_folder_that_is_a_file(examined, tmp_path):
    (tmp_path / "data").write_text("")
    said, well = examined()
    assert not well
    assert said["settings"] == f"{tmp_path}/data is a file, not a folder: move it, or set BUURTBRUG_DATA_DIR"


def test_a_key_that_others_can_read(examined, tmp_path):
    key = tmp_path / "data" / "secret.key"
    key.parent.mkdir()
    key.write_text("the secret of this machine")
    key.chmod(0o640)
    said, well = examined()
    assert not well
    assert said["settings"] == "data/secret.key can be read by others: chmod 600 data/secret.key"
    assert "the secret" not in str(said)
    key.chmod(0o600)
    assert examined()[1]


def test_a_key_of_the_settings_is_named_and_not_shown(examined, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_SECRET_KEY", "hunter2-hunter2-hunter2")
    said, well = examined()
    assert well
    assert said["settings"] == "data in data, encrypted with BUURTBRUG_SECRET_KEY"
    assert "hunter2" not in str(said)


def made_at(path: Path, revision: str | None) -> None:
    """Make a database that says it is at a revision, or that is empty."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", [revision])
    connection.close()


@pytest.mark.parametrize(
    ("revision", "says"),
    [
        (None, "empty: `buurtbrug run` makes the tables"),
        ("0001", f"at 0001: `buurtbrug run` or `buurtbrug db upgrade` brings it to {newest()}"),
        (newest(), "up to date"),
    ],
)
def test_a_database_says_how_far_it_is(examined, monkeypatch, tmp_path, revision, says):
    made_at(tmp_path / "some.db", revision)
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", f"sqlite:///{tmp_path}/some.db")
    said, well = examined()
    assert well
    assert said["database"] == f"sqlite+aiosqlite:///{tmp_path}/some.db, {says}"


def test_a_database_of_a_newer_version_is_ill(examined, monkeypatch, tmp_path):
    made_at(tmp_path / "some.db", "9999")
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", f"sqlite:///{tmp_path}/some.db")
    said, well = examined()
    assert not well
    assert said["database"].endswith("at 9999: a newer version of Buurtbrug made it, install that one")


def test_a_file_that_is_no_database_is_ill(examined, monkeypatch, tmp_path):
    (tmp_path / "some.db").write_text("a shopping list " * 100)
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", f"sqlite:///{tmp_path}/some.db")
    said, well = examined()
    assert not well
    assert "does not answer (DatabaseError)" in said["database"]


@pytest.mark.parametrize("address", ["me:hunter2@127.0.0.1:1/x", "127.0.0.1:1/x?user=me&password=hunter2"])
def test_a_database_that_does_not_answer_is_ill_and_its_password_is_hidden(examined, monkeypatch, address):
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", f"postgresql://{address}")
    said, well = examined()
    assert not well
    assert said["database"].startswith("postgresql+asyncpg://")
    assert said["database"].endswith(": is it running, is its address right?")
    assert "127.0.0.1:1/x" in said["database"]
    assert "hunter2" not in str(said)


def test_an_address_of_a_database_that_cannot_be_read_is_ill(examined, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", "postgresql://me:hunter2@host:port/x")
    said, well = examined()
    assert not well
    assert said["database"].startswith("BUURTBRUG_DATABASE_URL cannot be read: it looks like postgresql://")
    assert "hunter2" not in str(said)


@pytest.fixture
def town_of_the_settings(monkeypatch, town):
    """A small municipality of which the content is looked through in earnest."""
    monkeypatch.setattr(doctor, "find", content.find)
    monkeypatch.setenv("BUURTBRUG_CONTENT", str(town))
    return town


def test_content_without_errors_tells_its_warnings(examined, town_of_the_settings):
    (town_of_the_settings / "answers" / "waste" / "en.md").write_text("---\ntitle: Waste\n---\nText.\n")
    said, well = examined()
    assert well
    folder, errors, warnings = said["content"].split(", ")
    assert (folder, errors) == (str(town_of_the_settings), "no errors")
    assert int(warnings.removesuffix(" warnings")) > 0


def test_content_with_errors_is_ill(examined, town_of_the_settings):
    (town_of_the_settings / "topics.toml").write_text('[moon]\nname = { nl = "Maan" }\n')
    said, well = examined()
    assert not well
    assert said["content"] == f"3 errors in {town_of_the_settings}: see `buurtbrug content check`"


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("topics.toml", "[living", "topics.toml: not valid TOML"),
        ("topics.toml", "[living]", "topics.toml, [living]: KeyError('name') is missing or malformed"),
        ("municipality.toml", "", "municipality.toml: KeyError("),
        ("municipality.toml", "answering = 3", "municipality.toml: "),
        ("answers/waste/nl.md", "---\nrevision: new\n---\n", "nl.md: the revision must be a number"),
        ("answers/waste/entry.toml", "sources = [3]", "entry.toml: "),
        (
            "answers/waste/entry.toml",
            '[[sources]]\ntitle = ""\nurl = ""',
            "KeyError('checked_on') is missing",
        ),
        (
            "answers/waste/entry.toml",
            '[[sources]]\ntitle = ""\nurl = ""\nchecked_on = "today"',
            "'today' is not a date",
        ),
    ],
)
def test_content_that_cannot_be_read_is_ill(examined, town_of_the_settings, file, text, says):
    (town_of_the_settings / file).write_text(text)
    said, well = examined()
    assert not well
    assert says in said["content"]


def test_content_in_another_encoding_is_ill(examined, town_of_the_settings):
    (town_of_the_settings / "topics.toml").write_bytes('[living]\nname = { nl = "Café" }'.encode("latin-1"))
    said, well = examined()
    assert not well
    assert "topics.toml: not valid TOML: 'utf-8' codec" in said["content"]


def test_content_that_is_not_there_is_ill(examined, town_of_the_settings, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_CONTENT", "nowhere")
    said, well = examined()
    assert not well
    assert said["content"] == "nowhere: there is no such folder of content"


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_a_token_that_works_tells_the_name_and_the_mode(examined, telegram, monkeypatch, mode):
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_MODE", mode)
    monkeypatch.setenv("BUURTBRUG_PUBLIC_URL", "https://bot.example.org")
    said, well = examined()
    assert well
    assert said["telegram"] == f"@buurtbrug_test_bot, by {mode}"
    assert said["clock"].startswith("right to within ")
    assert [call.method for call in telegram.calls] == ["getMe"], "it only asks who the bot is"
    assert telegram.token not in str(said)


def test_a_token_that_is_refused(examined, telegram, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", "424242:hunter2")
    said, well = examined()
    assert not well
    assert said["telegram"] == "the token is refused: ask @BotFather for the right one"
    assert "hunter2" not in str(said)


def test_a_server_with_a_fault_does_not_blame_the_token(examined, telegram):
    telegram.goes_wrong(method="getMe", code=502, description="Bad Gateway")
    said, well = examined()
    assert not well
    assert said["telegram"].startswith(f"{telegram.url} answers 502, not as a Bot API server does: try again")
    assert telegram.token not in str(said)


@pytest.mark.parametrize("body", ["<h1>Hello</h1>", "", "[]", "null", '{"ok": true, "result": {}}'])
@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
def test_a_server_that_is_no_bot_api_server(examined, http_server, monkeypatch, body, status):
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", http_server(f"HTTP/1.1 {status}", body))
    said, well = examined()
    assert not well
    assert f"answers {status[:3]}, not as a Bot API server does" in said["telegram"]
    assert TOKEN not in str(said)


def test_a_server_that_cannot_be_reached(examined, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", "http://me:hunter2@127.0.0.1:1")
    said, well = examined()
    assert not well
    for part in ("telegram", "clock"):
        assert said[part] == "http://127.0.0.1:1 does not answer (ClientConnectorError)"
    assert TOKEN not in str(said)


@pytest.mark.parametrize(("off", "says"), [(-60, "60"), (61, "61"), (3600, "3600")])
def test_a_clock_that_is_off(examined, telegram, monkeypatch, off, says):
    own = SimpleNamespace(time=lambda: time.time() + off)
    monkeypatch.setattr(doctor, "time", own)
    said, well = examined()
    assert not well
    seconds = int(said["clock"].removeprefix("this machine's clock is ").split(" ")[0])
    assert abs(seconds - int(says)) <= 5
    assert said["clock"].endswith("seconds off: switch time synchronisation on (NTP)")


@pytest.mark.parametrize("off", [-20, 0, 20])
def test_a_clock_that_is_right(examined, telegram, monkeypatch, off):
    monkeypatch.setattr(doctor, "time", SimpleNamespace(time=lambda: time.time() + off))
    said, well = examined()
    assert well
    assert abs(int(said["clock"].removeprefix("right to within ").removesuffix(" seconds")) - abs(off)) <= 5


@pytest.mark.parametrize("head", ["", "\r\nDate: the day after tomorrow"])
def test_a_server_that_tells_no_time(examined, http_server, monkeypatch, head):
    body = '{"ok": true, "result": {"username": "a_bot"}}'
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", http_server(f"HTTP/1.1 200 OK{head}", body))
    said, well = examined()
    assert well
    assert said["telegram"] == "@a_bot, by polling"
    assert said["clock"] == "the server tells no time: not compared"


def test_one_ill_part_does_not_hide_the_others(buurtbrug, telegram, monkeypatch):
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/x")
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", "1:wrong")
    result = buurtbrug("doctor")
    assert result.exit_code == 1
    marks = [(line[0], line[2:].split(":")[0]) for line in result.stdout.splitlines()]
    assert marks == [
        ("✓", "settings"),
        ("✗", "database"),
        ("✓", "content"),
        ("✗", "telegram"),
        ("✓", "clock"),
    ]
    assert "hunter2" not in result.output
