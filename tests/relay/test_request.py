# SPDX-License-Identifier: EUPL-1.2
"""What is known of a request that failed: whether it had left."""

import asyncio
import socket

import pytest
from aiohttp import web
from telegram.error import NetworkError, TimedOut

from bot.relay import request as request_module
from bot.relay.request import AiohttpRequest, BrokenConnectionError, NotSentError


@pytest.fixture
async def request_class():
    request = AiohttpRequest()
    await request.initialize()
    yield request
    await request.shutdown()


@pytest.fixture
async def serve():
    """Start a server on loopback that treats each request in the given way."""
    runners = []

    async def start(answer):
        runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}/x"

    yield start
    for runner in runners:
        await runner.cleanup()


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def test_a_refused_connection_means_not_sent(request_class):
    with pytest.raises(NotSentError):
        await request_class.do_request(f"http://127.0.0.1:{closed_port()}/x", "POST")


async def test_a_name_that_is_not_found_means_not_sent(request_class):
    with pytest.raises(NotSentError):
        await request_class.do_request("http://no-such-host.invalid/x", "POST")


async def test_a_connection_that_takes_too_long_means_not_sent(request_class, monkeypatch):
    """Whatever it takes long for: here the look-up of the name."""
    monkeypatch.setattr(request_module, "CONNECT_SECONDS", 0.05)

    async def never(*_, **__):
        await asyncio.Event().wait()

    monkeypatch.setattr("aiohttp.connector.TCPConnector._resolve_host", never)
    with pytest.raises(NotSentError):
        await request_class.do_request("http://localhost/x", "POST")


async def test_no_answer_in_time_means_unknown(request_class, serve):
    over = asyncio.Event()

    async def silent(_):
        await over.wait()
        return web.Response()

    url = await serve(silent)
    with pytest.raises(TimedOut):
        await request_class.do_request(url, "POST", read_timeout=0.05)
    over.set()


async def test_a_connection_that_breaks_afterwards_means_unknown(request_class, serve):
    async def break_it(request):
        request.transport.abort()
        return web.Response()

    with pytest.raises(BrokenConnectionError):
        await request_class.do_request(await serve(break_it), "POST")


async def test_a_page_of_a_proxy_with_a_5xx_means_not_taken(request_class, serve):
    """A proxy in front of the Bot API answers in HTML: that is no answer that could not be read."""

    async def proxy(_):
        return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")

    with pytest.raises(NetworkError) as raised:
        await request_class.post(await serve(proxy))
    assert type(raised.value) is NetworkError


async def test_a_redirect_is_not_followed(request_class, serve):
    """It would become a GET, without the message, and its answer would look like success."""
    seen = []

    async def redirect(request):
        seen.append(request.method)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    with pytest.raises(NetworkError):
        await request_class.post(await serve(redirect))
    assert seen == ["POST"]
