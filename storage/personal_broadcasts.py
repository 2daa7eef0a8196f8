# SPDX-License-Identifier: EUPL-1.2
"""What is kept about one person around updates: wishes, translations, what was passed on and heard."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.encryption import Cipher
from storage.tables.broadcasts import BroadcastTextRow, HeardRow, MonthlyRow, PassedOnRow
from storage.tables.subscriptions import SubscriptionRow


async def about_updates(session: AsyncSession, cipher: Cipher, person_id: int) -> object:
    """Return all of it, readable."""
    wishes = (
        await session.execute(select(SubscriptionRow.__table__).where(SubscriptionRow.person_id == person_id))
    ).one_or_none()
    passed = await session.execute(
        select(PassedOnRow.broadcast_id, PassedOnRow.place, PassedOnRow.about, PassedOnRow.at).where(
            PassedOnRow.person_id == person_id
        )
    )
    heard = await session.execute(select(HeardRow.text, HeardRow.at).where(HeardRow.person_id == person_id))
    translated = await session.execute(
        select(BroadcastTextRow.broadcast_id, BroadcastTextRow.language).where(
            BroadcastTextRow.translated_by == person_id
        )
    )
    digests = await session.execute(
        select(MonthlyRow.month, MonthlyRow.text).where(MonthlyRow.person_id == person_id)
    )
    return {
        "follows": None
        if wishes is None
        else {
            "state": wishes.state,
            "often": wishes.frequency,
            "areas": list(wishes.areas),
            "topics": list(wishes.topics),
        },
        "passed_on": [
            {"message": message, "where": place, "about": about, "at": at.isoformat()}
            for message, place, about, at in passed
        ],
        "heard": [
            {"text": "" if text is None else cipher.decrypt(text), "at": at.isoformat()} for text, at in heard
        ],
        "translated": [{"message": message, "language": language} for message, language in translated],
        "monthly": [{"month": month.isoformat(), "text": cipher.decrypt(text)} for month, text in digests],
    }


async def forget_updates(session: AsyncSession, person_id: int) -> None:
    """Remove it. How often something was passed on stays, without the person."""
    await session.execute(delete(SubscriptionRow).where(SubscriptionRow.person_id == person_id))
    await session.execute(delete(MonthlyRow).where(MonthlyRow.person_id == person_id))
    await session.execute(
        update(HeardRow).where(HeardRow.person_id == person_id).values(person_id=None, text=None)
    )
    await session.execute(
        update(PassedOnRow).where(PassedOnRow.person_id == person_id).values(person_id=None)
    )
    # The recording of one's voice goes; the translated text is the municipality's by then.
    await session.execute(
        update(BroadcastTextRow)
        .where(BroadcastTextRow.translated_by == person_id)
        .values(translated_by=None, voice="")
    )
