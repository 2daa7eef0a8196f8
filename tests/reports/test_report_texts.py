# SPDX-License-Identifier: EUPL-1.2
"""What is read out of people's texts: whom they point at, what they report, which place they name."""

from itertools import pairwise

import pytest
from street import CONTENT, ROOT

from bot.content.kinds import load_kinds, load_reporting
from bot.content.places import load_places
from bot.domain.decision import Candidate, Decision, DecisionKind
from bot.domain.place import Point, edits
from bot.services.report_privacy import MarkKind, PrivacyGuard
from bot.services.report_recognition import ReportRecogniser

KINDS = load_kinds(CONTENT)
PLACES = load_places(CONTENT)
WORDS = load_reporting(ROOT / "locales")
GUARD = PrivacyGuard(WORDS.privacy)
RECOGNISER = ReportRecogniser(KINDS, PLACES, WORDS.report)
LANGUAGES = ("nl", "ar", "ti", "en")


@pytest.mark.parametrize(
    ("text", "marked", "kind"),
    [
        ("Mohammed gooit zijn afval hier neer", "Mohammed", MarkKind.NAME),
        ("meneer de Vries zet zijn vuilnis op straat", "Vries", MarkKind.NAME),
        ("mijn buurman Piet de Vries", "Piet de Vries", MarkKind.NAME),
        ("familie Jansen heeft honden", "Jansen", MarkKind.NAME),
        ("de buurvrouw heet Sanne", "Sanne", MarkKind.NAME),
        ("الجار محمد يرمي القمامة", "محمد", MarkKind.NAME),
        ("اسمه خالد", "خالد", MarkKind.NAME),
        ("ስሙ ዮናስ እዩ", "ዮናስ", MarkKind.NAME),
        ("ኣይተ ሮቤል", "ሮቤል", MarkKind.NAME),
        ("my neighbour John Smith", "John Smith", MarkKind.NAME),
        ("his name is Kevin", "Kevin", MarkKind.NAME),
        ("Bel mij op 0348 123456", "0348 123456", MarkKind.PHONE),
        ("bel +31 6 12345678 voor meer", "+31 6 12345678", MarkKind.PHONE),
        ("هاتف ٠٦١٢٣٤٥٦٧٨", "٠٦١٢٣٤٥٦٧٨", MarkKind.PHONE),
        ("ተለፎን 0612345678", "0612345678", MarkKind.PHONE),
        ("call me at (0348) 12 34 56", "(0348) 12 34 56", MarkKind.PHONE),
        ("auto met kenteken 12-ABC-3 staat fout", "12-ABC-3", MarkKind.PLATE),
        ("auto xx-99-yy", "xx-99-yy", MarkKind.PLATE),
        ("kenteken GB 123 X", "GB 123 X", MarkKind.PLATE),
        ("mail jan.jansen@example.nl", "jan.jansen@example.nl", MarkKind.MAIL),
        ("de buren op nummer 12 maken herrie", "12", MarkKind.HOUSE),
        ("buurman op Julianalaan 14a", "14a", MarkKind.HOUSE),
        ("الجيران في رقم 12", "12", MarkKind.HOUSE),
        ("ጎረቤት ቁጽሪ 14", "14", MarkKind.HOUSE),
        ("the neighbours at number 12", "12", MarkKind.HOUSE),
    ],
)
def test_what_points_at_a_person_is_marked(text: str, marked: str, kind: MarkKind) -> None:
    marks = GUARD.marks(text)
    assert (marked, kind) in [(text[each.start : each.end], each.kind) for each in marks]


@pytest.mark.parametrize(
    "text",
    [
        "Er ligt afval bij het Doelenplein",
        "al 3 weken kapot, lantaarnpaal 1234",
        "sinds 12-11-2026 ligt hier rommel",
        "bij Julianalaan 14 is de stoep los",
        "de bushalte aan de Willem de Zwijgerlaan",
        "er staat een mand bij de Jan Steenstraat",
        "tussen 22:00 en 02:00 uur herrie",
        "er staan 2 banken en 1 kast",
        "هناك قمامة عند الحاوية منذ 3 أيام",
        "ኣብ ጎደና ጎሓፍ ኣሎ ካብ 3 መዓልቲ",
        "The bin at bus stop 12 is full",
        "The light is broken since Monday",
    ],
)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    assert GUARD.marks(text) == ()


