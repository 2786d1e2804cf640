"""An administrator connects Outlook 365, chooses a group and ends it again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.settings.calendars import (
    COMPUTE_AVAILABILITY,
    PRIMARY_PROVIDER,
    TWO_WAY,
)
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.calendars import checks, connection_upkeep, connections, push
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.connecting import (
    ACCOUNT,
    BROWSER,
    answered,
    reaching,
    register,
    sign_in,
    stored,
    trail,
)
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.usecases.test_appointments import draft

__all__ = ["outlook", "outlook_server"]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def ready(bank, outlook, grace):
    register(bank, outlook)
    return grace


def calendars_read(deps):
    with deps.unit_of_work() as work:
        return {it.mailbox: it.read_at for it in work.busy.calendars()}


def test_administrator_connects_an_account_and_the_first_run_is_due(
    deps, ready, outlook, clock
):
    connection = sign_in(deps, ready, outlook)

    assert (connection.state, connection.problem) == (ConnectionState.CONNECTED, "")
    assert (connection.account, connection.tenant) == (ACCOUNT, outlook.tenant)
    assert connection.next_run_at == clock.now
    assert connection.connected_by == "Grace"
    assert trail(deps)[-1][0] == "connected"


def test_every_agent_is_unknown_from_the_moment_busy_times_count(
    deps, bank, ready, outlook
):
    bank.agent("Ana")
    bank.set(COMPUTE_AVAILABILITY, "on")

    sign_in(deps, ready, outlook)

    assert calendars_read(deps) == {
        "ana@bank.example": None,
        "grace@bank.example": None,
    }


def test_no_calendar_counts_while_busy_times_do_not(deps, ready, outlook):
    sign_in(deps, ready, outlook)

    assert calendars_read(deps) == {}


@pytest.mark.parametrize("role", [Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER])
def test_nobody_but_administrators_connects_or_sees_the_panel(
    deps, bank, ready, outlook, role
):
    other = bank.agent("Olaf", roles=(role,))
    answer = answered(deps, ready, outlook)

    for refused in (
        lambda: connections.begin_connection_sign_in(deps, other, BROWSER),
        lambda: connections.finish_connection_sign_in(
            deps, other, BROWSER, answer, "outlook"
        ),
        lambda: connections.connection_panel(deps, other),
        lambda: connections.host_calendar_choices(deps, other),
        lambda: connections.create_host_calendar(deps, other, "Ours"),
        lambda: connections.disconnect_provider(deps, other),
        lambda: connections.make_poll_due(deps, other),
        lambda: checks.test_connection(deps, other, ""),
        lambda: checks.send_test_appointment(deps, other),
    ):
        with pytest.raises(NotAllowedError):
            refused()
    assert stored(deps) is None


def test_panel_says_what_is_missing_before_anybody_can_sign_in(deps, bank, ready):
    bank.set(PRIMARY_PROVIDER, "outlook")
    with deps.unit_of_work() as work:
        work.stored_settings.remove("calendars.outlook_client_secret")
        work.publish_roster_change()

    panel = connections.connection_panel(deps, ready)

    assert (panel.is_ready, panel.connection, panel.consent_url) == (False, None, "")
    assert panel.missing_fields == ("Outlook client secret (outlook_client_secret)",)
    assert panel.redirect_uri == "http://localhost:8000/outlook"
    assert not any(permission.granted for permission in panel.permissions)
    with pytest.raises(ReconnectError, match="Not filled in"):
        connections.begin_connection_sign_in(deps, ready, BROWSER)


def test_permission_that_was_not_granted_is_named(deps, ready, outlook):
    outlook.granted = {"Calendars.ReadBasic", "User.Read"}

    connection = sign_in(deps, ready, outlook)

    assert connection.state is ConnectionState.PERMISSION
    assert "Group.ReadWrite.All" in connection.problem
    panel = connections.connection_panel(deps, ready)
    lacking = [it.name for it in panel.permissions if not it.granted]
    assert "Group.ReadWrite.All" in lacking
    assert "Calendars.ReadBasic" not in lacking
    assert outlook.client_id in panel.consent_url


def test_signing_in_again_goes_on_with_the_same_connection(deps, ready, outlook):
    group = outlook.group("Invo Booking")
    first = sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, group)

    again = sign_in(deps, ready, outlook)

    assert again.id == first.id
    assert again.host
    assert again.host.id == group
    assert again.grant_version > first.grant_version


def test_account_of_another_tenant_does_not_take_a_connection_over(
    deps, bank, ready, outlook
):
    before = sign_in(deps, ready, outlook)
    register(bank, outlook, tenant=outlook.add_tenant("other.example"))

    with pytest.raises(ConflictError, match="Disconnect it first"):
        sign_in(deps, ready, outlook, email="boss@other.example")

    assert stored(deps) == before


def test_group_is_chosen_among_those_the_account_sees(deps, ready, outlook):
    group = outlook.group("Invo Booking")
    sign_in(deps, ready, outlook)

    assert [host.name for host in connections.host_calendar_choices(deps, ready)] == [
        "Invo Booking"
    ]
    with pytest.raises(NotFoundError):
        connections.choose_host_calendar(deps, ready, str(uuid4()))
    chosen = connections.choose_host_calendar(deps, ready, group)

    assert chosen.host
    assert (chosen.host.id, chosen.host.is_owner) == (group, True)


def test_group_is_made_and_hosts_appointments(deps, ready, outlook):
    sign_in(deps, ready, outlook)

    made = connections.create_host_calendar(deps, ready, "  Harbor   Appointments ")

    assert made.host
    assert made.host.name == "Harbor Appointments"
    assert [it["displayName"] for it in outlook.groups()] == ["Harbor Appointments"]
    with pytest.raises(InvalidInputError):
        connections.create_host_calendar(deps, ready, " ")


def test_group_is_named_without_what_cannot_be_seen(deps, ready, outlook):
    sign_in(deps, ready, outlook)

    made = connections.create_host_calendar(
        deps, ready, "Harbor\u200b Appointments\ufeff"
    )

    assert made.host
    assert made.host.name == "Harbor Appointments"


def test_another_group_takes_over_what_stands_in_the_one_before(
    deps, bank, ready, outlook
):
    """Nothing is doubled, and nobody takes the move for a deletion."""
    first, second = outlook.group("First"), outlook.group("Second")
    bank.set(TWO_WAY, "on")
    before = sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, first)
    made = appointments.create_appointment(
        deps, ready, draft(bank, at(10), agent_id=ready.id)
    )
    push.write_due_events(deps)
    assert len(outlook.events(first)) == 1

    chosen = connections.choose_host_calendar(deps, ready, second)
    push.add_missing_writes(deps)
    push.write_due_events(deps)

    assert chosen.id != before.id
    assert (outlook.events(first), len(outlook.events(second))) == ([], 1)
    connection_upkeep.tidy_connections(deps)
    with deps.unit_of_work() as work:
        assert work.connections.get(before.id).sealed_grant == ""
        assert work.appointments.get(made.id).status is Status.CONFIRMED


def test_disconnecting_deletes_the_sign_in_and_all_that_was_told(
    deps, bank, ready, outlook
):
    bank.set(COMPUTE_AVAILABILITY, "on")
    connection = sign_in(deps, ready, outlook)

    connections.disconnect_provider(deps, ready)

    assert stored(deps) is None
    assert calendars_read(deps) == {}
    with deps.unit_of_work() as work:
        ended = work.connections.get(connection.id)
    assert (ended.state, ended.sealed_grant) == (ConnectionState.DISCONNECTED, "")
    with pytest.raises(NotFoundError):
        connections.make_poll_due(deps, ready)


def test_connecting_the_same_tenant_again_goes_on_where_it_ended(deps, ready, outlook):
    group = outlook.group("Invo Booking")
    first = sign_in(deps, ready, outlook)
    connections.choose_host_calendar(deps, ready, group)
    connections.disconnect_provider(deps, ready)

    again = sign_in(deps, ready, outlook)

    assert again.id == first.id
    assert again.state is ConnectionState.CONNECTED
    assert again.host
    assert again.host.id == group


def test_refresh_makes_a_run_due_but_not_while_the_provider_wants_patience(
    deps, ready, outlook, clock
):
    connection = sign_in(deps, ready, outlook)
    with deps.unit_of_work() as work:
        work.connections.schedule_run(connection.id, clock.now + 5 * MINUTE)
    connections.make_poll_due(deps, ready)
    assert stored(deps).next_run_at == clock.now

    with deps.unit_of_work() as work:
        work.connections.pause(connection.id, clock.now + 2 * MINUTE)
    with pytest.raises(ConflictError, match="another 121 seconds"):
        connections.make_poll_due(deps, ready)


def test_token_that_ended_is_renewed_and_the_new_one_kept(deps, ready, outlook, clock):
    connection = sign_in(deps, ready, outlook)
    assert connections.host_calendar_choices(deps, ready) == []
    outlook.expire_access_tokens()
    assert connections.host_calendar_choices(deps, ready) == []
    clock.advance(timedelta(hours=2))
    assert connections.host_calendar_choices(deps, ready) == []

    now = stored(deps)
    assert now.grant_version == connection.grant_version + 2
    assert now.sealed_grant != connection.sealed_grant


def test_sign_in_that_was_withdrawn_there_asks_for_a_new_one(deps, ready, outlook):
    sign_in(deps, ready, outlook)
    outlook.revoke(ACCOUNT)

    with pytest.raises(ReconnectError):
        connections.host_calendar_choices(deps, ready)

    outlook.reset()
    assert sign_in(deps, ready, outlook).state is ConnectionState.CONNECTED


@pytest.mark.obeys("calendars.outlook_client_id", "calendars.outlook_tenant")
def test_registration_fields_are_what_microsoft_is_told(deps, bank, ready, outlook):
    client_id, tenant = str(uuid4()), outlook.add_tenant("other.example")
    save_settings(
        deps,
        ready,
        {
            "calendars.outlook_client_id": SettingEdit(text=client_id),
            "calendars.outlook_tenant": SettingEdit(text=tenant),
            "calendars.outlook_client_secret": SettingEdit(text="of the other tenant"),
        },
    )
    address = connections.begin_connection_sign_in(deps, ready, BROWSER)
    assert (client_id in address, f"/{tenant}/" in address) == (True, True)

    register(bank, outlook)
    address = connections.begin_connection_sign_in(deps, ready, BROWSER)
    assert outlook.client_id in address
    assert f"/{outlook.tenant}/" in address


@pytest.mark.obeys("calendars.outlook_client_secret")
def test_client_secret_is_what_microsoft_is_shown(deps, ready, outlook):
    key = "calendars.outlook_client_secret"
    save_settings(deps, ready, {key: SettingEdit(text="not the secret")})
    with pytest.raises(ReconnectError, match="secret"):
        sign_in(deps, ready, outlook)
    assert stored(deps) is None

    save_settings(deps, ready, {key: SettingEdit(text=outlook.client_secret)})
    assert sign_in(deps, ready, outlook).state is ConnectionState.CONNECTED


def test_new_credentials_are_tried_at_once(deps, ready, outlook, clock):
    connection = sign_in(deps, ready, outlook)
    with deps.unit_of_work() as work:
        work.connections.schedule_run(connection.id, clock.now + 15 * MINUTE)

    key = "calendars.outlook_client_secret"
    save_settings(deps, ready, {key: SettingEdit(text=outlook.client_secret)})

    assert stored(deps).next_run_at == clock.now
