"""The connected account's own calendar as host: what has changed there, and whose."""

import logging
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import OWN_HOST, EventDraft
from invo_booking.domain.calendars.provider_errors import (
    CursorExpiredError,
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
    ReconnectError,
)
from invo_booking.domain.interval import Interval
from tests.providers.contract import OwnCalendarWorld, Tokens, opened
from tests.support.microsoft import SCHEDULER
from tests.support.microsoft.plain_client import plain_client

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN_TO_ELEVEN = Interval(NINE + HOUR, NINE + 2 * HOUR)
MONTH = Interval(NINE - 9 * HOUR, NINE + 28 * DAY)
DELTA = "/me/calendarView/delta"
CANARY = "canary-subject-7261"


@pytest.fixture
def world(outlook):
    return OwnCalendarWorld(outlook)


@pytest.fixture
def log(world):
    return world.calendar.change_log


def draft(**fields):
    given = {"key": uuid4(), "subject": "Mortgage", "body": "By video"}
    return EventDraft(**{**given, "period": TEN_TO_ELEVEN, **fields})


def periods(changes):
    return sorted(it.period for it in changes.listing.events)


def test_group_lists_no_changes(outlook):
    assert opened(outlook, outlook.group()).change_log is None


def test_everything_comes_first_and_then_only_what_has_changed(outlook, world, log):
    made = world.calendar.create(draft())
    world.foreign(NINE + 3 * HOUR, NINE + 4 * HOUR)

    first = log.changes("", MONTH)
    quiet = log.changes(first.cursor, MONTH)
    outlook.move(made.id, NINE + 5 * HOUR, NINE + 6 * HOUR)
    moved = log.changes(quiet.cursor, MONTH)

    assert len(first.listing.events) == 2
    assert (quiet.listing.events, quiet.removed) == ((), frozenset())
    [event] = moved.listing.events
    assert (event.id, event.key) == (made.id, made.key)
    assert event.period == Interval(NINE + 5 * HOUR, NINE + 6 * HOUR)
    assert event.version not in {"", made.version}


def test_nothing_that_a_list_of_changes_does_not_have_is_asked(outlook, world, log):
    world.calendar.create(draft())
    log.changes(log.changes("", MONTH).cursor, MONTH)

    first, *rest = outlook.calls_to("GET", DELTA)
    assert first.query.keys() == {"startDateTime", "endDateTime"}
    assert all(call.query.keys() <= {"$skiptoken", "$deltatoken"} for call in rest)
    assert all("ImmutableId" in call.headers["prefer"] for call in (first, *rest))


def test_long_lists_come_page_by_page(outlook, world, log):
    outlook.page_size = 3
    for hours in range(10):
        world.foreign(NINE + hours * HOUR, NINE + (hours + 1) * HOUR)

    assert len(log.changes("", MONTH).listing.events) == 10


def test_what_others_wrote_ends_in_the_adapter(outlook, log, caplog):
    caplog.set_level(logging.DEBUG, "invo_booking")
    outlook.busy(SCHEDULER, NINE, NINE + HOUR, subject=CANARY)
    outlook.change(
        outlook.events(SCHEDULER)[0]["id"],
        body={"contentType": "text", "content": CANARY},
    )

    changes = log.changes("", MONTH)

    assert CANARY not in f"{changes} {caplog.text}"
    assert len(changes.listing.events) == 1


def test_deleted_event_is_removed(outlook, world, log):
    made = world.calendar.create(draft())
    before = log.changes("", MONTH)

    outlook.delete(made.id)

    assert log.changes(before.cursor, MONTH).removed == {made.id}


def test_event_beyond_the_window_is_removed_though_it_stands(outlook, world, log):
    made = world.calendar.create(draft())
    before = log.changes("", MONTH)

    outlook.move(made.id, MONTH.end + DAY, MONTH.end + DAY + HOUR)
    far = outlook.busy(SCHEDULER, MONTH.end + DAY, MONTH.end + 2 * DAY)

    after = log.changes(before.cursor, MONTH)
    assert after.removed == {made.id, far}
    assert world.calendar.event(made.id).period.start == MONTH.end + DAY


def test_event_made_a_series_is_its_occurrences_and_not_itself(outlook, world, log):
    made = world.calendar.create(draft())
    before = log.changes("", MONTH)

    outlook.repeat_weekly(made.id, 3)
    after = log.changes(before.cursor, MONTH)

    assert made.id in after.removed
    assert periods(after) == [
        Interval(
            TEN_TO_ELEVEN.start + week * 7 * DAY, TEN_TO_ELEVEN.end + week * 7 * DAY
        )
        for week in range(3)
    ]
    assert {it.series_id for it in after.listing.events} == {made.id}
    assert all(it.version for it in after.listing.events)


def test_whole_days_of_a_series_are_those_of_the_institution(outlook, log):
    midnight = NINE - 9 * HOUR
    event = outlook.busy(SCHEDULER, midnight, midnight + DAY, isAllDay=True)
    outlook.repeat_weekly(event, 1)

    [day] = log.changes("", MONTH).listing.events

    assert day.period == Interval(midnight + 6 * HOUR, midnight + DAY + 6 * HOUR)


