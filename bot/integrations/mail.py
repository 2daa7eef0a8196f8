# SPDX-License-Identifier: EUPL-1.2
"""Handing reports over by e-mail (SMTP)."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.domain.report import ReportState
from bot.services.report_ports import BackendError, OutsideReceipt, Parcel

SECONDS = 30.0
"""How long a server may take for one step."""
_PORTS = {"smtp": 587, "smtps": 465}


class MailBackend:
    """A mailbox that receives reports. It has no states: by mail nothing comes back."""

    name = "mail"
    states: Mapping[str, ReportState] = {}

    def __init__(self, url: str, sender: str, recipient: str) -> None:
        """Take the server as smtp://user:password@host:port, or smtps:// for TLS from the first byte.

        Over smtp:// STARTTLS is used where the server offers it, and demanded where there is a password to
        protect. Raises ValueError for another address.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("BUURTBRUG_SMTP_URL must be smtp://user:password@host:port or smtps://…")
        self._host = parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._tls = parts.scheme == "smtps"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender or recipient
        self._recipient = recipient

    async def deliver(self, parcel: Parcel) -> OutsideReceipt:
        """Send one report with its pictures. Raises BackendError."""
        try:
            await aiosmtplib.send(
                self._message(parcel),
                hostname=self._host,
                port=self._port,
                use_tls=self._tls,
                start_tls=True if self._user is not None and not self._tls else None,
                username=self._user,
                password=self._password,
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPAuthenticationError as error:
            raise BackendError("the mail server does not accept the user or password") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            # 4xx is how a server puts off those it does not know yet (RFC 6647, greylisting).
            final = all(each.code >= 500 for each in error.recipients)
            raise BackendError("the mail server refuses the recipient", final=final) from error
        except aiosmtplib.SMTPResponseException as error:
            # RFC 5321, 4.2.1: 5xx is for good, 4xx may be tried again.
            raise BackendError(f"the mail server says {error.code}", final=error.code >= 500) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise BackendError(f"the mail server cannot be reached ({type(error).__name__})") from error
        return OutsideReceipt()

    def _message(self, parcel: Parcel) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = self._recipient
        message["Subject"] = f"Melding {parcel.number}: {' '.join(parcel.kind_name.split())}"
        message["Date"] = format_datetime(parcel.created_at)
        # The same report has the same id: a mailbox can see that it came twice.
        message["Message-ID"] = f"<melding-{parcel.number}@buurtbrug>"
        message["Auto-Submitted"] = "auto-generated"
        lines = [
            f"Melding {parcel.number}",
            f"Soort: {parcel.kind_name}",
            f"Plaats: {parcel.place or '-'}",
        ]
        if parcel.point is not None:
            lines.append(f"Coördinaten (WGS 84): {parcel.point.lat:.5f}, {parcel.point.lon:.5f}")
        lines += ["", parcel.text or "(geen toelichting)"]
        message.set_content("\n".join(lines))
        for index, content in enumerate(parcel.attachments, 1):
            message.add_attachment(
                content, maintype="image", subtype="jpeg", filename=f"melding-{parcel.number}-{index}.jpg"
            )
        return message
