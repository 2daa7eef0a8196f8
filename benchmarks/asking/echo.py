# SPDX-License-Identifier: EUPL-1.2
"""The least that aiogram does: a webhook, one handler, the text back. Nothing is stored or decided."""

import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web


async def echo(message: Message) -> None:
    """Send back what came."""
    await message.answer(message.text or "")


def main(telegram: str, port: int) -> None:
    """Serve until the end."""
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    bot = Bot("900001:bench", session=AiohttpSession(api=TelegramAPIServer.from_base(telegram)))
    application = web.Application()
    # In the background it would acknowledge before it handled, as no honest bot does.
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(application, path="/")
    web.run_app(application, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
