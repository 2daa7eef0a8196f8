# SPDX-License-Identifier: EUPL-1.2
"""Structured logs without personal data.

Events carry numbers and kinds, never names, texts, tokens or phone numbers. What libraries write on
their own is passed through the same filter, which takes out what looks like a token or a phone number
in case one slips into the message of an exception.
"""

import logging
import re
from typing import Any

import structlog

_SECRETS = (
    (re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}"), "[token]"),
    (re.compile(r"(?<=start=)[A-Za-z0-9_-]{16,}"), "[invitation]"),
    (re.compile(r"(?<![\w.-])(?!\d{4}-\d{2}-\d{2})(?:\+|00)?\d[\d -]{8,14}\d(?![\w.-])"), "[number]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[mail]"),
    (re.compile(r"(?<=//)[^/@\s:]+:[^/@\s]+(?=@)"), "[login]"),
)


def redact(text: str) -> str:
    """Take out what looks like a token, an invitation, a phone number, an address or a login."""
    for pattern, name in _SECRETS:
        text = pattern.sub(name, text)
    return text


def _redact_event(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    return {
        key: redact(value) if isinstance(value, str) and key != "timestamp" else value
        for key, value in event.items()
    }


def configure_logs(style: str = "console", level: int = logging.INFO) -> None:
    """Send everything, also what libraries log, as one stream of events; `style` is console or json."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("aiogram.event", "apscheduler", "httpx", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
