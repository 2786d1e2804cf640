"""Write logs as JSON lines of bounded length, without user data.

Libraries log what they process: payloads, headers, the values that an exception quotes.
So for most libraries, only the line of code that logs is recorded. For exceptions, only
the type and the stack are logged, never the message. Every record is rewritten when it
is created, before any handler sees it.
"""

import contextlib
import io
import json
import logging
import os
import re
import shutil
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TextIO

import structlog

from invo_booking.domain.clock import utc_now
from invo_booking.run.log_budget import LogBudget

_OURS_ALONE = 0o600
LONGEST = 2000
"""Maximum number of characters of one text in a log line; the rest is cut."""

LONGEST_LINE = 8000
"""Maximum number of characters of all texts of a log line together."""

LONGEST_LOG = 5_000_000
"""Maximum size of a log file in bytes. Beside each log file, one older file is kept."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the current request, as in audit entries; empty outside of a request."""

_CHATTY = (
    "celery.beat",
    "celery.worker.strategy",
    "celery.app.trace",
    "httpx",
    "httpcore",
    "msal",
    "engineio.server",  # these two libraries add their own handler to their logger
    "socketio.server",  # if the logger has no level
)
"""Loggers that write a line for every task or request, some with addresses and tokens.

From these loggers, only warnings and errors are logged.
"""

_COMPLAINING = ("reflex_base.event.processor.base_state_processor",)
"""Loggers that warn of every malformed event argument, which anyone can send.

The product logs such arguments itself instead, with a limit (see ``web.core.payload``).
"""

_SPARING = ("engineio.server", "socketio.server", "reflex.app")
"""Loggers that write a line for every malformed message on a websocket.

Anyone can send such messages, so the number of lines is limited (see ``log_budget``).
"""

_SPEAKING = ("invo_booking", "granian", "_granian", "celery", "kombu", "alembic")
"""Loggers whose messages, like those of their child loggers, contain no user data."""

_SERVER = ("granian", "_granian")
"""Loggers of the web server, which logs the stack trace of a failed request as text."""

_QUOTING = ("celery.app.trace", "celery.redirected")
"""Child loggers of ``_SPEAKING`` that are treated like other loggers, because they
quote arguments or errors of tasks."""

_WARNINGS = "py.warnings"
_MOST_FRAMES = 12
_MOST_CAUSES = 4

_HIDDEN = (
    (
        re.compile(
            r"((?:__Host-)?invo_session=|cookie['\"]?\s*[:=]\s*)[^\s,}]+", re.IGNORECASE
        ),
        r"\1[cookie]",
    ),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE), r"\1 [token]"),
    (
        re.compile(
            r"((?:password|secret|passwd)['\"]?\s*[:=]\s*)"
            r"(?:'[^']*|\"[^\"]*|[^\s,}&]+)",
            re.IGNORECASE,
        ),
        r"\1[secret]",
    ),
    (re.compile(r"(/a/|/appointments/|token=)[\w~.-]{16,}"), r"\1[token]"),
    (
        re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,}", re.ASCII),
        "[token]",
    ),
    (re.compile(r"(?<![\w.+-])[^\s@<>\"',;:()]{1,64}@[^\s@<>\"',;:()]+"), "[email]"),
    (re.compile(r"(?<![\w.-])\+\d[\d ()-]{6,}\d"), "[phone]"),
    (re.compile(r"(://)[^/\s@]*@"), r"\1[login]@"),
)


def scrub_log_text(text: str) -> str:
    """Return a text, shortened, without cookies, tokens, passwords and contact data.

    Email addresses and phone numbers are contact data.
    """
    length, text = len(text), text[: 2 * LONGEST]  # a secret cut here is cut off below
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    if len(text) > LONGEST or length > 2 * LONGEST:
        text = f"{text[:LONGEST]}… {length} characters"
    return text


def log_trace_of(error: BaseException) -> str:
    """Return the type and the stack of an error and of its causes.

    Messages are left out because they may quote user data; for an ``OSError``, the
    system's description of the error number is added.
    """
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < _MOST_CAUSES:
        frames = traceback.format_tb(cause.__traceback__)[-_MOST_FRAMES:]
        lines.append(f"Traceback of {_kind(cause)}:\n{''.join(frames)}")
        implied = None if cause.__suppress_context__ else cause.__context__
        cause = cause.__cause__ or implied
    return "".join(lines)


def log_line_formatter(**_unused: object) -> logging.Formatter:
    """Return a formatter that writes each record as one line of JSON."""
    return _Lines(
        foreign_pre_chain=[_bring_facts, *_shared_processors()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _bring_trace,
            _scrub_line,
            structlog.processors.JSONRenderer(),
        ],
    )


def open_log(path: Path) -> BinaryIO:
    """Open a program's log file to append; only our user may read the file.

    Corrects the permissions of an existing file, because a line may contain personal
    data in spite of all care.
    """
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OURS_ALONE)
    os.fchmod(number, _OURS_ALONE)
    return os.fdopen(number, "ab")


def shorten_log(path: Path) -> None:
    """Move the lines of a log that is too long to ``.log.1``, replacing that file.

    The program that writes the log keeps its file open. So the lines are copied and the
    file is emptied; lines written at that moment may be lost.
    """
    with contextlib.suppress(OSError):  # such as a file that is not there
        if path.stat().st_size > LONGEST_LOG:
            with contextlib.suppress(OSError):  # a full disk; emptying makes room
                _copy_log(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)


