# SPDX-License-Identifier: EUPL-1.2
"""Opening the engine for a command, with the learnt index kept in the data folder."""

from pathlib import Path

from bot.answers.engine import Engine
from bot.content.index import load_or_build
from bot.content.lexicon import load_lexicon
from bot.content.loader import load_knowledge
from bot.settings import LOCALES, Settings


def open_engine(content: Path | None) -> Engine:
    """Return the engine of a folder of content, by default the one of the settings.

    Raises ContentError.
    """
    settings = Settings()
    knowledge = load_knowledge(content or settings.content)
    return load_or_build(knowledge, load_lexicon(LOCALES), settings.data_dir)
