"""Many appointments for the host calendar, and many workers; what was missed."""

import threading
from datetime import timedelta

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.outside import Limits
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import TWO_WAY
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import push
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.host_calendar import (
    connected,
    kept,
    now_is,
    write,
)
from tests.support.host_fixtures import deps, host, max_
from tests.usecases.test_appointments import draft
from tests.usecases.test_writing import connection, made, open_promises

__all__ = ["connection", "deps", "host", "made", "max_"]

MINUTE = timedelta(minutes=1)


def test_many_promises_are_written_evenly(deps, host, bank, connection, max_, clock):
    host.limits = Limits(
        mailboxes_per_call=20, longest_window=timedelta(days=42), two_way=True
    )
    for n in range(100):
        days, slot = 1 + n // 16, n % 16
        days += 2 * (days > 4)  # not on a weekend
        starts_at = at(9, days=days) + slot * timedelta(minutes=30)
        appointments.create_appointment(deps, max_, draft(bank, starts_at))
    began, times = clock.now, []
    while len(host.ours) < 100:
        times += [clock.now] * (write(deps) or 0)
        clock.advance(timedelta(seconds=2))

    assert connection
    assert times.count(began) == 10, "a burst"
    minutes = (times[-1] - began) / MINUTE
    assert 2.9 <= minutes <= 3.2, "ninety more at thirty a minute"
    for first in times:
        within = [it for it in times if first <= it < first + MINUTE]
        assert len(within) <= 30 + 10


def test_two_workers_write_one_event_each(deps, host, made, bank, max_):
    appointments.create_appointment(deps, max_, draft(bank, at(11)))
    at_once = threading.Barrier(2, timeout=2)

    def meet(_):
        try:
            at_once.wait()
        except threading.BrokenBarrierError:
            return

    host.before = meet
    together(write, deps)
    write(deps)

    assert made
    assert len(host.ours) == 2
    assert host.calls.count("create") == 2


def test_without_leases_the_same_promise_is_kept_by_two(deps, host, made, clock):
    """Negative control: the calls do meet where nothing keeps them apart."""

    def end_the_leases(name):
        if name == "create":
            host.before = lambda _: None
            clock.advance(push.LEASE)
            write(deps)

    host.before = end_the_leases
    write(deps)

    assert made
    assert host.calls.count("create") == 2
    assert len(host.ours) == 1, "our own id still makes it one event"


def test_writer_that_was_overtaken_leaves_the_present_time_in_the_calendar(
    deps, host, made, max_, clock
):
    write(deps)
    earlier, later = (
        AppointmentChange(starts_at=at(hour), ends_at=at(hour, 30)) for hour in (12, 14)
    )

    def overtake(name):
        if name == "change":
            host.after = lambda _: None
            clock.advance(push.LEASE)
            appointments.change_appointment(deps, max_, made.id, later)
            write(deps)

    appointments.change_appointment(deps, max_, made.id, earlier)
    host.after = overtake
    write(deps)
    write(deps)

    assert host.only.period == kept(deps, made).period == now_is(deps, made).period
    assert now_is(deps, made).starts_at == at(14)


def together(work, deps):
    """Run something twice at the same time."""
    threads = [threading.Thread(target=work, args=(deps,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_what_was_agreed_before_the_connection_is_made_up_for(
    deps, host, bank, max_, ana
):
    early = appointments.create_appointment(
        deps, max_, draft(bank, at(10), agent_id=ana.id)
    )
    connected(bank)

    assert push.add_missing_writes(deps) == 1
    assert push.add_missing_writes(deps) == 0
    write(deps)

    assert host.only.period == early.period
    assert push.add_missing_writes(deps) == 0


def test_what_changed_while_two_way_was_off_is_made_up_for(
    deps, host, bank, made, max_
):
    other = appointments.create_appointment(deps, max_, draft(bank, at(11)))
    write(deps)
    bank.set(TWO_WAY, "off")
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(15))
    )
    appointments.cancel_appointment(deps, max_, other.id, "")
    write(deps)
    bank.set(TWO_WAY, "on")

    assert push.add_missing_writes(deps) == 2
    write(deps)

    assert host.only.period == Interval(at(14), at(15))


def test_waiting_writes_are_dropped_once_nothing_is_to_be_written(deps, bank, made):
    bank.set(TWO_WAY, "off")
    write(deps)

    assert made
    assert open_promises(deps) == 0


def test_details_that_changed_while_two_way_was_off_are_made_up_for(
    deps, host, bank, made, max_
):
    ada = bank.agent("Ada", roles=(Role.SUPER_ADMIN,), languages=())

    def turn(text):
        save_settings(deps, ada, {TWO_WAY.key: SettingEdit(text=text)})

    write(deps)
    turn("off")
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(name="Rosa D. Prado")
    )
    turn("on")

    assert push.add_missing_writes(deps) == 1
    write(deps)

    assert host.ours[0].draft.subject == "Mortgage advice: Rosa D. Prado"
    assert push.add_missing_writes(deps) == 0


def test_writer_that_was_overtaken_frees_no_lease_but_its_own(deps, connection):
    now, later = deps.now(), deps.now() + push.ALONE
    with deps.unit_of_work() as work:
        slow = work.host_events.lease_writing(connection.id, now, later)
        assert work.host_events.lease_writing(connection.id, now, later) is None
        quick = work.host_events.lease_writing(connection.id, later, later + push.ALONE)

        assert not work.host_events.extend_writing_lease(connection.id, slow, None)
        assert work.host_events.lease_writing(connection.id, later, later) is None
        assert work.host_events.extend_writing_lease(connection.id, quick, None)
        assert work.host_events.lease_writing(connection.id, later, later)


def test_writer_that_was_overtaken_writes_no_further_event(
    deps, host, bank, max_, connection
):
    for hour in (10, 11, 14):
        appointments.create_appointment(deps, max_, draft(bank, at(hour)))

    def overtake(_):
        host.before = lambda _: None
        later = deps.now() + push.ALONE
        with deps.unit_of_work() as work:
            work.host_events.lease_writing(
                connection.id, later, later + timedelta(hours=1)
            )

    host.before = overtake
    write(deps)

    assert host.calls.count("create") == 1
