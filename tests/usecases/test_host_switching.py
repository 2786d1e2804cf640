"""Changing over to another kind of host calendar: said first, typed, all at once."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
)
from invo_booking.settings.calendars import GOOGLE, PRIMARY_PROVIDER, TWO_WAY
from invo_booking.settings.providers import OUTLOOK_HOST
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.admin.host_switching import host_consequences, switch_host
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.calendars import connection_upkeep, connections, push
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.connecting import ACCOUNT, reaching, register, sign_in, stored
from tests.support.host_calendar import write
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.usecases.test_appointments import draft

__all__ = ["outlook", "outlook_server"]

OWN = "The scheduling account's own calendar"
TO_OWN = {"typed": OWN, "cancel_events": False}


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def simone(bank, outlook):
    register(bank, outlook)
    bank.set(TWO_WAY, "on")
    return bank.agent("Simone", roles=(Role.SUPER_ADMIN,))


@pytest.fixture
def group(deps, bank, simone, outlook):
    """A group with an appointment in its calendar."""
    sign_in(deps, simone, outlook)
    group = outlook.group(owners=(ACCOUNT,))
    connections.choose_host_calendar(deps, simone, group)
    appointments.create_appointment(deps, bank.manager(), draft(bank, at(10, days=1)))
    write(deps)
    return group


def host_kind(deps):
    with deps.unit_of_work() as work:
        return work.settings[OUTLOOK_HOST]


def test_consequences_are_said_before_anything_is_done(deps, simone, group):
    found = host_consequences(deps, simone, "account")

    assert (found.to, found.word, found.events) == ("account", OWN, 1)
    told = " ".join(found.sentences)
    assert ACCOUNT in told
    assert "1 appointment" in told
    assert "Sign in again" in told
    assert stored(deps).host.id == group
    assert host_kind(deps) == "group"


def test_nothing_is_asked_while_nothing_is_connected(deps, simone):
    assert host_consequences(deps, simone, "account").word == ""

    assert switch_host(deps, simone, "account", typed="", cancel_events=False) == ""

    assert host_kind(deps) == "account"
    [missing] = {
        it.name
        for it in connections.connection_panel(deps, simone).permissions
        if it.name.startswith("Calendars")
    }
    assert missing == "Calendars.ReadWrite"


@pytest.mark.usefixtures("group")
def test_other_word_changes_nothing(deps, simone):
    with pytest.raises(InvalidInputError, match="own calendar"):
        switch_host(deps, simone, "account", typed="yes", cancel_events=True)

    assert host_kind(deps) == "group"
    assert stored(deps) is not None


def test_events_are_removed_through_the_old_connection(deps, simone, outlook, group):
    switch_host(deps, simone, "account", typed=OWN.lower(), cancel_events=True)
    assert stored(deps) is None
    write(deps)

    assert outlook.events(group) == []
    sign_in(deps, simone, outlook)
    push.add_missing_writes(deps)
    write(deps)
    assert len(outlook.events(ACCOUNT)) == 1
    assert outlook.events(group) == []
    connection_upkeep.tidy_connections(deps)
    with deps.unit_of_work() as work:
        assert [it.id for it in work.connections.with_grant()] == [stored(deps).id]


def test_events_are_removed_with_a_token_of_the_old_permissions(
    deps, simone, outlook, group
):
    switch_host(deps, simone, "account", typed=OWN, cancel_events=True)
    outlook.expire_access_tokens()
    write(deps)

    assert outlook.events(group) == []
    assert host_kind(deps) == "account"


def test_events_that_shall_stay_do(deps, simone, outlook, group):
    switch_host(deps, simone, "account", **TO_OWN)
    write(deps)

    assert len(outlook.events(group)) == 1


def test_events_that_stayed_are_not_doubled_on_the_way_back(
    deps, simone, outlook, group
):
    switch_host(deps, simone, "account", **TO_OWN)
    sign_in(deps, simone, outlook)
    push.add_missing_writes(deps)
    write(deps)
    switch_host(deps, simone, "group", typed="Group calendar", cancel_events=True)
    write(deps)

    again = sign_in(deps, simone, outlook)
    push.add_missing_writes(deps)
    write(deps)

    assert again.host.id == group
    assert len(outlook.events(group)) == 1
    assert outlook.events(ACCOUNT) == []


def test_setting_alone_does_not_switch_while_connected(deps, simone, group):
    change = {OUTLOOK_HOST.key: SettingEdit(text="account")}

    with pytest.raises(InvalidInputError, match="in its panel"):
        settings_saving.save_settings(deps, simone, change)

    assert stored(deps).host.id == group


def test_current_kind_and_others_are_refused(deps, simone):
    with pytest.raises(ConflictError, match="already"):
        host_consequences(deps, simone, "group")
    with pytest.raises(InvalidInputError):
        host_consequences(deps, simone, "everybody's")


def test_provider_with_one_kind_has_nothing_to_switch(deps, bank, simone):
    bank.set(PRIMARY_PROVIDER, GOOGLE)

    with pytest.raises(ConflictError, match="only one kind"):
        host_consequences(deps, simone, "account")


def test_administrator_may_not_switch(deps, bank, simone):
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    assert simone

    for ask in (
        lambda: host_consequences(deps, grace, "account"),
        lambda: switch_host(deps, grace, "account", **TO_OWN),
    ):
        with pytest.raises(NotAllowedError, match="super admin"):
            ask()
