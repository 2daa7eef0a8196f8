# SPDX-License-Identifier: EUPL-1.2
"""The webhook: only Telegram may bring updates, and each is acknowledged after it was handled."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from botapi.server import BotApi

from bot.channels.telegram import WEBHOOK_HEADER, WEBHOOK_PATH, TelegramChannel
from bot.relay.gate import Gate

UPDATE = {
    "update_id": 7,
    "message": {
        **{
            "message_id": 1,
            "date": 1,
            "chat": {"id": 5, "type": "private", "first_name": "X"},
            "text": "hallo",
        },
        "from": {"id": 5, "is_bot": False, "first_name": "X"},
    },
}


class Fed:
    """What reached the conversations."""

    def __init__(self):
        self.updates = []
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def feed(self, _bot, update):
        await self.may_end.wait()
        if self.updates == ["break"]:
            raise RuntimeError
        self.updates.append(update.update_id)


@pytest.fixture
async def webhook():
    """A channel that was started, a client that can reach it, and the secret that Telegram was told."""
    async with BotApi() as server:
        channel = TelegramChannel(
            server.token, server.url, webhook_url="https://bot.example.nl", secret=b"k" * 32, turns=Gate(30)
        )
        application = web.Application()
        application.add_routes(channel.routes())
        fed = Fed()
        async with TestClient(TestServer(application)) as client:
            await channel.start(fed.feed)
            secret = server.updates.secret
            server.updates.webhook = ""
            yield client, fed, secret, channel
            await channel.stop()


async def test_only_who_knows_the_secret_gets_in(webhook):
    client, fed, secret, _channel = webhook
    for given in (
        {},
        {WEBHOOK_HEADER: ""},
        {WEBHOOK_HEADER: "x" * 64},
        {WEBHOOK_HEADER: "é"},
        {WEBHOOK_HEADER: secret[:-1]},
    ):
        response = await client.post(WEBHOOK_PATH, json=UPDATE, headers=given)
        assert response.status == 401
    assert fed.updates == []
    response = await client.post(WEBHOOK_PATH, json=UPDATE, headers={WEBHOOK_HEADER: secret})
    assert response.status == 200
    assert fed.updates == [7]


async def test_it_is_acknowledged_only_after_it_was_handled(webhook):
    client, fed, secret, _channel = webhook
    fed.may_end.clear()
    asked = asyncio.create_task(client.post(WEBHOOK_PATH, json=UPDATE, headers={WEBHOOK_HEADER: secret}))
    done, _ = await asyncio.wait([asked], timeout=0.1)
    assert done == set()
    fed.may_end.set()
    assert (await asked).status == 200


async def test_what_failed_is_brought_again(webhook):
    client, fed, secret, _channel = webhook
    fed.updates.append("break")
    response = await client.post(WEBHOOK_PATH, json=UPDATE, headers={WEBHOOK_HEADER: secret})
    assert response.status == 500


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"update_id": 1}', '{"update_id": 1, "message": {}}']
)
async def test_what_cannot_be_understood_is_not_asked_for_again(webhook, body):
    client, fed, secret, _channel = webhook
    response = await client.post(WEBHOOK_PATH, data=body, headers={WEBHOOK_HEADER: secret})
    assert response.status == 200
    assert fed.updates == []


async def test_stopping_waits_for_what_is_under_way(webhook):
    client, fed, secret, channel = webhook
    fed.may_end.clear()
    asked = asyncio.create_task(client.post(WEBHOOK_PATH, json=UPDATE, headers={WEBHOOK_HEADER: secret}))
    await asyncio.wait([asked], timeout=0.1)
    stopping = asyncio.create_task(channel.stop())
    done, _ = await asyncio.wait([stopping], timeout=0.1)
    assert done == set()
    fed.may_end.set()
    await stopping
    assert fed.updates == [7]
    assert (await asked).status == 200
