# SPDX-License-Identifier: EUPL-1.2
"""Putting what is told about reports into the outbox: per language, reporter and followers apart."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.outgoing import Outgoing, Recipient
from bot.domain.person import Person, Role
from bot.domain.report import Change, Report
from bot.services.ports import UnitOfWork
from bot.services.report_notices import ReportNotices


async def concerned(unit: UnitOfWork, report: Report) -> list[tuple[Person, bool]]:
    """Return whom a change concerns, each with whether it is their own report."""
    own = [report.person_id] if report.person_id is not None else []
    found = []
    for person_id in [*own, *await unit.reports.followers(report.id)]:
        person = await unit.people.get(person_id)
        if person is not None:
            found.append((person, person_id == report.person_id))
    return found


async def tell_change(
    unit: UnitOfWork,
    notices: ReportNotices,
    report: Report,
    change: Change,
    *,
    pictures: tuple[str | None, str | None],
    now: datetime,
    not_before: datetime | None,
) -> list[int]:
    """Queue what the reporter and the followers read about a change; returns the numbers in the outbox.

    `pictures`: what the reporter gets to see, and what followers do. The reporter's own photo is not shown
    to others.
    """
    groups: defaultdict[tuple[str, bool], list[Person]] = defaultdict(list)
    for person, own in await concerned(unit, report):
        groups[(person.language or BASE_LANGUAGE, own)].append(person)
    numbers = []
    for (language, own), people in groups.items():
        outgoing = notices.changed(report, change, pictures[0 if own else 1], language, own=own)
        recipients = await _recipients(unit, people)
        if recipients:
            numbers.append(await unit.outbox.add(replace(outgoing, not_before=not_before), recipients, now))
    return numbers


async def tell_managers(
    unit: UnitOfWork,
    report: Report | None,
    wording: Callable[[str], Outgoing],
    now: datetime,
    *,
    but: int | None = None,
) -> None:
    """Tell whoever takes care of a report, or all gebiedsmanagers when nobody does."""
    managers: Iterable[Person] = await unit.people.with_role(Role.AREA_MANAGER)
    assigned = [each for each in managers if report is not None and each.id == report.assigned_to]
    await tell_people(unit, [each for each in assigned or managers if each.id != but], wording, now)


async def tell_people(
    unit: UnitOfWork,
    people: Iterable[Person],
    wording: Callable[[str], Outgoing],
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> list[int]:
    """Tell each of these people the same in their language; returns the numbers in the outbox."""
    groups: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        groups[person.language or BASE_LANGUAGE].append(person)
    numbers = []
    for language, readers in groups.items():
        recipients = await _recipients(unit, readers)
        if recipients:
            outgoing = replace(wording(language), not_before=not_before)
            numbers.append(await unit.outbox.add(outgoing, recipients, now))
    return numbers


async def _recipients(unit: UnitOfWork, people: Iterable[Person]) -> list[Recipient]:
    """Return the first address of each person that can be reached."""
    addresses = await unit.people.addresses([person.id for person in people])
    return [Recipient(found[0], person_id) for person_id, found in addresses.items() if found]
