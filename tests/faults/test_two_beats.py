"""Two machines that both start the periodic tasks, for example during an upgrade."""

from tests.faults.test_killed_processes import forms
from tests.faults.waiting import waiting_mails
from tests.support.callers import Queue, booked_ids, statuses
from tests.support.invariants import check

CUSTOMERS = 20


def test_two_beats_and_two_workers_send_each_mail_once(
    house, today_bank, deps, sink, database_url
):
    house.start_valkey()
    for _ in range(2):
        house.start_beat()
        house.start_worker()
    house.start_web()
    customers = Queue(house.url, forms(today_bank, CUSTOMERS))

    answers = house.during(customers.run)
    house.await_until(lambda: waiting_mails(deps) == 0)

    assert statuses(answers) == [201] * CUSTOMERS
    assert len(sink.ids()) == sink.ids().total() == CUSTOMERS
    check(database_url, booked_ids(answers))
