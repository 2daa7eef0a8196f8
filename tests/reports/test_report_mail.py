# SPDX-License-Identifier: EUPL-1.2
"""Reports on their way to another system: by mail to a server of our own, and the port for others."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from smtp_server import Smtp, smtp_server
from street import START, SetClock, Street, make_street, picture

from bot.domain.errors import StaleError
from bot.domain.place import Point
from bot.domain.report import Actor, ReportState, TransferState, is_legal
from bot.integrations.mail import MailBackend
from bot.services.report_ports import BackendError, OutsideReceipt, Parcel, ReportBackend
from bot.services.report_transfers import PAUSES, ReportTransfers
from storage.database import Database
from storage.encryption import Cipher

PARCEL = Parcel(
    7, "waste", "Afval op straat", "Doelenplein", Point(52.046, 4.953), "twee zakken\n.\nen een doos", START,
    (picture("red"), picture("blue")),
)  # fmt: skip


@pytest.fixture
async def smtp() -> AsyncIterator[Smtp]:
    async with smtp_server() as server:
        yield server


def backend(smtp: Smtp) -> MailBackend:
    return MailBackend(smtp.url, "bot@montfoort.test", "meldingen@montfoort.test")


async def test_a_report_arrives_whole_with_its_photos(smtp: Smtp) -> None:
    assert await backend(smtp).deliver(PARCEL) == OutsideReceipt()
    (mail,) = smtp.messages
    assert mail["Subject"] == "Melding 7: Afval op straat"
    assert (mail["From"], mail["To"]) == ("bot@montfoort.test", "meldingen@montfoort.test")
    body = mail.get_body(("plain",)).get_content()
    assert "Plaats: Doelenplein" in body
    assert "52.04600, 4.95300" in body
    assert "twee zakken\n.\nen een doos" in body
    photos = list(mail.iter_attachments())
    assert [each.get_filename() for each in photos] == ["melding-7-1.jpg", "melding-7-2.jpg"]
    assert [each.get_content() for each in photos] == list(PARCEL.attachments)


async def test_the_same_report_has_the_same_id(smtp: Smtp) -> None:
    for _ in range(2):
        await backend(smtp).deliver(PARCEL)
    assert len({mail["Message-ID"] for mail in smtp.messages}) == 1


async def test_a_name_cannot_smuggle_in_a_header(smtp: Smtp) -> None:
    await backend(smtp).deliver(replace(PARCEL, kind_name="Afval\r\nBcc: all@example.nl"))
    assert smtp.messages[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("answers", "final", "reason"),
    [
        ({"RCPT": "450 greylisted, try again"}, False, "refuses the recipient"),
        ({"RCPT": "550 no such mailbox"}, True, "refuses the recipient"),
        ({"MAIL": "451 try again"}, False, "451"),
        ({"MAIL": "553 no"}, True, "553"),
        ({".": "452 disk full"}, False, "452"),
        ({".": "554 looks like spam"}, True, "554"),
        ({".": "drop"}, False, "cannot be reached"),
        ({"DATA": "drop"}, False, "cannot be reached"),
        ({"EHLO": "drop"}, False, "cannot be reached"),
    ],
)
async def test_what_is_put_off_and_what_is_refused_for_good(smtp: Smtp, answers, final, reason) -> None:
    smtp.answers = answers
    with pytest.raises(BackendError, match=reason) as caught:
        await backend(smtp).deliver(PARCEL)
    assert caught.value.final is final
    assert smtp.messages == []


async def test_nobody_is_there() -> None:
    async with smtp_server() as gone:
        pass
    with pytest.raises(BackendError, match="cannot be reached") as caught:
        await backend(gone).deliver(PARCEL)
    assert not caught.value.final


async def test_a_password_is_not_sent_in_the_open(smtp: Smtp) -> None:
    """A server that does not offer STARTTLS does not get to see it."""
    with_password = MailBackend(f"smtp://me:secret@127.0.0.1:{smtp.port}", "", "meldingen@montfoort.test")
    with pytest.raises(BackendError):
        await with_password.deliver(PARCEL)
    assert not [each for each in smtp.commands if each.startswith("AUTH")]


@pytest.mark.parametrize("url", ["http://x", "smtp://", "mail.example.nl:25", ""])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="BUURTBRUG_SMTP_URL"):
        MailBackend(url, "", "meldingen@montfoort.test")


def mail_street(database: Database, cipher: Cipher, clock: SetClock, folder: Path, smtp: Smtp) -> Street:
    """A street whose rubbish goes to a mailbox."""
    street = make_street(
        database, cipher, clock, folder, smtp_url=smtp.url, report_mail_to="meldingen@montfoort.test"
    )
    kinds = street.parts.drafting.kinds
    kinds["waste"] = replace(kinds["waste"], backend="mail")  # type: ignore[index]
    return street


async def test_a_report_goes_by_mail_and_is_tried_again(
    database: Database, cipher: Cipher, clock: SetClock, tmp_path: Path, smtp: Smtp
) -> None:
    street = mail_street(database, cipher, clock, tmp_path, smtp)
    resident = await street.person("ar")
    report = await street.reports(resident, photos=(picture("red", (4000, 3000)),))
    await street.reports(resident, kind="green")
    smtp.answers = {"RCPT": "450 greylisted"}
    assert await street.parts.transfers.run() == 0
    waiting = (await street.get(report.id)).transfer
    assert waiting is not None
    assert (waiting.state, waiting.attempts) == (TransferState.QUEUED, 1)
    assert "refuses" in waiting.error
    smtp.answers = {}
    assert await street.parts.transfers.run() == 0  # the minute is not over yet
    clock.passes(minutes=1)
    assert await street.parts.transfers.run() == 1
    assert await street.parts.transfers.run() == 0
    (mail,) = smtp.messages
    (photo,) = mail.iter_attachments()
    (tmp_path / "photo.jpg").write_bytes(photo.get_content())
    with Image.open(tmp_path / "photo.jpg") as opened:
        assert max(opened.size) == 1600
    sent = (await street.get(report.id)).transfer
    assert sent is not None
    assert (sent.state, sent.error) == (TransferState.SENT, "")


async def test_a_failure_for_good_is_told_and_can_be_tried_again(
    database: Database, cipher: Cipher, clock: SetClock, tmp_path: Path, smtp: Smtp
) -> None:
    street = mail_street(database, cipher, clock, tmp_path, smtp)
    resident, manager = await street.person(), await street.manager()
    report = await street.reports(resident)
    await street.deliver()
    with pytest.raises(StaleError):
        await street.parts.desk.retry(manager, report.id)
    smtp.answers = {"RCPT": "550 no such mailbox"}
    await street.parts.transfers.run()
    (told,) = await street.deliver()
    assert "kon niet worden doorgegeven" in told.outgoing.text
    assert "refuses the recipient" in told.outgoing.text
    smtp.answers = {}
    again = await street.parts.desk.retry(manager, report.id)
    assert again.transfer is not None
    assert again.transfer.state is TransferState.QUEUED
    assert await street.parts.transfers.run() == 1


async def test_after_so_many_tries_it_is_given_up(
    sqlite_database: Database, cipher: Cipher, clock: SetClock, tmp_path: Path, smtp: Smtp
) -> None:
    street = mail_street(sqlite_database, cipher, clock, tmp_path, smtp)
    report = await street.reports(await street.person())
    await street.manager()
    smtp.answers = {"MAIL": "451 later"}
    for pause in PAUSES:
        await street.parts.transfers.run()
        assert await street.deliver() == []
        clock.passes(seconds=pause.total_seconds())
    await street.parts.transfers.run()
    assert len(await street.deliver()) == 1
    given_up = (await street.get(report.id)).transfer
    assert given_up is not None
    assert (given_up.state, given_up.attempts) == (TransferState.FAILED, len(PAUSES) + 1)


@dataclass
class OtherSystem(ReportBackend):
    """A system with numbers and states of its own."""

    name: str = "other"
    states: Mapping[str, ReportState] = field(
        default_factory=lambda: {"bezig": ReportState.IN_PROGRESS, "afgehandeld": ReportState.DONE}
    )
    got: list[Parcel] = field(default_factory=list)
    breaks: bool = False

    async def deliver(self, parcel: Parcel) -> OutsideReceipt:
        if self.breaks:
            raise ZeroDivisionError
        self.got.append(parcel)
        return OutsideReceipt(f"Z-{parcel.number}", "nieuw")


async def test_another_system_brings_its_number_and_states(street: Street) -> None:
    """The same port carries a system that answers."""
    other = OtherSystem()
    parts = street.parts
    kinds = parts.drafting.kinds
    kinds["waste"] = replace(kinds["waste"], backend="other")  # type: ignore[index]
    transfers = ReportTransfers(
        street.work, street.clock, kinds, parts.media, parts.transfers._notices, {"other": other}
    )
    resident = await street.person("en")
    report = await street.reports(resident, photos=(picture(),), point=(52.046, 4.953))
    other.breaks = True
    assert await transfers.run() == 0
    other.breaks = False
    street.clock.passes(minutes=1)
    assert await transfers.run() == 1
    assert (other.got[0].number, len(other.got[0].attachments)) == (report.id, 1)
    sent = (await street.get(report.id)).transfer
    assert sent is not None
    assert (sent.number, sent.outside_state) == ("Z-1", "nieuw")
    assert await transfers.outside_state("other", "Z-9", "bezig") is None
    assert await transfers.outside_state("other", "Z-1", "ingelezen") is None
    changed = await transfers.outside_state("other", "Z-1", "bezig")
    assert changed is not None
    assert changed.changes[-1].actor is Actor.OUTSIDE
    (told,) = [each for each in await street.deliver() if each.recipient.person_id == resident.id]
    assert "working on it" in told.outgoing.text
    assert await transfers.outside_state("other", "Z-1", "bezig") is None
    await transfers.outside_state("other", "Z-1", "afgehandeld")
    await parts.reports.not_solved(resident, report.id)
    final = await street.get(report.id)
    assert [each.after for each in final.changes] == ["in_progress", "done", "reopened"]
    assert is_legal(final)


async def test_a_system_that_is_not_set_up_is_told(quick_street: Street) -> None:
    kinds = quick_street.parts.drafting.kinds
    kinds["waste"] = replace(kinds["waste"], backend="mail")  # type: ignore[index]
    report = await quick_street.reports(await quick_street.person())
    await quick_street.parts.transfers.run()
    failed = (await quick_street.get(report.id)).transfer
    assert failed is not None
    assert failed.error == "mail is not set up"
    quick_street.clock.moment += timedelta(days=9)
    assert await quick_street.parts.transfers.run() == 0
