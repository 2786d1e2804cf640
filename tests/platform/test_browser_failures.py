"""What browsers report of pages that failed in them."""

import json
import logging
import re

import pytest

from invo_booking.config import PROJECT
from invo_booking.run import logs
from invo_booking.web.core import routes
from invo_booking.web.core.browser_failures import LONGEST, MOST, SECONDS, Reports
from invo_booking.web.core.failures import staff_pages_for_scripts
from invo_booking.web.menu import staff_pages


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


def told(caplog):
    return [record.getMessage() for record in caplog.records]


def test_report_is_cut_short_and_logged_as_a_warning(caplog, seconds):
    Reports(seconds).log_report(Exception("TypeError: x is null\n" + "at y " * 500))

    (line,) = told(caplog)
    assert line.startswith("failed in a browser: TypeError: x is null")
    assert len(line) <= LONGEST + 30
    assert caplog.records[0].levelno == logging.WARNING


def test_what_a_report_quotes_is_hidden_as_in_any_line_of_ours(caplog, seconds):
    Reports(seconds).log_report(Exception("no rosa@example.com under invo_session=abc"))

    (record,) = caplog.records
    shown = logs.log_line_formatter().format(record)
    assert "[email]" in shown
    assert "rosa@example.com" not in shown
    assert "abc" not in shown


def test_flood_of_reports_is_counted_instead_of_logged(caplog, seconds):
    reports = Reports(seconds)
    for _ in range(10 * MOST):
        reports.log_report(Exception("again"))
    assert len(told(caplog)) == MOST

    seconds.now = SECONDS
    reports.log_report(Exception("later"))

    assert told(caplog)[-1] == (
        f"failed in a browser: {9 * MOST} reports left out; later"
    )


def test_pages_of_staff_lead_back_to_the_calendar():
    listed = json.loads(str(staff_pages_for_scripts().content)).split(" ")

    assert all(page.split("/")[1] in listed for page in staff_pages())
    for page in (
        routes.LANDING,
        routes.SIGN_IN,
        "/schedule",
        "/a/secret",
        "/a/s/limit",
    ):
        assert page.split("/")[1] not in listed


def test_scripts_of_a_page_declare_no_name_twice():
    """What two declare, the second one takes from the first, or fails itself."""
    declaration = re.compile(
        r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE
    )
    names = [
        name
        for script in re.findall(r'script\(src="/(\w+\.js)"', app_text())
        for name in declaration.findall((PROJECT / "assets" / script).read_text())
    ]

    assert names
    assert sorted(names) == sorted(set(names))


def app_text() -> str:
    return (PROJECT / "invo_booking" / "app.py").read_text()
