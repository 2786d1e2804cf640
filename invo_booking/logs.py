"""Logs: one JSON line each, without personal data, of bounded length."""

import logging
import os
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, BinaryIO

import structlog

_OURS_ALONE = 0o600
LONGEST = 2000
"""Characters of one text in a log line; the rest is cut."""

_CHATTY = (
    "celery.beat",
    "celery.worker.strategy",
    "celery.app.trace",
    "httpx",
    "httpcore",
    "msal",
)
"""Loggers that write a line for every tick or request, some of them with addresses
and tokens; only their trouble is kept."""

_HIDDEN = (
    (re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+"), "[email]"),
    (re.compile(r"(?<![\w.-])\+\d[\d ()-]{6,}\d"), "[phone]"),
    (re.compile(r"(/a/|/appointments/|token=)[\w~-]{16,}"), r"\1[token]"),
    (re.compile(r"(://)[^/\s@]*@"), r"\1[login]@"),
)


def scrub(text: str) -> str:
    """Return ``text`` cut short, with addresses, numbers, tokens and logins hidden."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… {len(text)} characters"
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def _scrub_line(
    _logger: object, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = scrub(value)
        elif not isinstance(value, bool | int | float | None):
            line[key] = scrub(str(value))
    return line


def _shared() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def line_formatter(**_unused: object) -> logging.Formatter:
    """Return what turns a record into one line of JSON."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *_shared()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _scrub_line,
            structlog.processors.JSONRenderer(),
        ],
    )


def open_log(path: Path) -> BinaryIO:
    """Open a program's log to append to it, readable by us alone.

    Also where umask or an earlier version let others read it: a line may hold what
    nobody thought of.
    """
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OURS_ALONE)
    os.fchmod(number, _OURS_ALONE)
    return os.fdopen(number, "ab")


def set_up(level: str) -> None:
    """Send every log line of this process to standard error as JSON.

    Args:
        level: Least serious line that is logged, such as ``"info"``.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler()
    handler.setFormatter(line_formatter())
    logging.basicConfig(level=least, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(least, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(least),
        cache_logger_on_first_use=True,
    )
