# SPDX-License-Identifier: EUPL-1.2
"""The web chat: a channel of our own, behind the same handlers as Telegram."""

from bot.channels.web.channel import WebChannel
from bot.channels.web.limits import Limits, Rate

__all__ = ["Limits", "Rate", "WebChannel"]
