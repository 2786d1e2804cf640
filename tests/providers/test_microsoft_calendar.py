"""What is Outlook's alone: how it is asked, and what is left out of its answers."""

import logging
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import EventDraft, UnreadableEvent
from invo_booking.domain.calendars.provider_errors import (
    EventUnreadableError,
    ProviderDownError,
)
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight
from tests.providers.contract import CHICAGO, OutlookWorld

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
TEN_TO_ELEVEN = Interval(NINE + HOUR, NINE + 2 * HOUR)
ANA = "ana@bank.example"
CANARY = "canary-subject-7261"


@pytest.fixture
def world(outlook):
    return OutlookWorld(outlook)


def draft(**fields):
    given = {"key": uuid4(), "subject": "Mortgage", "body": "By video"}
    return EventDraft(**{**given, "period": TEN_TO_ELEVEN, **fields})


def test_what_an_appointment_is_about_ends_in_the_adapter(outlook, world, caplog):
    caplog.set_level(logging.DEBUG, "invo_booking")
    outlook.busy(ANA, NINE, NINE + HOUR, subject=CANARY)
    outlook.foreign_event(world.group, NINE, NINE + HOUR, subject=CANARY)

    answers = world.calendar.free_busy([ANA], TODAY)
    events = world.calendar.events(TODAY).events

    assert CANARY not in f"{answers} {events} {caplog.text}"
    assert len(events) == len(answers[0].busy) == 1


def test_log_names_the_call_and_its_reference_and_nobody(outlook, world, caplog):
    caplog.set_level(logging.DEBUG, "invo_booking")
    outlook.busy(ANA, NINE, NINE + HOUR)

    world.calendar.free_busy([ANA], TODAY)
    world.calendar.create(draft())

    assert "POST /me/calendar/getSchedule: 200 " in caplog.text
    assert "POST /groups/{group}/calendar/events: 201 " in caplog.text
    assert ANA not in caplog.text
    assert world.group not in caplog.text


def test_statuses_are_read_whatever_their_case(outlook, world):
    outlook.busy(ANA, NINE, NINE + HOUR, status="Busy")
    outlook.busy(ANA, NINE + HOUR, NINE + 2 * HOUR, status="WorkingElsewhere")

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert answer.busy == (Interval(NINE, NINE + HOUR),)
    outlook.violations.clear()  # one of Microsoft's pages has them so, its types not


@pytest.mark.parametrize("view", [None, "", "?", "??2"])
def test_mailbox_of_which_only_a_summary_is_told_is_unknown(outlook, world, view):
    outlook.busy(ANA, NINE, NINE + HOUR)
    outlook.merges(ANA, view)

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert isinstance(answer.problem, ProviderDownError)
    assert "only in summary" in str(answer.problem)
    assert ANA in str(answer.problem)
    assert answer.busy == ()


def test_mailbox_of_a_summary_that_says_free_is_free(outlook, world):
    outlook.merges(ANA)

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert (answer.problem, answer.busy) == (None, ())


def test_busy_time_that_no_entry_explains_makes_a_mailbox_unknown(outlook, world):
    outlook.busy(ANA, NINE, NINE + HOUR)
    outlook.schedule_oddities[ANA] = {"availabilityView": "22"}

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert isinstance(answer.problem, ProviderDownError)


@pytest.mark.parametrize("minutes", [7, 45, 60, 24 * 60])
def test_summary_agrees_with_the_entries_whatever_is_asked_for(outlook, world, minutes):
    window = Interval(NINE, NINE + timedelta(minutes=minutes))
    for start in range(-30, minutes, 60):
        begins = NINE + timedelta(minutes=start)
        outlook.busy(ANA, begins, begins + HOUR / 2)
        outlook.busy(ANA, begins, begins + HOUR, status="workingElsewhere")
        outlook.busy(ANA, begins + 3 * HOUR / 4, begins + 3 * HOUR / 4)

    [answer] = world.calendar.free_busy([ANA], window)

    assert answer.problem is None


