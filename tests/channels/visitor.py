# SPDX-License-Identifier: EUPL-1.2
"""A visitor's browser without a page: it sends and reads what the page would."""

import asyncio
import io
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from chat_server import Chat


class Visitor:
    """One browser with its cookie."""

    def __init__(self, chat: Chat, session: aiohttp.ClientSession) -> None:
        self.chat = chat
        self.session = session
        self._names = itertools.count()

    @classmethod
    @asynccontextmanager
    async def arriving(cls, chat: Chat, language: str = "nl-NL,nl;q=0.9") -> AsyncIterator["Visitor"]:
        """Open the page."""
        async with aiohttp.ClientSession(
            chat.url,
            headers={"Origin": chat.url, "Accept-Language": language},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
        ) as session:
            async with session.get("/") as answer:
                assert answer.status == 200
            yield cls(chat, session)

    @property
    def cookie(self) -> str:
        return next(cookie.value for cookie in self.session.cookie_jar if cookie.key == "buurtbrug")

    @property
    def id(self) -> int:
        return int(self.cookie.split(".")[0], 16)

    async def post(self, path: str, body: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(path, json=body, **options) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **options: Any) -> dict[str, Any]:
        async with self.session.get(path, **options) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Send a text; it must be taken."""
        body = {"client_id": f"say-{next(self._names)}", "text": text, **more}
        status, answer = await self.post("/chat/messages", body)
        assert status == 202, answer
        return answer

    async def press(self, message_id: int, data: str) -> tuple[int, dict[str, Any]]:
        name = f"press-{next(self._names)}"
        return await self.post("/chat/callbacks", {"client_id": name, "message_id": message_id, "data": data})

    async def upload(self, content: bytes, query: str = "") -> tuple[int, dict[str, Any]]:
        async with self.session.post(f"/chat/files{query}", data=io.BytesIO(content)) as answer:
            return answer.status, await answer.json()

    async def messages(self) -> list[dict[str, Any]]:
        """Return what the page would show."""
        return list((await self.get("/chat/state"))["messages"])

    async def answers(self, count: int) -> list[dict[str, Any]]:
        """Wait until the bot has written so many messages, and return them."""
        async with asyncio.timeout(10):
            async with self.session.ws_connect("/chat/ws?after=0") as socket:
                while True:
                    found = [message for message in await self.messages() if not message["mine"]]
                    if len(found) >= count:
                        return found
                    await socket.receive()


def words(message: dict[str, Any]) -> str:
    """Return the text of a message as the page shows it."""
    return "\n".join("".join(span["text"] for span in line["spans"]) for line in message["lines"])


async def next_frame(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """Return the next frame of this kind."""
    async with asyncio.timeout(10):
        while True:
            frame = json.loads((await socket.receive()).data)
            if frame["type"] == kind:
                return dict(frame)
