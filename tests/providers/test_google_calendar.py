"""Google Calendar: what is asked of it, and what its answers mean."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    EventUnreadableError,
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.providers.google import provider
from tests.providers.google_world import GoogleWorld, opened

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
TEN = Interval(NINE + HOUR, NINE + 2 * HOUR)
ANA, BEN = "ana@bank.example", "ben@bank.example"


@pytest.fixture
def world(google):
    return GoogleWorld(google)


def draft(period=TEN, **fields):
    given = {"key": uuid4(), "subject": "Mortgage", "body": "Ana <b>Diaz</b> & co"}
    return EventDraft(**{**given, "period": period, **fields})


def entry_of(world, event):
    return world.google.entry(event.id)


# free and busy


def test_fifty_calendars_are_asked_for_at_once(world):
    mailboxes = [f"agent{n}@bank.example" for n in range(50)]

    answers = world.calendar.free_busy(mailboxes, TODAY)

    assert world.calendar.limits.mailboxes_per_call == len(mailboxes)
    assert [it.problem for it in answers] == [None] * 50
    assert len(world.google.calls_to("POST", "/freeBusy")) == 1


def test_ranges_are_cut_to_the_question_whether_google_cuts_them_or_not(world):
    world.busy(ANA, TODAY.start - HOUR, TODAY.end + HOUR)

    for clips in (True, False):
        world.google.clips = clips
        assert world.calendar.free_busy([ANA], TODAY)[0].busy == (TODAY,)


def test_day_of_a_calendar_in_another_zone_is_that_of_its_own_clock(world):
    world.google.calendar(ANA).zone = "Pacific/Auckland"
    world.google.put(ANA, date(2027, 3, 9), date(2027, 3, 10))

    [busy] = world.calendar.free_busy([ANA], Interval(NINE, NINE + 48 * HOUR))[0].busy

    assert busy == Interval(
        datetime(2027, 3, 8, 11, tzinfo=UTC), datetime(2027, 3, 9, 11, tzinfo=UTC)
    )


def test_day_of_a_clock_change_is_as_long_as_it_is(world):
    world.google.put(ANA, date(2027, 3, 14), date(2027, 3, 15))
    window = Interval(NINE, NINE + timedelta(days=14))

    [busy] = world.calendar.free_busy([ANA], window)[0].busy

    assert busy.duration == 23 * HOUR


def test_colleague_google_does_not_show_is_unknown_and_not_free(world):
    world.hidden(ANA)

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert isinstance(answer.problem, PermissionMissingError)
    assert "not shared with scheduling@bank.example" in str(answer.problem)


def test_stranger_google_does_not_show_is_no_agent_it_knows(world):
    [answer] = world.calendar.free_busy(["ana@elsewhere.example"], TODAY)

    assert isinstance(answer.problem, MailboxUnknownError)


@pytest.mark.parametrize("reason", ["internalError", "somethingNew"])
def test_any_other_error_of_one_calendar_is_a_problem_of_that_one(world, reason):
    world.google.mailbox_fails(BEN, reason)
    world.busy(ANA, TEN.start, TEN.end)

    ana, ben = world.calendar.free_busy([ANA, BEN], TODAY)

    assert ana.busy == (TEN,)
    assert isinstance(ben.problem, ProviderDownError)


def test_too_many_calendars_are_asked_for_singly_and_never_free(world):
    world.google.most_calendars = 1

    with pytest.raises(ProviderDownError):
        world.calendar.free_busy([ANA, BEN], TODAY)
    assert world.calendar.free_busy([ANA], TODAY)[0].problem is None


def test_group_is_never_free(world):
    world.google.add_group("team@bank.example", BEN)

    [answer] = world.calendar.free_busy(["team@bank.example"], TODAY)

    assert "is a group" in str(answer.problem)


@pytest.mark.parametrize(
    "body",
    [
        '{"calendars": {"ana@bank.example": {"busyPeriods": []}}}',
        '{"calendars": {"ana@bank.example": {"busy": null}}}',
        '{"calendars": {"ana@bank.example": {"busy": [{"start": "soon"}]}}}',
        '{"calendars": {"ana@bank.example": []}}',
        '{"calendars": {}}',
        '{"calendars": {"ana@bank.example": {"errors": ["?"], "busy": []}}}',
    ],
)
def test_answer_that_cannot_be_read_makes_nobody_free(world, body):
    world.google.misbehave("POST", "/freeBusy", body=body)

    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert isinstance(answer.problem, ProviderDownError)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_range_from_the_first_year_to_the_last_is_busy_all_the_time(world, start, end):
    busy = f'[{{"start": "{start}", "end": "{end}"}}]'
    body = f'{{"calendars": {{"{ANA}": {{"busy": {busy}}}}}}}'
    world.google.misbehave("POST", "/freeBusy", body=body)

    assert world.calendar.free_busy([ANA], TODAY)[0].busy == (TODAY,)


# appointments


def test_appointment_has_an_id_of_its_key_and_text_without_markup(world):
    wanted = draft(location="Room 1", attendees=((ANA, "Ana Diaz"), (BEN, "")))

    written = world.calendar.create(wanted)

    fields = entry_of(world, written).fields
    assert written.id == wanted.key.hex
    assert fields["description"] == "Ana &lt;b&gt;Diaz&lt;/b&gt; &amp; co"
    assert [it["email"] for it in fields["attendees"]] == [ANA, BEN]
    assert world.google.mails == [("invitation", ANA), ("invitation", BEN)]


def test_each_deletion_needs_another_id_of_the_same_key(world):
    wanted = draft()
    names = []
    for _ in range(3):
        written = world.calendar.create(wanted)
        names.append(written.id)
        world.delete(written.id)

    assert names == [wanted.key.hex, f"{wanted.key.hex}v1", f"{wanted.key.hex}v2"]


def test_id_of_an_event_google_has_forgotten_is_passed_over(world):
    wanted = draft()
    world.delete(world.calendar.create(wanted).id)
    world.google.is_forgetful = True

    assert world.calendar.create(wanted).id == f"{wanted.key.hex}v1"


def test_appointment_is_not_written_again_for_ever(world, monkeypatch):
    monkeypatch.setattr(provider, "MOST_NAMES", 2)
    wanted = draft()
    for _ in range(2):
        world.delete(world.calendar.create(wanted).id)

    with pytest.raises(ProviderRefusedError, match="deleted in Google Calendar too"):
        world.calendar.create(wanted)


def test_lost_answer_to_a_creation_is_found_again(world):
    wanted = draft()
    world.google.misbehave("POST", "/calendars/*/events", drop="after")

    with pytest.raises(ProviderDownError) as caught:
        world.calendar.create(wanted)
    again = world.calendar.create(wanted)

    assert caught.value.ambiguous
    assert again.key == wanted.key
    assert world.standing() == 1


def test_only_what_differs_is_written_and_people_are_told_once(world):
    wanted = draft(attendees=((ANA, "Ana Diaz"),))
    written = world.calendar.create(wanted)
    world.google.change(
        written.id,
        summary="Mortgage (bring the plan)",
        attendees=[
            {"email": ANA, "responseStatus": "accepted"},
            {"email": "room@bank.example", "responseStatus": "accepted"},
        ],
    )
    later = Interval(TEN.start + HOUR, TEN.end + HOUR)

    there = world.calendar.event(written.id)
    moved = world.calendar.change(
        there, draft(later, key=wanted.key, attendees=((BEN, "Ben"),))
    )

    [patch] = world.google.calls_to("PATCH", "*")
    assert set(patch.body) == {"start", "end", "attendees", "extendedProperties"}
    assert moved.period == later
    fields = entry_of(world, moved).fields
    assert fields["summary"] == "Mortgage (bring the plan)"
    assert [(it["email"], it["responseStatus"]) for it in fields["attendees"]] == [
        ("room@bank.example", "accepted"),
        (BEN, "needsAction"),
    ]


def test_nothing_is_written_if_nothing_differs(world):
    wanted = draft(attendees=((ANA, "Ana Diaz"),))
    written = world.calendar.create(wanted)

    assert world.calendar.change(written, wanted) == written
    assert world.google.calls_to("PATCH", "*") == []


def test_change_between_look_and_write_is_not_overwritten(world):
    wanted = draft()
    written = world.calendar.create(wanted)
    world.google.misbehave("PATCH", "*", status=412)

    with pytest.raises(EventChangedError):
        world.calendar.change(written, draft(key=wanted.key, subject="Other"))


def test_event_made_to_last_all_day_gets_its_time_back(world):
    wanted = draft()
    written = world.calendar.create(wanted)
    world.move(written.id, date(2027, 3, 8), date(2027, 3, 9))
    there = world.calendar.event(written.id)

    changed = world.calendar.change(there, wanted)

    assert there.period.duration == 24 * HOUR
    assert changed.period == TEN


def test_series_is_told_and_its_first_id_is_not_written_over(world):
    wanted = draft()
    written = world.calendar.create(wanted)
    world.google.repeat_weekly(written.id)

    assert world.calendar.event(written.id).series_id == written.id
    assert [it.series_id for it in world.calendar.events(TODAY).events] == [written.id]
    assert world.calendar.create(wanted).id == f"{wanted.key.hex}v1"


def test_meeting_is_made_and_taken_away(world):
    wanted = draft(online_meeting=True)
    written = world.calendar.create(wanted)

    without = world.calendar.change(written, draft(key=wanted.key))

    assert written.join_url.startswith("https://meet.google.com/")
    assert without.join_url == ""


def test_meeting_that_is_not_ready_yet_has_no_address(world):
    world.google.meets_at_once = False

    assert world.calendar.create(draft(online_meeting=True)).join_url == ""


def test_events_are_read_page_by_page_without_titles(world):
    world.google.page_limit = 2
    for n in range(5):
        world.foreign(NINE + n * HOUR, NINE + (n + 1) * HOUR)

    assert len(world.calendar.events(TODAY).events) == 5
    listed = world.google.calls_to("GET", "/calendars/*/events")
    assert len(listed) == 3
    assert not any("summary" in call.query["fields"] for call in listed)


def test_event_that_cannot_be_read_is_named_and_the_others_are_read(world):
    body = (
        '{"items": [{"id": "odd", "etag": "1", "start": {"dateTime": '
        '"2027-03-08T10:00:00"}, "end": {"dateTime": "2027-03-08T11:00:00"}}, '
        '{"id": "far", "etag": "1", "start": {"date": "9999-12-31"}, '
        '"end": {"date": "9999-12-31"}}]}'
    )
    world.google.misbehave("GET", "/calendars/*/events", body=body)

    listing = world.calendar.events(TODAY)

    assert [it.id for it in listing.unreadable] == ["odd", "far"]
    assert listing.unreadable[0].period == Interval(
        TEN.start - 14 * HOUR, TEN.end + 14 * HOUR
    )


def test_single_event_that_cannot_be_read_is_tried_again(world):
    written = world.calendar.create(draft())
    world.google.misbehave("GET", "/calendars/*/events/*", body='{"id": "x"}')

    with pytest.raises(EventUnreadableError):
        world.calendar.event(written.id)


# the calendar that hosts


def test_missing_calendar_does_not_look_like_deleted_events(world):
    written = world.calendar.create(draft())
    world.google.drop_calendar(world.host)

    for ask in (world.calendar.event, world.calendar.cancel):
        with pytest.raises(PermissionMissingError, match="does not exist any more"):
            ask(written.id)


def test_new_calendar_that_is_not_found_is_waited_for(google):
    calendar = opened(google, "c_none@group.calendar.google.com", is_new=True)

    with pytest.raises(ProviderDownError, match="yet"):
        calendar.events(TODAY)


def test_event_is_gone_if_its_calendar_is_there(world):
    with pytest.raises(EventGoneError):
        world.calendar.event(uuid4().hex)


def test_nothing_is_written_without_a_host_calendar(google):
    with pytest.raises(ProviderRefusedError, match="No host calendar"):
        opened(google).create(draft())


def test_own_calendar_comes_first_and_calendars_of_others_do_not_come(world):
    world.google.add_calendar("Theirs", ANA)
    world.google.add_calendar(
        "Read only", ANA, roles={"scheduling@bank.example": "reader"}
    )

    hosts = world.calendar.hosts()

    assert [it.name for it in hosts] == ["scheduling@bank.example", "Appointments"]
    assert all(it.is_owner for it in hosts)


def test_new_calendar_is_on_the_institutions_clock(world):
    made = world.calendar.create_host("Appointments of the bank")

    assert world.google.calendar(made.id).zone == "America/Chicago"


def test_check_says_that_the_account_does_not_own_the_calendar(google):
    other = google.add_calendar(
        "T", ANA, roles={"scheduling@bank.example": "writer"}
    ).id

    bad = [it for it in opened(google, other).check() if not it.ok]

    assert "Owner of the host calendar" in {it.name for it in bad}


def test_check_says_that_the_clock_is_wrong(world):
    world.google.clock_skew = timedelta(minutes=9)

    bad = [it for it in world.calendar.check() if not it.ok]

    assert [it.name for it in bad] == ["Clock"]
    assert "9 minutes" in bad[0].sentence
