# SPDX-License-Identifier: EUPL-1.2
"""The tables, a file for each part of the house. Importing this package makes all of them known."""

from storage.tables import (
    broadcasts,
    fsm,
    groups,
    inbox,
    leases,
    media,
    outbox,
    people,
    questions,
    reports,
    subscriptions,
    web,
)
from storage.tables.base import Base

__all__ = [
    "Base",
    "broadcasts",
    "fsm",
    "groups",
    "inbox",
    "leases",
    "media",
    "outbox",
    "people",
    "questions",
    "reports",
    "subscriptions",
    "web",
]
