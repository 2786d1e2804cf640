"""Events that no appointment stands for any more go from the host calendar."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.provider_errors import (
    ProviderDownError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings import general
from invo_booking.usecases.calendars import removing
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, periodic, purge
from tests.support.bank import at
from tests.support.host_calendar import connected, write
from tests.support.host_fixtures import deps, host
from tests.usecases.test_appointments import draft
from tests.usecases.test_purge import rows

__all__ = ["deps", "host"]


@pytest.fixture
def connection(bank):
    bank.agent("Ana")
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    return connected(bank)


@pytest.fixture
def made(bank, connection):
    assert connection
    manager = bank.manager()
    made = [
        appointments.create_appointment(bank.deps, manager, draft(bank, at(hour)))
        for hour in (10, 11)
    ]
    write(bank.deps)
    return made


def left(deps, connection):
    with deps.unit_of_work() as work:
        return work.removals.open_count(connection.id)


def switched_off(deps, connection):
    """End a connection, and want its events removed."""
    with deps.unit_of_work() as work:
        assert removing.add_all_removals(work, connection.id, deps.now()) == 2
        work.connections.end(connection.id, deps.now())


def connect_again(deps, connection):
    """Sign the account in again."""
    with deps.unit_of_work() as work:
        ended = work.connections.get(connection.id)
        work.connections.resume(
            replace(ended, state=ConnectionState.CONNECTED, sealed_grant="sealed")
        )
        work.removals.retry(connection.id, deps.now())


def reported(deps):
    """Return how many events are shown as not removed, and how many mails say so."""
    with deps.unit_of_work() as work:
        number, _ = removing.removal_problem(work, deps.now())
    notices = rows(deps, "SELECT payload FROM outbox WHERE kind = 'notice'")
    return number, sum("could not be removed" in str(it) for it in notices)


def test_events_of_a_connection_that_ended_are_removed_under_its_own_grant(
    deps, host, made, connection
):
    lunch = host.foreign(Interval(at(12), at(13)))
    switched_off(deps, connection)
    assert left(deps, connection) == 2

    write(deps)

    assert made
    assert list(host.kept) == [lunch]
    assert left(deps, connection) == 0


def test_removal_is_tried_until_it_is_done(deps, host, made, connection, clock):
    switched_off(deps, connection)
    for error in (
        ProviderDownError("down"),
        ThrottledError("slow", timedelta(minutes=2)),
    ):
        host.fail_once("cancel", error)
        write(deps)
        clock.advance(timedelta(minutes=10))
    assert left(deps, connection) == 2
    write(deps)

    assert made
    assert host.ours == []


def test_removal_nobody_can_allow_any_more_is_given_up(deps, host, made, connection):
    switched_off(deps, connection)
    with deps.unit_of_work() as work:
        work.connections.keep_grant(connection.id, "")
    write(deps)

    assert made
    assert len(host.ours) == 2
    assert left(deps, connection) == 0
    assert reported(deps) == (2, 1)


def test_removal_refused_for_good_is_not_tried_again(deps, host, made, connection):
    def refuse(_):
        raise ReconnectError("Sign in again.")

    switched_off(deps, connection)
    host.before = refuse
    for _ in range(3):
        write(deps)

    assert made
    assert host.calls.count("cancel") == 2
    assert left(deps, connection) == 0
    assert reported(deps) == (2, 1)
    with deps.unit_of_work() as work:
        _, sentence = removing.removal_problem(work, deps.now())
    assert sentence.startswith("2 events")
    assert sentence.endswith("Sign in again.")


def test_removal_that_was_given_up_is_made_when_the_account_is_connected_again(
    deps, host, made, connection
):
    switched_off(deps, connection)
    with deps.unit_of_work() as work:
        work.connections.keep_grant(connection.id, "")
    write(deps)
    connect_again(deps, connection)
    write(deps)

    assert made
    assert reported(deps)[0] == 0
    assert [it for it in host.calls if it == "cancel"] == ["cancel"] * 2


def test_event_of_a_customer_who_is_purged_while_disconnected_is_removed_later(
    deps, host, made, bank, clock, connection
):
    with deps.unit_of_work() as work:
        work.connections.end(connection.id, deps.now())
        work.connections.keep_grant(connection.id, "")
    bank.set(general.PURGE_OUTDATED, "on")
    clock.advance(timedelta(days=1))
    periodic.complete_past(deps)
    delivery.deliver_due_mails(deps)
    assert purge.purge_outdated(deps) == 2
    write(deps)
    assert reported(deps) == (2, 1)

    connect_again(deps, connection)
    write(deps)

    assert made
    assert host.ours == []
    assert reported(deps)[0] == 0


def test_event_that_could_not_be_removed_is_shown_for_a_month(
    deps, made, connection, clock
):
    switched_off(deps, connection)
    with deps.unit_of_work() as work:
        work.connections.keep_grant(connection.id, "")
    write(deps)
    clock.advance(removing.SHOWN_FOR)

    assert made
    assert reported(deps)[0] == 0


def test_purged_customer_leaves_the_host_calendar_too(deps, host, made, bank, clock):
    bank.set(general.PURGE_OUTDATED, "on")
    clock.advance(timedelta(days=1))
    periodic.complete_past(deps)
    delivery.deliver_due_mails(deps)
    assert purge.purge_outdated(deps) == 2
    assert len(host.ours) == 2
    write(deps)

    assert made
    assert host.ours == []
    assert "Rosa" not in str(rows(deps, "SELECT payload FROM outbox"))


def test_purge_of_what_was_never_written_promises_nothing(deps, host, bank, clock):
    bank.agent("Ana")
    appointments.create_appointment(deps, bank.manager(), draft(bank, at(10)))
    bank.set(general.PURGE_OUTDATED, "on")
    clock.advance(timedelta(days=1))
    periodic.complete_past(deps)
    delivery.deliver_due_mails(deps)

    assert purge.purge_outdated(deps) == 1
    assert host.ours == []
    assert rows(deps, "SELECT 1 FROM outbox") == []
