# SPDX-License-Identifier: EUPL-1.2
"""A small SMTP server on loopback (RFC 5321), which answers as the test wants and keeps what it got."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Smtp:
    """The server. `answers` says what a command is answered with, in the place of 'yes'."""

    answers: dict[str, str] = field(default_factory=dict)
    """By the command's first word (`.` is the end of the message); `drop` ends the connection."""
    messages: list[EmailMessage] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            word = line.decode().split()[0].upper().split(":")[0]
            self.commands.append(line.decode().strip())
            answer = self.answers.get(word, "")
            if answer == "drop":
                return
            if word == "DATA" and not answer:
                writer.write(b"354 go on\r\n")
                content = (await reader.readuntil(b"\r\n.\r\n"))[:-5].replace(b"\r\n..", b"\r\n.")
                answer = self.answers.get(".", "")
                if answer == "drop":
                    return
                if not answer:
                    self.messages.append(message_from_bytes(content, policy=policy.default))
            reply = answer or {"EHLO": "250-test\r\n250 SIZE 50000000", "QUIT": "221 bye"}.get(
                word, "250 yes"
            )
            writer.write(f"{reply}\r\n".encode())
            if word == "QUIT":
                return


@asynccontextmanager
async def smtp_server() -> AsyncIterator[Smtp]:
    smtp = Smtp()
    server = await asyncio.start_server(smtp.talk, "127.0.0.1", 0)
    smtp.port = server.sockets[0].getsockname()[1]
    async with server:
        yield smtp
