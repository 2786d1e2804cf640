"""What staff read about who got an appointment, and why."""

from datetime import UTC, datetime

import pytest

from invo_booking.usecases.staff.detail import DetailHistoryEntry
from invo_booking.web.bookings.appointment.history_view import (
    appointment_history_sentence,
)
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
EYES = ViewerContext(
    times.browser_zone_of("America/Chicago"), times.locale_of("en-GB"), NOW
)
THERE = {"from": "2026-11-24T16:00:00+00:00", "to": "2026-11-24T20:00:00+00:00"}


def told(action, actor="customer", **detail):
    return appointment_history_sentence(
        DetailHistoryEntry(at=NOW, actor=actor, action=action, detail=detail), EYES
    )


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("requested", {"agent": "", "because": ""}, "Requested on the web page"),
        (
            "requested",
            {"agent": "Ana", "because": "Fewest appointments that day (2)"},
            "Requested on the web page, given to Ana. Fewest appointments that day (2)",
        ),
        (
            "held",
            {"agent": "Ana", "because": "Chosen by the customer"},
            (
                "Requested on the web page, held until the customer makes room for it, "
                "given to Ana. Chosen by the customer"
            ),
        ),
        (
            "moved",
            THERE | {"because": "Chosen by the customer"},
            "The customer moved it to Tue 24 Nov, 14:00",
        ),
        (
            "moved",
            THERE | {"agent": "Ben", "because": "Fewest appointments that day (0)"},
            (
                "The customer moved it to Tue 24 Nov, 14:00, now with Ben. "
                "Fewest appointments that day (0)"
            ),
        ),
        (
            "moved",
            THERE | {"agent": "", "because": ""},
            "The customer moved it to Tue 24 Nov, 14:00, now unassigned",
        ),
    ],
)
def test_history_says_who_got_it_and_why(action, detail, words):
    assert told(action, **detail) == words


def test_history_written_before_reasons_were_kept_is_still_told():
    assert told("requested", starts_at=THERE["to"]) == "Requested on the web page"


def test_giving_back_is_told_by_name():
    assert told("given back", actor="Ana", agent="", agent_before="Ana") == (
        "Ana gave it back at once"
    )
