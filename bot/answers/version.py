# SPDX-License-Identifier: EUPL-1.2
"""Which code learnt an index: one that was learnt by other code is not used."""

import hashlib
import pkgutil

_LEARNING = (
    "calibration", "certainty", "concepts", "examples", "features", "keys", "language", "learning",
    "margins", "meaning", "normalise", "pairs", "places", "rounded", "stored", "vectors", "wording",
)  # fmt: skip


def code_version() -> str:
    """Return a hash of the modules that learn and read an index."""
    digest = hashlib.sha256()
    for name in _LEARNING:
        digest.update(pkgutil.get_data("bot.answers", f"{name}.py") or b"")
    return digest.hexdigest()
