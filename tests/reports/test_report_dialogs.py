# SPDX-License-Identifier: EUPL-1.2
"""The whole way of a report through the chat, in every language: made, answered at each step, solved."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from botapi.people import Person as Somebody
from street import Chats, picture

from bot.domain.report import ReportState, is_legal


@dataclass(frozen=True)
class Words:
    """What a resident reads and says in one language."""

    code: str
    told: str
    kind: str
    yes: str
    skip: str
    send: str
    number: str
    answer: str
    answered: str
    solved: str
    not_solved: str
    glad: str
    reopened: str
    mine: str
    withdraw: str
    where: str
    later: str
    go_on: str
    anonymous: str
    follow: str


WORDS = [
    Words(
        code="nl", told="Er ligt weer afval naast de container bij het Doelenplein", kind="Afval op straat",
        yes="Ja, dit wil ik melden", skip="Overslaan", send="Versturen en bericht krijgen",
        number="nummer 1", answer="Antwoord geven", answered="Twee zakken, naast de glasbak",
        solved="Opgelost", not_solved="Niet opgelost", glad="Fijn", reopened="weer open",
        mine="Melding 1", withdraw="Intrekken", where="Waar is het", later="Later verder", go_on="Verder",
        anonymous="Anoniem versturen", follow="Volg melding",
    ),
    Words(
        code="ar", told="هناك قمامة مرة أخرى بجانب الحاوية عند دولنبلاين", kind="قمامة في الشارع",
        yes="نعم", skip="تخطي", send="✅", number="رقم بلاغك", answer="✏️", answered="كيسان بجانب الحاوية",
        solved="👍", not_solved="👎", glad="شكر", reopened="من جديد", mine="البلاغ", withdraw="سحب البلاغ",
        where="أين", later="أكمل لاحقاً", go_on="▶️", anonymous="🕶", follow="👁",
    ),
    Words(
        code="ti", told="ኣብ ጥቓ ዱለንፕለይን ጎሓፍ ተደርብዩ ኣሎ", kind="ጎሓፍ ኣብ ጎደና", yes="📣 እወ", skip="ሕለፍዎ", send="✅",
        number="ቁጽሪ ጸብጻብኩም", answer="✏️", answered="ክልተ ፌስታላት ኣብ ጎድኒ እቲ ኮንቴነር", solved="👍", not_solved="👎",
        glad="የቐንየልና", reopened="ዳግማይ", mine="ቁጽሪ", withdraw="ስሓቡ", where="ኣበይ", later="ደሓር ክቕጽል", go_on="▶️",
        anonymous="🕶", follow="👁",
    ),
    Words(
        code="en", told="There is rubbish next to the container at Doelenplein again",
        kind="Rubbish in the street", yes="Yes", skip="Skip", send="✅", number="number 1", answer="✏️",
        answered="Two bags, beside the bin", solved="👍", not_solved="👎", glad="thank",
        reopened="open again", mine="Report 1", withdraw="Withdraw",
        where="Where is it", later="Continue later", go_on="▶️", anonymous="🕶", follow="👁",
    ),
]  # fmt: skip
in_every_language = pytest.mark.parametrize("words", WORDS, ids=lambda words: words.code)


async def change(manager: Somebody, label: str, *said: str, number: int = 1) -> None:
    """Open a report, change it, and confirm."""
    await manager.says("/meldingen")
    await manager.presses("Zoeken")
    await manager.says(str(number))
    await manager.presses(label)
    for text in said:
        await manager.says(text)
    if not said:
        await manager.presses("Overslaan")
    await manager.presses("Versturen")
    assert "Het bericht gaat over een minuut weg" in manager.sees


@in_every_language
async def test_from_a_message_to_solved(chats: Chats, words: Words) -> None:
    resident, manager = await chats.somebody(words.code), await chats.manager()
    await resident.says(words.told)
    assert words.kind in resident.sees
    assert "Doelenplein" in resident.sees
    await resident.presses(words.yes)
    await resident.sends_album([picture("red"), picture("blue")])
    await resident.presses("➡️")
    assert words.told.split()[-1] in resident.sees
    await resident.presses(words.send)
    assert words.number in resident.sees
    await manager.waits_for("Nieuwe melding")
    card = manager.messages[-1]
    assert card["photo"]
    assert "Afval op straat" in card["caption"]
    assert "Doelenplein en omgeving" in card["caption"]

    await change(manager, "Iets vragen", "Hoeveel zakken zijn het?")
    chats.clock.ahead += timedelta(minutes=2)
    await resident.waits_for("Hoeveel zakken zijn het?")
    await resident.presses(words.answer)
    await resident.says(words.answered)
    await manager.waits_for(words.answered)

    await manager.presses("✅ Klaar")
    await manager.sends_photo(picture("white"))
    await manager.says("Opgeruimd")
    assert "Je toelichting is er nog niet in" in manager.sees or words.code == "nl"
    await manager.presses("Versturen")
    chats.clock.ahead += timedelta(minutes=2)
    await resident.waits_for("Opgeruimd")
    result = resident.messages[-1]
    assert result["photo"]
    await resident.presses(words.not_solved)
    assert words.reopened in resident.sees
    await manager.waits_for("niet opgelost")

    await change(manager, "✅ Klaar")
    chats.clock.ahead += timedelta(minutes=2)
    await resident.waits_until(lambda: words.solved in "".join(resident.buttons))
    await resident.presses(words.solved)
    assert words.glad in resident.sees
    (report,) = await chats.all_reports()
    assert report.state is ReportState.DONE
    assert report.is_confirmed
    assert is_legal(report)
    assert [each.after for each in report.changes] == ["waiting", "in_progress", "done", "reopened", "done"]
