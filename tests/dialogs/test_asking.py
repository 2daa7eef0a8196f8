# SPDX-License-Identifier: EUPL-1.2
"""Asking and being answered, in each language, by somebody who reads the screen and presses buttons."""

import pytest

from bot.domain.decision import DecisionKind
from bot.i18n import plain

pytestmark = pytest.mark.asyncio(loop_scope="session")

DANGER = {
    "nl": "er is brand in mijn huis",
    "ar": "هناك حريق في بيتي",
    "ti": "ገዛይ ይነድድ ኣሎ",
    "en": "my house is on fire",
}
GREETING = {"nl": "hallo", "ar": "مرحبا", "ti": "ሰላም", "en": "hello"}


async def test_first_contact_is_in_every_language_and_one_tap_chooses(town, code):
    person = town.server.person(code)
    await person.opens()
    for each in town.app.languages.codes:
        text = town.shown(each, "welcome.introduction", municipality=town.app.municipality.name)
        assert text in person.sees
    first = town.shown(code, "welcome.introduction", municipality=town.app.municipality.name)
    assert person.sees.startswith(first)  # the guess from the app's language comes first
    assert person.buttons == [language.name for language in town.app.languages]
    await person.presses(town.app.languages.get(code).name)
    assert town.shown(code, "home.text", municipality=town.app.municipality.name) in person.sees
    assert town.texts(code).label("language.taken-over") in person.alerts
    await person.opens()
    assert town.shown(code, "home.text", municipality=town.app.municipality.name) in person.sees


async def test_first_words_may_be_a_question(town, code):
    text, entry = town.answered(code)
    person = town.server.person(None)
    await person.says(text)
    assert town.knowledge.entries[entry].in_language(code).title in person.sees
    introduction = town.shown(code, "welcome.introduction", municipality=town.app.municipality.name)
    assert introduction in person.sees
    await person.says(text)
    assert introduction not in person.sees


async def test_an_answer_has_its_source_its_day_whom_to_ask_and_what_follows(town, code):
    text, entry_id = town.answered(code)
    entry = town.knowledge.entries[entry_id]
    person = await town.resident(code)
    await person.says(text)
    label = town.texts(code).label
    assert person.sees.startswith(entry.in_language(code).title)
    read = plain(person.sees)
    for source in entry.sources:
        assert source.title in read
    day = min(source.checked_on for source in entry.sources)
    assert town.texts(code).full_day(day) in read
    related = [town.knowledge.entries[each].in_language(code).title for each in entry.related[:3]]
    helped = [label("answer.helped"), label("answer.not-helped")]
    assert person.buttons[: 2 + len(related)] == [*helped, *related]
    assert label("button.person") in person.buttons
    await person.presses(related[0])
    assert person.sees.startswith(related[0])


async def test_an_unchecked_translation_says_so_and_offers_dutch(town, code):
    text, entry_id = town.answered(code)
    entry = town.knowledge.entries[entry_id]
    person = await town.resident(code)
    await person.says(text)
    unchecked = code != "nl" and not entry.in_language(code).reviewed
    in_dutch = town.texts(code).label("button.in-dutch")
    assert (town.shown(code, "answer.unchecked") in person.sees) is unchecked
    assert (in_dutch in person.buttons) is unchecked
    if unchecked:
        await person.presses(in_dutch)
        assert person.sees.startswith(entry.in_language("nl").title)
        assert town.shown("nl", "answer.unchecked") not in person.sees


async def test_it_helped(town, code):
    text, _entry = town.answered(code)
    person = await town.resident(code)
    await person.says(text)
    await person.presses(town.texts(code).label("answer.helped"))
    assert person.alerts == [town.texts(code).label("answer.glad")]
    assert person.buttons == []


async def test_it_did_not_help_and_leads_on(town, code):
    text, entry = town.answered(code)
    person = await town.resident(code)
    label = town.texts(code).label
    await person.says(text)
    await person.presses(label("answer.not-helped"))
    assert town.shown(code, "answer.sorry") in person.sees
    assert town.knowledge.entries[entry].in_language(code).title not in person.buttons
    assert person.buttons[-2:] == [label("button.person"), label("button.topics")]
    assert len(person.buttons) == 5
    await person.presses(person.buttons[0])
    assert label("answer.helped") in person.buttons


async def test_a_choice_and_none_of_these(town, code):
    text, decision = town.find(code, lambda found: found.kind is DecisionKind.CHOOSE)
    titles = [
        town.knowledge.entries[each.entry].in_language(code).title
        for each in decision.candidates[:3]
        if each.entry in town.knowledge.entries
    ]
    label = town.texts(code).label
    person = await town.resident(code)
    await person.says(text)
    assert town.shown(code, "answer.choose") in person.sees
    assert person.buttons[: len(titles) + 1] == [*titles, label("answer.none-of-these")]
    await person.presses(titles[0])
    assert titles[0] in person.sees
    assert label("answer.helped") in person.buttons
    person = await town.resident(code)  # after an answer the same words may be a follow-up
    await person.says(text)
    await person.presses(label("answer.none-of-these"))
    assert town.shown(code, "answer.lead-on") in person.sees
    await person.presses(label("button.topics"))
    assert town.shown(code, "topics.text") in person.sees


