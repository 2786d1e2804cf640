"""What is missing in the host calendar without anybody's decision cancels nothing."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.calendars.outside import Grant
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import CANCEL_DELETED, TWO_WAY
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import connecting, connections, push, removing
from invo_booking.usecases.calendars.host import counting
from invo_booking.usecases.staff import appointments, host_conflicts
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.support.host_calendar import OneAccount, connected, kept, now_is, poll, write
from tests.support.host_fixtures import deps, host
from tests.usecases.test_appointments import draft

__all__ = ["deps", "host"]

NIGHT = Interval(at(3, days=1), at(3, 30, days=1))


class SignedInAccount(OneAccount):
    """An account that can be connected again, with every permission."""

    def open(self, token, host_id="", **more):
        """Open the account; without a host calendar only permissions are asked for."""
        return super().open(token, host_id, **more) if host_id else self

    def permissions(self, granted):
        """Return no permission that is missing."""
        assert granted is not None
        return []


class House:
    """A bank with four agents and its host calendar, and what people do with both."""

    def __init__(self, bank, deps, host, postbox) -> None:
        self.bank, self.host, self.postbox = bank, host, postbox
        self.deps = replace(deps, providers={"outlook": SignedInAccount(host)})
        self.manager = bank.manager()
        self.admin = Actor(
            id=uuid4(),
            name="Grace",
            email="grace@bank.example",
            roles=frozenset({Role.SUPER_ADMIN}),
        )
        for name in ("Ana", "Ben", "Cleo", "Dan"):
            bank.agent(name)
        connected(bank, tenant="tenant")

    def book(self, number, *, day=0):
        """Book so many customers, and write them to the host calendar."""
        made = [
            appointments.create_appointment(
                self.deps,
                self.manager,
                self.draft_at(
                    at(10 + index % 4, 30 * (index // 4 % 2), days=day),
                    f"c{day}-{index}@example.com",
                ),
            )
            for index in range(number)
        ]
        write(self.deps)
        delivery.deliver_due_mails(self.deps, limit=500)
        return made

    def draft_at(self, start, email):
        """Return an appointment of a customer to create."""
        return draft(self.bank, start, email=email)

    def correct_phone(self, appointment, phone):
        """Let staff correct a customer's number."""
        change = AppointmentChange(phone=phone)
        appointments.change_appointment(self.deps, self.manager, appointment.id, change)

    def set_two_way(self, value):
        """Let an administrator switch writing to the host calendar."""
        change = {TWO_WAY.key: SettingEdit(text=value)}
        settings_saving.save_settings(self.deps, self.admin, change)

    def disconnect(self):
        """Let an administrator disconnect the provider."""
        connections.disconnect_provider(self.deps, self.admin)

    def sign_in_again(self):
        """Connect the account in the same tenant again."""
        grant = Grant(
            blob="tokens",
            account="scheduling@bank.example",
            account_name="Scheduling",
            tenant="tenant",
            scopes=frozenset(),
            expires_at=self.deps.now() + timedelta(hours=1),
        )
        with self.deps.unit_of_work() as work:
            connecting.start_connection(self.deps, work, self.admin, "outlook", grant)

    def empty_calendar(self):
        """Let somebody delete all events of the calendar."""
        for event_id in list(self.host.kept):
            self.host.delete(event_id)

    def settle(self):
        """Read, write and mail, as the worker does."""
        poll(self.deps, self.host)
        push.add_missing_writes(self.deps)
        write(self.deps)
        poll(self.deps, self.host)
        delivery.deliver_due_mails(self.deps, limit=500)

    def statuses(self, made):
        """Return the statuses that appointments have by now."""
        return [now_is(self.deps, it).status for it in made]

    @property
    def cancellations(self):
        """The mails that say that an appointment is cancelled."""
        return [it for it in self.postbox.sent if it.subject.startswith("Cancelled")]


@pytest.fixture
def house(bank, deps, host, postbox):
    return House(bank, deps, host, postbox)


@pytest.mark.parametrize("is_written_first", [False, True])
def test_what_was_deleted_while_disconnected_is_written_again(house, is_written_first):
    made = house.book(3)
    house.disconnect()
    house.empty_calendar()
    house.sign_in_again()
    if is_written_first:
        push.add_missing_writes(house.deps)
        write(house.deps)
    house.settle()

    assert house.statuses(made) == [Status.CONFIRMED] * 3
    assert house.cancellations == []
    assert len(house.host.ours) == 3
    assert {kept(house.deps, it).state for it in made} == {EventState.WRITTEN}


