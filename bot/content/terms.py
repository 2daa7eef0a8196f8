# SPDX-License-Identifier: EUPL-1.2
"""Reading the words with an established translation: `terms.toml`, a table for each Dutch word."""

from collections.abc import Mapping
from pathlib import Path

from bot.content.loader import ContentError, read_toml


def load_terms(content: Path) -> Mapping[str, Mapping[str, str]]:
    """Return each Dutch word's translations by language; empty without the file.

    Raises ContentError when a word has anything but texts.
    """
    path = content / "terms.toml"
    terms = read_toml(path).get("terms", {})
    for word, translations in terms.items():
        if not isinstance(translations, dict) or not all(
            isinstance(each, str) for each in translations.values()
        ):
            raise ContentError(f"{path}, {word}: must have a text for each language")
    return dict(terms)
