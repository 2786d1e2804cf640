"""Changing over to another provider: said first, typed, and all at once."""

from datetime import timedelta
from uuid import UUID

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
)
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.admin.switching import (
    switch_provider,
    switching_consequences,
)
from invo_booking.usecases.calendars import connection_upkeep, push
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.connecting import stored
from tests.support.host_calendar import connected, write
from tests.support.host_fixtures import deps, host
from tests.usecases.test_appointments import draft

__all__ = ["deps", "host"]

KEY = PRIMARY_PROVIDER.key


@pytest.fixture
def connection(bank, simone):
    ana = bank.agent("Ana")
    connection = connected(bank)
    for hour in (10, 11):
        appointments.create_appointment(
            bank.deps, simone, draft(bank, at(hour, days=1), agent_id=ana.id)
        )
    write(bank.deps)
    return connection


def provider(deps):
    with deps.unit_of_work() as work:
        return work.settings[PRIMARY_PROVIDER]


def grant_of(deps, connection_id: UUID) -> str:
    with deps.unit_of_work() as work:
        return work.connections.get(connection_id).sealed_grant


def test_consequences_are_counted_and_said_before_anything_is_done(
    deps, simone, connection, host
):
    with deps.unit_of_work() as work:
        work.busy.follow({simone.id: simone.email})

    found = switching_consequences(deps, simone, "exchange")

    assert (found.before, found.to, found.word) == ("outlook", "exchange", "Exchange")
    assert (found.events, found.agents) == (2, 1)
    told = " ".join(found.sentences)
    assert "2 appointments in the previous host calendar" in told
    assert "What was read for 1 agent is deleted" in told
    assert "Two-way integration is switched off" in told
    assert "until Exchange is connected" in told
    assert stored(deps) == connection
    assert len(host.ours) == 2


@pytest.mark.parametrize(
    "role", [Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER, Role.ADMINISTRATOR]
)
def test_only_super_admins_switch(deps, bank, connection, role):
    other = bank.agent("Olaf", roles=(role,))

    with pytest.raises(NotAllowedError):
        switching_consequences(deps, other, "none")
    with pytest.raises(NotAllowedError):
        switch_provider(deps, other, "none", typed="None", cancel_events=True)
    assert stored(deps) == connection


def test_another_word_changes_nothing(deps, simone, connection):
    with pytest.raises(InvalidInputError, match="Type “Google”"):
        switch_provider(deps, simone, "google", typed="Outlook 365", cancel_events=True)
    with pytest.raises(InvalidInputError):
        switch_provider(deps, simone, "yahoo", typed="yahoo", cancel_events=True)
    with pytest.raises(ConflictError):
        switch_provider(
            deps, simone, "outlook", typed="Outlook 365", cancel_events=True
        )

    assert (stored(deps), provider(deps)) == (connection, "outlook")


def test_events_ahead_are_removed_by_the_connection_before_and_its_grant_then(
    deps, simone, connection, host, clock
):
    switch_provider(deps, simone, "google", typed="google", cancel_events=True)

    assert (stored(deps), provider(deps)) == (None, "google")
    connection_upkeep.tidy_connections(deps)
    assert grant_of(deps, connection.id) == "sealed"
    push.write_due_events(deps)
    assert host.ours == []
    connection_upkeep.tidy_connections(deps)
    assert grant_of(deps, connection.id) == ""
    assert clock.now


def test_events_can_be_kept_and_the_grant_is_gone_at_once(
    deps, simone, connection, host
):
    switch_provider(deps, simone, "none", typed="None", cancel_events=False)
    push.write_due_events(deps)

    assert len(host.ours) == 2
    assert grant_of(deps, connection.id) == ""
    assert provider(deps) == "none"


def test_grant_of_a_connection_that_can_remove_nothing_goes_after_five_days(
    deps, simone, connection, host, clock
):
    switch_provider(deps, simone, "none", typed="None", cancel_events=True)
    host.fail_once("cancel", ReconnectError("Sign in again."))
    clock.advance(timedelta(days=5, hours=1))

    connection_upkeep.tidy_connections(deps)

    assert grant_of(deps, connection.id) == ""


def test_busy_times_and_decisions_of_the_provider_before_are_forgotten(
    deps, simone, connection
):
    with deps.unit_of_work() as work:
        work.busy.follow({simone.id: simone.email})

    switch_provider(deps, simone, "none", typed="None", cancel_events=False)

    assert connection
    with deps.unit_of_work() as work:
        assert work.busy.calendars() == []


def test_switching_is_in_the_trail_of_the_setting_and_of_the_connection(
    deps, simone, connection
):
    switch_provider(deps, simone, "none", typed="None", cancel_events=False)

    with deps.unit_of_work() as work:
        change = work.stored_settings.history(KEY)[0]
        ended = work.audit.history(str(connection.id))[-1]
    assert (change.by, change.before, change.after) == ("Simone", "outlook", "none")
    assert (ended.actor, ended.action) == ("Simone", "disconnected")


def test_provider_is_not_changed_in_passing_while_one_is_connected(
    deps, simone, connection
):
    for refused in (
        lambda: settings_saving.save_settings(
            deps, simone, {KEY: SettingEdit(text="google")}
        ),
        lambda: settings_saving.reset_setting(deps, simone, KEY),
    ):
        with pytest.raises(InvalidInputError, match="Switch provider"):
            refused()

    settings_saving.save_settings(deps, simone, {KEY: SettingEdit(text="outlook")})
    assert (stored(deps), provider(deps)) == (connection, "outlook")


def test_without_a_connection_the_provider_changes_like_any_setting(deps, bank, simone):
    bank.set(PRIMARY_PROVIDER, "outlook")

    settings_saving.save_settings(deps, simone, {KEY: SettingEdit(text="none")})

    assert provider(deps) == "none"
