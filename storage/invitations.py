# SPDX-License-Identifier: EUPL-1.2
"""Links that grant a role once."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.person import Invitation, Role
from storage.encryption import Cipher
from storage.tables.people import InvitationRow


def _token_value(token: str) -> str:
    return f"invitation:{token}"


class SqlInvitations:
    """Invitations, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, token: str, invitation: Invitation) -> None:
        """Keep an invitation under a keyed hash of its token."""
        await self._session.execute(
            insert(InvitationRow).values(
                token_hash=self._cipher.lookup(_token_value(token)),
                role=invitation.role.value,
                created_at=invitation.created_at,
                expires_at=invitation.expires_at,
                created_by=invitation.created_by,
            )
        )

    async def take(self, token: str, person_id: int, now: datetime) -> Invitation | None:
        """Use it up, in one step. None when it does not exist, was used, or has expired."""
        result = await self._session.execute(
            update(InvitationRow)
            .where(
                InvitationRow.token_hash.in_(self._cipher.lookups(_token_value(token))),
                InvitationRow.used_at.is_(None),
                InvitationRow.expires_at > now,
            )
            .values(used_at=now, used_by=person_id)
            .returning(
                InvitationRow.role,
                InvitationRow.created_at,
                InvitationRow.expires_at,
                InvitationRow.created_by,
            )
        )
        row = result.one_or_none()
        if row is None:
            return None
        return Invitation(Role(row.role), row.created_at, row.expires_at, row.created_by)
