# SPDX-License-Identifier: EUPL-1.2
"""Writing down how deliveries ended: together, often, and until it has succeeded."""

import asyncio

import structlog

from bot.domain.outgoing import Outcome
from bot.services.ports import Clock, Deliveries

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.05
"""Outcomes are written down together, this often."""
PAUSE_SECONDS = 1.0
"""How long to wait after the database refused."""
LAST_TRIES = 5


class Settling:
    """Collects outcomes for one owner of leases."""

    def __init__(self, deliveries: Deliveries, owner: str, clock: Clock) -> None:
        self._deliveries = deliveries
        self._owner = owner
        self._clock = clock
        self._outcomes: dict[int, Outcome] = {}
        self._some = asyncio.Event()
        self._finishing = False

    def add(self, delivery_id: int, outcome: Outcome) -> None:
        """Take note of how one ended."""
        self._outcomes[delivery_id] = outcome
        self._some.set()

    async def run(self) -> None:
        """Write down what comes in, until `finish`. Never cancelled: that would tear a transaction apart."""
        while not self._finishing:
            await self._some.wait()
            await asyncio.sleep(EVERY_SECONDS)
            if not await self.flush():
                await asyncio.sleep(PAUSE_SECONDS)

    async def finish(self, running: "asyncio.Task[None]") -> None:
        """End `run`, and write down all that is left. What is refused stays leased, and becomes unknown."""
        self._finishing = True
        self._some.set()
        await running
        for _ in range(LAST_TRIES):
            if await self.flush():
                return
            await asyncio.sleep(PAUSE_SECONDS)
        log.error("relay.not_settled", count=len(self._outcomes))

    async def flush(self) -> bool:
        """Write down what there is. False: some could not be, and are kept."""
        self._some.clear()
        outcomes = list(self._outcomes.items())
        if not outcomes or await self._settle(outcomes):
            return True
        # One bad outcome must not keep the others from being written down.
        settled = [await self._settle([each]) for each in outcomes] if len(outcomes) > 1 else [False]
        if self._outcomes:
            self._some.set()
        return all(settled)

    async def _settle(self, outcomes: list[tuple[int, Outcome]]) -> bool:
        try:
            # A try that was interrupted is written again: the second time changes nothing.
            await self._deliveries.settle(self._owner, outcomes, self._clock.now())
        except Exception:
            log.exception("relay.settle_failed", count=len(outcomes))
            return False
        for delivery_id, outcome in outcomes:
            if self._outcomes.get(delivery_id) is outcome:
                del self._outcomes[delivery_id]
        return True
