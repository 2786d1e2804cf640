"""PostgreSQL stops, gently and not, while 100 customers book and do not give up."""

import signal
from collections.abc import Iterator

import pytest

from invo_booking.domain.clock import utc_now
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.embedded import scratch_folder
from invo_booking.usecases.shared.deps import Deps
from tests.faults.test_killed_processes import AGENTS, CUSTOMERS, forms
from tests.support.bank import Bank
from tests.support.callers import Queue, booked_ids, statuses
from tests.support.fakes import Postbox
from tests.support.invariants import check
from tests.support.servers import House


@pytest.fixture
def house() -> Iterator[House]:
    """A house whose database is its own."""
    with scratch_folder() as folder, House(folder) as running:
        yield running


def staffed(config) -> Bank:
    """Fill the database of a deployment, and leave no connection open."""
    engine = make_engine(config.database_url)
    parts = Deps(
        config=config,
        begin=unit_of_work(engine, config.mail_link_key),
        now=utc_now,
        mailer=Postbox(),
        wake=lambda: None,
    )
    bank = Bank(parts, utc_now)
    for number in range(AGENTS):
        bank.agent(f"Agent{number}")
    engine.dispose()
    return bank


def test_web_outlives_restarts_and_crashes_of_the_database(house):
    database_url = house.start_postgres()
    bank = staffed(house.config)
    house.start_web()
    before = house.process_id("web")
    customers = Queue(house.url, forms(bank))
    plan = [(10, signal.SIGINT), (40, signal.SIGQUIT), (70, signal.SIGKILL)]

    def stop_as_planned() -> None:
        if plan and len(customers.answers) >= plan[0][0]:
            house.tell("postgres", plan.pop(0)[1])

    answers = house.during(customers.run, stop_as_planned)

    assert not plan
    assert house.process_id("web") == before
    assert statuses(answers) == [201] * CUSTOMERS
    check(database_url, booked_ids(answers))
