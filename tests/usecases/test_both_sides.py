"""Whatever happens here and there, in whatever order, both sides end up the same."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from invo_booking.domain.appointment import Status
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.errors import InvoError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import push
from invo_booking.usecases.staff import appointments, host_conflicts
from tests.support import invariants
from tests.support.bank import at
from tests.support.examples import SLOWNESS, how_many
from tests.support.host_calendar import (
    LOST_AFTER,
    LOST_BEFORE,
    OneAccount,
    PlainHost,
    connected,
    poll,
    write,
)
from tests.usecases.test_appointments import draft

HALF_HOUR = timedelta(minutes=30)
FORGET = text(
    "SET LOCAL session_replication_role = replica;"
    "TRUNCATE outbox, connection, appointment, audit, audit_head, person, "
    "agent_day CASCADE"
)

which = st.integers(0, 1)
when = st.integers(8, 12)  # nobody works at eight
STEPS = st.one_of(
    st.tuples(st.just("create"), when),
    st.tuples(st.just("move here"), which, when),
    st.tuples(st.just("give"), which, which),
    st.tuples(st.just("cancel"), which),
    st.tuples(st.just("move there"), which, when),
    st.tuples(st.just("delete there"), which),
    st.tuples(st.just("reply"), which),
    st.tuples(st.just("write")),
    st.tuples(st.just("poll")),
    st.tuples(st.just("lose"), st.sampled_from(["create", "change"]), st.booleans()),
    st.tuples(st.just("during"), st.sampled_from(["write", "poll"]), which, when),
    st.tuples(st.just("put back")),
    st.tuples(st.just("follow")),
    st.tuples(st.just("write again")),
)


class World:
    """A bank with two agents, and what people there and here do."""

    def __init__(self, bank) -> None:
        self.host = PlainHost()
        self.deps = replace(bank.deps, providers={"outlook": OneAccount(self.host)})
        self.bank = bank
        self.agents = [bank.agent(f"Ana{uuid4().hex[:6]}") for _ in range(2)]
        self.manager = bank.manager(f"Max{uuid4().hex[:6]}")
        self.ids = []
        self.connection = connected(bank)

    def do(self, step) -> None:
        """Do one thing; what is refused is not done."""
        name, *details = step
        with suppress(InvoError):
            getattr(self, name.replace(" ", "_"))(*details)

    def create(self, hour) -> None:
        wanted = draft(self.bank, at(hour, days=1), email=f"{uuid4().hex}@example.com")
        made = appointments.create_appointment(self.deps, self.manager, wanted)
        self.ids.append(made.id)

    def move_here(self, which, hour) -> None:
        for it in self.ids[which : which + 1]:
            change = AppointmentChange(
                starts_at=at(hour, days=1), ends_at=at(hour, 30, days=1)
            )
            appointments.change_appointment(self.deps, self.manager, it, change)

    def give(self, which, agent) -> None:
        for it in self.ids[which : which + 1]:
            appointments.assign_appointment(
                self.deps, self.manager, it, self.agents[agent].id
            )

    def cancel(self, which) -> None:
        for it in self.ids[which : which + 1]:
            appointments.cancel_appointment(self.deps, self.manager, it, "")

    def move_there(self, which, hour) -> None:
        for it in self.host.ours[which : which + 1]:
            start = at(hour, days=1)
            self.host.move(it.event.id, Interval(start, start + HALF_HOUR))

    def delete_there(self, which) -> None:
        for it in self.host.ours[which : which + 1]:
            self.host.delete(it.event.id)

    def reply(self, which) -> None:
        for it in self.host.ours[which : which + 1]:
            self.host.touch(it.event.id)

    def write(self) -> None:
        write(self.deps)

    def poll(self) -> None:
        poll(self.deps, self.host)

    def lose(self, call, done) -> None:
        self.host.fail_once(call, LOST_AFTER if done else LOST_BEFORE, done=done)

    def during(self, what, which, hour) -> None:
        """Let somebody there move an event right within a call of ours."""

        def meddle(_):
            self.host.before = lambda _: None
            self.move_there(which, hour)

        self.host.before = meddle
        self.do((what,))
        self.host.before = lambda _: None

    def put_back(self) -> None:
        self._decide(host_conflicts.restore_event)

    def follow(self) -> None:
        self._decide(host_conflicts.follow_moved_event)

    def write_again(self) -> None:
        self._decide(host_conflicts.rewrite_event)

    def _decide(self, decide) -> None:
        for it in host_conflicts.host_conflicts(self.deps, self.manager):
            decide(self.deps, self.manager, it.appointment_id)

    def settle(self) -> None:
        """Let time pass until nothing is waiting on either side."""
        self.host.before = self.host.after = lambda _: None
        for _ in range(4):
            self.bank.clock.advance(timedelta(minutes=4))
            poll(self.deps, self.host)
            push.add_missing_writes(self.deps)
            write(self.deps)

    def check(self) -> None:
        """Compare both sides."""
        told = host_conflicts.host_conflicts(self.deps, self.manager)
        open_ones = {it.appointment_id for it in told}
        with self.deps.unit_of_work() as work:
            assert work.outbox.count_open("calendar") == 0
            there = {it.event.id: it.event for it in self.host.ours}
            standing = {}
            for it in self.ids:
                appointment = work.appointments.get(it)
                kept = work.host_events.find(it, self.connection.id)
                assert kept is None or kept.state is not EventState.PENDING
                event = there.get(kept.event_id) if kept else None
                if appointment.status is Status.CANCELLED:
                    assert event is None
                elif it not in open_ones:
                    assert event is not None, "lost"
                    assert event.period == appointment.period
                    agent = work.roster.people.get(appointment.agent_id)
                    attendees = self.host.kept[event.id].draft.attendees
                    assert [a for a, _ in attendees] == ([agent.email] if agent else [])
                if event is not None:
                    standing[event.id] = it
        assert set(there) == set(standing), "doubled"


@settings(
    max_examples=how_many(20),
    suppress_health_check=[*SLOWNESS, HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
@example(steps=[("move here", 0, 11), ("move here", 0, 9)])
def test_both_sides_end_equal_or_staff_see_why_not(bank, config, steps):
    bank.clock.now = at(8)
    world = World(bank)
    try:
        for step in [("create", 9), ("create", 10), ("write",), *steps]:
            world.do(step)
        world.settle()
        world.check()
        invariants.check(config.database_url)
    finally:
        forget(bank)


def forget(bank) -> None:
    """Leave nothing of an example to the next one."""
    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(FORGET)
        work.publish_roster_change()
