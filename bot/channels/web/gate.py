# SPDX-License-Identifier: EUPL-1.2
"""Who may come in: cookie, origin, address, limits, and bodies that are read with care."""

import json
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.channels.web.cookies import LIFETIME_SECONDS, Ticket, Tickets
from bot.channels.web.limits import Buckets, Limits
from bot.channels.web.page import COMMON_HEADERS

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
Body = TypeVar("Body", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TurnedAwayError(Exception):
    """The request is refused. `code` is for the page, which has the words for it in every language."""

    def __init__(self, status: int, code: str, retry_after: float = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after = retry_after


def guarded(handler: Handler) -> Handler:
    """Return the handler with the headers that every answer has, and refusals as JSON."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            response = await handler(request)
        except TurnedAwayError as refusal:
            seconds = max(1, round(refusal.retry_after + 0.5))
            response = web.json_response(
                {"error": refusal.code, "retry_after": seconds}, status=refusal.status
            )
            if refusal.retry_after:
                response.headers["Retry-After"] = str(seconds)
        if not response.prepared:
            for name, value in COMMON_HEADERS.items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("Server", "Buurtbrug")
        return response

    return answer


class Gate:
    """Knows visitors by their cookie, lets only our own page in, and holds the limits."""

    def __init__(self, tickets: Tickets, limits: Limits, public_url: str, trusted_proxies: int = 0) -> None:
        """`trusted_proxies` is how many proxies of our own stand before this server."""
        self.limits = limits
        self._tickets = tickets
        self._proxies = trusted_proxies
        self._secure = public_url.startswith("https://")
        self._origins = _origins(public_url)
        self.messages = Buckets(limits.messages)
        self.taps = Buckets(limits.taps)
        self.uploads = Buckets(limits.uploads)
        self.reads = Buckets(limits.reads)
        self._requests = Buckets(limits.address_requests)
        self._visitors = Buckets(limits.address_visitors)

    def ticket(self, request: web.Request) -> Ticket:
        """Return the visitor's ticket, a new one where there is none."""
        value = request.cookies.get(self._cookie(request), "")
        return (self._tickets.read(value) if value else None) or self._tickets.new()

    def visitor_id(self, request: web.Request) -> int:
        """Return who asks. Raises TurnedAwayError without a cookie, or from an address that asks too much."""
        self.throttle(self._requests, self.address(request))
        value = request.cookies.get(self._cookie(request), "")
        ticket = self._tickets.read(value) if value else None
        if ticket is None:
            raise TurnedAwayError(401, "cookies")
        return ticket.visitor_id

    def own_page(self, request: web.Request) -> None:
        """Raise TurnedAwayError unless the request comes from our own page."""
        if request.headers.get("Origin", "").lower() not in self._origins:
            raise TurnedAwayError(403, "origin")

    def throttle(self, buckets: Buckets, key: object) -> None:
        """Raise TurnedAwayError when it is too much."""
        wait = buckets.wait(key)
        if wait:
            raise TurnedAwayError(429, "too_fast", wait)

    def newcomer(self, request: web.Request) -> None:
        """Raise TurnedAwayError when too many new visitors come from one address."""
        self.throttle(self._visitors, self.address(request))

    def address(self, request: web.Request) -> str:
        """Return the browser's address, looking behind our own proxies only."""
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if 0 < self._proxies <= len(forwarded) and forwarded[-self._proxies]:
            return forwarded[-self._proxies]
        return request.remote or ""

    def set_cookie(self, request: web.Request, response: web.StreamResponse, visitor_id: int) -> None:
        """Tell the browser who it is. In another site's frame the cookie is kept apart for that site."""
        self._write_cookie(request, response, self._tickets.write(visitor_id), LIFETIME_SECONDS)

    def drop_cookie(self, request: web.Request, response: web.StreamResponse) -> None:
        """Make the browser forget who it is."""
        self._write_cookie(request, response, "", 0)

    def _write_cookie(
        self, request: web.Request, response: web.StreamResponse, value: str, max_age: int
    ) -> None:
        # Written out, because Python 3.11's cookies know no Partitioned: without it a browser
        # refuses a cookie in another site's frame.
        parts = [f"{self._cookie(request)}={value}", f"Max-Age={max_age}", "Path=/", "HttpOnly"]
        if self.embedded(request):
            parts += ["Secure", "SameSite=None", "Partitioned"]
        else:
            parts += ["SameSite=Lax", *(["Secure"] if self._secure else [])]
        response.headers.add("Set-Cookie", "; ".join(parts))

    def embedded(self, request: web.Request) -> bool:
        """Whether the page is shown in another site's frame."""
        return request.path == "/embed" or request.query.get("in") == "embed"

    def _cookie(self, request: web.Request) -> str:
        name = "buurtbrug_frame" if self.embedded(request) else "buurtbrug"
        return f"__Host-{name}" if self._secure else name

    async def body(self, request: web.Request, kind: type[Body]) -> Body:
        """Return the JSON that was sent. Raises TurnedAwayError for anything that does not fit."""
        if request.content_type != "application/json":
            raise TurnedAwayError(415, "refused")
        content = bytearray()
        async for chunk in request.content.iter_chunked(8192):
            content += chunk
            if len(content) > self.limits.body_bytes:
                raise TurnedAwayError(413, "too_long")
        try:
            return kind.model_validate(json.loads(content))
        except (ValidationError, ValueError, RecursionError):
            raise TurnedAwayError(400, "refused") from None


def _origins(public_url: str) -> frozenset[str]:
    """Return the origins of our own page. On this machine it has several names."""
    parts = urlsplit(public_url)
    own = f"{parts.scheme}://{parts.netloc}".lower()
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    if host in _LOOPBACK:
        port = f":{parts.port}" if parts.port else ""
        return frozenset({own, *(f"{parts.scheme}://{name}{port}" for name in _LOOPBACK)})
    return frozenset({own})