def test_what_was_deleted_while_writing_was_off_is_written_again(house):
    made = house.book(3)
    house.set_two_way("off")
    house.empty_calendar()
    house.set_two_way("on")
    house.settle()

    assert house.statuses(made) == [Status.CONFIRMED] * 3
    assert house.cancellations == []
    assert len(house.host.ours) == 3


def test_moved_event_that_is_deleted_while_disconnected_is_written_again(house):
    (made,) = house.book(1)
    house.host.move(house.host.only.id, NIGHT)
    poll(house.deps, house.host)
    assert kept(house.deps, made).state is EventState.MOVED
    house.disconnect()
    house.empty_calendar()
    house.sign_in_again()
    house.settle()

    assert house.statuses([made]) == [Status.CONFIRMED]
    assert house.host.only.period == made.period


def test_what_is_deleted_after_events_were_compared_cancels_again(house):
    made = house.book(3)
    house.disconnect()
    house.sign_in_again()
    house.settle()
    house.host.delete(kept(house.deps, made[1]).event_id)
    house.settle()

    assert house.statuses(made) == [
        Status.CONFIRMED,
        Status.CANCELLED,
        Status.CONFIRMED,
    ]


def test_what_staff_correct_while_disconnected_reaches_the_event(house):
    (made,) = house.book(1)
    house.disconnect()
    house.correct_phone(made, "+13125550199")
    write(house.deps)
    house.sign_in_again()
    house.settle()

    assert "+13125550199" in house.host.ours[0].draft.body


def test_signing_in_again_without_disconnecting_writes_nothing(house):
    house.book(3)
    house.sign_in_again()
    written = house.host.written
    house.settle()

    assert house.host.written == written


@pytest.mark.parametrize("setting", ["on", "off"])
def test_emptied_calendar_cancels_nobody_and_is_reported_once(house, setting):
    house.bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    house.bank.set(CANCEL_DELETED, setting)
    made = house.book(12)
    house.empty_calendar()
    house.settle()
    house.settle()

    assert house.statuses(made) == [Status.CONFIRMED] * 12
    assert house.cancellations == []
    (notice,) = [it for it in house.postbox.sent if "Many events" in it.subject]
    assert "12 events" in notice.text
    found = host_conflicts.host_conflicts(house.deps, house.manager)
    assert [it.kind for it in found] == ["deleted"] * 12


def test_emptied_calendar_that_a_write_finds_first_cancels_nobody(house):
    made = house.book(12)
    house.empty_calendar()
    house.correct_phone(made[4], "+13125550199")
    write(house.deps)
    house.settle()

    assert house.statuses(made) == [Status.CONFIRMED] * 12
    assert house.cancellations == []


def test_calendar_that_is_emptied_slowly_cancels_ten_at_most(house):
    made = house.book(8) + house.book(8, day=1)
    for event_id in list(house.host.kept):
        house.host.delete(event_id)
        poll(house.deps, house.host)
        house.bank.clock.advance(timedelta(minutes=2))

    assert house.statuses(made).count(Status.CANCELLED) == counting.FEW


def test_day_that_agents_clear_is_cancelled(house):
    made = house.book(8)
    house.empty_calendar()
    poll(house.deps, house.host)

    assert house.statuses(made) == [Status.CANCELLED] * 8


def test_all_deleted_events_are_written_again_at_once(house):
    made = house.book(12)
    house.empty_calendar()
    poll(house.deps, house.host)

    assert host_conflicts.rewrite_deleted_events(house.deps, house.manager) == 12
    house.settle()

    assert host_conflicts.host_conflicts(house.deps, house.manager) == []
    assert len(house.host.ours) == 12
    assert house.statuses(made) == [Status.CONFIRMED] * 12
    assert host_conflicts.rewrite_deleted_events(house.deps, house.manager) == 0


def test_what_was_removed_when_the_provider_was_left_is_written_after_coming_back(
    house,
):
    made = house.book(2)
    with house.deps.unit_of_work() as work:
        connection = work.connections.active()
        connecting.end_connection(house.deps, work, house.admin, connection)
        removing.add_all_removals(work, connection.id, house.deps.now())
    write(house.deps)
    assert house.host.ours == []
    with house.deps.unit_of_work() as work:
        work.connections.keep_grant(connection.id, "")
    house.sign_in_again()
    house.settle()

    assert house.statuses(made) == [Status.CONFIRMED] * 2
    assert len(house.host.ours) == 2
