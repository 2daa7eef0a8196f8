# SPDX-License-Identifier: EUPL-1.2
"""A lean stand-in for the Bot API server: takes messages, keeps when each came, and fails on demand.

It checks nothing but what the relay needs. As a program it serves one run of a benchmark and prints nothing;
`GET /log` returns what it took.
"""

import argparse
import asyncio
import contextlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from urllib.parse import parse_qs

from aiohttp import web

LEFT = '{"ok":true,"result":{"message_id":%d,"date":1700000000,"chat":{"id":%d,"type":"private"},"text":"x"}}'
Fate = Callable[[int, int], str]
"""From a chat and how often it was written to before, what becomes of the message: see `StandIn`."""


def fine(chat_id: int, before: int) -> str:  # noqa: ARG001
    """Take everything."""
    return "taken"


def mixed(chat_id: int, before: int) -> str:
    """Fail for 16 of 100 chats, each in its own way, and take the next try where there may be one."""
    fates = [("429", 5), ("502", 5), ("lost", 1), ("silent", 1), ("blocked", 3), ("migrated", 1)]
    number = abs(chat_id) % 100
    for fate, share in fates:
        if number < share:
            again = fate in {"429", "502", "migrated"} and (before > 0 or abs(chat_id) > 10**9)
            return "taken" if again else fate
        number -= share
    return "taken"


class StandIn:
    """The server.

    Fates: taken, 429, 502, blocked, kicked, gone, migrated, lost (taken, and the connection breaks), silent
    (taken, and never answered), garbled (taken, and the answer cannot be read), or what a 400 says.
    """

    def __init__(self, fate: Fate = fine, latency: float = 0.0) -> None:
        self.fate = fate
        self.latency = latency
        self.taken: list[tuple[float, int, str]] = []
        """When, to whom, and by which method."""
        self.arrived: list[tuple[float, int]] = []
        self.tries: Counter[int] = Counter()
        self.fields: dict[int, list[dict[str, str]]] = defaultdict(list)
        self.keep_fields = False
        self.url = ""
        self.some = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on loopback."""
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/log":
            return web.json_response({"taken": self.taken, "arrived": self.arrived})
        now = time.monotonic()
        method = request.path.rsplit("/", 1)[1]
        fields = await _fields(request)
        if method == "getMe":
            return web.json_response(
                {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b", "username": "b"}}
            )
        chat_id = int(fields["chat_id"])
        self.arrived.append((now, chat_id))
        if self.keep_fields:
            self.fields[chat_id].append({"method": method, **fields})
        before = self.tries[chat_id]
        self.tries[chat_id] += 1
        fate = self.fate(chat_id, before)
        if self.latency:
            await asyncio.sleep(self.latency)
        if fate in {"taken", "lost", "silent", "garbled"}:
            self.taken.append((now, chat_id, method))
            self.some.set()
        return await self._end(request, fate, chat_id, method)

    async def _end(
        self, request: web.BaseRequest, fate: str, chat_id: int, method: str
    ) -> web.StreamResponse:
        if fate == "taken":
            return web.Response(
                text=_result(method, len(self.taken), chat_id), content_type="application/json"
            )
        if fate == "garbled":
            return web.Response(text="<html>", content_type="text/html")
        if fate == "silent":
            await asyncio.sleep(3600)
        if fate == "lost":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        code, description, parameters = {
            "429": (429, "Too Many Requests: retry after 1", {"retry_after": 1}),
            "502": (502, "Bad Gateway", None),
            "blocked": (403, "Forbidden: bot was blocked by the user", None),
            "kicked": (403, "Forbidden: bot was kicked from the supergroup chat", None),
            "gone": (400, "Bad Request: chat not found", None),
            "migrated": (
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": -(10**9) - abs(chat_id)},
            ),
        }.get(fate, (400, fate, None))
        answer = {"ok": False, "error_code": code, "description": description}
        return web.json_response(answer | ({"parameters": parameters} if parameters else {}), status=code)


async def _fields(request: web.BaseRequest) -> dict[str, str]:
    if request.content_type == "application/json":
        return json.loads(await request.read() or b"{}")
    if request.content_type == "application/x-www-form-urlencoded":
        return {name: values[0] for name, values in parse_qs((await request.read()).decode()).items()}
    form = await request.post()
    return {name: value if isinstance(value, str) else "(a file)" for name, value in form.items()}


def _result(method: str, number: int, chat_id: int) -> str:
    if method == "deleteMessage":
        return '{"ok":true,"result":true}'
    if method in {"sendPhoto", "sendDocument", "sendMediaGroup"}:
        message = {"message_id": number, "date": 1700000000, "chat": {"id": chat_id, "type": "private"}}
        file = {"file_id": "kept-id", "file_unique_id": "u", "width": 1, "height": 1}
        kind = {"document": file} if method == "sendDocument" else {"photo": [file]}
        result = message | kind
        return json.dumps({"ok": True, "result": [result, result] if method == "sendMediaGroup" else result})
    return LEFT % (number, chat_id)


async def serve(port: int, latency: float) -> None:
    """Serve until the program is ended."""
    server = StandIn(latency=latency)
    await server.start(port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0.0)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.port, options.latency))
