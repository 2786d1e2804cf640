"""The only machine of a bank loses its power while customers book."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.embedded import scratch_folder
from invo_booking.usecases.shared.deps import Deps
from tests.faults.test_database_restarts import staffed
from tests.faults.test_killed_processes import forms
from tests.faults.waiting import let_time_pass, waiting_mails
from tests.support.bank import Bank
from tests.support.callers import Queue, booked_ids, statuses
from tests.support.invariants import check
from tests.support.servers import House

CUSTOMERS = 40
PROGRAMS = ("beat", "mail", "worker", "web", "valkey", "postgres")


@contextmanager
def deps_of(bank: Bank, database_url: str) -> Iterator[Deps]:
    """Yield the parts of a bank with connections that are closed at the end."""
    engine = make_engine(database_url)
    key = bank.deps.config.mail_link_key
    yield replace(bank.deps, begin=unit_of_work(engine, key))
    engine.dispose()


def are_sent(deps: Deps) -> bool:
    return waiting_mails(deps) == 0


def test_machine_that_loses_power_under_load_loses_and_doubles_nothing(sink):
    """All processes die at once, the database's and the broker's too, twice.

    A mail being handed over at that moment may come again, under the same Message-ID.
    """
    with scratch_folder() as folder, House(folder, smtp_port=sink.port) as house:
        database_url = house.start_postgres()
        bank = staffed(house.config)
        house.start_valkey()
        house.start_beat()
        house.start_worker()
        house.start_web()
        customers = Queue(house.url, forms(bank, CUSTOMERS))
        cuts = [10, 25]

        def cut_power() -> None:
            if cuts and len(customers.answers) >= cuts[0]:
                cuts.pop(0)
                for name in PROGRAMS:
                    with suppress(KeyError):  # it is just being started again
                        house.kill(name)

        answers = house.during(customers.run, cut_power)
        with deps_of(bank, database_url) as deps:
            let_time_pass(deps)
            house.await_until(partial(are_sent, deps))

        assert not cuts
        assert statuses(answers) == [201] * CUSTOMERS
        assert len(set(booked_ids(answers))) == CUSTOMERS
        assert len(sink.ids()) == len(sink.recipients()) == CUSTOMERS
        check(database_url, booked_ids(answers))
