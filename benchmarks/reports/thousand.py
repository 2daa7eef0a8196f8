# SPDX-License-Identifier: EUPL-1.2
"""A thousand open reports: how long lists, cards, duplicates, search and export take.

    python benchmarks/reports/thousand.py                          # SQLite in a temporary folder
    python benchmarks/reports/thousand.py --postgresql             # a PostgreSQL of its own
    python benchmarks/reports/thousand.py --reports 5000 --times 50

What is timed is what a press causes: the use case with its transaction, and the screen with its texts and
buttons. Not timed is Telegram. The reports have words, a place, two photos, two changes and a note each; a
fifth of them lie within the radius of each other at one square, which is where duplicates are looked for.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "reports")]

from servers import PostgreSql  # noqa: E402 - the tests' own server
from street import KEY, Street, make_street  # noqa: E402

from bot.domain.person import Person, Role  # noqa: E402
from bot.domain.place import Place, Point  # noqa: E402
from bot.domain.report import Actor, Change, Note, PhotoRole, ReportFilter, ReportState  # noqa: E402
from bot.i18n import Texts  # noqa: E402
from bot.services.report_export import as_csv  # noqa: E402
from bot.services.report_ports import NewReport  # noqa: E402
from handlers.area_manager import report_views  # noqa: E402
from handlers.area_manager.report_callbacks import ListReports  # noqa: E402
from handlers.residents import report_mine_views  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.encryption import Cipher  # noqa: E402
from storage.schema import upgrade  # noqa: E402

SQUARE = Point(52.0460, 4.9530)
KINDS = ("waste", "green", "street-light", "road", "noise")


class Now:
    """The time of this machine."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


@asynccontextmanager
async def opened(postgresql: bool) -> AsyncIterator[Street]:
    with tempfile.TemporaryDirectory() as folder:
        server = PostgreSql() if postgresql else None
        url = server.url(server.create()) if server else f"sqlite+aiosqlite:///{folder}/reports.sqlite3"
        database = Database(url)
        try:
            await upgrade(database)
            yield make_street(database, Cipher([KEY]), Now(), Path(folder))  # type: ignore[arg-type]
        finally:
            await database.close()
            if server:
                server.stop()


