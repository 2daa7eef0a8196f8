# SPDX-License-Identifier: EUPL-1.2
"""What the bot does in groups: it relays, and answers only when it is addressed."""
