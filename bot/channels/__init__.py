# SPDX-License-Identifier: EUPL-1.2
"""The ways in which people reach the bot, each behind the Bot API's objects."""
