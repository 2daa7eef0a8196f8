# SPDX-License-Identifier: EUPL-1.2
"""The web chat's addresses."""

from aiohttp import web

from bot.channels.web.gate import Gate, TurnedAwayError, guarded
from bot.channels.web.page import Assets, Page
from bot.channels.web.reading import Reading
from bot.channels.web.store import Visits
from bot.channels.web.writing import Writing


class Server:
    """The page, its files, and the ways to read and write."""

    def __init__(
        self, visits: Visits, gate: Gate, page: Page, assets: Assets, reading: Reading, writing: Writing
    ) -> None:
        self._visits = visits
        self._gate = gate
        self._page = page
        self._assets = assets
        self._reading = reading
        self._writing = writing

    def routes(self) -> list[web.RouteDef]:
        """Return all addresses, for `web.Application.add_routes`."""
        return [
            web.get("/", guarded(self.page)),
            web.get("/embed", guarded(self.page)),
            web.get("/embed.js", guarded(self.embed_script)),
            web.get("/static/{path:.+}", guarded(self.static)),
            web.get("/chat/state", guarded(self._reading.state)),
            web.get("/chat/history", guarded(self._reading.history)),
            web.get("/chat/ws", guarded(self._reading.socket)),
            web.get("/chat/events", guarded(self._reading.poll)),
            web.get("/chat/files/{id}", guarded(self._reading.file)),
            web.post("/chat/messages", guarded(self._writing.message)),
            web.post("/chat/callbacks", guarded(self._writing.callback)),
            web.post("/chat/files", guarded(self._writing.upload)),
            web.post("/chat/read", guarded(self._writing.read)),
            web.post("/chat/leave", guarded(self._writing.leave)),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Draw the page, and tell the browser who it is."""
        ticket = self._gate.ticket(request)
        embedded = self._gate.embedded(request)
        visitor = await self._visits.visitor(ticket.visitor_id)
        language = self._reading.language(request, visitor)
        response = web.Response(
            text=self._page.draw(language, embedded=embedded),
            content_type="text/html",
            headers=self._page.headers(embedded=embedded),
        )
        response.headers["Vary"] = "Accept-Language, Cookie"
        if ticket.renew:
            self._gate.set_cookie(request, response, ticket.visitor_id)
        response.enable_compression()
        return response

    async def embed_script(self, _request: web.Request) -> web.Response:
        """Return the script for the municipality's own site."""
        response = web.Response(text=self._page.embed_script(), content_type="text/javascript")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = "public, max-age=3600"
        response.enable_compression()
        return response

    async def static(self, request: web.Request) -> web.Response:
        """Return a file. Its address changes with its content, so it may be kept for ever."""
        asset = self._assets.get(request.match_info["path"])
        if asset is None:
            raise TurnedAwayError(404, "gone")
        headers = {
            "Content-Type": asset.type,
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        if asset.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=asset.content, headers=headers)