def test_a_house_number_counts_where_homes_are_the_subject() -> None:
    assert not GUARD.marks("de tuin van Julianalaan 14 is wild")
    (mark,) = GUARD.marks("de tuin van Julianalaan 14 is wild", near_homes=True)
    assert mark.kind is MarkKind.HOUSE
    assert [each for each, kind in KINDS.items() if kind.near_homes] == [
        "neglected-garden",
        "noise",
        "neighbours",
    ]


def test_in_a_place_a_first_name_is_no_person() -> None:
    assert GUARD.marks("bij Jan in de straat")
    assert not GUARD.marks("Jan in de straat", place=True)


def test_marks_do_not_overlap_and_stand_in_order() -> None:
    marks = GUARD.marks("meneer Jan Jansen, 0612345678, jan@jansen.nl, 12-ABC-3")
    assert [each.kind for each in marks] == [MarkKind.NAME, MarkKind.PHONE, MarkKind.MAIL, MarkKind.PLATE]
    assert all(one.end <= two.start for one, two in pairwise(marks))


@pytest.mark.parametrize(
    "text",
    [
        "Die Marokkaanse jongens hangen op straat",
        "de asielzoekers maken herrie",
        "statushouders krijgen alles",
        "de moslims",
        "اللاجئون يرمون القمامة",
        "عائلة سورية تزعجنا",
        "ስደተኛታት ጎሓፍ ይድርብዩ",
        "the refugees make noise",
        "a Syrian family is loud",
        "those Poles park badly",
    ],
)
def test_a_report_about_who_people_are_is_not_taken(text: str) -> None:
    assert GUARD.is_about_people(text)


@pytest.mark.parametrize(
    "text",
    [
        "ik ben Syrisch en er ligt afval",
        "wij zijn vluchtelingen, de speeltuin is kapot",
        "jongeren maken herrie",
        "er ligt zwarte olie op straat",
        "أنا لاجئ وهناك قمامة",
        "ኣነ ስደተኛ እየ ጎሓፍ ኣሎ",
        "I am a refugee and the light is broken",
        "the poles of the fence are broken",
    ],
)
def test_who_one_is_oneself_may_be_said(text: str) -> None:
    assert not GUARD.is_about_people(text)


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("ligt weer afval naast de container bij het Doelenplein", "waste", "doelenplein"),
        ("bij het doelnplein brandt de lantaarn niet", "street-light", "doelenplein"),
        ("er staat een bankstel op de hoek", "bulky-waste", None),
        ("stoeptegel ligt los bij Hofland", "road", "hofland"),
        ("boom omgevallen op de stoep", "green", None),
        ("er ligt afval bij de speeltuin", "waste", None),
        ("de glijbaan in de speeltuin is kapot", "playground", None),
        ("er zijn ratten bij de container in heeswijk", "animals", "heeswijk"),
        ("graffiti op de muur bij het doelenplein", "vandalism", "doelenplein"),
        ("هناك قمامة عند دولنبلاين", "waste", "doelenplein"),
        ("مصباح الشارع لا يعمل هنا", "street-light", None),
        ("ضجيج كل ليلة هنا", "noise", None),
        ("ኣብዚ ጎሓፍ ኣሎ", "waste", None),
        ("ኣብ ጥቓ ዱለንፕለይን ጎሓፍ ኣሎ", "waste", "doelenplein"),
        ("መብራህቲ ጎደና ኣይሰርሕን", "street-light", None),
        ("there is a pothole in the street here", "road", None),
        ("the street light is broken at Hofland", "street-light", "hofland"),
        ("loud music here every night", "noise", None),
    ],
)
def test_a_message_that_is_a_report_is_recognised(text: str, kind: str, place: str | None) -> None:
    found = RECOGNISER.in_text(text)
    assert found.is_report
    assert found.kind == kind
    assert (found.place.id if found.place else None) == place


@pytest.mark.parametrize(
    "text",
    [
        "hoe laat wordt het afval opgehaald?",
        "waar kan ik grofvuil brengen?",
        "mag ik mijn auto hier parkeren?",
        "كيف أرمي القمامة؟",
        "ጎሓፍ ኣበይ ክድርቢ?",
        "how do I get rid of a sofa?",
    ],
)
def test_a_question_about_such_a_thing_is_no_report(text: str) -> None:
    found = RECOGNISER.in_text(text)
    assert not found.is_report
    assert found.related


