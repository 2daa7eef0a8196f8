# SPDX-License-Identifier: EUPL-1.2
"""A lean stand-in for the Bot API server, in a process of its own: takes every call and counts messages.

It checks nothing: the strict server of the tests does, and would use more time than the bot itself.
"""

import asyncio
import itertools
import json
import multiprocessing
from multiprocessing.connection import Connection
from urllib.parse import parse_qs

from aiohttp import web

PROCESSES = multiprocessing.get_context("spawn")
ME = {"id": 900001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
MESSAGES = frozenset({"sendMessage", "editMessageText"})


class Telegram:
    """The server's process. `url` is where the bot reaches it."""

    def __init__(self) -> None:
        ours, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_main, args=(theirs,), daemon=True)
        self._process.start()
        self._pipe = ours
        self.url = f"http://127.0.0.1:{ours.recv()}"

    def taken(self) -> int:
        """Return how many messages the bot has sent so far."""
        self._pipe.send("count")
        return int(self._pipe.recv())

    def secret(self) -> str:
        """Return the secret with which the bot asked to be called."""
        self._pipe.send("secret")
        return str(self._pipe.recv())

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()


def _main(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    numbers = itertools.count(1)
    state = {"count": 0, "secret": ""}

    async def handle(request: web.BaseRequest) -> web.Response:
        method = request.path.rsplit("/", 1)[1]
        body = await request.read()
        if method == "getMe":
            return _ok(json.dumps(ME))
        if method not in MESSAGES:
            if method == "setWebhook":
                state["secret"] = (await _fields(request, body)).get("secret_token", "")
            return _ok("true")
        state["count"] += 1
        chat = (await _fields(request, body))["chat_id"]
        return _ok(
            f'{{"message_id":{next(numbers)},"date":1700000000,"chat":{{"id":{chat},"type":"private"}},"text":"x"}}'
        )

    runner = web.ServerRunner(web.Server(handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send(runner.addresses[0][1])
    loop = asyncio.get_running_loop()
    asked: asyncio.Queue[str] = asyncio.Queue()
    loop.add_reader(pipe.fileno(), lambda: asked.put_nowait(pipe.recv()))
    while True:
        pipe.send(state[await asked.get()])


async def _fields(request: web.BaseRequest, body: bytes) -> dict[str, str]:
    if request.content_type == "multipart/form-data":
        return {name: str(value) for name, value in (await request.post()).items()}
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _ok(result: str) -> web.Response:
    return web.Response(text=f'{{"ok":true,"result":{result}}}', content_type="application/json")
