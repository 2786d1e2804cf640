"""The same press twice at the same moment makes one thing."""

import threading

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import ConflictError
from invo_booking.persistence.links import Submits
from invo_booking.usecases.shared import submits
from invo_booking.usecases.staff import appointments
from tests.concurrency.racing import race, refusals, winners
from tests.support.bank import at
from tests.usecases.test_appointments import draft

KEY = "one-press-of-a-button"
AT_ONCE = 6


@pytest.fixture
def ada(bank):
    for name in ("Ana", "Ben", "Cleo", "Dan", "Eve", "Fay"):
        bank.agent(name)
    return bank.agent("Ada", roles=(Role.SUPER_ADMIN,))


def presses(bank, ada):
    wanted = draft(bank, at(10, days=1), despite_overlap=True)
    return [
        lambda: appointments.create_appointment(bank.deps, ada, wanted, key=KEY)
        for _ in range(AT_ONCE)
    ]


def made(deps) -> tuple[int, int]:
    with deps.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT (SELECT count(*) FROM appointment),"
            " (SELECT count(*) FROM outbox WHERE kind = 'mail')"
        )
        return tuple(rows.one())


def test_one_press_that_arrives_several_times_at_once_makes_one(bank, ada):
    outcomes = race(*presses(bank, ada))

    assert len({it.id for it in winners(outcomes)}) == 1
    assert len(winners(outcomes)) == AT_ONCE, "all are told of the one"
    assert made(bank.deps) == (1, 1)


def test_without_the_keys_lock_and_row_the_same_press_makes_several(
    bank, ada, monkeypatch
):
    monkeypatch.setattr(Submits, "lock", lambda *_: None)
    monkeypatch.setattr(Submits, "add", lambda *_, **__: None)

    race(*presses(bank, ada))

    assert made(bank.deps)[0] > 1


def test_of_two_presses_at_once_one_asks_outside(bank, ada):
    asked, both = [], threading.Barrier(2, timeout=90)

    def make() -> str:
        asked.append(1)
        both.wait()
        return "group"

    def press():
        return submits.make_once_outside(bank.deps, ada, KEY, "group", make)

    def press_too():
        try:
            while not asked:
                threading.Event().wait(0.01)
            return press()
        finally:
            both.wait()

    outcomes = race(press, press_too)

    assert winners(outcomes) == ["group"]
    assert refusals(outcomes) == {ConflictError}
    assert asked == [1]
