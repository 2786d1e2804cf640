"""Style sheets: what a page does not use, its reader does not wait for."""

import gzip
import re

from invo_booking.config import PROJECT
from invo_booking.web.core import theme

ASSETS = PROJECT / "assets"
STAFF = "staff-pages.css"
MOST_BYTES = 20_000
RULE = re.compile(r"([^{}]+){([^{}]*)}")
SCROLLS = re.compile(r"overflow(-[xy])?: *(auto|scroll)")
HOLDS = re.compile(r"position: *(relative|absolute|fixed|sticky)")
HOLD_ANYWAY = ("dialog.", ".ec-popup ")
"""What the browser, or the calendar, places by itself."""

IMPORTED = re.compile(r'@import url\("\./([^"]+)"\)')


def of_staff() -> list[str]:
    return IMPORTED.findall((ASSETS / STAFF).read_text(encoding="utf-8"))


def test_sheets_of_public_pages_are_light():
    sheets = [(ASSETS / name.strip("/")).read_bytes() for name in theme.STYLESHEETS]

    assert len(gzip.compress(b"".join(sheets))) <= MOST_BYTES


def test_no_rule_of_public_pages_lies_in_a_sheet_of_staff():
    for name in of_staff():
        assert not re.search(r"\.public\b", (ASSETS / name).read_text("utf-8")), name


def test_every_sheet_is_loaded_once():
    loaded = [name.strip("/") for name in theme.STYLESHEETS] + of_staff()

    there = {path.name for path in ASSETS.glob("*.css")} - {STAFF}
    assert sorted(loaded) == sorted(there)


def test_whatever_scrolls_on_pages_of_staff_holds_what_is_hidden_in_it():
    """Else text for screen readers alone would make the page itself longer."""
    rules = [
        (selector.strip(), body)
        for name in of_staff()
        for selector, body in RULE.findall((ASSETS / name).read_text("utf-8"))
        if SCROLLS.search(body)
    ]

    loose = [selector for selector, body in rules if not HOLDS.search(body)]
    assert len(rules) > 10
    assert [it for it in loose if not any(by in it for by in HOLD_ANYWAY)] == []
