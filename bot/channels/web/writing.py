# SPDX-License-Identifier: EUPL-1.2
"""What the browser sends: messages, pressed buttons, files. Kept first, then acknowledged, then handled."""

import asyncio
import tempfile
from datetime import timedelta
from typing import IO, Annotated, Final, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.channels.markup import utf16_length
from bot.channels.web import updates
from bot.channels.web.files import FileRefusedError, prepare, sniff
from bot.channels.web.gate import Gate, TurnedAwayError
from bot.channels.web.hub import Hub
from bot.channels.web.inflow import Inflow
from bot.channels.web.store import Contents, File, Json, Visitor, WebStore
from bot.channels.web.view import offered
from bot.channels.web.wording import preferred
from bot.services.ports import Clock

_TEXT: Final = 4096
_CAPTION: Final = 1024
_UPLOAD_SECONDS: Final = 180
_LONGEST_VOICE_SECONDS: Final = 600
_REASONS: Final = {"type": "wrong_type", "picture": "bad_picture"}
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Place(_Strict):
    """Where somebody is, in degrees; `accuracy` in metres."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    accuracy: float | None = Field(default=None, ge=0)


class Said(_Strict):
    """A message: text, a place, or a file with a text as its caption. `client_id` makes a resend harmless."""

    client_id: Name
    text: str = ""
    place: Place | None = None
    file: Name | None = None
    group: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,40}$")] = ""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if self.place is not None and (self.text or self.file):
            raise ValueError("a place comes alone")
        return self


class Pressed(_Strict):
    """A button below a message."""

    client_id: Name
    message_id: int = Field(ge=1, lt=2**62)
    data: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Seen(_Strict):
    """Everything up to this number was read."""

    sequence: int = Field(ge=1, lt=2**62)


class Writing:
    """Takes in what visitors do."""

    def __init__(
        self, store: WebStore, contents: Contents, hub: Hub, gate: Gate, inflow: Inflow, clock: Clock
    ) -> None:
        self._store = store
        self._contents = contents
        self._hub = hub
        self._gate = gate
        self._inflow = inflow
        self._clock = clock
        self._drawing = asyncio.Semaphore(2)

    async def message(self, request: web.Request) -> web.Response:
        """Keep a message, and only then say that it came."""
        visitor_id = self._enter(request)
        said = await self._gate.body(request, Said)
        content = await self._content(visitor_id, said)
        self._gate.throttle(self._gate.messages, visitor_id)
        visitor = await self._visitor(request, visitor_id)
        now = self._clock.now()

        def make(update_id: int, message_id: int | None) -> tuple[Json, Json]:
            body = updates.message(
                visitor_id, visitor.language_code, message_id or 0, int(now.timestamp()), content
            )
            return updates.message_update(update_id, body), body

        taken = await self._store.take_in(visitor_id, said.client_id, make, with_message=True, now=now)
        self._hub.wake(visitor_id)
        self._inflow.wake()
        return web.json_response({"id": taken.message_id, "new": taken.new}, status=202)

    async def callback(self, request: web.Request) -> web.Response:
        """Keep that a button was pressed, if it is offered."""
        visitor_id = self._enter(request)
        pressed = await self._gate.body(request, Pressed)
        self._gate.throttle(self._gate.taps, visitor_id)
        visitor = await self._store.visitor(visitor_id)
        message = await self._store.message(visitor_id, pressed.message_id) if visitor else None
        if visitor is None or message is None or message.from_visitor:
            raise TurnedAwayError(410, "withdrawn")
        body = message.body
        if pressed.data not in offered(body):
            raise TurnedAwayError(410, "withdrawn")

        def make(update_id: int, _message_id: int | None) -> tuple[Json, None]:
            return (
                updates.callback_update(update_id, visitor_id, visitor.language_code, body, pressed.data),
                None,
            )

        taken = await self._store.take_in(
            visitor_id, pressed.client_id, make, with_message=False, now=self._clock.now()
        )
        self._inflow.wake()
        return web.json_response({"query": str(taken.update_id), "new": taken.new}, status=202)

    async def read(self, request: web.Request) -> web.Response:
        """Keep how far the visitor has read, and tell the other tabs."""
        visitor_id = self._enter(request)
        seen = await self._gate.body(request, Seen)
        self._gate.throttle(self._gate.reads, visitor_id)
        await self._store.mark_read(visitor_id, seen.sequence)
        self._hub.tell(visitor_id, {"type": "read", "sequence": seen.sequence})
        return web.json_response({})

    async def leave(self, request: web.Request) -> web.Response:
        """Make this browser forget who it is: for a computer that others use, too."""
        self._enter(request)
        response = web.json_response({})
        self._gate.drop_cookie(request, response)
        return response

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file while it streams in, and stop as soon as it is too large or of a wrong kind."""
        visitor_id = self._enter(request)
        self._gate.throttle(self._gate.uploads, visitor_id)
        await self._visitor(request, visitor_id)
        now = self._clock.now()
        sent = await self._store.uploaded(visitor_id, now - timedelta(days=1))
        if sent > self._gate.limits.upload_day:
            raise TurnedAwayError(429, "quota", 3600)
        async with asyncio.timeout(_UPLOAD_SECONDS):
            content = await self._receive(request)
        try:
            async with self._drawing:
                prepared = await asyncio.to_thread(prepare, content)
        except FileRefusedError as error:
            raise TurnedAwayError(415, _REASONS[error.reason]) from error
        name = updates.cleaned(request.query.get("name", ""))[:100]
        file = await self._store.add_file(
            digest=await self._contents.store(prepared.content),
            kind=prepared.kind,
            mime=prepared.mime,
            size=len(prepared.content),
            name=name or "document.pdf",
            width=prepared.width,
            height=prepared.height,
            duration=_seconds(request.query.get("duration", "0")),
            uploader=visitor_id,
            now=now,
        )
        return web.json_response({"file": file.id, "kind": file.kind}, status=201)

    def _enter(self, request: web.Request) -> int:
        self._gate.own_page(request)
        return self._gate.visitor_id(request)

    async def _visitor(self, request: web.Request, visitor_id: int) -> Visitor:
        known = await self._store.visitor(visitor_id)
        if known is not None:
            return known
        self._gate.newcomer(request)
        code = next(iter(preferred(request.headers.get("Accept-Language", ""))), "")
        return await self._store.arrive(visitor_id, code, self._clock.now())

    async def _content(self, visitor_id: int, said: Said) -> updates.Content:
        if said.place is not None:
            place = (said.place.latitude, said.place.longitude)
            accuracy = None if said.place.accuracy is None else min(said.place.accuracy, 1500.0)
            return updates.Content(place=place, accuracy=accuracy)
        text = updates.cleaned(said.text)
        if utf16_length(text) > (_CAPTION if said.file else _TEXT):
            raise TurnedAwayError(413, "too_long")
        file: File | None = None
        if said.file is not None:
            file = await self._store.file_for(visitor_id, said.file)
            if file is None:
                raise TurnedAwayError(400, "gone")
        elif not text:
            raise TurnedAwayError(400, "empty")
        return updates.Content(text=text, file=file, group=said.group)

    async def _receive(self, request: web.Request) -> bytes:
        most = self._gate.limits.upload_bytes
        if (request.content_length or 0) > most:
            raise TurnedAwayError(413, "too_big")
        with tempfile.SpooledTemporaryFile(max_size=512 * 1024) as file:
            size = 0
            async for chunk in request.content.iter_chunked(64 * 1024):
                if not size and sniff(chunk) is None:
                    raise TurnedAwayError(415, "wrong_type")
                size += len(chunk)
                if size > most:
                    raise TurnedAwayError(413, "too_big")
                file.write(chunk)
            return _whole(file)


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    content = file.read()
    if not content:
        raise TurnedAwayError(400, "empty")
    return content


def _seconds(text: str) -> int:
    """Return how long the browser says that a voice message is."""
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return 0
    return min(int(text), _LONGEST_VOICE_SECONDS)
