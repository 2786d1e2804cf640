"""Who is told of what was written to Exchange, and what the account may not do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from lxml import etree

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.calendars.provider_errors import PermissionMissingError
from invo_booking.domain.interval import Interval
from tests.providers.exchange_world import opened
from tests.support.exchange import operations
from tests.support.exchange.schema import parsed
from tests.support.exchange.soap import RefusalError

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MORNING = Interval(NINE, NINE + HOUR)
LATER = Interval(NINE + 4 * HOUR, NINE + 5 * HOUR)
DAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
ANA, BEN = "ana@bank.example", "ben@bank.example"
TO_NONE = b'"SendToNone"'


def draft(*attendees, **other):
    given = {
        "key": uuid4(),
        "subject": "Mortgage",
        "body": "Ana Diaz, by video",
        "period": MORNING,
        "location": "Room 2",
        "attendees": tuple((it, it) for it in attendees),
    }
    return EventDraft(**{**given, **other})


@pytest.fixture
def calendar(exchange):
    return opened(exchange)


def busy(calendar, *mailboxes):
    return [list(it.busy) for it in calendar.free_busy(list(mailboxes), DAY)]


def test_removed_event_is_removed_from_its_agents_calendar(exchange, calendar):
    made = calendar.create(draft(ANA))

    calendar.cancel(made.id)

    assert exchange.cancellations == [(ANA, made.id)]
    assert busy(calendar, ANA) == [[]]


def test_moved_event_moves_in_its_agents_calendar(calendar):
    wanted = draft(ANA)
    made = calendar.create(wanted)

    calendar.change(made, replace(wanted, period=LATER))

    assert busy(calendar, ANA) == [[LATER]]


def test_agent_who_is_replaced_is_told_so(calendar):
    wanted = draft(ANA)
    made = calendar.create(wanted)

    calendar.change(made, replace(wanted, attendees=((BEN, "Ben"),)))

    assert busy(calendar, ANA, BEN) == [[], [MORNING]]


def test_last_agent_who_is_taken_away_is_told_so(exchange, calendar):
    wanted = draft(ANA)
    made = calendar.create(wanted)

    calendar.change(made, replace(wanted, attendees=()))

    [item] = exchange.standing()
    assert (item.attendees, item.location, item.subject) == ([], "Room 2", "Mortgage")
    assert busy(calendar, ANA) == [[]]


def test_place_that_is_taken_away_takes_no_agent_with_it(exchange, calendar):
    wanted = draft(ANA)
    made = calendar.create(wanted)

    calendar.change(made, replace(wanted, location=""))

    [item] = exchange.standing()
    assert (item.location, item.attendees) == ("", [(ANA, ANA)])
    assert busy(calendar, ANA) == [[MORNING]]


@pytest.mark.parametrize(
    ("right", "do"),
    [
        ("CreateContents", lambda it, _: it.create(draft(ANA))),
        ("Modify", lambda it, made: it.change(made, draft(ANA, key=made.key))),
        ("Delete", lambda it, made: it.cancel(made.id)),
    ],
)
def test_right_that_is_missing_is_told_and_nothing_is_done(
    exchange, calendar, right, do
):
    made = calendar.create(draft())
    exchange.rights.discard(right)

    with pytest.raises(PermissionMissingError):
        do(calendar, made)

    assert len(exchange.standing()) == 1
    assert exchange.cancellations == []
    assert [right in it.sentence for it in calendar.check() if not it.ok] == [True]


# the fake, unkind as the world


def asked(exchange, operation, *changes):
    """Ask the fake once more what we asked, with changes of the document."""
    [call] = exchange.calls_to("POST", f"/{operation}")
    body = call.body
    for right, wrong in changes:
        assert right in body
        body = body.replace(right, wrong)
    content = parsed(body).find("{*}Body")[0]
    return operations.OPERATIONS[operation](exchange, content)


def test_fake_leaves_who_is_not_told_with_the_event(exchange, calendar):
    made = calendar.create(draft(ANA))
    calendar.cancel(made.id)
    again = calendar.create(draft(ANA))
    to_all = b'SendMeetingCancellations="SendToAllAndSaveCopy"'
    untold = b"SendMeetingCancellations=" + TO_NONE

    asked(
        exchange,
        "DeleteItem",
        (to_all, untold),
        (made.id.encode(), again.id.encode()),
    )

    assert exchange.standing() == []
    assert exchange.cancellations == [(ANA, made.id)]
    assert busy(calendar, ANA) == [[MORNING]]


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("CreateItem", "SendMeetingInvitations"),
        ("UpdateItem", "SendMeetingInvitationsOrCancellations"),
        ("DeleteItem", "SendMeetingCancellations"),
    ],
)
def test_fake_does_nothing_that_does_not_say_who_is_told(
    exchange, calendar, operation, name
):
    wanted = draft(ANA)
    made = calendar.create(wanted)
    calendar.change(made, replace(wanted, period=LATER))
    calendar.cancel(made.id)

    with pytest.raises(RefusalError, match=f"Error{name}Required"):
        asked(exchange, operation, (f' {name}="SendToAllAndSaveCopy"'.encode(), b""))


def test_fake_deletes_no_field_that_an_item_needs(exchange, calendar):
    wanted = draft(ANA)
    made = calendar.create(wanted)
    calendar.change(made, replace(wanted, attendees=()))
    [item] = exchange.standing()
    change = etree.tostring(
        parsed(exchange.calls_to("POST", "/UpdateItem")[0].body)
    ).replace(b"calendar:RequiredAttendees", b"calendar:Start")
    content = parsed(change.replace(made.version.encode(), item.change_key.encode()))

    answer = operations.update_item(exchange, content.find("{*}Body")[0])

    assert b"ErrorInvalidPropertyDelete" in etree.tostring(answer)
