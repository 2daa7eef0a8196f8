# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug run`, and the command line as a whole."""

import errno
import runpy
import sys

import pytest

from bot.commands import run
from bot.settings import Settings


def test_run_starts_with_the_settings_and_says_so(buurtbrug, monkeypatch, town):
    started: list[Settings] = []

    async def start(settings: Settings) -> None:
        started.append(settings)

    monkeypatch.setattr(run, "run_until_stopped", start)
    monkeypatch.setattr(run, "configure_logs", lambda _format: None)
    monkeypatch.setenv("BUURTBRUG_CONTENT", str(town))
    monkeypatch.setenv("BUURTBRUG_PORT", "8181")
    result = buurtbrug("run")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Starting with {town}. ")
    assert [(each.content, each.port) for each in started] == [(town, 8181)]


def test_a_port_in_use_is_said_in_a_line(buurtbrug, monkeypatch):
    async def start(_settings: Settings) -> None:
        raise OSError(errno.EADDRINUSE, "address already in use: ('127.0.0.1', 8080)")

    monkeypatch.setattr(run, "run_until_stopped", start)
    monkeypatch.setattr(run, "configure_logs", lambda _format: None)
    result = buurtbrug("run")
    assert result.exit_code == 1
    assert "address already in use: ('127.0.0.1', 8080)" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_fault_of_ours_is_not_hidden(buurtbrug, monkeypatch):
    async def start(_settings: Settings) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(run, "run_until_stopped", start)
    monkeypatch.setattr(run, "configure_logs", lambda _format: None)
    with pytest.raises(ZeroDivisionError):
        buurtbrug("run")


def test_help_names_every_command(buurtbrug):
    shown = buurtbrug("--help").stdout
    for name in ("run", "ask", "evaluate", "invite", "content", "db", "doctor"):
        assert f" {name} " in shown
    shown = buurtbrug("content", "--help").stdout
    for name in ("check", "status", "export", "learn"):
        assert f" {name} " in shown
    assert " upgrade " in buurtbrug("db", "--help").stdout


def test_an_unknown_command_ends_with_2(buurtbrug):
    assert buurtbrug("dance").exit_code == 2


def test_the_module_is_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bot", "content", "status", "--content", "nowhere"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("bot", run_name="__main__")
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "nowhere: there is no such folder of content\n")