def test_event_that_cannot_be_read_is_listed_as_such(outlook, world, log):
    made = world.calendar.create(draft())
    outlook.make_odd(made.id, start=None)

    changes = log.changes("", MONTH)

    assert [it.id for it in changes.listing.unreadable] == [made.id]
    outlook.violations.clear()  # Microsoft's types have no such event


def test_forgotten_cursor_is_an_error_of_its_own(outlook, log):
    cursor = log.changes("", MONTH).cursor
    outlook.expire_deltas()

    with pytest.raises(CursorExpiredError):
        log.changes(cursor, MONTH)


def test_cursor_that_leads_to_another_server_is_not_followed(log):
    with pytest.raises(ProviderDownError, match="another server"):
        log.changes("https://elsewhere.example/v1.0/me/calendarView/delta", MONTH)


def test_list_that_fails_halfway_is_no_list(outlook, world, log):
    outlook.page_size = 1
    for hours in range(3):
        world.foreign(NINE + hours * HOUR, NINE + (hours + 1) * HOUR)
    outlook.misbehave("GET", DELTA, status=[200, 200, 503])

    with pytest.raises(ProviderDownError):
        log.changes("", MONTH)


def test_id_stays_when_the_event_is_filed_elsewhere(outlook, world, log):
    made = world.calendar.create(draft())
    outlook.file_elsewhere(made.id, "Later")

    assert world.calendar.event(made.id) == made
    assert [it.id for it in log.changes("", MONTH).listing.events] == [made.id]


def test_invitation_that_the_account_received_is_never_ours(outlook, world, log):
    group = outlook.group()
    ours = draft()
    opened(outlook, group).create(ours)

    [listed] = log.changes("", MONTH).listing.events
    [seen] = world.calendar.events(MONTH).events

    assert (listed.key, seen.key) == (None, None)
    assert world.calendar.find(ours.key, ours.period) is None


def test_copy_of_ours_has_its_key_and_another_id(outlook, world, log):
    made = world.calendar.create(draft())
    outlook.copy_event(made.id, NINE + 5 * HOUR, NINE + 6 * HOUR)

    events = log.changes("", MONTH).listing.events

    assert {it.key for it in events} == {made.key}
    assert len({it.id for it in events}) == 2


def test_own_calendar_is_the_only_host_and_no_group_is_made(world):
    [host] = world.calendar.hosts()

    assert (host.id, host.address, host.is_own) == (OWN_HOST, SCHEDULER, True)
    with pytest.raises(ProviderRefusedError, match="own calendar"):
        world.calendar.create_host("Appointments")


def test_permissions_are_those_of_the_own_calendar(world):
    names = {it.name for it in world.calendar.permissions(frozenset())}

    assert "Calendars.ReadWrite" in names
    assert not any("Group" in name for name in names)


def test_who_may_only_read_is_told_what_is_missing(outlook):
    tokens = Tokens(outlook, "Calendars.Read", "User.Read")
    calendar = opened(outlook, OWN_HOST, tokens=tokens)

    with pytest.raises(PermissionMissingError) as told:
        calendar.create(draft())
    assert told.value.missing == ("Calendars.ReadWrite",)


def test_account_without_a_mailbox_is_told_so(outlook, world, log):
    outlook.without_mailbox.add(SCHEDULER)

    with pytest.raises(ReconnectError, match="no mailbox"):
        log.changes("", MONTH)
    with pytest.raises(ReconnectError, match="no mailbox"):
        world.calendar.events(MONTH)
    assert not all(finding.ok for finding in world.calendar.check())


def test_event_is_not_gone_while_its_mailbox_is_missing(outlook, world):
    made = world.calendar.create(draft())
    outlook.without_mailbox.add(SCHEDULER)

    with pytest.raises(ReconnectError):
        world.calendar.event(made.id)


# the fake, by a program that knows nothing of the product


@pytest.mark.parametrize(
    "option", ["$select", "$expand", "$filter", "$orderby", "$search"]
)
def test_fake_refuses_what_a_list_of_changes_does_not_have(outlook, option):
    window = {
        "startDateTime": "2027-03-01T00:00:00Z",
        "endDateTime": "2027-03-31T00:00:00Z",
    }
    with plain_client(outlook) as client:
        answer = client.get(DELTA, params={**window, option: "id"})

    assert answer.status_code == 400
    assert "not supported" in answer.text


def test_fake_says_nothing_of_an_occurrence_that_was_deleted_alone(outlook, log):
    event = outlook.busy(SCHEDULER, NINE, NINE + HOUR)
    outlook.repeat_weekly(event, 3)
    before = log.changes("", MONTH)

    outlook.delete_occurrence(event, 1)

    assert log.changes(before.cursor, MONTH).listing.events == ()
    assert len(log.changes("", MONTH).listing.events) == 2


def test_fake_may_be_behind_what_was_written(outlook, world, log):
    before = log.changes("", MONTH)
    outlook.delta_falls_behind()
    made = world.calendar.create(draft())

    behind = log.changes(before.cursor, MONTH)
    outlook.delta_catches_up()

    assert behind.listing.events == ()
    after = log.changes(behind.cursor, MONTH)
    assert [it.id for it in after.listing.events] == [made.id]
