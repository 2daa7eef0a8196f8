# SPDX-License-Identifier: EUPL-1.2
"""The words that the languages share: concepts with their forms, and small talk."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists of all languages.

    `concepts`: language to concept to its forms (words and short phrases). `small_talk`: language to
    class to what people write. `replies`: (language, class) to the bot's answer. `out_of_scope`:
    language to sentences that have nothing to do with the bot. `other_languages`: code of a language
    that the bot does not speak to sentences in it.
    """

    concepts: Mapping[str, Mapping[str, tuple[str, ...]]]
    small_talk: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    replies: Mapping[tuple[str, str], str] = field(default_factory=dict)
    out_of_scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other_languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def digest(self) -> str:
        """Return a hash of everything in it that teaches the engine."""
        parts = [self.concepts, self.small_talk, self.out_of_scope, self.other_languages]
        text = json.dumps(parts, default=dict, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
