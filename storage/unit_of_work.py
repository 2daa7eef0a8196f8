# SPDX-License-Identifier: EUPL-1.2
"""One transaction over all stores.

A new store is three lines: its Protocol among the attributes of `bot.services.ports.UnitOfWork`, the same
attribute here, and its construction in `__aenter__`.
"""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import broadcast_ports, ports, report_ports
from storage.broadcasts import SqlBroadcasts
from storage.database import Database
from storage.encryption import Cipher
from storage.exchanges import SqlExchanges
from storage.groups import SqlGroups
from storage.inbox import commit
from storage.invitations import SqlInvitations
from storage.key_figures import SqlKeyFigures
from storage.outbox import Queued, SqlOutbox, nobody
from storage.people import SqlPeople
from storage.plans import SqlPlans
from storage.questions import SqlQuestions
from storage.report_drafts import SqlDrafts, SqlTransfers
from storage.reports import SqlReports
from storage.subscriptions import SqlSubscriptions
from storage.told import SqlTold


class SqlUnitOfWork:
    """A transaction of the database, with the stores that work inside it. Entered once."""

    people: ports.People
    invitations: ports.Invitations
    questions: ports.Questions
    exchanges: ports.Exchanges
    outbox: ports.Outbox
    groups: broadcast_ports.Groups
    subscriptions: broadcast_ports.Subscriptions
    broadcasts: broadcast_ports.Broadcasts
    plans: broadcast_ports.Plans
    told: broadcast_ports.Told
    key_figures: broadcast_ports.KeyFigures
    reports: report_ports.Reports
    drafts: report_ports.Drafts
    transfers: report_ports.Transfers

    _scope: AbstractAsyncContextManager[AsyncSession]
    _session: AsyncSession

    def __init__(
        self, database: Database, cipher: Cipher, queued: Queued = nobody, *, reading: bool = False
    ) -> None:
        """`queued` is called once a commit has put something into the outbox.

        `reading` is for a unit that changes nothing.
        """
        self._reading = reading
        self._database = database
        self._cipher = cipher
        self._queued = queued

    async def __aenter__(self) -> Self:
        """Begin. On SQLite one that may write waits for the writer before."""
        self._scope = self._database.reading() if self._reading else self._database.writing()
        session = self._session = await self._scope.__aenter__()
        self.people = SqlPeople(session, self._cipher)
        self.invitations = SqlInvitations(session, self._cipher)
        self.questions = SqlQuestions(session, self._cipher)
        self.exchanges = SqlExchanges(session, self._cipher)
        self.outbox = SqlOutbox(session, self._cipher, self._queued)
        self.groups = SqlGroups(session, self._cipher)
        self.subscriptions = SqlSubscriptions(session)
        self.broadcasts = SqlBroadcasts(session)
        self.plans = SqlPlans(session)
        self.told = SqlTold(session, self._cipher)
        self.key_figures = SqlKeyFigures(session, self._cipher)
        self.reports = SqlReports(session, self._cipher)
        self.drafts = SqlDrafts(session, self._cipher)
        self.transfers = SqlTransfers(session)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        await self._scope.__aexit__(kind, error, trace)

    async def commit(self, *, repeatable: bool = False) -> None:
        """Make it so. Raises AlreadyHandledError when the update that is being handled was handled before.

        What is `repeatable` does not mark the update as handled.
        """
        if repeatable:
            await self._session.commit()
        else:
            await commit(self._session)
