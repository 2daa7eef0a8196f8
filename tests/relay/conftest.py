# SPDX-License-Identifier: EUPL-1.2
"""The stand-in for Telegram, shared with the benchmarks."""

import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "relay"))


@pytest.fixture
async def telegram():
    """A server that takes everything, until a test sets another fate."""
    from telegram_stand_in import StandIn

    server = StandIn()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(autouse=True)
def logged():
    """What is logged, kept instead of printed: rendering a traceback takes longer than a test."""
    with capture_logs() as entries:
        yield entries
