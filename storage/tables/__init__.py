# SPDX-License-Identifier: EUPL-1.2
"""The tables, a file for each part of the house. Importing this package makes all of them known."""

from storage.tables import fsm, inbox, leases, media, outbox, people, questions, web
from storage.tables.base import Base

__all__ = ["Base", "fsm", "inbox", "leases", "media", "outbox", "people", "questions", "web"]
