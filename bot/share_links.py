# SPDX-License-Identifier: EUPL-1.2
"""Share links: `/u/{code}` shows an update to anybody. Visits are counted; nothing is kept about visitors.

No cookie, no script, no picture from elsewhere, no referrer passed on: opening a link tells nobody who did.
"""

import re

from aiohttp import web
from markupsafe import Markup

from bot.i18n import Languages, Texts
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.key_figures import KeyFigureService

_PAGE = Markup(
    """<!doctype html>
<html lang="{code}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ font: 1.125rem/1.6 system-ui, "Noto Sans", "Noto Sans Arabic", "Noto Sans Ethiopic", sans-serif;
  margin: 0 auto; max-width: 40rem; padding: 1.5rem 1rem; color: #1a1a1a; background: #fff; }}
article {{ white-space: pre-line; overflow-wrap: anywhere; }}
a {{ color: #0b5394; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #161616; }} a {{ color: #9cf; }} }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<article>{body}</article>
<p><a href="/">{chat}</a></p>
</main>
</body>
</html>
"""
)
_PREVIEWS = re.compile(
    r"telegrambot|whatsapp|facebookexternalhit|facebot|twitterbot|slackbot|discordbot|linkedinbot|googlebot"
    r"|bingbot|crawler|spider|preview",
    re.IGNORECASE,
)
"""Programs that fetch a link to show a preview of it in a chat: nobody has read it then."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def routes(
    key_figures: KeyFigureService,
    notices: BroadcastNotices,
    languages: Languages,
    texts: Texts,
    municipality: str,
) -> list[web.RouteDef]:
    """Return the route of the share links."""

    async def show(request: web.Request) -> web.Response:
        by_person = not _PREVIEWS.search(request.headers.get("User-Agent", ""))
        found = await key_figures.visit(request.match_info["code"], counted=by_person)
        if found is None:
            own = texts.other(languages.base.code)
            return _page(own, municipality, own("share.gone"), status=404)
        broadcast, language = found
        # Safe: Telegram's HTML, made from the entities of the writer's own message.
        return _page(
            texts.other(language),
            municipality,
            Markup(notices.body(broadcast, language)),  # noqa: S704
            status=200,
        )

    return [web.get("/u/{code:[A-Za-z0-9_-]{6,16}}", show, allow_head=False)]


def _page(texts: Texts, municipality: str, body: Markup, *, status: int) -> web.Response:
    page = _PAGE.format(
        code=texts.code,
        direction=texts.language.direction,
        title=texts("share.title", municipality=municipality),
        body=body,
        chat=texts("share.chat"),
    )
    return web.Response(text=page, status=status, content_type="text/html", headers=_HEADERS)
