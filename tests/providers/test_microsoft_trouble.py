"""Everything that goes wrong at Microsoft is one of our errors, and passes."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import EventDraft, EventListing
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.microsoft.provider import LIMITS
from invo_booking.usecases.calendars.host.listing import compare_events
from tests.providers.contract import OutlookWorld, Tokens, opened

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
TEN_TO_ELEVEN = Interval(NINE + HOUR, NINE + 2 * HOUR)
SCHEDULE = "/me/calendar/getSchedule"
EVENTS = "/groups/*/calendar/events"
EVENT = "/groups/*/calendar/events/*"
VIEW = "/groups/*/calendarView"
IMPATIENT = replace(LIMITS, call_seconds=2)
BUSY_MACHINE = 15  # seconds; what drips or hangs would take minutes
TWENTY = [f"agent{number:02}@bank.example" for number in range(20)]


@pytest.fixture
def world(outlook):
    return OutlookWorld(outlook)


@pytest.fixture
def impatient(outlook):
    return OutlookWorld(outlook, IMPATIENT)


def draft(**fields):
    given = {"key": uuid4(), "subject": "Mortgage", "body": "By video"}
    return EventDraft(**{**given, "period": TEN_TO_ELEVEN, **fields})


def read_busy(world):
    return world.calendar.free_busy(TWENTY[:2], TODAY)


def read_events(world):
    return world.calendar.events(TODAY)


def write(world):
    return world.calendar.create(draft())


CALLS = pytest.mark.parametrize(
    ("ask", "method", "path"),
    [
        (read_busy, "POST", SCHEDULE),
        (read_events, "GET", VIEW),
        (write, "POST", EVENTS),
    ],
)


# who is signed in, and what they may


@CALLS
def test_token_that_is_refused_once_is_renewed_once(outlook, ask, method, path):
    tokens = Tokens(outlook)
    group = outlook.group()
    world = OutlookWorld(outlook)
    world.calendar = opened(outlook, group, tokens=tokens)
    outlook.misbehave(method, path, status=401)

    ask(world)

    assert tokens.renewals == 1


@CALLS
def test_token_that_is_always_refused_needs_a_person(outlook, ask, method, path):
    tokens = Tokens(outlook)
    world = OutlookWorld(outlook)
    world.calendar = opened(outlook, world.group, tokens=tokens)
    outlook.misbehave(method, path, status=401, times=None)

    with pytest.raises(ReconnectError, match="Sign in again"):
        ask(world)

    assert tokens.renewals == 1
    assert len(outlook.calls_to(method, path)) == 2


@pytest.mark.parametrize(
    ("ask", "missing"),
    [
        (read_busy, "Calendars.ReadBasic"),
        (read_events, "Group.ReadWrite.All"),
        (write, "Group.ReadWrite.All"),
    ],
)
def test_permission_that_is_missing_is_named(outlook, ask, missing):
    world = OutlookWorld(outlook)
    rest = {"User.Read", "Calendars.ReadBasic", "Group.ReadWrite.All"} - {missing}
    world.calendar = opened(outlook, world.group, tokens=Tokens(outlook, *rest))

    with pytest.raises(PermissionMissingError, match=missing) as caught:
        ask(world)

    assert caught.value.missing[0] == missing


@pytest.mark.parametrize(
    ("missing", "checks"),
    [
        ("User.Read", ["Sign-in"]),
        (
            "Calendars.ReadBasic",
            [
                "Free and busy of the connected account",
                "Free and busy of the mailbox to try",
            ],
        ),
        (
            "Group.ReadWrite.All",
            [
                "Host calendar",
                "Member of the host calendar",
                "Owner of the host calendar",
            ],
        ),
    ],
)
def test_check_finds_each_permission_that_is_missing(outlook, missing, checks):
    rest = {"User.Read", "Calendars.ReadBasic", "Group.ReadWrite.All"} - {missing}
    calendar = opened(outlook, outlook.group(), tokens=Tokens(outlook, *rest))

    bad = [it for it in calendar.check(probe="ana@bank.example") if not it.ok]

    assert [it.name for it in bad] == checks
    assert all(missing in it.sentence for it in bad)


def test_check_ends_when_nobody_is_signed_in(outlook, world):
    outlook.misbehave("*", "*", status=401, times=None)

    assert [(it.name, it.ok) for it in world.calendar.check()] == [("Sign-in", False)]


def test_sign_in_revoked_in_the_middle_of_a_list_needs_a_person(outlook):
    outlook.page_size = 2
    world = OutlookWorld(outlook)
    for number in range(6):
        world.foreign(NINE + number * HOUR, NINE + (number + 1) * HOUR)
    outlook.misbehave("GET", VIEW, status=[200, 401, 401])

    with pytest.raises(ReconnectError):
        world.calendar.events(TODAY)


# patience and trouble of its own


@CALLS
@pytest.mark.parametrize(
    "asked", [(120, 120), ("date:120", 120), (None, 30), (-1, 30), (999999, 3600)]
)
def test_patience_is_as_long_as_was_asked(outlook, world, ask, method, path, asked):
    said, seconds = asked
    outlook.misbehave(method, path, status=429, retry_after=said)

    with pytest.raises(ThrottledError) as caught:
        ask(world)

    assert abs(caught.value.wait.total_seconds() - seconds) <= 1


@CALLS
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble_of_its_own_passes(outlook, world, ask, method, path, status):
    outlook.misbehave(method, path, status=status)

    with pytest.raises(ProviderDownError) as caught:
        ask(world)

    assert caught.value.ambiguous is (method == "POST")
    ask(world)


@CALLS
@pytest.mark.parametrize(
    "how",
    [
        {"body": "malformed"},
        {"body": "[]"},
        {"body": '"text"'},
        {"body": "[" * 100_000},
        {"drop": "before"},
        {"drop": "after"},
        {"hang": True},
        {"drip": True},
        {"body": "huge"},
    ],
    ids=lambda how: str(how)[:30],
)
def test_answer_that_is_none_ends_in_time_and_is_said(
    outlook, impatient, ask, method, path, how
):
    began = time.monotonic()
    outlook.misbehave(method, path, **how)

    with pytest.raises(ProviderDownError) as caught:
        ask(impatient)

    assert caught.value.ambiguous is (method == "POST")
    assert time.monotonic() - began < BUSY_MACHINE
    outlook.behave()


def test_next_page_elsewhere_is_not_fetched(outlook, world):
    body = '{"value": [], "@odata.nextLink": "https://evil.example/v1.0/groups"}'
    outlook.misbehave("GET", VIEW, body=body)

    with pytest.raises(ProviderDownError, match="another server"):
        read_events(world)


def test_list_without_an_end_is_not_read_for_ever(outlook, world):
    same = f"{outlook.graph}/groups/{world.group}/calendarView?startDateTime=2027-03-08"
    page = json.dumps(
        {"value": [], "@odata.nextLink": f"{same}&endDateTime=2027-03-09"}
    )
    outlook.misbehave("GET", VIEW, body=page, times=None)

    with pytest.raises(ProviderDownError, match="no end"):
        read_events(world)


@pytest.mark.parametrize("body", [{}, {"id": "1", "changeKey": "2"}])
def test_event_that_cannot_be_read_is_not_taken_for_missing(outlook, world, body):
    outlook.misbehave("GET", VIEW, body=json.dumps({"value": [body]}))
    ours = StoredEvent(
        appointment_id=uuid4(),
        connection_id=uuid4(),
        event_id="1",
        state=EventState.WRITTEN,
        period=TODAY,
    )

    listed = read_events(world)

    assert len(listed.unreadable) == 1
    assert compare_events([ours], listed, TODAY.start).missing == []
    assert compare_events([ours], EventListing(), TODAY.start).missing == [ours]


@pytest.mark.parametrize(
    "item",
    [
        {"scheduleItems": [{"status": "busy"}]},
        {"scheduleItems": None},
        {},
    ],
)
def test_mailbox_that_cannot_be_read_is_unknown_and_not_free(outlook, world, item):
    free = {"scheduleItems": [], "availabilityView": "00"}
    rows = [{"scheduleId": TWENTY[0], **free}, item]
    rows[1]["scheduleId"] = TWENTY[1]
    outlook.misbehave("POST", SCHEDULE, body=json.dumps({"value": rows}))

    first, second = read_busy(world)

    assert first.problem is None
    assert isinstance(second.problem, ProviderDownError)


def test_mailbox_nothing_is_said_about_is_unknown(outlook, world):
    outlook.misbehave("POST", SCHEDULE, body='{"value": []}')

    assert all(isinstance(it.problem, ProviderDownError) for it in read_busy(world))


# one event


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ProviderRefusedError),
        (404, EventGoneError),
        (409, EventChangedError),
        (410, EventGoneError),
        (412, EventChangedError),
        (413, ProviderRefusedError),
    ],
)
def test_refusal_of_a_change_is_told_for_what_it_means(outlook, world, status, error):
    written = world.calendar.create(draft())
    outlook.misbehave("PATCH", EVENT, status=status)

    with pytest.raises(error) as caught:
        world.calendar.change(written, draft(subject="Loan"))

    assert caught.value.reference


def test_appointment_written_before_the_answer_was_lost_is_found_and_kept_once(
    outlook, world
):
    wanted = draft()
    outlook.misbehave("POST", EVENTS, drop="after")

    with pytest.raises(ProviderDownError) as caught:
        world.calendar.create(wanted)

    assert caught.value.ambiguous
    found = world.calendar.find(wanted.key, wanted.period)
    assert found is not None
    assert world.calendar.create(wanted).id == found.id
    assert world.standing() == 1


def test_appointment_lost_before_it_was_written_is_written_once(outlook, world):
    wanted = draft()
    outlook.misbehave("POST", EVENTS, drop="before")

    with pytest.raises(ProviderDownError):
        world.calendar.create(wanted)

    assert world.calendar.find(wanted.key, wanted.period) is None
    world.calendar.create(wanted)
    assert world.standing() == 1


def test_deletion_whose_answer_was_lost_is_done_all_the_same(outlook, world):
    written = world.calendar.create(draft())
    outlook.misbehave("DELETE", EVENT, drop="after")

    with pytest.raises(ProviderDownError):
        world.calendar.cancel(written.id)
    world.calendar.cancel(written.id)

    assert world.standing() == 0
