# SPDX-License-Identifier: EUPL-1.2
"""`/healthz`, `/readyz` and `/metrics`, as the one who watches over the installation calls them."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import health
from bot.metrics import Metrics


async def client(checks, metrics=None):
    application = web.Application()
    application.add_routes(health.routes(checks, metrics or Metrics()))
    return TestClient(TestServer(application))


async def works():
    return True


async def fails():
    return False


async def breaks():
    raise ConnectionError("postgresql://user:password@host")


async def test_it_lives_whatever_else_is_the_matter():
    async with await client({"database": breaks}) as asking:
        response = await asking.get("/healthz")
        assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_it_is_ready_when_everything_works():
    async with await client({"database": works, "telegram": works}) as asking:
        response = await asking.get("/readyz")
        assert response.status == 200
        assert await response.json() == {"status": "ready", "checks": {"database": True, "telegram": True}}


async def test_it_says_what_does_not_work_and_nothing_secret():
    async with await client({"database": breaks, "telegram": fails, "web": works}) as asking:
        response = await asking.get("/readyz")
        assert response.status == 503
        assert (await response.json())["checks"] == {"database": False, "telegram": False, "web": True}
        assert "password" not in await response.text()


async def test_the_figures_are_for_prometheus():
    metrics = Metrics()
    metrics.updates.labels("telegram", "handled").inc()
    metrics.seconds.labels("telegram").observe(0.02)
    async with await client({}, metrics) as asking:
        response = await asking.get("/metrics")
        text = await response.text()
        assert response.content_type == "text/plain"
        assert 'buurtbrug_updates_total{channel="telegram",outcome="handled"} 1.0' in text
        assert 'buurtbrug_update_seconds_bucket{channel="telegram",le="0.025"} 1.0' in text
