import json
import logging
import warnings

import pytest

from invo_booking import logs


@pytest.fixture
def log(capsys):
    """Set up logging when called; calling the answer gives what was written."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level

    def begin(least="info"):
        root.handlers[:] = []  # pytest's own, which set_up would close
        logs.set_up(least)
        return lambda: [
            json.loads(line) for line in capsys.readouterr().err.split("\n") if line
        ]

    yield begin
    root.handlers[:] = kept
    root.setLevel(level)


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
    assert personal not in logs.scrub(f"mail for {personal} failed")


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


def test_warning_of_a_library_is_a_line_of_json_as_well(log):
    logging.captureWarnings(capture=False)  # as in a process that begins
    written = log()
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
