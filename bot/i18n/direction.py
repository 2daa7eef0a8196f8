# SPDX-License-Identifier: EUPL-1.2
"""Keeping left-to-right words in order inside right-to-left text, and the other way round.

A message takes its direction from its first strong character. A Latin word, a phone number or a
command inside Arabic would pull its neighbours to the wrong side, so each is wrapped in the Unicode
isolates U+2068 and U+2069 (Unicode Standard Annex 9, section 2.4).
"""

import re

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"

_TAG = re.compile(r"(<[^>]*>|&#?\w+;)")
_LATIN_RUN = re.compile(
    r"[+€/#@]?[A-Za-zÀ-ɏ0-9]"  # begins with a letter or digit, perhaps with a sign before it
    r"(?:[A-Za-zÀ-ɏ0-9'’.,:;/@_&%€+\- ]*[A-Za-zÀ-ɏ0-9%€])?"  # and ends with one
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ISOLATES = re.compile(f"({FIRST_STRONG_ISOLATE}[^{POP_ISOLATE}]*{POP_ISOLATE})")


def isolate(text: str) -> str:
    """Wrap a text so that its direction and that of its surroundings leave each other alone."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text else text


def has_right_to_left(text: str) -> bool:
    """Whether a letter of a right-to-left script is in the text."""
    return _RIGHT_TO_LEFT.search(text) is not None


def isolate_foreign(html: str) -> str:
    """Isolate each run of Latin words and numbers in a right-to-left HTML text; tags stay untouched.

    What is isolated already is left alone. A line without any right-to-left letter is left alone too:
    it has nothing that could be pulled to the wrong side.
    """
    return "\n".join(_isolate_line(line) if has_right_to_left(line) else line for line in html.split("\n"))


def plain(text: str) -> str:
    """Take the isolates out again, for comparing and for places that show them as boxes."""
    return text.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")


def _isolate_line(line: str) -> str:
    parts = _TAG.split(line)
    return "".join(part if index % 2 else _isolate_runs(part) for index, part in enumerate(parts))


def _isolate_runs(text: str) -> str:
    pieces = _ISOLATES.split(text)
    return "".join(
        piece if index % 2 else _LATIN_RUN.sub(lambda match: isolate(match.group()), piece)
        for index, piece in enumerate(pieces)
    )
