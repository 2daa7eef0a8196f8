# SPDX-License-Identifier: EUPL-1.2
"""Measure the engine beside well-known ways of finding text, and how it grows. Writes RESULTS.md.

Usage: python benchmarks/answers/measure.py [REPETITIONS]

All of them get the same examples and the same questions in the same run, on one thread. Each measurement of
growth and of memory runs in a process of its own.
"""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"  # before numpy is loaded: one core is what is measured
sys.path[:0] = [str(ROOT), str(HERE)]

import psutil  # noqa: E402
from rivals import Examples, SqliteTrigram, TfIdfCosine, WordBm25  # noqa: E402

from bot.answers.engine import Engine  # noqa: E402
from bot.answers.evaluate import Case, read_cases  # noqa: E402
from bot.answers.examples import Target, examples_of  # noqa: E402
from bot.answers.lexicon import Lexicon  # noqa: E402
from bot.content.lexicon import load_lexicon  # noqa: E402
from bot.content.loader import load_knowledge  # noqa: E402
from bot.domain.entry import Entry, EntryKind, Knowledge, Translation  # noqa: E402

LANGUAGES = ("nl", "en", "ar", "ti")
SIZES = ((69, 38, 4), (500, 10, 4), (5000, 1, 1))
"""Entries, examples for each entry and language, and languages. The largest is kept small: see RESULTS.md."""
SET_ASIDE = ("emergency", "emergency-talk", "smalltalk")