def test_customer_and_agent_are_invited_and_may_not_propose_other_times(outlook, world):
    people = ((ANA, "Ana Diaz"), ("eve@mail.example", "Eve"))

    written = world.calendar.create(draft(attendees=people, location="Main Street"))

    found = outlook.event(written.id)
    invited = {it["emailAddress"]["address"] for it in found["attendees"]}
    assert {ANA, "eve@mail.example"} <= invited
    assert found["location"]["displayName"] == "Main Street"
    assert found["allowNewTimeProposals"] is False
    assert found["showAs"] == "busy"


def test_meeting_in_teams_has_a_link_to_join(world):
    plain = world.calendar.create(draft())
    online = world.calendar.create(draft(online_meeting=True))

    assert plain.join_url == ""
    assert online.join_url.startswith("https://")
    assert world.calendar.event(online.id).join_url == online.join_url


def test_way_into_a_meeting_outlives_a_change(outlook, world):
    """Outlook keeps it in the body, so the body of such an event is not replaced."""
    wanted = draft(online_meeting=True)
    written = world.calendar.create(wanted)
    blob = {"contentType": "html", "content": "Join the meeting now"}
    outlook.change(written.id, body=blob)
    seen = world.calendar.event(written.id)

    world.calendar.change(seen, draft(key=wanted.key, subject="Loan"))

    assert outlook.event(written.id)["subject"] == "Loan"
    assert outlook.event(written.id)["body"] == blob


def test_text_of_an_event_without_a_meeting_is_written_anew(outlook, world):
    wanted = draft()
    written = world.calendar.create(wanted)

    world.calendar.change(written, draft(key=wanted.key, body="At the branch"))

    assert outlook.event(written.id)["body"]["content"] == "At the branch"


def test_answer_of_an_invited_person_does_not_look_like_a_move(outlook, world):
    written = world.calendar.create(draft(attendees=((ANA, "Ana"),)))
    outlook.change(written.id, importance="high")

    seen = world.calendar.event(written.id)

    assert seen.version != written.version
    assert seen.period == written.period


def test_list_of_many_pages_is_read_to_its_end(outlook, world):
    outlook.page_size = 3
    for number in range(10):
        start = NINE + number * HOUR / 2
        outlook.foreign_event(world.group, start, start + HOUR / 2)

    assert len(world.calendar.events(TODAY).events) == 10
    assert len(outlook.calls_to("GET", "/groups/*/calendarView")) == 4


def test_event_of_no_length_is_listed_all_the_same(outlook, world):
    outlook.foreign_event(world.group, NINE, NINE)

    found = world.calendar.events(TODAY).events

    assert [event.period.duration for event in found] == [timedelta(minutes=1)]


def test_all_day_event_takes_whole_days_of_the_institution(outlook, world):
    first, behind = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    made = outlook.foreign_event(world.group, first, behind, isAllDay=True)

    [event] = world.calendar.events(Interval(first, behind)).events

    six = timedelta(hours=6)
    assert event.period == Interval(first + six, behind + six)
    assert world.calendar.event(made).period == event.period


def test_day_on_which_clocks_change_is_whole_too(outlook, world):
    first, behind = datetime(2027, 3, 14, tzinfo=UTC), datetime(2027, 3, 15, tzinfo=UTC)
    outlook.foreign_event(world.group, first, behind, isAllDay=True)

    [event] = world.calendar.events(Interval(first, behind)).events

    assert event.period.duration == 23 * HOUR


def test_appointment_made_an_all_day_event_is_put_back_to_its_time(outlook, world):
    wanted = draft()
    written = world.calendar.create(wanted)
    outlook.change(written.id, isAllDay=True)
    outlook.move(
        written.id, datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 3, 9, tzinfo=UTC)
    )

    there = world.calendar.event(written.id)
    again = world.calendar.change(there, wanted)

    assert there.period.duration == 24 * HOUR
    assert again.period == TEN_TO_ELEVEN
    assert outlook.event(written.id)["isAllDay"] is False


ODD = {"dateTime": "2027-03-08T09:00:00.0000000", "timeZone": "tzone://Microsoft/Utc"}
NAMELESS = {"dateTime": "2027-03-08T09:00:00.0000000", "timeZone": "Customized"}
SPOILT = [
    ({"start": ODD}, Interval(NINE - 14 * HOUR, NINE + HOUR)),
    ({"end": None}, Interval(NINE, local_midnight(date(2027, 3, 9), CHICAGO))),
    ({"start": None}, Interval(local_midnight(date(2027, 3, 8), CHICAGO), NINE + HOUR)),
    (
        {"start": NAMELESS, "end": NAMELESS},
        Interval(NINE - 14 * HOUR, NINE + 12 * HOUR),
    ),
    ({"start": None, "end": None}, None),
]


