"""``kill -9`` of everything while 100 customers book and do not give up."""

from itertools import product

from sqlalchemy import text

from invo_booking.domain.clock import utc_now
from tests.support.callers import Form, Queue, booked_ids, statuses, working_starts
from tests.support.invariants import check

CUSTOMERS = 100
AGENTS = 5


def forms(bank) -> list[Form]:
    """Return a form for each of 100 customers; there is a place for everybody."""
    starts = working_starts(2)
    places = [start for start, _ in product(starts, range(AGENTS))][:CUSTOMERS]
    return [Form(str(bank.answer_id), start) for start in places]


def let_leases_end(deps) -> None:
    """Let time pass for mails whose worker was killed; waiting would take minutes."""
    with deps.unit_of_work() as work:
        work.session.connection().execute(
            text("UPDATE outbox SET due_at = :now WHERE state = 'open'"),
            {"now": utc_now()},
        )


def waiting_mails(deps) -> int:
    """Return how many mails have not gone out."""
    with deps.unit_of_work() as work:
        return work.outbox.count("open")


def test_kills_of_web_worker_and_valkey_lose_and_double_nothing(
    house, today_bank, deps, sink, database_url
):
    house.start_valkey()
    house.start_beat()
    house.start_worker()
    house.start_web()
    customers = Queue(house.url, forms(today_bank))
    plan = [(10, "web"), (30, "worker"), (45, "valkey"), (60, "web"), (80, "worker")]

    def kill_as_planned() -> None:
        if plan and len(customers.answers) >= plan[0][0]:
            house.kill(plan.pop(0)[1])

    answers = house.during(customers.run, kill_as_planned)
    let_leases_end(deps)
    house.await_until(lambda: waiting_mails(deps) == 0)

    assert not plan
    assert statuses(answers) == [201] * CUSTOMERS
    assert len(set(booked_ids(answers))) == CUSTOMERS
    assert set(sink.recipients().values()) == {1}
    assert len(sink.ids()) == CUSTOMERS
    check(database_url, booked_ids(answers))
