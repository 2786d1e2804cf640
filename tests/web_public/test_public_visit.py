from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.appointment import (
    OVER,
    Appointment,
    CancelledBy,
    Channel,
    Customer,
    Phase,
    Status,
)
from invo_booking.usecases.appointment.rooms import ENTERABLE
from invo_booking.usecases.booking.manage import Visit
from invo_booking.web.customer.view import visit_view
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import initials

CHICAGO = ZoneInfo("America/Chicago")
BRITISH = times.locale_of("en-GB")
STARTS = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 16, 2, tzinfo=UTC)

APPOINTMENT = Appointment(
    id=UUID(int=7),
    status=Status.CONFIRMED,
    answer_id=UUID(int=1),
    title="Mortgage advice",
    queue_id=UUID(int=2),
    language="en",
    channel=Channel.VIDEO,
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=30),
    customer=Customer(name="Ana", email="ana@example.com", phone="+13125550117"),
    requested_at=NOW - timedelta(minutes=56),
    confirmed_at=NOW - timedelta(minutes=54),
)


DOOR = "https://booking.example/a/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6/room"


def visit_of(phase, *, seen_at=NOW, has_room=True, customer_calls=False, **changes):
    return Visit(
        appointment=replace(APPOINTMENT, **changes),
        phase=phase,
        joinable_from=STARTS - timedelta(minutes=10),
        agent_name="Marcus Bell",
        queue_name="Home lending",
        language_name="English",
        institution_name="Harbor",
        institution_zone="America/Chicago",
        institution_phone="312 555 0142",
        documents=("Photo ID",),
        has_room=has_room and changes.get("channel") in {None, Channel.VIDEO},
        join_url=DOOR if phase in ENTERABLE and has_room else "",
        customer_calls=customer_calls,
        can_report_late=phase in ENTERABLE,
        is_running_late=False,
        can_confirm=phase is Phase.REQUESTED,
        can_cancel=phase not in OVER,
        can_reschedule=phase in {Phase.REQUESTED, Phase.UPCOMING},
        seen_at=seen_at,
    )


def view_of(phase, zone=CHICAGO, **changes):
    return visit_view(visit_of(phase, **changes), zone, BRITISH)


def told(view):
    return [(point.name, point.when, point.kind) for point in view.line]


def test_joining_that_begins_on_the_day_before_says_so():
    midnight = datetime(2026, 11, 25, 6, 5, tzinfo=UTC)
    visit = visit_of(Phase.UPCOMING, starts_at=midnight)
    opens = replace(visit, joinable_from=midnight - timedelta(minutes=10))

    view = visit_view(opens, CHICAGO, BRITISH)

    assert (view.day, view.joinable_from) == (
        "Wednesday 25 November",
        "Tue 24 Nov, 23:55",
    )


def test_upcoming_appointment_says_when_with_whom_and_how():
    view = view_of(Phase.UPCOMING)

    assert (view.badge, view.title) == ("Confirmed", "Mortgage advice")
    assert (view.day, view.clocks) == ("Tuesday 24 November", "14:15 to 14:45")
    assert view.zone == "Chicago time (CST)"
    assert (view.agent, view.initials) == ("Marcus Bell", "MB")
    assert view.joinable_from == "14:05"
    assert told(view) == [
        ("Requested", "09:06", "past"),
        ("Confirmed", "09:08", "past"),
        ("Join", "from 14:05", "now"),
        ("End", "14:45", "later"),
    ]


def test_timeline_names_the_day_only_where_it_is_not_plain():
    view = view_of(Phase.UPCOMING, seen_at=NOW - timedelta(days=1))

    assert told(view)[0] == ("Requested", "Tue 24 Nov, 09:06", "past")
    assert told(view)[2] == ("Join", "from 14:05", "now")
    assert told(view)[3] == ("End", "14:45", "later")


def test_second_zone_is_shown_only_where_the_clocks_differ():
    assert view_of(Phase.UPCOMING).second_zone == ""
    assert view_of(Phase.UPCOMING, zone=ZoneInfo("America/Winnipeg")).second_zone == ""
    assert view_of(Phase.UPCOMING, zone=ZoneInfo("Asia/Tokyo")).second_zone == (
        "Tue 24 Nov, 14:15 to 14:45 Chicago time (CST)"
    )


def test_visit_is_told_on_the_clock_of_the_branch_and_then_on_the_readers():
    view = view_of(
        Phase.UPCOMING, zone=ZoneInfo("America/Los_Angeles"), channel=Channel.BRANCH
    )

    assert (view.clocks, view.zone) == ("14:15 to 14:45", "Chicago time (CST)")
    assert view.second_zone == "12:15 to 12:45 Los Angeles time (PST)"


def test_american_reads_of_a_visit_at_half_past_twelve_in_chicago():
    half_past_twelve = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    visit = visit_of(
        Phase.UPCOMING,
        channel=Channel.BRANCH,
        starts_at=half_past_twelve,
        ends_at=half_past_twelve + timedelta(minutes=30),
    )

    view = visit_view(visit, ZoneInfo("America/Los_Angeles"), times.locale_of("en-US"))

    assert (view.clocks, view.zone) == ("12:30 PM to 1:00 PM", "Chicago time (CST)")
    assert view.second_zone == "10:30 AM to 11:00 AM Los Angeles time (PST)"


