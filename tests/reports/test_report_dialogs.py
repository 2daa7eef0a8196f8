# SPDX-License-Identifier: EUPL-1.2
"""The whole way of a report through the chat, in every language: made, answered at each step, solved."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest
from botapi.people import Person as Somebody
from botapi.server import BotApi
from street import Chats, open_chats, picture

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


@in_every_language
async def test_step_by_step_waiting_through_a_restart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: Words
) -> None:
    async with BotApi() as server:
        async with open_chats(monkeypatch, tmp_path, server) as chats:
            resident = await chats.somebody(words.code)
            await resident.says("/melding")
            await resident.presses(words.kind)
            assert words.where in resident.sees
            await resident.says("doelnplein")
            await resident.sends_photo(picture("red"))
            await resident.presses(words.later)
            assert "24" in resident.sees
        async with open_chats(monkeypatch, tmp_path, server) as chats:
            await resident.says("/melding")
            assert words.kind in resident.sees
            await resident.presses(words.go_on)
            assert "📷" in resident.sees
            await resident.presses("➡️")
            await resident.presses(words.skip)
            assert "(Doelenplein)" in resident.sees.replace("\u2068", "").replace("\u2069", "")
            await resident.presses(words.anonymous)
            (report,) = await chats.all_reports()
            assert report.person_id is None
            assert report.area == "centrum"
            assert len(report.photos) == 1
            await resident.says("/mijnmeldingen")
            assert not [each for each in resident.buttons if words.mine in each]


@in_every_language
async def test_following_withdrawing_and_one_that_is_another(chats: Chats, words: Words) -> None:
    first, second = await chats.somebody("nl"), await chats.somebody(words.code)
    manager = await chats.manager()
    await make_report(first)
    await second.says(words.told)
    await second.presses(words.yes)
    assert "1" in second.sees
    await second.presses(words.follow)
    assert len(await chats.all_reports()) == 1
    await manager.waits_for("Nieuwe melding")
    await change(manager, "In behandeling", "Morgen komt de wagen")
    chats.clock.ahead += timedelta(minutes=2)
    await second.waits_for("Morgen komt de wagen")

    await second.says(words.told)
    await second.presses(words.yes)
    await second.presses("➕")
    await second.presses(words.skip)
    await second.presses(words.send)
    assert len(await chats.all_reports()) == 2
    await second.says("/mijnmeldingen")
    await second.presses(next(each for each in second.buttons if "2" in each))
    await second.presses(words.withdraw)
    await second.presses(words.withdraw)
    assert (await chats.all_reports())[1].state is ReportState.WITHDRAWN
    await manager.waits_for("trekt deze melding in")


async def make_report(resident: Somebody, *, photo: bytes | None = None) -> None:
    """Report rubbish at the Doelenplein, in Dutch."""
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Doelenplein")
    if photo is not None:
        await resident.sends_photo(photo)
        await resident.presses("Verder")
    else:
        await resident.presses("Overslaan")
    await resident.presses("Overslaan")
    await resident.presses("Versturen en bericht krijgen")


async def test_a_plain_report_takes_five_actions(chats: Chats) -> None:
    """Counted over the ways in which people begin; an action is a message, a press or a photo."""
    say, press, photo = "says", "presses", "sends_photo"
    yes, skip, send = (press, "Ja, dit"), (press, "Overslaan"), (press, "Versturen en")
    ways = [
        [(say, "er ligt weer afval bij de container op het Doelenplein"), yes, skip, send],
        [(say, "de lantaarn bij Hofland is kapot"), yes, skip, send],
        [(say, "er ligt een bankstel op de hoek"), yes, (press, "Heeswijk"), skip, send],
        [(say, "/melding"), (say, "boom omgevallen in Linschoten"), skip, send],
        [(say, "/melding"), (press, "Afval op straat"), (say, "Heeswijk"), (say, "twee zakken"), send],
        [(say, "/melding"), (press, "Weg, stoep"), (press, "Keizerrijk"), skip, skip, send],
        [(say, "/melding"), (press, "Lawaai"), (press, "Linschoten"), (photo, picture()),
         (press, "Verder"), skip, send],
    ]  # fmt: skip
    for number, way in enumerate(ways, 1):
        resident = await chats.somebody("nl")
        for action, what in way:
            await getattr(resident, action)(what)
        assert f"nummer {number}" in resident.sees
    assert median(map(len, ways)) <= 5


async def test_every_part_can_be_edited_dropped_and_begun_anew(chats: Chats) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Terug")
    await resident.presses("Bomen")
    await resident.presses("Hofland")
    await resident.presses("Terug")
    await resident.presses("Heeswijk")
    await resident.sends_photo(picture("red"), caption="een tak")
    await resident.presses("Verder")
    assert "een tak" in resident.sees
    await resident.says("op het pad")
    assert "een tak\nop het pad" in resident.sees
    await resident.presses("✏️ Waar")
    await resident.sends_location()
    assert "📌" in resident.sees or "gedeelde locatie" in resident.sees
    await resident.presses("✏️ Foto's")
    await resident.presses("Foto's eraf")
    await resident.presses("Overslaan")
    await resident.presses("✏️ Woorden")
    assert "een tak" in resident.sees
    await resident.says("een grote tak")
    assert "op het pad" not in resident.sees
    await resident.presses("✏️ Woorden")
    await resident.presses("Woorden eraf")
    await resident.presses("Terug")
    await resident.presses("✏️ Wat")
    await resident.presses("Afval op straat")
    assert "Klopt dit zo" in resident.sees
    await resident.says("/melding")
    assert "Afval op straat" in resident.sees
    await resident.presses("Opnieuw beginnen")
    await resident.presses("Annuleren")
    assert "niets verstuurd" in resident.sees
    assert await chats.all_reports() == []


async def test_what_points_at_a_person_is_shown_marked_and_asked_again(chats: Chats) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Lawaai")
    await resident.says("bij de buren op nummer 12")
    assert "Ik heb het niet bewaard" in resident.sees
    shown = resident.news[-1]
    marked = [each for each in shown["entities"] if each["type"] == "underline"]
    assert [shown["text"][each["offset"] : each["offset"] + each["length"]] for each in marked] == ["12"]
    await resident.says("Hofland")
    await resident.says("meneer Jansen draait harde muziek")
    assert "Ik heb het niet bewaard" in resident.sees
    await resident.says("Die Syrische familie maakt lawaai")
    assert "wat er gebeurt en waar" in resident.sees
    assert "112" in resident.sees
    await resident.says("elke nacht harde muziek")
    assert "Klopt dit zo" in resident.sees
    # A message that is recognised as a report is looked at in the same way.
    await resident.presses("Annuleren")
    await resident.says("er ligt afval van meneer Jansen bij het Doelenplein")
    await resident.presses("Ja, dit")
    assert "Ik heb het niet bewaard" in resident.sees
    assert "Foto" in resident.sees
    await resident.presses("Annuleren")
    await resident.says("er ligt afval van die asielzoekers bij het Doelenplein")
    assert "wat er gebeurt en waar" in resident.sees
    assert not [each for each in resident.buttons if "Ja, dit" in each]


async def test_what_belongs_elsewhere_and_danger_first(chats: Chats) -> None:
    resident = await chats.somebody("nl")
    await resident.says("mijn verwarming is kapot")
    assert "Er is geen melding gemaakt" in resident.sees
    await resident.says("/melding")
    await resident.says("er is bij mij ingebroken")
    assert "112" in resident.sees
    assert "Er is geen melding gemaakt" in resident.sees
    await resident.says("/melding")
    await resident.presses("In huis, misdrijf")
    await resident.presses("Discriminatie")
    assert "Er is geen melding gemaakt" in resident.sees
    assert await chats.all_reports() == []
    await resident.says("er liggen spuiten bij het Doelenplein")
    assert "112" in resident.sees
    await resident.presses("Ja, dit")
    assert resident.sees.startswith("⚠️ Is er nu gevaar?")


async def test_an_album_larger_than_five_and_the_same_album_twice(chats: Chats) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Hofland")
    three = [picture(colour) for colour in ("red", "blue", "green")]
    await resident.sends_album(three, caption="drie kanten")
    await resident.sends_album(three)
    assert "3 foto's" in resident.messages[-1]["text"]
    before = len(resident.messages)
    await resident.sends_album([picture(each) for each in ("black", "white", "yellow", "pink", "brown")])
    told = [each["text"] for each in resident.messages[before:]]
    assert len([each for each in told if "Vijf foto's" in each]) == 1
    await resident.presses("Verder")
    await resident.presses("Versturen en")
    (report,) = await chats.all_reports()
    assert len(report.photos) == 5
    assert report.text == "drie kanten"


async def test_adding_to_ones_own_report(chats: Chats) -> None:
    resident, manager = await chats.somebody("nl"), await chats.manager()
    await make_report(resident)
    await manager.waits_for("Nieuwe melding")
    await resident.says("/mijnmeldingen")
    await resident.presses("Melding 1")
    await resident.presses("Iets toevoegen")
    await resident.says("bel 0612345678")
    assert "niet bewaard" in resident.sees
    await resident.says("het zijn er nu vier")
    await manager.waits_for("het zijn er nu vier")
    await resident.says("/mijnmeldingen")
    await resident.presses("Melding 1")
    assert "het zijn er nu vier" in resident.sees
    await resident.presses("Foto toevoegen")
    await resident.sends_photo(picture("red"))
    await manager.waits_for("nog een foto")
    await resident.says("/mijnmeldingen")
    await resident.presses("Melding 1")
    before = len(resident.messages)
    await resident.presses("Foto's bekijken")
    assert resident.messages[before]["photo"]
