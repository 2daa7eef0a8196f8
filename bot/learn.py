# SPDX-License-Identifier: EUPL-1.2
"""`python -m bot.learn FOLDER DATA` learns the questions of a municipality and keeps the index in DATA.

A bot starts it beside itself. It loads nothing of the chats, so that it begins sooner and takes less memory.
"""

import sys
from pathlib import Path

from bot.content.index import load_or_build
from bot.content.lexicon import load_lexicon
from bot.content.loader import ContentError, load_knowledge
from bot.settings import LOCALES


def learn(content: Path, data_dir: Path) -> str:
    """Learn what is not learnt yet, and return the fingerprint of the index."""
    return load_or_build(load_knowledge(content), load_lexicon(LOCALES), data_dir).fingerprint


if __name__ == "__main__":
    try:
        learn(*map(Path, sys.argv[1:]))
    except ContentError as error:
        sys.exit(str(error))
