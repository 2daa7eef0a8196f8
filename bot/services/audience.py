# SPDX-License-Identifier: EUPL-1.2
"""Who gets a broadcast, in which language; who does not, and why."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.broadcast import Audience, Broadcast
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.group import Group, GroupState
from bot.domain.outgoing import Recipient
from bot.domain.person import Role
from bot.domain.subscription import Subscription
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
    gets nothing because of that. `digests` get it with their digest. `muted` groups can't be written to,
    `waiting` ones were not approved yet. `recordings` counts the spoken texts that go along.
    """

    parcels: tuple[Parcel, ...]
    missing: frozenset[str]
    left_out: Counter[str]
    digests: int
    unreachable: int
    muted: tuple[Group, ...]
    waiting: tuple[Group, ...] = ()
    recordings: int = 0

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
        return int((self.messages + self.recordings) / rate) + 1


class _Sorting:
    """Puts recipients with the same message together."""

    def __init__(self, broadcast: Broadcast) -> None:
        self.broadcast = broadcast
        self.found: defaultdict[tuple[tuple[str, ...], Reader], list[Recipient]] = defaultdict(list)
        self.missing: set[str] = set()
        self.left_out: Counter[str] = Counter()
        self.recordings = 0

    def put(self, languages: Sequence[str], reader: Reader, recipient: Recipient, *, together: bool) -> None:
        ready = tuple(language for language in languages if self.broadcast.ready(language))
        for language in languages:
            if language not in ready:
                self.missing.add(language)
                self.left_out[language] += 1
            elif self.broadcast.texts[language].voice:
                self.recordings += 1
        if together and ready:
            self.found[ready, reader].append(recipient)
        elif not together:
            for language in ready:
                self.found[(language,), reader].append(recipient)


async def reach(unit: UnitOfWork, broadcast: Broadcast) -> Reach:
    """Find everybody whom a broadcast is for. A person who is several things at once gets it once."""
    sorting = _Sorting(broadcast)
    muted, waiting = await _groups(unit, sorting) if broadcast.audience.groups else ((), ())
    people, digests = await _people(unit, broadcast)
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
        waiting=waiting,
        recordings=sorting.recordings,
    )


async def _people(unit: UnitOfWork, broadcast: Broadcast) -> tuple[dict[int, tuple[str, Reader]], int]:
    """Return who gets it at once, with language and kind, and how many get it with their digest.

    A key figure who chose nothing gets everything; one who did gets what they chose.
    """
    audience = broadcast.audience
    if not audience.subscribers and not audience.key_figures:
        return {}, 0
    helpers = (
        {person.id: person.language for person in await unit.people.with_role(Role.KEY_FIGURE)}
        if audience.key_figures
        else {}
    )
    wishes = {
        subscription.person_id: (subscription, language)
        for subscription, language in await unit.subscriptions.active()
        if audience.subscribers or subscription.person_id in helpers
    }
    quiet = await unit.subscriptions.quiet() if helpers else ()
    for person_id, language in helpers.items():
        if person_id not in quiet:
            wishes.setdefault(person_id, (Subscription(person_id), language))
    people: dict[int, tuple[str, Reader]] = {}
    digests = 0
    for person_id, (subscription, language) in wishes.items():
        if subscription.wants(broadcast.topic, audience.areas):
            if subscription.at_once(broadcast.topic):
                reader = Reader.KEY_FIGURE if person_id in helpers else Reader.SUBSCRIBER
                people[person_id] = (language or BASE_LANGUAGE, reader)
            else:
                digests += 1
    return people, digests


async def _groups(unit: UnitOfWork, sorting: _Sorting) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Sort the groups; return those that would get it if they could be written to, or were approved."""
    muted, waiting = [], []
    for group in await unit.groups.all():
        if not _meant(group, sorting.broadcast.audience):
            continue
        if group.state is GroupState.APPROVED:
            languages = group.languages or (BASE_LANGUAGE,)
            sorting.put(languages, Reader.GROUP, Recipient(group.address), together=group.together)
        elif group.state is GroupState.MUTED and group.was_approved:
            muted.append(group)
        elif group.state is GroupState.WAITING:
            waiting.append(group)
    return tuple(muted), tuple(waiting)


def _meant(group: Group, audience: Audience) -> bool:
    """Whether a group is aimed at: named itself, or by its area where no group was named."""
    return group.id in audience.only_groups if audience.only_groups else group.covers(audience.areas)
