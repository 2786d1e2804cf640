"""A real worker reads calendars at the fake Microsoft, and dies over it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.clock import utc_now
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from tests.support.bank import Bank
from tests.support.connecting import reaching, register, sign_in
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.support.servers import House

__all__ = ["outlook", "outlook_server"]

SCHEDULE = "/me/calendar/getSchedule"


@pytest.fixture
def house(tmp_path, database_url, outlook) -> Iterator[House]:
    """The product's processes, none of them started yet; they know the fake."""
    folder = tmp_path / "house"
    with House(folder, database_url, **outlook.config_env()) as running:
        yield running


@pytest.fixture
def connected_bank(deps, outlook) -> Bank:
    """A bank of 45 agents, connected on the real clock."""
    bank = Bank(reaching(replace(deps, now=utc_now), outlook), utc_now)
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    for number in range(45):
        bank.agent(f"Agent{number}")
    register(bank, outlook)
    bank.set(COMPUTE_AVAILABILITY, "on")
    sign_in(bank.deps, grace, outlook)
    return bank


def read(bank) -> int:
    """Return how many calendars were read."""
    with bank.deps.unit_of_work() as work:
        return sum(it.read_at is not None for it in work.busy.calendars())


def let_leases_end(bank) -> None:
    """Let time pass for the lease of the run that was killed."""
    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(
            text("UPDATE connection SET leased_until = :now"), {"now": utc_now()}
        )


def test_run_of_a_killed_worker_is_finished_by_the_next_and_what_was_read_stays(
    house, connected_bank, outlook
):
    outlook.misbehave(
        "POST", SCHEDULE, hang=True, mailbox="agent7@bank.example", times=None
    )
    house.start_valkey()
    house.start_beat()
    house.start_worker()
    house.await_until(lambda: read(connected_bank) >= 20)
    before = read(connected_bank)

    house.kill("worker")
    outlook.behave()
    let_leases_end(connected_bank)
    house.await_until(lambda: read(connected_bank) == 45)

    assert 20 <= before < 45
    with connected_bank.deps.unit_of_work() as work:
        assert work.agent_days.wrong(utc_now().date()) == []
