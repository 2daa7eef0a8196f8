# SPDX-License-Identifier: EUPL-1.2
"""The learnt index on disk, so that a start does not wait for learning."""

import contextlib
import os
import tempfile
from pathlib import Path

from bot.answers.engine import Engine, fingerprint_of
from bot.answers.lexicon import Lexicon
from bot.answers.stored import StoredIndexError
from bot.domain.entry import Knowledge


def load_or_build(knowledge: Knowledge, lexicon: Lexicon, data_dir: Path) -> Engine:
    """Read the index of this knowledge from `data_dir`, or learn it and store it there.

    A file that cannot be read, or of other content or code, is replaced. The file appears whole or not
    at all; where the folder cannot be written the engine works without it.
    """
    engine = stored(knowledge, lexicon, data_dir)
    if engine is None:
        engine = Engine.build(knowledge, lexicon)
        with contextlib.suppress(OSError):
            _store(_path(engine.fingerprint, data_dir), engine.dumps())
    return engine


def stored(knowledge: Knowledge, lexicon: Lexicon, data_dir: Path) -> Engine | None:
    """Read the index of this knowledge from `data_dir`; None where there is none that can be read."""
    path = _path(fingerprint_of(knowledge, lexicon), data_dir)
    with contextlib.suppress(OSError, StoredIndexError):
        return Engine.loads(path.read_bytes())
    return None


def _path(fingerprint: str, data_dir: Path) -> Path:
    return data_dir / f"index-{fingerprint}.npz"


def _store(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".index-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    for old in path.parent.glob("index-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
