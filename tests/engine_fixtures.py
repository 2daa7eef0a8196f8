# SPDX-License-Identifier: EUPL-1.2
"""The engine with Montfoort's content, for all tests that ask it something.

Learning takes some twenty seconds, so that the index is kept in pytest's cache folder under the fingerprint
of the content and the code: only a change of either learns again.
"""

import pytest

from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.content.index import load_or_build
from bot.content.lexicon import load_lexicon
from bot.content.loader import load_knowledge
from bot.domain.entry import Knowledge
from bot.settings import ROOT


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Montfoort's approved answers."""
    return load_knowledge(ROOT / "content" / "montfoort")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The word lists of all languages."""
    return load_lexicon(ROOT / "locales")


@pytest.fixture(scope="session")
def engine(knowledge: Knowledge, lexicon: Lexicon, request: pytest.FixtureRequest) -> Engine:
    """An engine that has learnt Montfoort's content."""
    return load_or_build(knowledge, lexicon, request.config.cache.mkdir("engine"))