async def test_what_is_not_known_is_said_and_a_person_offered(town, code):
    person = await town.resident(code)
    text = town.unknown(code)
    await person.says(text)
    assert town.shown(code, "answer.unknown") in person.sees
    label = town.texts(code).label
    assert person.buttons[:2] == [label("button.person"), label("button.topics")]
    await person.presses(label("button.person"))
    assert text in plain(person.sees)  # the question is kept
    assert label("button.send") in person.buttons


async def test_danger_comes_before_anything_else(town, code):
    person = town.server.person(code)  # not even introduced
    await person.says(DANGER[code])
    first = person.news[0]["text"]
    emergency = town.knowledge.entries["emergency"].in_language(code)
    assert first.startswith(emergency.title)
    assert "112" in first


async def test_danger_in_the_middle_of_a_form_keeps_the_form(town, code):
    person = await town.resident(code)
    label = town.texts(code).label
    await person.says("/contact")
    await person.says(DANGER[code])
    assert "112" in person.news[0]["text"]
    assert town.shown(code, "emergency.form-waits") in person.sees
    await person.says("xqzw vbrt")
    assert "xqzw vbrt" in person.sees
    await person.presses(label("button.send"))
    asker = await town.app.people.known("telegram", person.id)
    (question,) = await town.app.dispatcher["questions"].of_person(asker)
    assert [line.text for line in question.lines] == ["xqzw vbrt"]


async def test_small_talk_is_answered_kindly(town, code):
    assert town.decide(GREETING[code], code).kind is DecisionKind.SMALLTALK
    person = await town.resident(code)
    await person.says(GREETING[code])
    assert person.sees == town.app.library.small_talk("greeting", code)
    assert town.texts(code).label("button.topics") in person.buttons


async def test_a_neighbouring_topic_says_whose_it_is(town, code):
    text, decision = town.find(code, lambda found: found.elsewhere is not None)
    person = await town.resident(code)
    await person.says(text)
    title = town.knowledge.find(decision.elsewhere).in_language(code).title
    assert person.sees.startswith(title)
    assert person.buttons[0] == town.texts(code).label("button.person")


async def test_two_questions_get_two_answers(town):
    pairs = (
        "hoe schrijf ik me in voor een huurwoning? en wanneer wordt het vuilnis opgehaald?",
        "hoe lang moet ik wachten op een huurhuis? en waar kan ik nederlands leren?",
        "hoe kan ik bezwaar maken tegen een besluit? en hoe vraag ik huurtoeslag aan?",
    )
    found = [(text, town.decide(text, "nl")) for text in pairs]
    text, decision = next(
        pair for pair in found if pair[1].kind is DecisionKind.ANSWER and pair[1].also is not None
    )
    person = await town.resident("nl")
    await person.says(text)
    wanted = [decision.entry, decision.also.entry]
    titles = [town.knowledge.entries[each].in_language("nl").title for each in wanted]
    assert [each["text"].split("\n")[0] for each in person.news] == titles


async def test_a_follow_up_is_understood_with_what_was_shown(town):
    person = await town.resident("nl")
    engine, follow_up = town.app.library.engine, "en voor mijn zoon?"
    alone = engine.decide(follow_up, language="nl")
    text, decision = next(
        (text, decision)
        for entry in town.knowledge.entries.values()
        for text in entry.translations["nl"].questions[:1]
        if town.decide(text, "nl").entry == entry.id
        for decision in [engine.decide(follow_up, language="nl", previous=entry.id)]
        if decision.kind in {DecisionKind.ANSWER, DecisionKind.CHOOSE} and decision != alone
    )
    await person.says(text)
    await person.says(follow_up)
    titles = [town.knowledge.entries[each.entry].in_language("nl").title for each in decision.candidates]
    if decision.kind is DecisionKind.ANSWER:
        assert person.sees.startswith(town.knowledge.entries[decision.entry].in_language("nl").title)
    else:
        assert person.buttons[:1] == titles[:1]


async def test_browsing_without_typing(town, code):
    person = await town.resident(code)
    label = town.texts(code).label
    await person.presses(label("menu.vraag"))
    assert town.shown(code, "topics.text") in person.sees
    topics = town.app.library.topics()
    assert person.buttons[: len(topics)] == [f"{each.icon} {each.name(code)}".strip() for each in topics]
    seen = set()
    for number, topic in enumerate(topics):
        await person.presses(person.buttons[number])
        while True:
            seen |= set(person.buttons)
            if label("button.next") not in person.buttons:
                break
            await person.presses(label("button.next"))
        titles = {each.in_language(code).title for each in town.app.library.under(topic.id)}
        assert titles <= seen
        await person.presses(label("button.topics"))
    await person.presses(label("button.home"))
    assert town.shown(code, "home.text", municipality=town.app.municipality.name) in person.sees


async def test_every_answer_can_be_opened_and_fits(town, code):
    """The strict server refuses what is too long or wrongly marked up."""
    person = await town.resident(code)
    for index, entry in enumerate(town.knowledge.entries.values()):
        if index % 15 == 14:
            person = await town.resident(code)  # nobody presses so fast
        await person.forges(f"entry:{entry.id}:0")
        assert person.sees.startswith(entry.in_language(code).title), entry.id


async def test_a_hostile_question_is_shown_as_it_was_written(town, code):
    person = await town.resident(code)
    hostile = "<b>xqzw</b> & <a href='x'>vbrt</a> \u202eabc"
    await person.says("/contact")
    await person.says(hostile)
    assert "<b>xqzw</b> & <a href='x'>vbrt</a>" in plain(person.sees)