async def fill(street: Street, number: int) -> tuple[Person, Person]:
    """Put the reports there; returns a resident who made twenty of them, and a gebiedsmanager."""
    chance = random.Random(1)
    resident, other = await street.person("ar"), await street.person("nl")
    manager = await street.person("nl", Role.AREA_MANAGER)
    now = street.clock.now()
    for index in range(number):
        # A fifth at the square, within a hundred metres; the rest over the town.
        reach = 0.0006 if index % 5 == 0 else 0.03
        point = Point(SQUARE.lat + chance.uniform(-reach, reach), SQUARE.lon + chance.uniform(-reach, reach))
        at = now - timedelta(minutes=chance.randrange(1, 29 * 24 * 60))
        async with street.work() as unit:
            report_id = await unit.reports.add(
                NewReport(
                    token=f"token-{index}",
                    person_id=resident.id if index % (number // 20) == 0 else other.id,
                    language="nl",
                    kind="waste" if index % 5 == 0 else chance.choice(KINDS),
                    area="centrum",
                    place=Place("naast de container aan de achterkant", point, "doelenplein"),
                    text="Er liggen vijf zakken en een kapotte stoel naast de container. " * 2,
                    photos=(f"{index:064x}", f"{index + number:064x}"),
                    created_at=at,
                    due_at=at + timedelta(days=3),
                )
            )
            state = ReportState.RECEIVED
            for wanted in (ReportState.IN_PROGRESS, ReportState.FORWARDED):
                note = {"nl": "De wagen komt donderdag langs.", "ar": "تأتي السيارة يوم الخميس."}
                await unit.reports.change(
                    report_id, Change(0, state, wanted, Actor.MANAGER, manager.id, at, note, target="ROVA")
                )
                state = wanted
            await unit.reports.add_note(report_id, Note(Actor.REPORTER, "Het zijn er nu zes.", at))
            await unit.reports.add_photo(report_id, f"{index + 2 * number:064x}", PhotoRole.BEFORE, at)
            await unit.commit()
    return resident, manager


async def measure(street: Street, number: int, times: int) -> dict[str, list[tuple[float, float]]]:
    resident, manager = await fill(street, number)
    parts, now = street.parts, street.clock.now()
    kinds, municipality = parts.drafting.kinds, parts.municipality
    texts = Texts(street.bot._languages, "nl", municipality.zone)
    await parts.drafting.begin(resident, "nl", kind="waste")
    await parts.drafting.set_location(resident, SQUARE.lat, SQUARE.lon)
    chance = random.Random(2)

    async def home() -> None:
        report_views.home(await parts.desk.counts(manager), texts)

    async def first_page() -> None:
        page = await parts.desk.page(manager, ReportFilter())
        report_views.list_(page, ListReports(which="open"), kinds, now, texts)

    async def last_page() -> None:
        page = await parts.desk.page(manager, ReportFilter(area="centrum", overdue_at=now), 10_000)
        report_views.list_(page, ListReports(which="overdue"), kinds, now, texts)

    async def card() -> None:
        report = await parts.desk.get(manager, chance.randrange(1, number + 1))
        report_views.card(report, manager, kinds, municipality, now, texts)

    async def mine() -> None:
        report_mine_views.mine(await parts.reports.mine(resident), 0, kinds, texts)

    async def detail() -> None:
        report = await parts.reports.get(resident, 1)
        report_mine_views.detail(report, resident, kinds, now, texts)

    async def similar() -> None:
        async with street.work() as unit:
            await unit.reports.similar("waste", Place("", SQUARE), now - timedelta(days=30), 75)

    async def before_sending() -> None:
        await parts.drafting.similar(resident)

    async def same() -> None:
        report_views.duplicates(
            await parts.desk.get(manager, 1), await parts.desk.duplicates(manager, 1), kinds, now, texts
        )

    async def search_one() -> None:
        report_views.found(await parts.desk.search(manager, "stoel"), kinds, now, texts)

    async def search_none() -> None:
        report_views.found(await parts.desk.search(manager, "olifant"), kinds, now, texts)

    async def export() -> None:
        as_csv([report async for report in parts.desk.all(manager)], kinds, municipality, "nl")

    seconds = {}
    for name, action, repeats in (
        ("where the reports stand (counts)", home, times),
        ("list, first page", first_page, times),
        ("list, last page, by area and overdue", last_page, times),
        ("card", card, times),
        ("my reports", mine, times),
        ("my report, with history", detail, times),
        ("finding duplicates (the query)", similar, times),
        ("finding duplicates (with the draft)", before_sending, times),
        ("same reports, for the gebiedsmanager", same, times),
        ("search, found", search_one, times),
        ("search, nothing found", search_none, max(3, times // 10)),
        ("export of everything", export, 3),
    ):
        seconds[name] = await timed(action, repeats)
    return seconds


async def timed(action: Callable[[], Awaitable[None]], times: int) -> list[tuple[float, float]]:
    """Return, for each time, how long it took, and how much of the processor this process used for it."""
    await action()
    found = []
    for _ in range(times):
        begun, used = time.perf_counter(), time.process_time()
        await action()
        found.append((time.perf_counter() - begun, time.process_time() - used))
    return found


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--postgresql", action="store_true")
    chosen = parser.parse_args()
    async with opened(chosen.postgresql) as street:
        seconds = await measure(street, chosen.reports, chosen.times)
    print(f"{chosen.reports} open reports, {'PostgreSQL' if chosen.postgresql else 'SQLite'}\n")
    print("| What | median ms | p95 ms | of which processor ms | times |")
    print("|---|---|---|---|---|")
    for name, each in seconds.items():
        took = sorted(wall for wall, _ in each)
        p95 = took[int(len(took) * 0.95) - 1] if len(took) > 20 else took[-1]
        row = (statistics.median(took), p95, statistics.median(used for _, used in each))
        print(f"| {name} | {' | '.join(f'{1000 * value:.1f}' for value in row)} | {len(each)} |")


if __name__ == "__main__":
    asyncio.run(main())
