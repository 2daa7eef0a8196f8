# SPDX-License-Identifier: EUPL-1.2
"""Who gets a broadcast, in which language; who does not, and why."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.broadcast import Broadcast
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.group import Group, GroupState
from bot.domain.outgoing import Recipient
from bot.domain.person import Role
from bot.domain.subscription import Frequency
from bot.services.broadcast_notices import Reader
from bot.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message and everybody who gets exactly that."""

    languages: tuple[str, ...]
    reader: Reader
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a broadcast would do now.

    `missing` are languages that somebody needs and that cannot go out. `left_out` counts, by language, who
    gets nothing because of that. `digests` get it with their digest. `muted` groups can't be written to.
    """

    parcels: tuple[Parcel, ...]
    missing: frozenset[str]
    left_out: Counter[str]
    digests: int
    unreachable: int
    muted: tuple[Group, ...]

    @property
    def messages(self) -> int:
        """How many copies go out."""
        return sum(len(parcel.recipients) for parcel in self.parcels)

    def counted(self) -> list[tuple[tuple[str, ...], Reader, str, int]]:
        """Return language, kind of reader, channel and number, for the screen before 'send'."""
        numbers: Counter[tuple[tuple[str, ...], Reader, str]] = Counter()
        for parcel in self.parcels:
            for recipient in parcel.recipients:
                numbers[parcel.languages, parcel.reader, recipient.address.channel] += 1
        return [(*key, number) for key, number in sorted(numbers.items())]

    def seconds(self, rate: float) -> int:
        """Return how long it takes at so many messages a second, a lower bound."""
        return int(self.messages / rate) + 1


class _Sorting:
    """Puts recipients with the same message together."""

    def __init__(self, broadcast: Broadcast) -> None:
        self.broadcast = broadcast
        self.found: defaultdict[tuple[tuple[str, ...], Reader], list[Recipient]] = defaultdict(list)
        self.missing: set[str] = set()
        self.left_out: Counter[str] = Counter()

    def put(self, languages: Sequence[str], reader: Reader, recipient: Recipient, *, together: bool) -> None:
        ready = tuple(language for language in languages if self.broadcast.ready(language))
        for language in languages:
            if language not in ready:
                self.missing.add(language)
                self.left_out[language] += 1
        if together and ready:
            self.found[ready, reader].append(recipient)
        elif not together:
            for language in ready:
                self.found[(language,), reader].append(recipient)


async def reach(unit: UnitOfWork, broadcast: Broadcast) -> Reach:
    """Find everybody whom a broadcast is for. A person who is several things at once gets it once."""
    audience = broadcast.audience
    sorting = _Sorting(broadcast)
    muted = await _groups(unit, sorting) if audience.groups else ()
    people: dict[int, tuple[str, Reader]] = {}
    digests = 0
    if audience.subscribers:
        for subscription, language in await unit.subscriptions.active(Frequency.NOW):
            if subscription.wants(broadcast.topic, audience.areas):
                people[subscription.person_id] = (language or BASE_LANGUAGE, Reader.SUBSCRIBER)
        for frequency in (Frequency.DAILY, Frequency.WEEKLY):
            found = await unit.subscriptions.active(frequency)
            digests += sum(each.wants(broadcast.topic, audience.areas) for each, _ in found)
    if audience.key_figures:
        for person in await unit.people.with_role(Role.KEY_FIGURE):
            people[person.id] = (person.language or BASE_LANGUAGE, Reader.KEY_FIGURE)
    addresses = await unit.people.addresses(list(people))
    for person_id, (language, reader) in people.items():
        if addresses[person_id]:
            recipient = Recipient(addresses[person_id][0], person_id)
            sorting.put([language], reader, recipient, together=False)
    return Reach(
        parcels=tuple(
            Parcel(languages, reader, tuple(recipients))
            for (languages, reader), recipients in sorting.found.items()
        ),
        missing=frozenset(sorting.missing),
        left_out=sorting.left_out,
        digests=digests,
        unreachable=sum(not addresses[person_id] for person_id in people),
        muted=muted,
    )


async def _groups(unit: UnitOfWork, sorting: _Sorting) -> tuple[Group, ...]:
    """Sort the groups, and return those that would get it if they could be written to."""
    audience = sorting.broadcast.audience
    muted = []
    for group in await unit.groups.all():
        meant = group.covers(audience.areas) and (
            not audience.only_groups or group.id in audience.only_groups
        )
        if meant and group.state is GroupState.APPROVED:
            languages = group.languages or (BASE_LANGUAGE,)
            sorting.put(languages, Reader.GROUP, Recipient(group.address), together=group.together)
        elif meant and group.was_approved and group.state is GroupState.MUTED:
            muted.append(group)
    return tuple(muted)
