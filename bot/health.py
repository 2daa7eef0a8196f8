# SPDX-License-Identifier: EUPL-1.2
"""`/healthz`: the process lives. `/readyz`: it can do its work. `/metrics`: figures."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.metrics import Metrics

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[bool]]
"""Says whether one part works."""


def routes(checks: Mapping[str, Check], metrics: Metrics) -> list[web.RouteDef]:
    """Return the routes for those who watch over the installation."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        found = {name: await _works(name, check) for name, check in checks.items()}
        return web.json_response(
            {"status": "ready" if all(found.values()) else "not ready", "checks": found},
            status=200 if all(found.values()) else 503,
        )

    async def figures(_request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", figures)]


async def _works(name: str, check: Check) -> bool:
    try:
        return await check()
    except Exception as error:
        log.warning("check.failed", check=name, kind=type(error).__name__)
        return False
