"""What a provider's answers make of a connection, and whom that is told."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.persistence.outbox import CALENDAR, NOTICE
from invo_booking.settings.calendars import CACHE_INTERVAL, COMPUTE_AVAILABILITY
from invo_booking.settings.providers import OUTLOOK_SECRET_ENDS
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.calendars import alerts, connection_upkeep, states
from invo_booking.usecases.upkeep import delivery, health
from tests.support.connecting import stored
from tests.support.host_calendar import connected

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SIGN_IN_AGAIN = ReconnectError("Microsoft ended the sign-in. Sign in again.")


@pytest.fixture
def connection(bank):
    bank.agent("Ana")
    bank.manager()
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    bank.agent("Simone", roles=(Role.SUPER_ADMIN,))
    return connected(bank)


@pytest.fixture
def fail(deps, connection):
    def fail(error):
        with deps.unit_of_work() as work:
            return states.record_connection_failure(deps, work, connection.id, error)

    return fail


@pytest.fixture
def succeed(deps, connection):
    def succeed():
        with deps.unit_of_work() as work:
            states.record_successful_run(deps, work, connection.id)

    return succeed


def mailed(deps, postbox):
    """Deliver; return whom something was sent to since, and empty the box."""
    delivery.deliver_due_mails(deps)
    told = sorted(message.to for message in postbox.sent)
    postbox.sent.clear()
    return told


BOTH = ["grace@bank.example", "simone@bank.example"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SIGN_IN_AGAIN, (ConnectionState.RECONNECT, 15)),
        (PermissionMissingError("Not allowed."), (ConnectionState.PERMISSION, 15)),
        (ThrottledError("Wait.", 7 * MINUTE), (ConnectionState.THROTTLED, 7)),
        (ProviderDownError("It failed."), (ConnectionState.DOWN, 5)),
        (ProviderRefusedError("Never."), (ConnectionState.DOWN, 5)),
    ],
)
def test_each_trouble_has_its_state_and_its_next_try(
    deps, bank, fail, clock, error, expected
):
    bank.set(CACHE_INTERVAL, "30")
    state, minutes = expected

    assert fail(error) is state

    now = stored(deps)
    assert (now.state, now.problem) == (state, str(error))
    assert now.next_run_at == clock.now + minutes * MINUTE
    assert now.is_paused(clock.now) is (state is ConnectionState.THROTTLED)


def test_provider_that_is_down_is_tried_again_after_the_interval_if_it_is_short(
    deps, bank, fail, clock
):
    bank.set(CACHE_INTERVAL, "1")

    fail(ProviderDownError("It failed."))

    assert stored(deps).next_run_at == clock.now + MINUTE


def test_success_ends_every_trouble_and_plans_the_next_run(
    deps, bank, fail, succeed, clock
):
    bank.set(CACHE_INTERVAL, "10")
    fail(ProviderDownError("It failed."))

    succeed()

    now = stored(deps)
    assert (now.state, now.problem) == (ConnectionState.CONNECTED, "")
    assert (now.succeeded_at, now.next_run_at) == (clock.now, clock.now + 10 * MINUTE)


@pytest.mark.parametrize("error", [SIGN_IN_AGAIN, PermissionMissingError("No.")])
def test_administrators_are_mailed_once_when_somebody_is_needed(
    deps, fail, postbox, error
):
    """RELIABILITY 33."""
    for _ in range(3):
        fail(error)

    delivery.deliver_due_mails(deps)
    texts = [message.text for message in postbox.sent]
    assert all("settings/calendars" in text and str(error) in text for text in texts)
    assert mailed(deps, postbox) == BOTH


def test_what_passes_by_itself_is_mailed_to_nobody(deps, fail, postbox):
    fail(ProviderDownError("It failed."))
    fail(ThrottledError("Wait.", MINUTE))

    assert mailed(deps, postbox) == []


def test_the_next_occasion_is_mailed_anew(deps, fail, succeed, postbox):
    fail(SIGN_IN_AGAIN)
    assert mailed(deps, postbox) == BOTH
    succeed()

    fail(SIGN_IN_AGAIN)

    assert mailed(deps, postbox) == BOTH


def test_connection_that_reads_but_may_not_write_is_mailed_about_once(
    deps, fail, succeed, postbox, clock
):
    """Each run succeeds and each try to write fails, for as long as it takes."""
    with deps.unit_of_work() as work:
        work.outbox.add(CALENDAR, {}, now=clock.now)
    for _ in range(4):
        fail(PermissionMissingError("Not allowed to write."))
        clock.advance(15 * MINUTE)
        succeed()

    assert mailed(deps, postbox) == BOTH


def test_who_left_or_does_not_administer_is_not_mailed(deps, fail, postbox):
    with deps.unit_of_work() as work:
        account = work.people.account("simone@bank.example")
        work.people.set_active(account.id, active=False)
        work.publish_roster_change()

    fail(SIGN_IN_AGAIN)

    assert mailed(deps, postbox) == ["grace@bank.example"]


@pytest.mark.obeys("calendars.outlook_secret_ends")
def test_administrators_are_warned_60_30_7_and_1_days_before_the_secret_ends(
    deps, bank, connection, postbox, clock
):
    assert connection
    bank.set(OUTLOOK_SECRET_ENDS, "2027-03-01")
    warned = {}
    for _ in range(110):
        for _ in range(3):
            alerts.warn_of_secret(deps)
        if told := mailed(deps, postbox):
            warned[f"{clock.now:%Y-%m-%d}"] = told
        clock.advance(DAY)

    assert warned == {
        "2026-12-31": BOTH,
        "2027-01-30": BOTH,
        "2027-02-22": BOTH,
        "2027-02-28": BOTH,
    }


def test_days_that_were_missed_are_made_up_for_by_one_warning(
    deps, bank, connection, postbox, clock
):
    assert connection
    bank.set(OUTLOOK_SECRET_ENDS, "2027-03-01")
    clock.advance(95 * DAY)

    for _ in range(3):
        alerts.warn_of_secret(deps)

    assert mailed(deps, postbox) == BOTH


def test_new_end_of_the_secret_is_warned_of_anew(
    deps, bank, connection, postbox, clock
):
    assert connection
    grace = bank.agent("Gus", roles=(Role.ADMINISTRATOR,))
    bank.set(OUTLOOK_SECRET_ENDS, "2026-11-24")
    alerts.warn_of_secret(deps)
    assert len(mailed(deps, postbox)) == 3

    save_settings(
        deps, grace, {OUTLOOK_SECRET_ENDS.key: SettingEdit(text="2027-03-01")}
    )
    alerts.warn_of_secret(deps)
    assert mailed(deps, postbox) == []
    clock.advance(40 * DAY)
    alerts.warn_of_secret(deps)

    assert len(mailed(deps, postbox)) == 3


@pytest.mark.parametrize(
    "error",
    [ProviderDownError("Down."), ThrottledError("Patience.", timedelta(minutes=5))],
)
def test_administrators_are_mailed_once_if_a_provider_is_down_for_an_hour(
    deps, fail, succeed, postbox, clock, error
):
    interval = CACHE_INTERVAL.default

    def tick(minutes):
        for _ in range(minutes // 5):
            clock.advance(5 * MINUTE)
            fail(error)
            connection_upkeep.tidy_connections(deps)

    for _ in range(2):
        succeed()
        clock.advance(interval)
        tick(55)
        assert mailed(deps, postbox) == []
        tick(5)
        assert mailed(deps, postbox) == BOTH
        tick(300)
        assert mailed(deps, postbox) == []


def test_outage_that_ended_within_the_hour_is_not_mailed(
    deps, fail, succeed, postbox, clock
):
    succeed()
    clock.advance(CACHE_INTERVAL.default + 50 * MINUTE)
    fail(ProviderDownError("Down."))
    succeed()
    clock.advance(50 * MINUTE)
    fail(ProviderDownError("Down."))

    alerts.warn_of_outage(deps)

    assert mailed(deps, postbox) == []


def test_nobody_is_warned_without_a_connection(deps, bank, postbox):
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    bank.set(OUTLOOK_SECRET_ENDS, "2026-11-24")

    alerts.warn_of_secret(deps)

    assert mailed(deps, postbox) == []


def calendar_check(deps):
    return next(
        check for check in health.health_checks(deps) if check.name == "calendar"
    )


def test_health_tells_what_is_wrong_without_naming_the_account(
    deps, bank, fail, succeed, clock
):
    bank.set(COMPUTE_AVAILABILITY, "on")
    succeed()
    assert calendar_check(deps).ok

    fail(SIGN_IN_AGAIN)
    check = calendar_check(deps)
    assert (check.ok, check.needed) == (False, False)
    assert "sign in again" in check.sentence
    assert "@" not in check.sentence

    fail(ProviderDownError("It failed."))
    assert calendar_check(deps).ok
    clock.advance(16 * MINUTE)
    assert "16 minutes ago" in calendar_check(deps).sentence


def test_figures_show_age_state_and_what_waits(deps, bank, succeed, clock):
    bank.set(OUTLOOK_SECRET_ENDS, "2026-12-01")
    succeed()
    clock.advance(2 * MINUTE)
    with deps.unit_of_work() as work:
        work.outbox.add(CALENDAR, {}, now=clock.now)

    told = health.health_figures(deps)

    assert told["calendar_connected"] == 1
    assert told["calendar_sync_age_seconds"] == 120
    assert told["calendar_writes_waiting"] == 1
    assert told["calendar_secret_days_left"] == 8
    assert told["calendar_conflicts"] == 0


def test_busy_times_are_stale_when_the_agents_are_no_longer_offered(
    deps, bank, succeed, clock
):
    def is_stale() -> float:
        return health.health_figures(deps)["calendar_stale"]

    succeed()
    clock.advance(16 * MINUTE)
    assert not is_stale(), "nobody relies on busy times"

    bank.set(COMPUTE_AVAILABILITY, "on")
    assert is_stale()

    bank.set(CACHE_INTERVAL, "60")
    assert not is_stale()


def test_figures_of_no_connection_are_no_numbers_to_worry_about(deps, bank):
    assert bank
    assert health.health_figures(deps)["calendar_sync_age_seconds"] == -1
    assert calendar_check(deps).ok


def test_notices_wait_in_the_outbox_with_their_words(deps, fail):
    fail(SIGN_IN_AGAIN)

    with deps.unit_of_work() as work:
        assert work.outbox.count_open(NOTICE) == 2
