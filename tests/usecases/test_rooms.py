"""Entering a room: by whom, when, and what is noted of it."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel, Phase
from invo_booking.domain.errors import (
    LinkExpiredError,
    NoRoomError,
    NotAllowedError,
    NotFoundError,
    SlotClosedError,
)
from invo_booking.settings.calls import ROOM
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import joining, manage
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.staff.joining import enter_room_as_staff, read_room
from invo_booking.usecases.upkeep.attention import most_urgent_attention
from tests.support.bank import at
from tests.usecases.test_appointments import draft, requested


@pytest.fixture
def max_(bank):
    return bank.manager("Max")


@pytest.fixture
def booked(bank, max_, ana):
    booked = requested(bank, at(10))
    appointments.assign_appointment(bank.deps, max_, booked.appointment.id, ana.id)
    return booked


def stored(bank, booked):
    with bank.deps.unit_of_work() as work:
        return work.appointments.get(booked.appointment.id)


def actions(bank, booked) -> list[str]:
    with bank.deps.unit_of_work() as work:
        history = work.audit.history(str(booked.appointment.id))
    return [f"{it.actor} {it.action}" for it in history if "joined" in it.action]


def test_customer_and_agent_enter_one_room_and_each_is_noted_once(
    bank, ana, booked, clock
):
    clock.now = at(9, 52)
    rooms = {joining.enter_room(bank.deps, booked.token) for _ in range(3)}
    assert stored(bank, booked).staff_joined_at is None
    clock.now = at(9, 58)
    rooms |= {enter_room_as_staff(bank.deps, ana, booked.appointment.id)}
    rooms |= {enter_room_as_staff(bank.deps, ana, booked.appointment.id)}

    (room,) = rooms
    assert room.startswith("https://meet.bank.example/")
    kept = stored(bank, booked)
    assert (kept.joined_at, kept.staff_joined_at) == (at(9, 52), at(9, 58))
    assert actions(bank, booked) == ["customer joined", "Ana staff joined"]


def test_looking_at_the_door_notes_nothing(bank, ana, booked, clock):
    clock.now = at(9, 55)
    joining.require_entrance(bank.deps, booked.token)
    read_room(bank.deps, ana, booked.appointment.id)
    appointment_detail(bank.deps, ana, booked.appointment.id)

    kept = stored(bank, booked)
    assert (kept.joined_at, kept.staff_joined_at) == (None, None)


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (at(9, 49), SlotClosedError),
        (at(10, 30), LinkExpiredError),
    ],
)
def test_room_opens_for_nobody_too_early_or_too_late(
    bank, ana, booked, clock, now, refusal
):
    clock.now = now

    with pytest.raises(refusal):
        joining.enter_room(bank.deps, booked.token)
    with pytest.raises(refusal):
        enter_room_as_staff(bank.deps, ana, booked.appointment.id)
    assert actions(bank, booked) == []


def test_room_opens_at_the_time_the_appointment_was_moved_to(bank, max_, booked, clock):
    change = AppointmentChange(starts_at=at(14), ends_at=at(14, 30))
    clock.now = at(9, 40)
    appointments.change_appointment(bank.deps, max_, booked.appointment.id, change)
    clock.now = at(9, 55)
    with pytest.raises(SlotClosedError):
        joining.enter_room(bank.deps, booked.token)

    clock.now = at(13, 55)
    assert joining.enter_room(bank.deps, booked.token)


def test_attendance_of_the_old_time_is_forgotten_when_the_call_begins_again(
    bank, ana, max_, booked, clock
):
    clock.now = at(9, 55)
    joining.enter_room(bank.deps, booked.token)
    enter_room_as_staff(bank.deps, ana, booked.appointment.id)
    change = AppointmentChange(starts_at=at(14), ends_at=at(14, 30))
    appointments.change_appointment(bank.deps, max_, booked.appointment.id, change)

    kept = stored(bank, booked)
    assert (kept.joined_at, kept.staff_joined_at) == (None, None)


def test_only_its_agent_and_overseers_host_a_call(bank, max_, booked, clock):
    ben = bank.agent("Ben")
    clock.now = at(9, 55)

    with pytest.raises(NotAllowedError, match="Take this appointment first"):
        enter_room_as_staff(bank.deps, ben, booked.appointment.id)
    assert not appointment_detail(bank.deps, ben, booked.appointment.id).can_join
    assert enter_room_as_staff(bank.deps, max_, booked.appointment.id)
    stranger = replace(ben, queues=frozenset())
    with pytest.raises(NotFoundError):
        enter_room_as_staff(bank.deps, stranger, booked.appointment.id)


@pytest.mark.parametrize("phone", [True, False])
def test_there_is_nothing_to_join_without_a_room(bank, ana, max_, clock, phone):
    more = {"channel": Channel.PHONE, "phone": "+13125550177"} if phone else {}
    if not phone:
        bank.set(ROOM, "")
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ana.id, **more)
    )
    clock.now = at(9, 55)

    with pytest.raises(NoRoomError):
        enter_room_as_staff(bank.deps, ana, made.id)
    detail = appointment_detail(bank.deps, ana, made.id)
    assert (detail.has_room, detail.can_join) == (False, False)


def test_customer_without_a_room_is_not_noted_as_joined(bank, booked, clock):
    bank.set(ROOM, "")
    clock.now = at(9, 55)

    visit = manage.read_visit(bank.deps, booked.token)
    with pytest.raises(NoRoomError, match="sends you the link"):
        joining.enter_room(bank.deps, booked.token)

    assert (visit.has_room, visit.join_url) == (False, "")
    assert stored(bank, booked).joined_at is None


def test_page_leads_to_the_door_only_while_it_is_open(bank, booked, clock):
    assert manage.read_visit(bank.deps, booked.token).join_url == ""

    clock.now = at(9, 50)
    door = manage.read_visit(bank.deps, booked.token).join_url

    assert door.endswith(f"/a/{booked.token}/room")
    assert "meet.bank.example" not in door


def test_dashboard_leads_agents_to_their_own_open_calls(bank, ana, booked, clock):
    assert not calendar.own_dashboard(bank.deps, ana).next.joinable

    clock.now = at(9, 55)
    assert calendar.own_dashboard(bank.deps, ana).next.joinable

    bank.set(ROOM, "")
    assert booked
    assert not calendar.own_dashboard(bank.deps, ana).next.joinable


def test_demo_has_a_room_of_our_own(bank, booked, clock):
    bank.set(ROOM, "")
    demo = replace(bank.deps, config=bank.deps.config.model_copy(update={"demo": True}))
    clock.now = at(9, 55)

    assert "/demo/room/" in joining.enter_room(demo, booked.token)


def test_administrators_are_told_that_video_calls_have_no_room(bank, deps):
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    assert most_urgent_attention(deps, grace) is None

    bank.set(ROOM, "")

    found = most_urgent_attention(deps, grace)
    assert (found.topic, found.sentence) == ("rooms", "Video calls have no room yet")
    assert most_urgent_attention(deps, bank.manager("Max")) is None


@pytest.mark.parametrize(
    ("channel", "phase"),
    [(Channel.VIDEO, Phase.LATE), (Channel.PHONE, Phase.JOINABLE)],
)
def test_only_who_can_be_seen_to_join_is_late(bank, ana, max_, clock, channel, phase):
    wanted = draft(bank, at(10), agent_id=ana.id, channel=channel, phone="+13125550177")
    made = appointments.create_appointment(bank.deps, max_, wanted)
    clock.now = at(10, 20)

    assert appointment_detail(bank.deps, ana, made.id).phase is phase
    late = calendar.own_dashboard(bank.deps, ana).late
    assert len(late) == (channel is Channel.VIDEO)
