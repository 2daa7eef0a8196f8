# SPDX-License-Identifier: EUPL-1.2
"""What holds for the repository as a whole."""

import inspect
import subprocess
from pathlib import Path

import pytest
from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject

import handlers
from bot import app
from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.content.loader import load_knowledge
from bot.services.library import Library
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
INJECTED = {
    # aiogram's own
    "bot", "bots", "state", "raw_state", "event_from_user", "event_chat", "event_thread_id", "event_update",
    "event_router", "event_context", "fsm_storage", "dispatcher", "command", "callback_data", "deep_link",
    # ours, by middlewares
    "person", "texts", "channel",
    # ours, by filters that find something
    "danger",
}  # fmt: skip


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(  # noqa: S603 - fixed words
        ["/usr/bin/env", "git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for line in listed.splitlines() if (path := ROOT / line).exists()]


@pytest.mark.parametrize("suffix", ["*.py", "*.js", "*.css"])
def test_every_source_file_says_its_licence(suffix: str) -> None:
    files = [path for path in _tracked(suffix) if "vendor" not in path.parts]
    without = [
        str(path.relative_to(ROOT))
        for path in files
        if "SPDX-License-Identifier: EUPL-1.2" not in path.read_text(encoding="utf-8")[:300]
    ]
    assert not without


def test_no_module_is_two_ideas_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in _tracked("bot/*.py", "handlers/*.py", "storage/*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 450
    ]
    assert not long


def _routers(router: Router) -> list[Router]:
    return [router, *(each for sub in router.sub_routers for each in _routers(sub))]


def _handlers() -> list[tuple[str, HandlerObject]]:
    return [
        (f"{router.name}.{observer.event_name}.{handler.callback.__name__}", handler)
        for router in _routers(handlers.build_router())
        for observer in router.observers.values()
        for handler in observer.handlers
    ]


async def test_every_handler_gets_what_it_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody provides fails only when the handler is called: so it is looked for here."""
    knowledge = load_knowledge(ROOT / "content" / "montfoort")
    # What is wired does not depend on what the engine has learnt.
    monkeypatch.setattr(
        app, "load_library", lambda *_: Library(knowledge, Engine.__new__(Engine), Lexicon({}))
    )
    built = await app.build(Settings(data_dir=tmp_path, _env_file=None))
    given = INJECTED | built.dispatcher.workflow_data.keys()
    await built.database.close()
    for name, handler in _handlers():
        first, *wanted = inspect.signature(handler.callback).parameters
        assert first
        assert not set(wanted) - given, name
