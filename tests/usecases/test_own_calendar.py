"""The connected account's own calendar as host, followed by what has changed there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import ProviderDownError
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import TWO_WAY
from invo_booking.settings.providers import OUTLOOK_HOST
from invo_booking.settings.time import HORIZON
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import connections, push
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.staff import appointments, host_conflicts
from tests.support.bank import at
from tests.support.connecting import ACCOUNT, reaching, register, sign_in, stored
from tests.support.host_calendar import now_is, poll, write
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.usecases.test_appointments import draft

__all__ = ["outlook", "outlook_server"]

DELTA = "/me/calendarView/delta"
OTHER = "bookings@bank.example"
DAY = timedelta(days=1)
TWO = Interval(at(14), at(14, 30))


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def grace(bank):
    return bank.agent("Grace", roles=(Role.SUPER_ADMIN,))


@pytest.fixture
def connection(deps, bank, outlook, grace):
    register(bank, outlook)
    bank.set(TWO_WAY, "on")
    bank.set(OUTLOOK_HOST, "account")
    return sign_in(deps, grace, outlook)


@pytest.fixture
def max_(bank):
    return bank.manager()


@pytest.fixture
def made(deps, bank, max_, connection):
    """An appointment that stands in the account's own calendar, and was seen there."""
    assert connection
    ana = bank.agent("Ana")
    made = appointments.create_appointment(
        deps, max_, draft(bank, at(10), agent_id=ana.id)
    )
    write(deps)
    look(deps)
    return made


def look(deps):
    return poll(deps, calendar_of_connection(deps, stored(deps)))


def lists_begun(outlook):
    """Return how often everything was listed."""
    return sum("startDateTime" in it.query for it in outlook.calls_to("GET", DELTA))


def bands(deps, actor, window=None):
    wanted = window or Interval(at(0), at(24))
    return host_conflicts.host_busy_intervals(deps, actor, wanted)


def everything_stored(deps):
    """Return all that is stored of what was listed, as text."""
    with deps.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql("SELECT * FROM listed_event")
        return str([tuple(row) for row in rows])


def test_signing_in_makes_the_accounts_calendar_the_host(connection):
    assert connection.state is ConnectionState.CONNECTED
    assert connection.host.is_own
    assert connection.host.address == ACCOUNT
    assert "Group.ReadWrite.All" not in connection.scopes


def test_only_what_has_changed_is_asked_for(deps, outlook, made):
    for _ in range(5):
        look(deps)
    (event,) = outlook.events(ACCOUNT)
    outlook.move(event["id"], TWO.start, TWO.end)

    assert look(deps) == 1

    assert now_is(deps, made).period == TWO
    assert lists_begun(outlook) == 1
    assert outlook.calls_to("GET", "/me/calendarView") == []


def test_window_is_renewed_before_it_ends(deps, outlook, made, clock):
    for _ in range(7):
        clock.advance(DAY)
        look(deps)

    assert 3 <= lists_begun(outlook) <= 8
    assert made


def test_longer_horizon_begins_a_new_list_at_once(deps, bank, max_, outlook, made):
    far = Interval(at(12, days=80), at(13, days=80))
    outlook.busy(ACCOUNT, far.start, far.end)
    look(deps)
    bank.set(HORIZON, "120")
    look(deps)

    assert bands(deps, max_, Interval(at(0, days=80), at(24, days=80))) == (far,)
    assert lists_begun(outlook) == 2
    assert made


def test_forgotten_list_begins_again_and_loses_nothing(deps, outlook, made):
    (event,) = outlook.events(ACCOUNT)
    outlook.expire_deltas()
    outlook.move(event["id"], TWO.start, TWO.end)

    assert look(deps) == 1

    assert now_is(deps, made).period == TWO
    assert lists_begun(outlook) == 2


def test_list_that_is_behind_moves_nothing_back(deps, max_, outlook, made):
    outlook.delta_falls_behind()
    appointments.change_appointment(
        deps,
        max_,
        made.id,
        AppointmentChange(starts_at=TWO.start, ends_at=TWO.end),
    )
    write(deps)
    outlook.expire_deltas()  # so that the old times are listed once more

    assert [look(deps) for _ in range(2)] == [0, 0]

    assert now_is(deps, made).period == TWO
    outlook.delta_catches_up()
    assert look(deps) == 0
    assert now_is(deps, made).period == TWO


def test_event_that_a_list_does_not_have_yet_is_not_gone(
    deps, bank, max_, outlook, made
):
    outlook.delta_falls_behind()
    second = appointments.create_appointment(
        deps, max_, draft(bank, at(12), name="Otto")
    )
    write(deps)

    assert look(deps) == 0

    assert now_is(deps, second).status is Status.CONFIRMED
    assert len(outlook.events(ACCOUNT)) == 2
    assert made