@pytest.mark.parametrize(
    "text", ["bedankt", "ik zoek een huis", "Wat is de wachttijd?", "شكرا", "የቐንየለይ", "hello"]
)
def test_what_has_nothing_to_do_with_it(text: str) -> None:
    decision = Decision(DecisionKind.UNKNOWN, "nl")
    assert RECOGNISER.recognise(text, decision) is None


def test_danger_and_small_talk_are_never_offered_as_a_report() -> None:
    for kind in (DecisionKind.EMERGENCY, DecisionKind.SMALLTALK):
        assert RECOGNISER.recognise("er ligt afval bij het doelenplein", Decision(kind, "nl")) is None


def test_a_likely_answer_helps_to_tell_the_kind() -> None:
    decision = Decision(DecisionKind.ANSWER, "nl", "waste", (Candidate("waste", 0.9),))
    found = RECOGNISER.recognise("er ligt hier van alles bij het doelenplein", decision)
    assert found is not None
    assert found.is_report


def test_what_belongs_elsewhere_is_recognised_as_such() -> None:
    for text in ("mijn verwarming is kapot", "my heating is broken", "er is ingebroken bij het doelenplein"):
        assert KINDS[RECOGNISER.in_text(text).kind].elsewhere


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Doelnplein", "doelenplein"),
        ("bij de kerk in linshoten", "linschoten"),
        ("Keizerijk", "keizerrijk"),
        ("Hoflant", "hofland"),
        ("Heeswyk", "heeswijk"),
        ("de hof land", "hofland"),
        ("دولنبلان", "doelenplein"),
        ("ሊንስኮተን", "linschoten"),
        ("montfort", "montfoort"),
        ("Amsterdam", None),
        ("holland", None),
        ("Hofstraat", None),
        ("het hof", None),
        ("", None),
    ],
)
def test_places_are_recognised_with_tolerance(text: str, place: str | None) -> None:
    found = PLACES.named_in(text)
    assert (found.id if found else None) == place


def test_counting_mistakes_stops_at_the_limit() -> None:
    assert edits("doelenplein", "doelenplein", 2) == 0
    assert edits("doelnplein", "doelenplein", 2) == 1
    assert edits("dolenpelin", "doelenplein", 2) == 2
    assert edits("heel iets anders", "doelenplein", 2) == 3


def test_distances_and_the_box_of_the_municipality() -> None:
    here = Point(52.046, 4.953)
    assert here.metres_to(here) == 0
    assert here.metres_to(Point(52.047, 4.953)) == pytest.approx(111.2, abs=0.2)
    assert here.metres_to(Point(52.046, 4.954)) == pytest.approx(68.4, abs=0.2)
    assert PLACES.bounds.hold(here)
    assert not PLACES.bounds.hold(Point(-33.86, 151.2))


def test_the_kinds_have_every_text_in_every_language() -> None:
    wanted = {
        "waste", "bulky-waste", "green", "street-light", "road", "playground", "neglected-garden", "noise",
        "nuisance-young-people", "vandalism", "drugs-signs", "unsafe-place", "parking", "animals",
        "neighbours", "other",
    }  # fmt: skip
    here = {each for each, kind in KINDS.items() if not kind.elsewhere}
    assert here == wanted
    assert set(KINDS) - here == {"repair-at-home", "crime", "violence", "discrimination"}
    for kind in KINDS.values():
        assert set(kind.names) == set(LANGUAGES), kind.id
        if kind.elsewhere:
            assert set(kind.advice) == set(LANGUAGES), kind.id
            assert kind.contacts, kind.id
        else:
            assert set(kind.who) == set(LANGUAGES), kind.id
            assert kind.working_days > 0, kind.id
            assert kind.radius > 0, kind.id
        if kind.id != "other":
            assert set(kind.cues) == set(LANGUAGES), kind.id


@pytest.mark.parametrize("kind", ["crime", "violence"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_gets_112_before_anything_else(kind: str, language: str) -> None:
    advice = KINDS[kind].advise(language)
    names = [advice.find(each) for each in ("Veilig Thuis", "Meld Misdaad Anoniem") if each in advice]
    assert 0 <= advice.find("112") < min(names)
