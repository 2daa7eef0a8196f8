# SPDX-License-Identifier: EUPL-1.2
"""The outbox worker and its senders."""

import os

# python-telegram-bot then gives pauses as timedelta, as it always will; the older form only warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")