def test_run_that_fails_halfway_leaves_the_list_as_it_was(deps, outlook, made):
    (event,) = outlook.events(ACCOUNT)
    outlook.page_size = 1
    outlook.busy(ACCOUNT, at(16), at(17))
    outlook.move(event["id"], TWO.start, TWO.end)
    outlook.misbehave("GET", DELTA, status=[200, 503])
    with pytest.raises(ProviderDownError):
        look(deps)

    assert look(deps) == 1
    assert now_is(deps, made).period == TWO


def test_of_two_runs_at_once_the_later_keeps_what_it_read(deps, max_, outlook, made):
    calendar = calendar_of_connection(deps, stored(deps))
    lunch = outlook.busy(ACCOUNT, at(12), at(13))

    class Suspended:
        """A run that asks, and goes on after another one has read more."""

        def changes(self, cursor, window):
            old = calendar.change_log.changes(cursor, window)
            outlook.move(lunch, at(16), at(17))
            look(deps)
            return old

    class Calendar:
        limits, event = calendar.limits, calendar.event
        change_log = Suspended()

    poll(deps, Calendar())

    assert bands(deps, max_) == (Interval(at(16), at(17)),)
    assert made


def test_foreign_events_are_bands_and_not_a_word_of_them_is_stored(
    deps, max_, outlook, made
):
    outlook.busy(ACCOUNT, at(16), at(17), subject="canary-7261", isOnlineMeeting=True)
    look(deps)

    assert bands(deps, max_) == (Interval(at(16), at(17)),)
    foreign = outlook.events(ACCOUNT)[-1]
    told = everything_stored(deps)
    for secret in ("canary-7261", foreign["iCalUId"], "teams.example"):
        assert secret not in told

    outlook.delete(foreign["id"])
    look(deps)
    assert bands(deps, max_) == ()
    assert made


def test_invitation_to_the_account_is_a_band(deps, max_, outlook, made):
    group = outlook.group()
    outlook.foreign_event(
        group,
        at(16),
        at(17),
        attendees=[
            {
                "type": "required",
                "emailAddress": {"address": ACCOUNT, "name": "Scheduling"},
                "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
            }
        ],
    )
    look(deps)

    assert bands(deps, max_) == (Interval(at(16), at(17)),)
    assert made


def test_occurrence_deleted_alone_is_put_right_the_next_day(
    deps, max_, outlook, made, clock
):
    series = outlook.busy(ACCOUNT, at(16, days=7), at(17, days=7))
    outlook.repeat_weekly(series, 2)
    look(deps)
    later = Interval(at(0, days=14), at(24, days=14))
    assert len(bands(deps, max_, later)) == 1

    outlook.delete_occurrence(series, 1)
    for _ in range(2):
        clock.advance(DAY)
        look(deps)

    assert bands(deps, max_, later) == ()
    assert made


def test_deleted_series_leaves_no_band(deps, max_, outlook, made):
    series = outlook.busy(ACCOUNT, at(16, days=1), at(17, days=1))
    outlook.repeat_weekly(series, 3)
    look(deps)
    outlook.delete(series)
    look(deps)

    month = Interval(at(11), at(0, days=28))
    assert bands(deps, max_, month) == ()
    assert made


def test_other_account_takes_the_events_along(deps, grace, outlook, made):
    before = stored(deps)

    sign_in(deps, grace, outlook, email=OTHER)
    push.add_missing_writes(deps)
    write(deps)

    assert stored(deps).id != before.id
    assert stored(deps).account == OTHER
    assert outlook.events(ACCOUNT) == []
    assert [it["start"] for it in outlook.events(OTHER)]
    assert now_is(deps, made).status is Status.CONFIRMED


def test_same_account_goes_on_with_its_events(deps, grace, outlook, made):
    before = stored(deps)
    connections.disconnect_provider(deps, grace)
    with deps.unit_of_work() as work:
        assert work.listed_events.cursor(before.id) is None

    again = sign_in(deps, grace, outlook)
    write(deps)
    look(deps)

    assert again.id == before.id
    assert len(outlook.events(ACCOUNT)) == 1
    assert now_is(deps, made).status is Status.CONFIRMED


def test_token_is_renewed_for_the_permissions_of_the_own_calendar(
    deps, outlook, made, clock
):
    clock.advance(timedelta(hours=2))
    outlook.expire_access_tokens()
    look(deps)

    assert stored(deps).state is ConnectionState.CONNECTED
    [asked] = {
        it.body["scope"]
        for it in outlook.calls
        if isinstance(it.body, dict) and it.body.get("grant_type") == "refresh_token"
    }
    assert "Calendars.ReadWrite" in asked
    assert "Group" not in asked
    assert replace(made, version=0)
