"""A disk that needs a tenth of a second for each commit, while customers book."""

from sqlalchemy import create_engine, text

from tests.faults.test_database_restarts import house, staffed
from tests.faults.test_killed_processes import forms
from tests.support.callers import Queue, booked_ids, statuses
from tests.support.invariants import check

__all__ = ("house",)

CUSTOMERS = 20
SLOW = (
    "ALTER SYSTEM SET commit_delay = 100000",
    "ALTER SYSTEM SET commit_siblings = 0",
)
"""PostgreSQL waits that many microseconds before it flushes each commit to disk."""


def slow_down(superuser_url: str) -> None:
    """Let each commit take a tenth of a second longer."""
    engine = create_engine(superuser_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (*SLOW, "SELECT pg_reload_conf()"):
            connection.execute(text(statement))
    engine.dispose()


def test_customers_book_on_a_slow_disk_and_nothing_is_lost_or_doubled(house):
    database_url = house.start_postgres()
    bank = staffed(house.config)
    house.start_valkey()
    house.start_web()
    slow_down(house.superuser_url)
    customers = Queue(house.url, forms(bank, CUSTOMERS))

    answers = house.during(customers.run)

    assert statuses(answers) == [201] * CUSTOMERS
    assert len(set(booked_ids(answers))) == CUSTOMERS
    check(database_url, booked_ids(answers))
