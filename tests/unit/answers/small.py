# SPDX-License-Identifier: EUPL-1.2
"""A small knowledge, learnt in a blink, for tests of how the engine behaves."""

from bot.answers.lexicon import Lexicon
from bot.domain.entry import Entry, EntryKind, Knowledge, Translation

WAITING = (
    "hoe lang moet ik wachten op een huurhuis",
    "wachttijd woning",
    "al acht jaar ingeschreven en nog steeds geen huis",
    "wanneer ben ik aan de beurt voor een woning",
    "hoeveel jaar duurt het voor ik een huis krijg",
    "op welke plek sta ik in de rij",
)
WASTE = (
    "waar kan ik mijn oude bank kwijt",
    "grofvuil ophalen",
    "welke dag komt de vuilniswagen",
    "er liggen zakken naast de container",
    "wanneer wordt het papier opgehaald",
    "de groene bak is niet geleegd",
)
WAITING_EN = (
    "how long must I wait for a home",
    "waiting time for a rental",
    "eight years registered and still no house",
    "when is it my turn",
    "which place in the queue am I",
    "how many years until I get a flat",
)
WASTE_EN = (
    "where can I bring my old sofa",
    "bulky waste collection",
    "what day does the bin lorry come",
    "bags beside the container",
    "when is paper collected",
    "the green bin was not emptied",
)
EMERGENCY = ("wat is het nummer van de brandweer", "wanneer bel je 112", "mag ik 112 bellen voor een kat")
DANGER = (
    "er is brand in mijn huis",
    "hij ademt niet meer",
    "help hij heeft een mes",
    "brand!",
    "iemand is neergestoken",
)
PASSPORT = (
    "hoe vraag ik een paspoort aan",
    "mijn paspoort is verlopen",
    "id kaart kwijt",
    "nieuw paspoort kosten",
)


def entry(
    identity: str,
    dutch: tuple[str, ...],
    english: tuple[str, ...] = (),
    *,
    kind: EntryKind = EntryKind.ANSWER,
    danger: tuple[str, ...] = (),
    title: str = "",
) -> Entry:
    """Make an entry with example questions."""
    translations = {"nl": Translation("nl", title, "Tekst.", 1, "", dutch, danger)}
    if english:
        translations["en"] = Translation("en", title, "Text.", 1, "", english)
    return Entry(identity, "housing", kind, (), (), (), translations)


def small_knowledge() -> Knowledge:
    """Return three entries and a neighbouring topic."""
    entries = [
        entry("waiting-time", WAITING, WAITING_EN, title="Hoe lang wachten?"),
        entry("waste", WASTE, WASTE_EN, title="Afval"),
        entry("emergency", EMERGENCY, kind=EntryKind.EMERGENCY, danger=DANGER, title="Nood"),
    ]
    elsewhere = [entry("passport", PASSPORT, kind=EntryKind.ELSEWHERE)]
    return Knowledge({each.id: each for each in entries}, {each.id: each for each in elsewhere})


def small_lexicon() -> Lexicon:
    """Return a few words of each language."""
    return Lexicon(
        concepts={
            "nl": {
                "WAIT": ("wachten", "wachttijd"),
                "HOME": ("huis", "woning"),
                "RUBBISH": ("afval", "grofvuil", "zakken"),
            },
            "en": {
                "WAIT": ("wait", "waiting"),
                "HOME": ("home", "house"),
                "RUBBISH": ("waste", "bags", "bin"),
            },
            "xx": {"WAIT": ("blorven",), "HOME": ("zumka",), "RUBBISH": ("frukt",)},
        },
        small_talk={"nl": {"greeting": ("hallo", "goedemorgen"), "emoji-and-punctuation": ("😀",)}},
        replies={("nl", "greeting"): "Hallo!"},
        out_of_scope={
            "nl": ("wat wordt het weer morgen", "recept voor soep", "banaan", "wie won de wedstrijd")
        },
    )
