# SPDX-License-Identifier: EUPL-1.2
"""A bot that kills itself where the test says, run by `test_report_survival` as a program of its own.

It loads everything once and then forks a bot for each line it reads, so that a restart takes a moment and not
seconds. A bot that is `armed`, or gets SIGUSR1, dies (SIGKILL) at the commit that the line names: the `at`-th
one while an update is being handled, `before` or `after` it.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from street import NoIdea, knowledge

from bot import app as composition
from bot.answers.lexicon import Lexicon
from bot.app import running
from bot.services.library import Library
from bot.settings import Settings
from storage import inbox


def die_at_commit(at: int, when: str, *, armed: bool) -> None:
    """Prepare to die at a commit, once SIGUSR1 says so where it is not armed from the beginning."""
    commit = AsyncSession.commit
    seen = {"armed": armed, "number": 0}

    def arm(*_: object) -> None:
        seen.update(armed=True, number=0)

    async def deadly(session: AsyncSession) -> None:
        handling = seen["armed"] and inbox._present.get() is not None
        seen["number"] += handling
        if handling and seen["number"] == at and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await commit(session)
        if handling and seen["number"] == at and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    AsyncSession.commit = deadly  # type: ignore[method-assign]
    signal.signal(signal.SIGUSR1, arm)


def say(**what: int) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def run(order: dict[str, Any]) -> None:
    settings = Settings(
        _env_file=None,
        telegram_token=order["token"],
        telegram_api_url=order["url"],
        data_dir=Path(order["folder"]),
        port=0,
    )
    async with running(settings):
        say(ready=os.getpid())
        await asyncio.Event().wait()


def main() -> None:
    composition.load_library = lambda *_: Library(knowledge(), NoIdea(), Lexicon({}))  # type: ignore[assignment, arg-type]
    knowledge()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            die_at_commit(order["at"], order["when"], armed=order["armed"])
            asyncio.run(run(order))
        os.waitpid(child, 0)
        say(ended=child)


if __name__ == "__main__":
    main()
