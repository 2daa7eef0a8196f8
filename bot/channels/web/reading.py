# SPDX-License-Identifier: EUPL-1.2
"""What the browser reads: the state, earlier messages, what changes, and files."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from aiohttp import WSCloseCode, web

from bot.channels.web.gate import Gate, TurnedAwayError
from bot.channels.web.hub import Connection, Hub
from bot.channels.web.store import Contents, Event, Json, Visitor, WebStore
from bot.channels.web.updates import scopes
from bot.channels.web.view import message_view
from bot.channels.web.wording import Wording, preferred
from bot.services.ports import Clock

_PAGE: Final = 40
"""Messages that are sent at once, at first and for each step back."""

_EVENTS: Final = 100
_POLL_SECONDS: Final = 25.0
_IDLE_SECONDS: Final = 30.0
_CLOSING: Final = "stopping"


class Reading:
    """Everything that a visitor's own browser may see."""

    def __init__(
        self, store: WebStore, contents: Contents, hub: Hub, gate: Gate, wording: Wording, clock: Clock
    ) -> None:
        self._store = store
        self._contents = contents
        self._hub = hub
        self._gate = gate
        self._wording = wording
        self._clock = clock
        self._sockets: dict[str, int] = {}

    def language(self, request: web.Request, visitor: Visitor | None) -> str:
        """Return the page's language: the person's, else the one in the address, else the browser's."""
        if visitor is not None and visitor.language:
            return self._wording.languages.get(visitor.language).code
        asked = self._wording.languages.guess(request.query.get("language"))
        return asked or self._wording.negotiate(request.headers.get("Accept-Language", ""))

    async def state(self, request: web.Request) -> web.Response:
        """Return all that the page needs when it opens."""
        visitor_id = self._gate.visitor_id(request)
        visitor = await self._store.visitor(visitor_id)
        if visitor is not None:
            code = next(iter(preferred(request.headers.get("Accept-Language", ""))), "")
            visitor = await self._store.arrive(visitor_id, code, self._clock.now())
        code = self.language(request, visitor)
        own = visitor.language if visitor else None
        messages = await self._store.history(visitor_id, None, _PAGE)
        state: Json = {
            "language": await self._language(visitor_id, code),
            "messages": [message_view(message, self._wording, own) for message in messages],
            "more": len(messages) == _PAGE,
            "sequence": visitor.last_sequence if visitor else 0,
            "read": visitor.read_sequence if visitor else 0,
            "unread": await self._store.unread(visitor_id) if visitor else 0,
            "keyboard": visitor.keyboard if visitor else None,
            "upload_bytes": self._gate.limits.upload_bytes,
        }
        return web.json_response(state)

    async def history(self, request: web.Request) -> web.Response:
        """Return messages before a given one."""
        visitor_id = self._gate.visitor_id(request)
        visitor = await self._store.visitor(visitor_id)
        own = visitor.language if visitor else None
        messages = await self._store.history(visitor_id, _number(request, "before"), _PAGE)
        views = [message_view(message, self._wording, own) for message in messages]
        return web.json_response({"messages": views, "more": len(messages) == _PAGE})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Send what changes through a WebSocket. Nothing is expected back."""
        self._gate.own_page(request)
        visitor_id = self._gate.visitor_id(request)
        address = self._gate.address(request)
        limits = self._gate.limits
        if (
            self._hub.count(visitor_id) >= limits.sockets_of_visitor
            or self._sockets.get(address, 0) >= limits.sockets_of_address
        ):
            raise TurnedAwayError(429, "too_fast", _IDLE_SECONDS)
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=1024)
        await socket.prepare(request)
        self._sockets[address] = self._sockets.get(address, 0) + 1
        try:
            with self._hub.connected(visitor_id, _number(request, "after")) as connection:
                pump = asyncio.create_task(self._pump(socket, connection))
                try:
                    async for _ in socket:
                        pass
                finally:
                    pump.cancel()
                    await asyncio.gather(pump, return_exceptions=True)
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]
        return socket

    async def _pump(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        try:
            while not connection.closing:
                for frame in await self._news(connection):
                    await socket.send_json(frame)
                await connection.changed(_IDLE_SECONDS)
            await socket.close(code=WSCloseCode.GOING_AWAY, message=_CLOSING.encode())
        except (ConnectionError, RuntimeError):
            pass  # the browser has gone
        except Exception:
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)
            raise

    async def poll(self, request: web.Request) -> web.Response:
        """Return what changed, or wait for it: for browsers behind something that breaks WebSockets."""
        if "Origin" in request.headers:  # browsers send none with a GET from our own page
            self._gate.own_page(request)
        visitor_id = self._gate.visitor_id(request)
        if self._hub.count(visitor_id) >= self._gate.limits.sockets_of_visitor:
            raise TurnedAwayError(429, "too_fast", _IDLE_SECONDS)
        with self._hub.connected(visitor_id, _number(request, "after")) as connection:
            frames = await self._news(connection)
            if not frames and await connection.changed(_POLL_SECONDS):
                frames = await self._news(connection)
            return web.json_response({"frames": frames, "sequence": connection.cursor})

    async def _news(self, connection: Connection) -> list[Json]:
        """Return what this tab does not know yet, and move its cursor."""
        visitor = await self._store.visitor(connection.visitor_id)
        last = visitor.last_sequence if visitor is not None else 0
        frames: list[Json] = []
        if connection.cursor > last:  # the conversation was erased: the tab begins anew
            connection.cursor = last
            frames.append({"type": "reset"})
        while connection.cursor < last:
            events = await self._store.events(connection.visitor_id, connection.cursor, _EVENTS)
            if not events:  # older than what is kept
                connection.cursor = last
                frames.append({"type": "reset"})
                break
            connection.cursor = events[-1].sequence
            views = await self._views(connection.visitor_id, events)
            frames.append({"type": "events", "events": views})
        return frames + connection.take_frames()

    async def _views(self, visitor_id: int, events: Sequence[Event]) -> list[Json]:
        visitor = await self._store.visitor(visitor_id)
        code = visitor.language if visitor is not None else None
        return [await self._view(event, visitor, code) for event in events]

    async def _view(self, event: Event, visitor: Visitor | None, code: str | None) -> Json:
        view: dict[str, Any] = {"sequence": event.sequence, "kind": event.kind, "id": event.message_id}
        if event.message is not None and event.kind in {"message", "edit"}:
            view["message"] = message_view(event.message, self._wording, code)
        elif event.kind in {"message", "edit"}:
            view["kind"] = "delete"  # it has gone by now
        elif event.kind == "keyboard":
            view["keyboard"] = visitor.keyboard if visitor is not None else None
        elif event.kind == "language" and visitor is not None and code is not None:
            view["language"] = await self._language(visitor.id, code)
        return view

    async def _language(self, visitor_id: int, code: str) -> Json:
        language = self._wording.languages.get(code)
        return {
            "code": language.code,
            "direction": language.direction,
            "texts": dict(self._wording.texts(code)),
            "commands": list(await self._store.commands(scopes(visitor_id), [language.code, ""])),
        }

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Return a file of the visitor's own chat, or a part of it."""
        visitor_id = self._gate.visitor_id(request)
        file = await self._store.file_for(visitor_id, request.match_info["id"])
        if file is None:
            raise TurnedAwayError(404, "gone")
        try:
            content = await self._contents.load(file.digest)
        except FileNotFoundError:
            raise TurnedAwayError(404, "gone") from None
        response = web.Response(content_type=file.mime)
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "private, max-age=86400, immutable"
        response.headers["Accept-Ranges"] = "bytes"
        if file.kind == "document":
            name = re.sub(r'[^\w .()-]|"', "_", file.name, flags=re.ASCII) or "file"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        wanted = slice(0, None)
        with suppress(ValueError):
            wanted = request.http_range
        begin, end, _ = wanted.indices(len(content))
        if wanted.start or wanted.stop is not None:
            if begin >= end:
                raise TurnedAwayError(416, "refused")
            response.set_status(206)
            response.headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(content)}"
        response.body = content[begin:end]
        return response


def _number(request: web.Request, name: str) -> int:
    value = request.query.get(name, "0")
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise TurnedAwayError(400, "refused")
    return int(value)