def _copy_log(path: Path, older: Path) -> None:
    older.unlink(missing_ok=True)
    with path.open("rb") as lines, open_log(older) as target:
        shutil.copyfileobj(lines, target)


def set_up_logs(level: str) -> None:
    """Send every log line of this process to standard error as JSON.

    Args:
        level: Lowest level that is logged, such as ``"info"``.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler(_real(sys.stderr))
    handler.setFormatter(log_line_formatter())
    logging.setLogRecordFactory(_make_record)
    logging.basicConfig(level=least, handlers=[handler], force=True)
    logging.lastResort = handler
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(least, logging.WARNING))
    for name in _SPARING:
        logging.getLogger(name).filters[:] = [_SparingFilter()]
    for name in _COMPLAINING:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(least),
        cache_logger_on_first_use=True,
    )


def take_over_logs() -> None:
    """Convert all other output to log lines. Call this after ``set_up_logs``.

    Other output is Python's warnings, uncaught errors of all threads, and printed text.
    Of printed text only the length is logged, because the text may contain anything.
    """
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # or logging prints a record that it cannot log
    sys.excepthook = _note_uncaught
    threading.excepthook = lambda it: _note_error(it.exc_value)
    sys.unraisablehook = lambda it: _note_error(it.exc_value)
    sys.stdout, sys.stderr = _Printed(_real(sys.stdout)), _Printed(_real(sys.stderr))


def write_log_at_once(text: object, _stream: object = None) -> None:
    """Write a log line directly to standard error, for signal handlers only."""
    stamp = utc_now().isoformat()
    line = {
        "event": scrub_log_text(str(text).strip()),
        "level": "info",
        "timestamp": stamp,
    }
    os.write(2, f"{json.dumps({**line, 'logger': __name__})}\n".encode())


class _SparingFilter(logging.Filter):
    """Passes a limited number of records; see ``LogBudget``."""

    def __init__(self) -> None:
        super().__init__()
        self._budget = LogBudget()

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        """Whether the budget has a line left."""
        return self._budget.is_left()


class _Lines(structlog.stdlib.ProcessorFormatter):
    """The JSON formatter; also rewrites records created before ``set_up_logs``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        return super().format(_tidy_record(record))


class _Printed(io.TextIOBase):
    """Replaces a standard stream; logs only how many characters are printed."""

    def __init__(self, real: TextIO) -> None:
        super().__init__()
        self.real = real

    def writable(self) -> bool:
        """Always true."""
        return True

    def write(self, text: str, /) -> int:
        """Log that something was printed."""
        if text.strip():
            _log.warning("a library printed %d characters", len(text))
        return len(text)

    def fileno(self) -> int:
        """Return the real stream's file descriptor, for direct writes."""
        return self.real.fileno()


def _make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    return (
        _tidy_record(record) if record.name else record
    )  # logging.makeLogRecord creates records without a name and fills them later


def _tidy_record(record: logging.LogRecord) -> logging.LogRecord:
    """Rewrite a record so that no formatter can show user data. Idempotent."""
    if isinstance(record.msg, Mapping):  # made by structlog, so by the product
        return record
    record.msg, record.args = _words_of(record), ()
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text = scrub_log_text(log_trace_of(record.exc_info[1]))
    record.exc_info = record.stack_info = None
    return record


def _words_of(record: logging.LogRecord) -> str:
    try:
        words = record.getMessage()
    except (TypeError, ValueError, KeyError):
        words = ""
    if record.name.startswith(_SERVER):  # the trace on further lines quotes the error
        return scrub_log_text(words.partition("\n")[0])
    if _speaks(record.name):
        return scrub_log_text(words)
    if record.name == _WARNINGS:  # keep file, line and kind; the rest may quote values
        return scrub_log_text(":".join(words.split(":", 3)[:3]))
    return f"{record.module}:{record.lineno} {record.funcName}"


def _speaks(name: str) -> bool:
    if name.startswith(_QUOTING):
        return False
    return name.partition(".")[0] in _SPEAKING


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError) and error.errno:
        return f"{name} ({os.strerror(error.errno)})"
    return name


def _bring_facts(
    _logger: Any, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Add the ``extra`` values and the trace of a ``logging`` record to a line."""
    record: logging.LogRecord = line["_record"]
    if _speaks(record.name):
        line = structlog.stdlib.ExtraAdder()(_logger, _name, line)
    if record.exc_text:
        line["exception"] = record.exc_text
    return line


def _bring_trace(
    _logger: object, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the error in a line of structlog by its trace, without the message."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["exception"] = log_trace_of(error)
    return line


def _scrub_line(
    _logger: object, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    characters = LONGEST_LINE
    for key, value in line.items():
        if not isinstance(value, bool | int | float | None):
            line[key] = scrub_log_text(str(value))[:characters]
            characters -= len(line[key])
    return line


def _add_request(
    _logger: object, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if known := request_id.get():
        line.setdefault("request", known)
    return line


def _shared_processors() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
    ]


def _note_uncaught(
    _kind_of: type[BaseException],
    error: BaseException,
    _trace: TracebackType | None,
) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    _note_error(error)


def _note_error(error: BaseException | None) -> None:
    with contextlib.suppress(Exception):  # while Python exits, anything may fail
        _log.critical("an error nobody caught", exc_info=error)


def _real(stream: Any) -> TextIO:
    return stream.real if isinstance(stream, _Printed) else stream


_log = logging.getLogger(__name__)
