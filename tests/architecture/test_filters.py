# SPDX-License-Identifier: EUPL-1.2
"""Every filter is asynchronous: aiogram runs any other in a thread, for each message that comes by."""

from collections.abc import Iterator

from aiogram import Router
from aiogram.dispatcher.event.handler import FilterObject

from handlers import build_router

OBSERVERS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")


def filters() -> Iterator[tuple[str, FilterObject]]:
    yield from _of(build_router())


def _of(router: Router) -> Iterator[tuple[str, FilterObject]]:
    for name in OBSERVERS:
        observer = router.observers[name]
        for each in observer._handler.filters or ():
            yield router.name, each
        for handler in observer.handlers:
            for each in handler.filters or ():
                yield f"{router.name}.{handler.callback.__name__}", each
    for inner in router.sub_routers:
        yield from _of(inner)


def test_no_filter_runs_in_a_thread() -> None:
    found = list(filters())
    assert len(found) > 100
    assert sorted({where for where, each in found if not each.awaitable}) == []
