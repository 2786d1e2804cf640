"""A real worker with a real mail server that comes and goes."""

import threading

from tests.faults.test_killed_processes import forms
from tests.faults.waiting import let_time_pass, waiting_mails
from tests.support.callers import Queue, booked_ids, statuses, submit_all_at_once
from tests.support.invariants import check


def test_mail_follows_when_the_mail_server_is_back_and_refusals_concern_one_alone(
    house, today_bank, deps, sink, database_url
):
    sink.close()
    house.start_valkey()
    house.start_worker()
    house.start_beat()
    house.start_web()
    booking = forms(today_bank, 20)
    sink.refusals[booking[0].email] = "550 No such user"

    answers = Queue(house.url, booking, at_once=20).run()
    assert statuses(answers) == [201] * 20
    house.await_until(lambda: tried_mails(deps) == 20)
    nothing = list(sink.messages)
    sink.open()
    let_time_pass(deps)
    house.await_until(lambda: waiting_mails(deps) == 0)

    assert not nothing
    assert sink.recipients() == {form.email: 1 for form in booking[1:]}
    assert set(sink.ids().values()) == {1}
    assert failed_mails(deps) == 1
    check(database_url, booked_ids(answers))


def test_mail_of_a_worker_killed_while_handing_it_over_comes_again_under_its_id(
    house, today_bank, deps, sink, database_url
):
    house.start_valkey()
    house.start_beat()
    house.start_worker()
    house.start_web()
    killed, first = threading.Event(), iter([True])

    def kill_the_first_time() -> None:
        if next(first, False):
            house.kill("mail")
            killed.set()  # only now, or the other process takes the mail and dies of it

    sink.on_arrival = kill_the_first_time

    answers = submit_all_at_once(house.url, forms(today_bank, 1))
    house.await_until(killed.is_set)
    let_time_pass(deps)
    house.await_until(lambda: waiting_mails(deps) == 0)

    assert list(sink.ids().values()) == [2]
    check(database_url, booked_ids(answers))


def tried_mails(deps) -> int:
    """Return how many mails were tried in vain."""
    with deps.unit_of_work() as work:
        return (
            work.session.connection()
            .exec_driver_sql("SELECT count(*) FROM outbox WHERE last_error <> ''")
            .scalar_one()
        )


def failed_mails(deps) -> int:
    """Return how many mails were given up."""
    with deps.unit_of_work() as work:
        return work.outbox.count("failed")
