# SPDX-License-Identifier: EUPL-1.2
"""Figures for the one who runs the installation: counts and times, never about a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """What `/metrics` shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.updates = Counter(
            "buurtbrug_updates", "Updates handled", ["channel", "outcome"], registry=self.registry
        )
        self.seconds = Histogram(
            "buurtbrug_update_seconds",
            "Time to handle an update",
            ["channel"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10),
        )
        self.under_way = Gauge("buurtbrug_updates_under_way", "Updates being handled", registry=self.registry)
