# SPDX-License-Identifier: EUPL-1.2
"""The command line in this process, in an empty folder and without settings of the machine."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
from botapi.server import BotApi
from little_town import build_town
from typer.testing import CliRunner, Result

from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.cli import app
from bot.commands import ask, content
from bot.commands import knowledge as opening
from bot.domain.entry import Knowledge
from bot.i18n import Languages, load_languages
from bot.settings import ROOT

T = TypeVar("T")
Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to work in, without settings: neither the machine's nor those of a file .env."""
    for name in [each for each in os.environ if each.startswith("BUURTBRUG_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def buurtbrug() -> Command:
    """Run a command, as it would be typed. Nothing but a message and an exit code may come of a fault."""

    def run(*arguments: str | Path, stdin: str | bytes = "") -> Result:
        result = CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(scope="session")
def languages() -> Languages:
    """The languages of the bot."""
    return load_languages(ROOT / "locales")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder of content in which nothing is wrong, small enough to be learnt in a blink."""
    return build_town(tmp_path / "town")


@pytest.fixture(autouse=True)
def few_words(monkeypatch: pytest.MonkeyPatch, languages: Languages) -> None:
    """Word lists that are read in a blink."""
    words = Lexicon({"nl": {"WAIT": ("wachten", "wachttijd"), "HOME": ("huis", "woning")}}, {}, {}, {})
    for module in (content, opening):
        monkeypatch.setattr(module, "load_lexicon", lambda _folder: words)
    for module in (content, ask):
        monkeypatch.setattr(module, "load_languages", lambda _folder: languages)


@pytest.fixture
def montfoort(
    monkeypatch: pytest.MonkeyPatch, few_words: None, engine: Engine, knowledge: Knowledge, lexicon: Lexicon
) -> Engine:
    """Montfoort's engine for the commands, without reading or learning its content anew."""

    def load(folder: Path) -> Knowledge:
        assert folder == ROOT / "content" / "montfoort"
        return knowledge

    monkeypatch.setattr(opening, "load_knowledge", load)
    monkeypatch.setattr(opening, "load_lexicon", lambda _folder: lexicon)
    monkeypatch.setattr(opening, "load_or_build", lambda *_: engine)
    return engine


class OwnLoop:
    """An event loop in a thread of its own, for servers that a command talks to."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def own_loop() -> Iterator[OwnLoop]:
    loop = OwnLoop()
    yield loop
    loop.close()


@pytest.fixture
def telegram(own_loop: OwnLoop, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """A Bot API server, and settings with its address and token."""
    server = BotApi()
    own_loop.run(server.start())
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", server.url)
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", server.token)
    yield server
    own_loop.run(server.stop())


@pytest.fixture
def http_server(own_loop: OwnLoop) -> Iterator[Callable[[str, str], str]]:
    """Start a server on loopback that gives every request the same answer: headers and body."""
    servers: list[asyncio.Server] = []

    async def start(head: str, body: str) -> str:
        whole = f"{head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = await reader.readuntil(b"\r\n\r\n")
            writer.write((whole if request.startswith(b"HEAD") else whole + body).encode())
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        servers.append(await asyncio.start_server(answer, "127.0.0.1", 0))
        return f"http://127.0.0.1:{servers[-1].sockets[0].getsockname()[1]}"

    async def stop() -> None:
        for server in servers:
            server.close()
            await server.wait_closed()

    yield lambda head, body="": own_loop.run(start(head, body))
    own_loop.run(stop())
