# SPDX-License-Identifier: EUPL-1.2
"""Groups, digests, translations, passing on, share links."""

from datetime import UTC, date, datetime, time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.broadcast import (
    ColleagueFirstError,
    NoTranslatorError,
    OriginalChangedError,
    TextState,
    TranslatedAlreadyError,
)
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.group import GroupState, Membership
from bot.domain.person import Address, Role
from bot.domain.schedule import Repeat, Rule
from bot.domain.subscription import Frequency, SubscriptionState


async def test_a_group_waits_is_approved_and_gets_updates_only_then(town) -> None:
    manager = await town.manager()
    place = Address("telegram", -500)
    group = await town.bot.groups.stands(place, "supergroup", "Hofland", Membership.MEMBER)
    assert group.state is GroupState.WAITING
    assert await town.bot.groups.stands(place, "supergroup", "Hofland", Membership.MEMBER) is None
    assert len(await town.deliver()) == 1
    broadcast = await town.draft(manager, "nl")
    _, reach = await town.bot.broadcasts.reach(manager, broadcast.id)
    assert reach.messages == 0
    approved = await town.bot.groups.approve(manager, group.id, group.version)
    with pytest.raises(ColleagueFirstError):
        await town.bot.groups.approve(manager, group.id, group.version)
    await town.bot.groups.write_in(manager, group.id, approved.version, 7)
    _, reach = await town.bot.broadcasts.reach(manager, broadcast.id)
    assert reach.parcels[0].recipients[0].address == Address("telegram", -500, 7)


async def test_losing_the_right_to_write_being_kicked_and_coming_back(quick_town) -> None:
    town = quick_town
    manager = await town.manager()
    group = await town.group(manager, -500, "nl")
    broadcast = await town.draft(manager, "nl")

    async def becomes(membership: Membership) -> GroupState:
        await town.bot.groups.stands(group.address, "supergroup", group.title, membership)
        return (await town.bot.groups.get(manager, group.id)).state

    assert await becomes(Membership.MUTED) is GroupState.MUTED
    _, reach = await town.bot.broadcasts.reach(manager, broadcast.id)
    assert (reach.messages, [each.id for each in reach.muted]) == (0, [group.id])
    assert await becomes(Membership.MEMBER) is GroupState.APPROVED
    assert await becomes(Membership.OUT) is GroupState.REMOVED
    assert await becomes(Membership.MEMBER) is GroupState.WAITING


async def test_a_migrated_group_keeps_what_was_decided(town) -> None:
    manager = await town.manager()
    group = await town.group(manager, -500, "ar")
    await town.bot.groups.stands(Address("telegram", -100500), "supergroup", group.title, Membership.MEMBER)
    await town.bot.groups.moved("telegram", -500, -100500)
    found = await town.bot.groups.get(manager, group.id)
    assert (found.address.chat_id, found.state, found.languages) == (
        -100500,
        GroupState.APPROVED,
        ("ar",),
    )
    assert len(await town.bot.groups.listed(manager)) == 1


async def test_a_digest_comes_once_with_all_updates_in_the_right_language(town) -> None:
    manager = await town.manager()
    await town.subscriber("nl")
    reader = await town.subscriber("ar")
    await town.bot.subscriptions.set_frequency(reader, Frequency.DAILY)
    for _ in range(2):
        await town.send(manager, await town.draft(manager, "nl", "ar"))
        town.clock.passes(minutes=2)
    only_dutch = await town.draft(manager, "nl")
    await town.send(manager, only_dutch, "ar")
    assert await town.bot.subscriptions.digest() == 0
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert await town.bot.subscriptions.digest() == 1
    assert await town.bot.subscriptions.digest() == 0
    mine = [each for each in await town.deliver() if each.recipient.person_id == reader.id]
    assert len(mine) == 1
    assert mine[0].outgoing.text.count("text in ar") == 2
    assert "text in nl" not in mine[0].outgoing.text
    await town.bot.subscriptions.set_state(reader, SubscriptionState.STOPPED)
    town.clock.passes(days=1)
    assert await town.bot.subscriptions.digest() == 0


