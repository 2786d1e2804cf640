"""``kill -9`` of everything while customers book and do not give up."""

from itertools import product

import pytest

from tests.faults.dying_apps import fault
from tests.faults.waiting import let_time_pass, waiting_mails
from tests.support.callers import Form, Queue, booked_ids, statuses, working_starts
from tests.support.invariants import check

CUSTOMERS = 100
AGENTS = 5


def forms(bank, customers: int = CUSTOMERS) -> list[Form]:
    """Return a form for each customer; there is exactly a place for everybody."""
    places = product(working_starts(2), range(AGENTS))
    return [Form(str(bank.answer_id), start) for start, _ in places][:customers]


def test_kills_of_web_workers_beat_and_valkey_lose_and_double_nothing(
    house, today_bank, deps, sink, database_url
):
    """A mail being handed over at a kill may come twice, under the same Message-ID."""
    house.start_valkey()
    house.start_beat()
    house.start_worker()
    house.start_web()
    customers = Queue(house.url, forms(today_bank))
    plan = [(10, "web"), (30, "mail"), (40, "worker"), (45, "valkey")]
    plan += [(60, "web"), (70, "beat"), (80, "mail")]

    def kill_as_planned() -> None:
        if plan and len(customers.answers) >= plan[0][0]:
            house.kill(plan.pop(0)[1])

    answers = house.during(customers.run, kill_as_planned)
    let_time_pass(deps)
    house.await_until(lambda: waiting_mails(deps) == 0)

    assert not plan
    assert statuses(answers) == [201] * CUSTOMERS
    assert len(set(booked_ids(answers))) == CUSTOMERS
    assert len(sink.ids()) == CUSTOMERS
    assert len(sink.recipients()) == CUSTOMERS
    being_handed_over = 2 * 2  # two kills of two processes that send
    assert sink.ids().total() - CUSTOMERS <= being_handed_over
    check(database_url, booked_ids(answers))


@pytest.mark.parametrize("moment", ["reply", "commit"])
def test_booking_is_whole_or_not_at_all_when_web_dies_just_before_the(
    house, today_bank, deps, database_url, moment
):
    house.start_web(f"tests.faults.dying_apps:dying_before_the_{moment}")
    customers = Queue(house.url, forms(today_bank, 20), at_once=4)
    fault(house.config.data_dir).touch()

    answers = house.during(customers.run)

    assert not fault(house.config.data_dir).exists()
    assert statuses(answers) == [201] * 20
    assert len(set(booked_ids(answers))) == 20
    assert waiting_mails(deps) == 20
    check(database_url, booked_ids(answers))
