# SPDX-License-Identifier: EUPL-1.2
"""What is read from a list of moments, and on what it was measured."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime


def most_within(times: Sequence[float], seconds: float) -> int:
    """Return the most of them in any window of that length, wherever it begins."""
    times = sorted(times)
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def windows_over(times: Sequence[float], seconds: float, limit: int) -> int:
    """Return how many windows that end with one of them hold more than the limit."""
    times = sorted(times)
    first = over = 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        over += last - first + 1 > limit
    return over


def per_second(times: Sequence[float]) -> float:
    """Return the rate from the first to the last."""
    return (len(times) - 1) / (max(times) - min(times)) if len(times) > 1 else 0.0


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which that part lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def where() -> str:
    """Say on what, when, and how busy it was."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, "
        f"{os.cpu_count()} shared cores, load before the run {load}"
    )