def questions() -> list[Case]:
    cases: list[Case] = []
    for language in LANGUAGES:
        lines = (ROOT / "tests" / "evaluation" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        cases += [each for each in read_cases(lines) if each.expected and each.style not in SET_ASIDE]
    return cases


def quality(repetitions: int) -> list[dict[str, Any]]:
    knowledge, lexicon = load_knowledge(ROOT / "content" / "montfoort"), load_lexicon(ROOT / "locales")
    examples: Examples = [
        (each.text, each.label.name)
        for each in examples_of(knowledge, lexicon)
        if each.label.target in (Target.ENTRY, Target.DANGER)
    ]
    cases = questions()
    makers: list[tuple[str, Callable[[], Callable[[Case], Sequence[str]]]]] = [
        ("Buurtbrug", lambda: _ours(Engine.build(knowledge, lexicon)))
    ]
    for rival in (WordBm25, SqliteTrigram, TfIdfCosine):
        makers.append((rival.name, lambda rival=rival: _theirs(rival(examples))))
    rows = []
    for name, make in makers:
        began = time.perf_counter()
        rank = make()
        built = time.perf_counter() - began
        speeds, right, three = [], dict.fromkeys(LANGUAGES, 0), dict.fromkeys(LANGUAGES, 0)
        for repetition in range(repetitions):
            began = time.perf_counter()
            ranked = [rank(case) for case in cases]
            speeds.append(len(cases) / (time.perf_counter() - began))
            if repetition == 0:
                for case, found in zip(cases, ranked, strict=True):
                    right[case.language] += bool(set(found[:1]) & set(case.expected))
                    three[case.language] += bool(set(found[:3]) & set(case.expected))
        count = {language: sum(case.language == language for case in cases) for language in LANGUAGES}
        rows.append(
            {
                "name": name,
                "built": built,
                "speed": statistics.median(speeds),
                "spread": (min(speeds), max(speeds)),
                "right": {each: right[each] / count[each] for each in LANGUAGES},
                "three": {each: three[each] / count[each] for each in LANGUAGES},
            }
        )
    return rows


def _ours(engine: Engine) -> Callable[[Case], Sequence[str]]:
    return lambda case: [each.entry for each in engine.decide(case.text, language=case.language).candidates]


def _theirs(rival: Any) -> Callable[[Case], Sequence[str]]:
    return lambda case: rival.rank(case.text)


def synthetic(entries: int, examples: int, spoken: int, lexicon: Lexicon) -> Knowledge:
    """Make entries out of the words of the concept lists: each has a few words of its own."""
    dice = random.Random(5)
    made: dict[str, Entry] = {}
    words = {
        language: [form for forms in concepts.values() for form in forms]
        for language, concepts in lexicon.concepts.items()
    }
    for number in range(entries):
        translations = {}
        for language in LANGUAGES[:spoken]:
            own = dice.sample(words[language], 12)
            asked = tuple(
                " ".join(
                    dice.sample(own, dice.randint(2, 4)) + dice.sample(words[language], dice.randint(1, 3))
                )
                for _ in range(examples)
            )
            translations[language] = Translation(language, "", "", 1, "", asked)
        made[f"entry-{number}"] = Entry(f"entry-{number}", "", EntryKind.ANSWER, (), (), (), translations)
    return Knowledge(made)


def growth(entries: int, examples: int, spoken: int) -> dict[str, float]:
    """Measure one size: learning, a stored start, questions, memory."""
    lexicon = load_lexicon(ROOT / "locales")
    began = time.perf_counter()
    data = Engine.build(synthetic(entries, examples, spoken, lexicon), lexicon).dumps()
    learnt = time.perf_counter() - began
    path = HERE / f".index-{entries}.npz"
    path.write_bytes(data)
    try:
        started = subprocess.run(  # noqa: S603  this very program
            [sys.executable, __file__, "--started", str(path)], capture_output=True, text=True, check=True
        )
    finally:
        path.unlink()
    return {
        "entries": entries,
        "examples": examples,
        "languages": spoken,
        "learnt": learnt,
        **json.loads(started.stdout),
    }


def started(path: Path) -> dict[str, float]:
    """Measure a process that starts with a stored index and never learns."""
    process = psutil.Process()
    before = process.memory_info().rss
    began = time.perf_counter()
    engine = Engine.loads(path.read_bytes())
    loaded = time.perf_counter() - began
    cases = questions()
    for case in cases[:50]:
        engine.decide(case.text, language=case.language)
    took = []
    for case in cases:
        began = time.perf_counter()
        engine.decide(case.text, language=case.language)
        took.append(time.perf_counter() - began)
    return {
        "stored": path.stat().st_size / 1e6,
        "loaded": loaded,
        "median": statistics.median(took) * 1000,
        "p99": sorted(took)[int(len(took) * 0.99)] * 1000,
        "memory": (process.memory_info().rss - before) / 1e6,
        "learner": float("scipy" in sys.modules),
    }


def report(rows: list[dict[str, Any]], sizes: list[dict[str, float]], repetitions: int, cases: int) -> str:
    processor = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    lines = [
        "# Finding answers: measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {processor}, one thread, Python {platform.python_version()}.",
        f"Made by `python benchmarks/answers/measure.py {repetitions}`.",
        "",
        "## Beside well-known ways",
        "",
        f"The same examples (Montfoort's content) and the same {cases} questions of `tests/evaluation` that",
        "have an answer, for all of them. Right at rank 1 / among the first three. Speed: the median of",
        f"{repetitions} runs over all questions, with the slowest and the fastest run; other work on the",
        "machine moves it.",
        "",
        "| | nl | en | ar | ti | questions/s | made in |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        found = " | ".join(f"{row['right'][each]:.1%} / {row['three'][each]:.1%}" for each in LANGUAGES)
        low, high = row["spread"]
        speed = f"{row['speed']:.0f} ({low:.0f}-{high:.0f})"
        lines.append(f"| {row['name']} | {found} | {speed} | {row['built']:.1f} s |")
    lines += [
        "",
        "Only Buurtbrug also tells the language, danger, small talk and neighbouring topics apart, and how",
        "sure it is; that is in its time.",
        "",
        "## Growth",
        "",
        "Synthetic entries of random words; the questions are those above, in a process that starts with",
        "a stored index. Learning draws a line for each entry through all examples: its time grows with",
        "entries times examples, so that 5,000 entries have one example each, in Dutch alone.",
        "",
        "| entries | examples | languages | learning | stored start | file | median | p99 | memory added |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {size['entries']:.0f} | {size['examples']:.0f} | {size['languages']:.0f} "
        f"| {size['learnt']:.0f} s | {size['loaded']:.2f} s | {size['stored']:.0f} MB "
        f"| {size['median']:.2f} ms | {size['p99']:.2f} ms | {size['memory']:.0f} MB |"
        for size in sizes
    ]
    learner = any(size["learner"] for size in sizes)
    lines += ["", f"The libraries for learning are {'' if learner else 'not '}loaded by such a start.", ""]
    return "\n".join(lines)


def main(repetitions: int) -> None:
    rows = quality(repetitions)
    sizes = []
    for size in SIZES:
        found = subprocess.run(  # noqa: S603  this very program
            [sys.executable, __file__, "--growth", *map(str, size)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        sizes.append(json.loads(found.stdout))
        print(sizes[-1], flush=True)
    (HERE / "RESULTS.md").write_text(report(rows, sizes, repetitions, len(questions())), encoding="utf-8")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--growth", entries, examples, spoken]:
            print(json.dumps(growth(int(entries), int(examples), int(spoken))))
        case ["--started", path]:
            print(json.dumps(started(Path(path))))
        case [repetitions]:
            main(int(repetitions))
        case _:
            main(5)
