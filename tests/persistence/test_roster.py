from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.event import listen

from invo_booking.domain.access.roles import Role
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.roster import raise_roster_revision
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.settings.general import PUBLIC_SCHEDULING
from tests.support.keys import KEY

THREADS = 6


def is_on(deps):
    with deps.unit_of_work() as work:
        return work.settings[PUBLIC_SCHEDULING]


def change(work, clock, text):
    work.stored_settings.put(PUBLIC_SCHEDULING.key, text, "test", clock())
    work.publish_roster_change()
    return work.settings[PUBLIC_SCHEDULING]


def test_change_is_seen_inside_its_transaction_and_after_it(bank, clock):
    with bank.deps.unit_of_work() as work:
        assert change(work, clock, "off") is False

    assert is_on(bank.deps) is False


def test_agent_that_the_test_bank_returns_is_the_one_in_the_roster(bank):
    roles = (Role.AGENT, Role.MANAGER)

    ana = bank.agent("Ana", roles=roles, languages=("en", "es"))

    assert ana == bank.actor(ana.id)


class UndoneError(Exception):
    pass


def change_in_vain(bank, clock):
    with bank.deps.unit_of_work() as work:
        assert change(work, clock, "off") is False
        raise UndoneError


def test_change_that_was_rolled_back_is_never_seen_by_others(bank, clock):
    with pytest.raises(UndoneError):
        change_in_vain(bank, clock)
    with bank.deps.unit_of_work() as work:  # takes the number the other one had
        raise_roster_revision(work.session)

    assert is_on(bank.deps) is True


@pytest.mark.usefixtures("bank")
def test_people_are_read_once_for_all_who_wait_for_them(database_url):
    engine = make_engine(database_url, pool_size=THREADS)
    asked: list[str] = []
    listen(engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
    begin, together = unit_of_work(engine, KEY), Barrier(THREADS)

    def look(_: int) -> int:
        with begin() as work:
            work.session.connection()
            together.wait()
            return len(work.roster.queues)

    with ThreadPoolExecutor(THREADS) as threads:
        assert min(threads.map(look, range(THREADS))) > 0
    engine.dispose()

    assert sum("FROM person ORDER" in it for it in asked) == 1