@pytest.mark.parametrize(("oddities", "longest"), SPOILT)
def test_one_unreadable_event_keeps_nobody_from_the_others(
    outlook, world, oddities, longest
):
    first = outlook.foreign_event(world.group, NINE, NINE + HOUR)
    odd = outlook.foreign_event(world.group, NINE, NINE + HOUR, subject=CANARY)
    last = outlook.foreign_event(world.group, NINE, NINE + 2 * HOUR)
    outlook.make_odd(odd, **oddities)

    there = world.calendar.events(TODAY)

    assert {event.id for event in there.events} == {first, last}
    assert there.unreadable == (UnreadableEvent(id=odd, period=longest),)
    outlook.violations.clear()  # odd as it is, it is seen in the world


@pytest.mark.parametrize(("oddities", "longest"), SPOILT[:-1])
def test_entry_that_cannot_be_read_takes_the_longest_it_may(
    outlook, world, oddities, longest
):
    outlook.make_odd(outlook.busy(ANA, NINE, NINE + HOUR), **oddities)
    outlook.busy(ANA, NINE + 3 * HOUR, NINE + 4 * HOUR)

    [answer] = world.calendar.free_busy([ANA], TODAY)

    fine = Interval(NINE + 3 * HOUR, NINE + 4 * HOUR)
    assert (set(answer.busy), answer.unreadable) == ({longest, fine}, 1)
    assert answer.problem is None
    outlook.violations.clear()


def test_mailbox_with_an_entry_without_any_time_is_unknown(outlook, world):
    odd = outlook.busy(ANA, NINE, NINE + HOUR)
    outlook.make_odd(odd, start=None, end=None)

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert isinstance(answer.problem, ProviderDownError)
    outlook.violations.clear()


def test_event_of_ours_that_cannot_be_read_is_not_written_again(outlook, world):
    wanted = draft()
    written = world.calendar.create(wanted)
    outlook.make_odd(written.id, end=None)

    with pytest.raises(EventUnreadableError):
        world.calendar.find(wanted.key, TEN_TO_ELEVEN)
    outlook.violations.clear()


def test_event_cancelled_but_still_there_is_gone(outlook, world):
    wanted = draft()
    written = world.calendar.create(wanted)
    outlook.change(written.id, isCancelled=True)

    assert world.calendar.events(TODAY).events[0].cancelled
    assert world.calendar.find(wanted.key, TEN_TO_ELEVEN) is None


@pytest.mark.parametrize("status", [400, 409])
@pytest.mark.parametrize("named", [True, False])
def test_key_used_before_is_known_by_its_code_whatever_the_status(
    outlook, world, status, named
):
    outlook.repeated_status, outlook.names_existing = status, named
    wanted = draft()
    first = world.calendar.create(wanted)

    again = world.calendar.create(draft(key=wanted.key, subject="Loan"))

    assert again.id == first.id
    assert [it["subject"] for it in outlook.events(world.group)] == ["Loan"]


@pytest.mark.parametrize("named", [True, False])
def test_key_of_an_event_that_was_deleted_is_written_under_a_fresh_one(
    outlook, world, named
):
    outlook.names_existing = named
    wanted = draft()
    outlook.delete(world.calendar.create(wanted).id)

    again = world.calendar.create(draft(key=wanted.key, subject="Loan"))

    [event] = outlook.events(world.group)
    assert (event["id"], again.key) == (again.id, wanted.key)
    assert event["transactionId"] not in {None, str(wanted.key)}


def test_event_that_was_moved_far_away_is_found_by_the_id_microsoft_names(
    outlook, world
):
    wanted = draft()
    first = world.calendar.create(wanted)
    outlook.move(first.id, NINE + 240 * HOUR, NINE + 241 * HOUR)

    again = world.calendar.create(draft(key=wanted.key, subject="Loan"))

    assert (again.id, again.period) == (first.id, TEN_TO_ELEVEN)
