# SPDX-License-Identifier: EUPL-1.2
"""python-telegram-bot's requests over aiohttp: its own pool looks through every connection each time."""

from collections.abc import Callable
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DEFAULT_NONE, DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from typing_extensions import override

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
UPLOAD_SECONDS = 120.0
KEPT_SECONDS = 10.0
"""How long an idle connection is kept: on one that the server has just closed a message's fate is unknown."""


leaving: ContextVar[Callable[[], None] | None] = ContextVar("leaving", default=None)
"""Called when the request of this task is written to its connection."""


class NotSentError(NetworkError):
    """The connection could not be made: the message surely did not leave."""


class BrokenConnectionError(NetworkError):
    """The connection broke after the request had left: nobody knows whether the message arrived."""


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API server.

    A failure before the request has left raises NotSentError; one after it raises TimedOut or
    BrokenConnectionError, and then nobody knows whether the message arrived.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return ANSWER_SECONDS

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            # No limit here: who waited for a connection would start later than the gate has counted.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[_tracing()],
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT_NONE,
        write_timeout: ODVInput[float] = DEFAULT_NONE,
        connect_timeout: ODVInput[float] = DEFAULT_NONE,
        pool_timeout: ODVInput[float] = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request. Raises NotSentError, TimedOut or BrokenConnectionError."""
        if self._session is None:
            raise RuntimeError("the request class was not initialized")
        uploads = request_data is not None and request_data.contains_files
        patience = UPLOAD_SECONDS if uploads else ANSWER_SECONDS
        if not isinstance(read_timeout, DefaultValue) and read_timeout is not None:
            patience = float(read_timeout)
        timeout = aiohttp.ClientTimeout(
            total=CONNECT_SECONDS + patience,
            # All of connecting, the look-up of the name too: what ends there surely did not leave.
            connect=CONNECT_SECONDS,
            sock_connect=CONNECT_SECONDS,
            sock_read=patience,
        )
        try:
            async with self._session.request(
                method,
                url,
                timeout=timeout,
                allow_redirects=False,
                trace_request_ctx=leaving.get(),
                **_body(request_data),
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSentError(f"no connection: {type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise BrokenConnectionError(f"the connection broke: {type(error).__name__}") from error


def _tracing() -> aiohttp.TraceConfig:
    async def leaves(_session: object, context: SimpleNamespace, _params: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx()

    tracing = aiohttp.TraceConfig()
    tracing.on_request_headers_sent.append(leaves)
    return tracing


def _body(request_data: RequestData | None) -> dict[str, Any]:
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"json": request_data.parameters}
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
