"""The fake Exchange holds both sides to Microsoft's schemas."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.interval import Interval
from invo_booking.providers.exchange import events
from tests.providers.exchange_world import opened
from tests.support.exchange.node_tools import ask_by_client
from tests.support.exchange.schema import problems_of

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = {"start": "2027-03-08T00:00:00Z", "end": "2027-03-09T00:00:00Z"}
ANA = "ana@bank.example"


def draft():
    return EventDraft(
        key=uuid4(),
        subject="Mortgage",
        body="Ana Diaz, by video",
        period=Interval(NINE, NINE + HOUR),
        attendees=((ANA, "Ana"),),
        location="Room 2",
    )


def sent(exchange, operation):
    [call] = exchange.calls_to("POST", f"/{operation}")
    return call.body


WRONG = [
    ("CreateItem", b"<t:Subject>Mortgage</t:Subject>", b"<t:Topic>Loan</t:Topic>"),
    ("CreateItem", b'="SendToAllAndSaveCopy"', b'="SendToEverybody"'),
    ("CreateItem", b"2027-03-08T09:00:00Z", b"9 o'clock"),
    ("CreateItem", b"<t:LegacyFreeBusyStatus>Busy", b"<t:LegacyFreeBusyStatus>Full"),
    ("FindItem", b'Traversal="Shallow"', b'Traversal="Wide"'),
]


@pytest.mark.parametrize(("operation", "right", "wrong"), WRONG)
def test_document_that_microsoft_would_refuse_is_a_violation(
    exchange, operation, right, wrong
):
    opened(exchange).create(draft())
    body = sent(exchange, operation)
    assert problems_of(body) == []
    assert right in body

    assert problems_of(body.replace(right, wrong)) != []


def test_another_client_reads_what_we_wrote(exchange):
    wanted = draft()
    written = opened(exchange).create(wanted)
    own = {"set": events.PROPERTY_SET, "name": events.OUR_KEY}

    listed, read, busy = ask_by_client(
        exchange,
        [
            {"do": "list", **DAY},
            {"do": "read", "id": written.id, **own},
            {"do": "busy", "mailbox": ANA, **DAY},
        ],
    )

    assert listed == [written.id]
    assert read == {
        "subject": "Mortgage",
        "start": "2027-03-08T09:00:00.000Z",
        "end": "2027-03-08T10:00:00.000Z",
        "location": "Room 2",
        "attendees": [ANA],
        "key": str(wanted.key),
    }
    assert busy == ["2027-03-08T09:00:00.000Z"]


def test_we_read_what_another_client_wrote(exchange):
    calendar = opened(exchange)
    ours = calendar.create(draft())

    theirs, removed = ask_by_client(
        exchange,
        [
            {
                "do": "create",
                "subject": "Theirs",
                "start": "2027-03-08T12:00:00Z",
                "end": "2027-03-08T13:00:00Z",
                "attendee": ANA,
            },
            {"do": "remove", "id": ours.id},
        ],
    )

    assert removed is True
    [event] = calendar.events(Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)).events
    assert (event.id, event.key) == (theirs, None)
    assert event.period == Interval(NINE + 3 * HOUR, NINE + 4 * HOUR)
    [answer] = calendar.free_busy([ANA], Interval(NINE, NINE + 8 * HOUR))
    assert answer.busy == (event.period,)
