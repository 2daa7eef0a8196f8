# SPDX-License-Identifier: EUPL-1.2
"""Conversations: a chat event in, one use case called, its result shown."""
