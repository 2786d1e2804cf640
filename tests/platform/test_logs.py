import json
import logging
import os
import subprocess
import sys
import threading
import time
import warnings
from pkgutil import resolve_name

import pytest
import structlog

from invo_booking.config import PROJECT
from invo_booking.run import logs
from invo_booking.run.log_budget import MOST


@pytest.fixture
def log(capsys):
    """Set up logging when called; calling the answer gives what was written."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    factory, last = logging.getLogRecordFactory(), logging.lastResort

    def begin(least="info"):
        root.handlers[:] = []  # pytest's own, which set_up would close
        logs.set_up_logs(least)
        return lambda: [
            json.loads(line) for line in capsys.readouterr().err.split("\n") if line
        ]

    yield begin
    root.handlers[:] = kept
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    logging.lastResort = last


@pytest.mark.parametrize("name", ["engineio.server", "socketio.server", "reflex.app"])
def test_odd_messages_on_a_websocket_fill_no_disk(log, name):
    written = log()

    for _ in range(MOST * 5):
        logging.getLogger(name).error("message cannot be read")

    assert len(written()) == MOST


def test_failed_request_that_the_web_server_logs_keeps_no_message(log):
    written = log()

    logging.getLogger("_granian.utils").error(
        "Application callable raised an exception\nTraceback ...\nValueError: rosa"
    )

    assert [line["event"] for line in written()] == [
        "Application callable raised an exception"
    ]


def test_odd_arguments_of_events_are_no_lines_of_the_library(log):
    written = log()

    logging.getLogger("reflex_base.event.processor.base_state_processor").warning("odd")

    assert written() == []


def test_each_entry_is_one_line_of_json(log):
    written = log()
    logging.getLogger("a").warning("first\r\n2026 INFO admin logged in \x1b[31m")
    logging.getLogger("b").info("second")
    logging.getLogger("c").debug("not asked for")

    lines = written()
    assert [line["logger"] for line in lines] == ["a", "b"]
    assert lines[0]["level"] == "warning"
    assert lines[0]["timestamp"].endswith("Z")


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "msal.application"])
def test_libraries_that_would_write_tokens_are_not_listened_to(log, name):
    written = log("debug")
    logging.getLogger(name).debug("Authorization: Bearer canary")

    assert written() == []


@pytest.mark.parametrize(
    "personal",
    [
        "ana@bank.example",
        "+1 212 555 0142",
        "/a/3q2-7wAAAAAAAAAAAAAAAA",
        "redis://:hunter2@127.0.0.1",
    ],
)
def test_personal_data_and_secrets_are_hidden(personal):
    assert personal not in logs.scrub_log_text(f"mail for {personal} failed")


def test_personal_data_is_hidden_in_fields_and_stack_traces(log):
    written = log()
    try:
        raise ValueError("ana@bank.example")  # noqa: TRY301 - to have a stack trace
    except ValueError:
        logging.getLogger("a").exception("no", extra={"to": "ben@bank.example"})

    [line] = written()
    assert "Traceback" in line["exception"]
    assert "@bank.example" not in json.dumps(line)


def test_long_entries_are_cut(log):
    written = log()
    logging.getLogger("a").info("x" * 900_000)

    [line] = written()
    assert len(line["event"]) < 2100


def test_a_library_says_only_where_it_spoke(log):
    written = log()
    library = logging.getLogger("some.library")
    library.error("the payload was hunter2", extra={"payload": "hunter2"})
    library.error("it was %s", "hunter2")
    library.error("%d", "hunter2")

    lines = written()
    assert len(lines) == 3
    assert "hunter2" not in json.dumps(lines)
    assert lines[0]["event"].startswith("test_logs:")


def test_no_handler_of_a_library_gets_what_was_sent(log, capsys):
    log()
    library = logging.getLogger("a.stubborn.library")
    library.propagate = False
    handler = logging.StreamHandler()
    library.addHandler(handler)
    try:
        int("hunter" + "2")
    except ValueError:
        library.exception("it was %s", "hunter2")
    library.removeHandler(handler)

    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "secret",
    [
        "invo_session=Zm9vYmFyYmF6",
        "__Host-invo_session=Zm9vYmFyYmF6",
        "Cookie: other=Zm9vYmFyYmF6",
        "Authorization: Bearer Zm9vYmFyYmF6",
        "{'password': 'Zm9vYmFyYmF6'}",
        "Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6",
    ],
)
def test_cookies_tokens_and_passwords_are_hidden(secret):
    assert "Zm9vYmFyYmF6" not in logs.scrub_log_text(
        f"it came with {secret} and failed"
    )


@pytest.mark.parametrize("quote", ["'", '"'])
def test_no_word_of_a_quoted_password_is_left(quote):
    told = logs.scrub_log_text(
        f"{{'password': {quote}four words of mine{quote}, 'name': 'Ada'}}"
    )

    assert "words" not in told
    assert "Ada" in told


def test_lines_are_bounded_and_hiding_takes_no_time(log):
    written = log()
    logger = logging.getLogger("invo_booking.a")
    began = time.process_time()
    for text in ("@" * 500_000, "a" * 500_000, "+1 " * 200_000, "cookie=" * 100_000):
        logger.info("%s", text, extra={f"x{n}": text for n in range(20)})

    assert time.process_time() - began < 10
    assert all(len(json.dumps(line)) < 10_000 for line in written())


def test_lines_name_the_request_they_belong_to(log):
    written = log()
    named = logs.request_id.set("0123456789abcdef")
    logging.getLogger("invo_booking.a").info("standard")
    structlog.get_logger("invo_booking.b").info("structured")
    logs.request_id.reset(named)
    logging.getLogger("invo_booking.c").info("outside")

    assert [line.get("request") for line in written()] == ["0123456789abcdef"] * 2 + [
        None
    ]


WORKER = """
import sys, threading, warnings
from celery.apps import worker
from invo_booking import broker
broker._set_up_logs()
worker.safe_say("worker: Warm shutdown (MainProcess)")
print("hunter2")
sys.stderr.write("hunter2")
warnings.warn("hunter2")
thread = threading.Thread(target=int, args=("hunter2",))
thread.start()
thread.join()
int("hunter" + "2")
"""


def test_all_a_process_writes_is_lines_of_json_however_it_ends(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "INVO_DATA_DIR": str(tmp_path)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "hunter2" not in ended.stderr
    assert [line["event"].partition(":")[0] for line in lines] == [
        "worker",
        "a library printed 7 characters",
        "a library printed 7 characters",
        "<string>",
        "an error nobody caught",
        "an error nobody caught",
    ]


@pytest.fixture
def as_it_was(monkeypatch):
    """Give back afterwards what ``take_over`` replaces."""
    for name in ("excepthook", "unraisablehook", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)


@pytest.mark.usefixtures("as_it_was")
def test_warning_of_a_library_is_a_line_of_json_as_well(log):
    logging.captureWarnings(capture=False)  # as in a process that begins
    written = log()
    logs.take_over_logs()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn_explicit("two\nlines", RuntimeWarning, "x.py", 1)
    finally:
        logging.captureWarnings(capture=False)

    assert [line["logger"] for line in written()] == ["py.warnings"]


@pytest.mark.parametrize("is_there", [False, True])
def test_log_file_is_readable_by_us_alone_whatever_it_was_before(tmp_path, is_there):
    path = tmp_path / "web.log"
    if is_there:
        path.write_text("before\n", encoding="utf-8")
        path.chmod(0o644)

    with logs.open_log(path) as log:
        log.write(b"after\n")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8").endswith("after\n")


def test_web_servers_log_configuration_names_the_formatter():
    path = PROJECT / "invo_booking" / "run" / "granian_logs.json"
    formatters = json.loads(path.read_text(encoding="utf-8"))["formatters"]

    names = {resolve_name(it["()"]) for it in formatters.values()}

    assert names == {logs.log_line_formatter}