async def test_a_translation_is_asked_offered_approved_and_sent(town) -> None:
    manager, helper = await town.manager(), await town.person("ti", Role.KEY_FIGURE)
    second = await town.person("ti", Role.KEY_FIGURE)
    broadcast = await town.draft(manager)
    await town.bot.broadcasts.write(manager, broadcast.id, "nl", "De gemeente haalt het afval op.")
    assert await town.bot.translating.ask(manager, broadcast.id, "ti") == 2
    task = (await town.bot.translating.tasks(helper))[0]
    assert {dutch for dutch, _ in task.terms} == {"gemeente", "afval"}
    revision = task.broadcast.revision
    await town.bot.translating.offer(helper, broadcast.id, "ti", revision, "ትርጉም", "")
    with pytest.raises(TranslatedAlreadyError):
        await town.bot.translating.offer(second, broadcast.id, "ti", revision, "ካልእ", "")
    present = await town.bot.broadcasts.get(manager, broadcast.id)
    assert present.texts["ti"].state is TextState.OFFERED
    assert not present.ready("ti")
    present = await town.bot.broadcasts.approve(manager, broadcast.id, "ti", present.version)
    assert present.ready("ti")
    assert present.texts["ti"].translated_by == helper.id


async def test_a_translation_of_an_older_original_is_refused(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("ti", Role.KEY_FIGURE)
    broadcast = await town.draft(manager)
    await town.bot.translating.ask(manager, broadcast.id, "ti")
    old = (await town.bot.translating.tasks(helper))[0].broadcast.revision
    await town.bot.broadcasts.write(manager, broadcast.id, "nl", "changed")
    with pytest.raises(OriginalChangedError):
        await town.bot.translating.offer(helper, broadcast.id, "ti", old, "ትርጉም", "")
    with pytest.raises(NotAllowedError):
        await town.bot.translating.tasks(await town.person("ti"))


async def test_passing_on_counts_once_a_place_and_links_count_without_knowing_who(town) -> None:
    manager, helper = await town.manager(), await town.person("ar", Role.KEY_FIGURE)
    broadcast = await town.draft(manager, "nl", "ar")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver()
    update = await town.bot.key_figures.update(helper, broadcast.id, "ar")
    again = await town.bot.key_figures.update(helper, broadcast.id, "ar")
    assert update.share.code == again.share.code
    with pytest.raises(NotFoundError):
        await town.bot.key_figures.update(helper, broadcast.id, "ti")
    for _ in range(2):
        await town.bot.key_figures.passed_on(helper, broadcast.id)
    assert await town.bot.key_figures.reach(manager, broadcast.id) == (1, 0, 0)
    for about in (0, 20, 50, 0):
        await town.bot.key_figures.passed_on(helper, broadcast.id, "whatsapp", about)
    await town.bot.key_figures.passed_on(helper, broadcast.id)
    await town.bot.key_figures.passed_on(helper, broadcast.id, "whatsapp")
    application = web.Application()
    application.add_routes(town.bot.routes())
    async with TestClient(TestServer(application)) as visitor:
        for _ in range(2):
            answer = await visitor.get(f"/u/{update.share.code}")
            page = await answer.text()
            assert answer.status == 200
            assert "Set-Cookie" not in answer.headers
        assert 'lang="ar" dir="rtl"' in page
        assert "text in ar" in page
        for program in ("WhatsApp/2.23.20", "TelegramBot (like TwitterBot)", "facebookexternalhit/1.1"):
            answer = await visitor.get(f"/u/{update.share.code}", headers={"User-Agent": program})
            assert answer.status == 200
        assert (await visitor.get("/u/doesnotexist")).status == 404
    assert await town.bot.key_figures.reach(manager, broadcast.id) == (1, 50, 2)


async def test_what_people_say_reaches_the_gebiedsmanager_without_a_name(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("ar", Role.KEY_FIGURE)
    broadcast = await town.draft(manager, "nl", "ar")
    await town.send(manager, broadcast)
    town.clock.passes(minutes=2)
    await town.deliver()
    town.clock.passes(days=1)
    asked = [each for each in await town.deliver() if each.outgoing.reason.startswith("ask:")]
    assert [each.recipient.person_id for each in asked] == [helper.id]
    await town.bot.key_figures.heard(helper, broadcast.id, "people are glad")
    told = await town.deliver()
    assert [each.recipient.person_id for each in told] == [manager.id]
    assert "people are glad" in told[0].outgoing.text


async def test_a_monthly_digest_goes_out_once_after_approval(town) -> None:
    manager, helper = await town.manager(), await town.person("nl", Role.KEY_FIGURE)
    await town.send(manager, await town.draft(manager, "nl"))
    town.clock.moment = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    await town.deliver()
    assert await town.bot.monthly_digests.prepare() == 1
    assert await town.bot.monthly_digests.prepare() == 0
    waiting = await town.deliver()
    assert {each.recipient.person_id for each in waiting} == {manager.id}
    await town.bot.monthly_digests.decide(manager, 1, send=True)
    with pytest.raises(ColleagueFirstError):
        await town.bot.monthly_digests.decide(manager, 1, send=True)
    assert [each.recipient.person_id for each in await town.deliver()] == [helper.id]


async def test_only_what_went_out_is_passed_on_and_with_its_day(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("nl", Role.KEY_FIGURE)
    draft = await town.draft(manager, "nl")
    for forged in (
        town.bot.key_figures.update(helper, draft.id, "nl"),
        town.bot.key_figures.passed_on(helper, draft.id),
        town.bot.key_figures.heard(helper, draft.id, "people say"),
    ):
        with pytest.raises(NotFoundError):
            await forged
    await town.send(manager, draft)
    assert await town.bot.key_figures.newest(helper) == []  # it can still be undone
    town.clock.passes(minutes=1)
    day = town.clock.now().date()
    town.clock.passes(days=3)
    present = await town.bot.broadcasts.get(manager, draft.id)
    await town.bot.aftercare.correct(manager, draft.id, present.version, "nl", "better")
    assert (await town.bot.key_figures.update(helper, draft.id, "nl")).day == day


async def test_what_is_changed_for_next_week_is_not_shown_before(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("nl", Role.KEY_FIGURE)
    broadcast = await town.draft(manager, "nl")
    found = await town.bot.broadcasts.confirm(manager, broadcast.id)
    rule = Rule(date(2026, 11, 23), time(18), Repeat.WEEKLY)
    await town.bot.planning.plan(manager, broadcast.id, found.token, rule, without=frozenset())
    town.clock.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    await town.bot.plan_clock.tick()
    code = (await town.bot.key_figures.update(helper, broadcast.id, "nl")).share.code
    town.clock.passes(days=1)
    await town.bot.broadcasts.write(manager, broadcast.id, "nl", "not yet")
    assert await town.bot.key_figures.newest(helper) == []
    assert await town.bot.key_figures.visit(code, counted=True) is None
    town.clock.passes(days=6)
    await town.bot.plan_clock.tick()
    shown = await town.bot.key_figures.visit(code, counted=True)
    assert shown is not None
    assert shown[0].original == "not yet"


async def test_asking_keeps_the_translation_of_before(quick_town) -> None:
    town = quick_town
    manager, helper = await town.manager(), await town.person("ti", Role.KEY_FIGURE)
    broadcast = await town.draft(manager, "nl", "ti")
    with pytest.raises(NoTranslatorError):
        await town.bot.translating.ask(manager, broadcast.id, "ar")
    await town.bot.broadcasts.write(manager, broadcast.id, "nl", "other words")
    await town.bot.translating.ask(manager, broadcast.id, "ti")
    with pytest.raises(ColleagueFirstError):
        await town.bot.translating.ask(manager, broadcast.id, "ti")
    (task,) = await town.bot.translating.tasks(helper)
    assert task.before == "text in ti"
    present = await town.bot.broadcasts.get(manager, broadcast.id)
    assert not present.ready("ti")
    with pytest.raises(NotFoundError):  # a recording alone is no translation
        await town.bot.translating.offer(helper, broadcast.id, "ti", present.revision, " ", "f" * 64)
    sent = await town.draft(manager, "nl", "ti")
    await town.send(manager, sent)
    with pytest.raises(ColleagueFirstError):  # what was sent is not emptied by an old button
        await town.bot.translating.ask(manager, sent.id, "ti")
