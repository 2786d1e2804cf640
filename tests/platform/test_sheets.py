"""Style sheets: what a page does not use, its reader does not wait for."""

import gzip
import re

from invo_booking.config import PROJECT
from invo_booking.web.core import theme

ASSETS = PROJECT / "assets"
STAFF = "staff-pages.css"
MOST_BYTES = 20_000
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