def test_request_must_be_confirmed_by_a_time():
    view = view_of(
        Phase.REQUESTED,
        status=Status.REQUESTED,
        confirmed_at=None,
        confirm_by=NOW + timedelta(minutes=30),
    )

    assert (view.can_confirm, view.is_waiting) == (True, False)
    assert view.mailed_to == "a\u2022\u2022\u2022@example.com"
    assert view.confirm_by == "10:32"
    assert told(view)[1] == ("Confirm", "by 10:32", "now")


@pytest.mark.parametrize(
    ("changes_at", "seconds"),
    [
        (NOW + timedelta(minutes=3), 180),
        (NOW + timedelta(days=2), (7 * 60 + 58) * 60),
        (None, (7 * 60 + 58) * 60),
    ],
)
def test_page_looks_again_when_the_clock_changes_it_and_at_midnight(
    changes_at, seconds
):
    visit = replace(visit_of(Phase.UPCOMING), changes_at=changes_at)
    london = visit_view(visit, ZoneInfo("Europe/London"), BRITISH)

    assert london.moment.wait == seconds * 1000


@pytest.mark.parametrize("phase", sorted(OVER))
def test_what_is_over_asks_for_nothing_more(phase):
    view = view_of(phase)

    assert not any((view.can_join, view.can_cancel, view.can_move, view.can_act))


@pytest.mark.parametrize(
    ("channel", "name"), [(Channel.BRANCH, "Visit"), (Channel.PHONE, "Call")]
)
def test_what_has_no_room_begins_at_its_start(channel, name):
    view = view_of(Phase.UPCOMING, channel=channel)

    assert told(view)[2] == (name, view.clocks.partition(" to ")[0], "now")


@pytest.mark.parametrize(
    ("phase", "badge", "title", "points"),
    [
        (Phase.COMPLETED, "Completed", "Thank you for your time", ["Join", "End"]),
        (Phase.ENDED, "Ended", "This appointment is over", ["Ended"]),
        (Phase.NO_SHOW, "Missed", "We missed you", ["Missed"]),
    ],
)
def test_customer_is_thanked_only_for_a_time_they_came_to(phase, badge, title, points):
    view = view_of(phase)

    assert (view.badge, view.title) == (badge, title)
    assert [point.name for point in view.line[2:]] == points


def test_call_can_be_joined_from_the_opening_minute_and_while_late():
    assert not view_of(Phase.UPCOMING).can_join
    assert view_of(Phase.JOINABLE).can_join
    assert view_of(Phase.LATE).can_join
    assert view_of(Phase.IN_CALL).can_join


@pytest.mark.parametrize(
    ("phase", "note"),
    [
        (Phase.JOINABLE, "Your adviser is not chosen yet. Join and wait"),
        (Phase.LATE, "Your adviser is not chosen yet. You can still join"),
        (Phase.IN_CALL, "We are finding an adviser for you."),
    ],
)
def test_call_that_nobody_has_yet_says_so_where_it_is_joined(phase, note):
    nobody = replace(visit_of(phase), agent_name="")

    view = visit_view(nobody, CHICAGO, BRITISH)

    assert view.can_join
    assert view.note.startswith(note)
    assert not view_of(phase).note.startswith(note)


def test_call_without_a_room_says_who_sends_the_link_and_has_no_button():
    for phase in (Phase.UPCOMING, Phase.JOINABLE, Phase.LATE):
        view = view_of(phase, has_room=False)

        assert not view.can_join
        assert (view.badge, view.title) == ("Confirmed", "Mortgage advice")
        assert view.badge_kind != "late"
        assert view.note == (
            "Your adviser sends you the link to this call before it starts. If it does "
            "not arrive, call us on 312 555 0142."
        )


def test_customer_who_calls_reads_our_number():
    view = view_of(Phase.UPCOMING, channel=Channel.PHONE, customer_calls=True)

    assert view.note == "Please call us on 312 555 0142 at the start."


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (Channel.VIDEO, "join a little later"),
        (Channel.PHONE, "call can begin a little later"),
        (Channel.BRANCH, "on the way"),
    ],
)
def test_being_late_is_put_in_words_of_the_channel(channel, words):
    assert words in view_of(Phase.JOINABLE, channel=channel).late_lead


def test_phone_call_has_nothing_to_join():
    view = view_of(Phase.JOINABLE, channel=Channel.PHONE, has_room=False)

    assert not view.can_join
    assert view.note == "We call you on +1\N{NO-BREAK SPACE}312-555-0117."
    assert view.title == "Mortgage advice"


@pytest.mark.parametrize(
    ("by", "reason", "note"),
    [
        (CancelledBy.CUSTOMER, "changed my mind", "You cancelled it."),
        (
            CancelledBy.STAFF,
            "Illness.",
            "We had to cancel it. We are sorry. The reason: Illness.",
        ),
        (CancelledBy.PROVIDER, "", "We had to cancel it. We are sorry."),
        (CancelledBy.LATE, "", "We waited for you and had to cancel it."),
    ],
)
def test_cancelled_appointment_says_by_whom_and_why(by, reason, note):
    view = view_of(
        Phase.CANCELLED, status=Status.CANCELLED, cancelled_by=by, cancel_reason=reason
    )

    assert view.note == note
    assert view.is_off
    assert told(view)[-1] == ("Cancelled", "", "gone")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marcus Bell", "MB"),
        ("Ana", "A"),
        ("Anna Maria van Dyk", "AD"),
        ("(Ana) López", "L"),
        ("", ""),
    ],
)
def test_initials_are_those_of_first_and_last_word(name, letters):
    assert initials(name) == letters
