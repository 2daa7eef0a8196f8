# SPDX-License-Identifier: EUPL-1.2
"""Links that open a chat with the bot and hand it a token."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot


@dataclass(frozen=True, slots=True)
class InvitationLinks:
    """Makes the links for a token: the web chat's and, where Telegram is connected, Telegram's."""

    address: str
    telegram: Sequence[Bot] = ()

    async def all(self, token: str) -> dict[str, str]:
        """Return a link for each channel, by the channel's name as people know it."""
        links = {"Web": f"{self.address}/?start={token}"}
        for bot in self.telegram:
            me = await bot.me()
            links["Telegram"] = f"https://t.me/{me.username}?start={token}"
        return links

    def share(self, code: str) -> str:
        """Return the share link of an update."""
        return f"{self.address}/u/{code}"
