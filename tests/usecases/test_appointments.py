from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Action, Role
from invo_booking.domain.appointment import Channel, Status
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    InvoError,
    NotAllowedError,
    NotFoundError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.settings import general
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at, confirm


def draft(bank, starts_at, minutes=30, **more):
    fields = {
        "answer_id": bank.answer_id,
        "queue_id": bank.queue_id,
        "language": "en",
        "channel": Channel.VIDEO,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "name": "Rosa Delgado",
        "email": "rosa@example.com",
    }
    return AppointmentDraft(**(fields | more))


def requested(bank, starts_at, email="rosa@example.com"):
    booked = booking.request_appointment(
        bank.deps, bank.request(starts_at, email=email), idempotency_key=str(uuid4())
    )
    confirm(bank.deps, booked.token)
    return booked


def test_staff_make_appointments_that_are_confirmed_at_once(bank, postbox):
    ana, max_ = bank.agent(), bank.manager()

    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), minutes=45, agent_id=ana.id)
    )
    delivery.deliver_due_mails(bank.deps)

    assert made.status is Status.CONFIRMED
    assert made.agent_id == ana.id
    assert [message.ics_method for message in postbox.sent] == ["REQUEST"]


@pytest.mark.parametrize("minutes", [10, 20, 135, 24 * 60])
def test_length_off_the_grid_or_out_of_bounds_is_refused(bank, minutes):
    max_ = bank.manager()

    with pytest.raises(InvalidInputError) as refused:
        appointments.create_appointment(bank.deps, max_, draft(bank, at(10), minutes))

    assert list(refused.value.fields) == ["ends_at"]


@pytest.mark.parametrize("minutes", [0, -30])
def test_appointment_that_ends_before_it_starts_is_refused(bank, minutes):
    max_ = bank.manager()

    with pytest.raises(InvalidInputError):
        appointments.create_appointment(bank.deps, max_, draft(bank, at(10), minutes))


def test_agent_cannot_be_booked_twice_but_back_to_back(bank):
    ana, max_ = bank.agent(), bank.manager()
    appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ana.id)
    )

    for start in (at(9, 45), at(10), at(10, 15)):
        with pytest.raises(SlotTakenError):
            appointments.create_appointment(
                bank.deps, max_, draft(bank, start, agent_id=ana.id)
            )
    for start in (at(9, 30), at(10, 30)):
        appointments.create_appointment(
            bank.deps, max_, draft(bank, start, agent_id=ana.id)
        )


def test_appointment_can_be_given_only_to_those_who_serve_it(bank):
    max_ = bank.manager()
    ben = bank.agent("Ben", languages=("es",))

    with pytest.raises(InvalidInputError, match="does not speak"):
        appointments.create_appointment(
            bank.deps, max_, draft(bank, at(10), agent_id=ben.id)
        )


def test_moving_tells_the_customer_under_the_same_uid_and_a_higher_sequence(
    bank, postbox, clock
):
    ana, max_ = bank.agent(), bank.manager()
    booked = requested(bank, at(10))
    assigned = appointments.assign_appointment(
        bank.deps, max_, booked.appointment.id, ana.id
    )

    moved = appointments.change_appointment(
        bank.deps,
        max_,
        assigned.id,
        AppointmentChange(starts_at=at(14)),
        version=assigned.version,
    )
    clock.advance(UNDO)
    delivery.deliver_due_mails(bank.deps)

    assert moved.period.start == at(14)
    assert moved.agent_id == ana.id
    invited, changed = postbox.sent[1:]
    assert f"UID:{moved.id}" in invited.ics
    assert f"UID:{moved.id}" in changed.ics
    assert "SEQUENCE:0" in invited.ics
    assert "SEQUENCE:1" in changed.ics


def test_change_of_what_somebody_else_changed_is_refused(bank):
    bank.agent()
    max_ = bank.manager()
    booked = requested(bank, at(10))
    seen = appointment_detail(
        bank.deps, max_, booked.appointment.id
    ).appointment.version
    move = AppointmentChange(starts_at=at(11))
    appointments.change_appointment(
        bank.deps, max_, booked.appointment.id, move, version=seen
    )

    with pytest.raises(ConflictError):
        appointments.change_appointment(
            bank.deps,
            max_,
            booked.appointment.id,
            AppointmentChange(starts_at=at(12)),
            version=seen,
        )


def test_agent_takes_an_unassigned_appointment_and_only_one_does(bank):
    ana, ben = bank.agent(), bank.agent("Ben")
    booked = requested(bank, at(10))

    taken = appointments.take_appointment(bank.deps, ana, booked.appointment.id)

    assert taken.agent_id == ana.id
    with pytest.raises(ConflictError):
        appointments.take_appointment(bank.deps, ben, booked.appointment.id)


def test_agent_needed_by_an_unassigned_appointment_cannot_be_booked_away(bank):
    ana, max_ = bank.agent(), bank.manager()
    requested(bank, at(10), "eva@example.com")
    own = draft(bank, at(10), agent_id=max_.id, email="sam@example.com")
    appointments.create_appointment(bank.deps, max_, own)

    with pytest.raises(SlotTakenError, match="unassigned"):
        appointments.create_appointment(
            bank.deps, max_, draft(bank, at(10), agent_id=ana.id)
        )


def test_unassigning_needs_somebody_who_could_take_over(bank):
    ana, max_ = bank.agent(), bank.manager()
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ana.id)
    )

    assert (
        appointments.assign_appointment(bank.deps, max_, made.id, None).agent_id is None
    )


def test_staff_may_not_book_into_the_past_or_on_weekends(bank):
    max_ = bank.manager()

    for start, reason in ((at(7), "past"), (at(10, days=5), "weekend")):
        with pytest.raises(SlotClosedError) as refused:
            appointments.create_appointment(bank.deps, max_, draft(bank, start))
        assert refused.value.reason == reason


def test_cancelling_tells_the_customer_why(bank, postbox):
    bank.agent()
    max_ = bank.manager()
    booked = requested(bank, at(10))

    appointments.cancel_appointment(
        bank.deps, max_, booked.appointment.id, "The branch is closed"
    )
    delivery.deliver_due_mails(bank.deps)

    assert "The branch is closed" in postbox.sent[-1].text
    assert postbox.sent[-1].ics_method == "CANCEL"


def cancelled_by_staff(bank, booked, clock):
    del clock
    appointments.cancel_appointment(
        bank.deps, bank.manager(), booked.appointment.id, ""
    )


def cancelled_as_late(bank, booked, clock):
    ben = bank.agent("Ben")
    appointments.assign_appointment(
        bank.deps, bank.manager(), booked.appointment.id, ben.id
    )
    clock.now = at(10, 20)
    appointments.cancel_appointment(
        bank.deps, ben, booked.appointment.id, "", late=True
    )


def cancelled_by_the_customer(bank, booked, clock):
    del clock
    manage.cancel_by_link(bank.deps, booked.token)


@pytest.mark.parametrize(
    "cancel", [cancelled_by_staff, cancelled_as_late, cancelled_by_the_customer]
)
def test_cancellation_takes_the_invitation_out_of_the_customers_calendar(
    bank, postbox, clock, cancel
):
    """Calendars ignore what does not carry a higher number than what they know."""
    bank.agent()
    booked = requested(bank, at(10))
    delivery.deliver_due_mails(bank.deps)
    cancel(bank, booked, clock)
    delivery.deliver_due_mails(bank.deps)

    invited, *_, gone = [it for it in postbox.sent if it.ics]
    assert "SEQUENCE:0" in invited.ics
    assert gone.ics_method == "CANCEL"
    assert "SEQUENCE:1" in gone.ics
    assert f"UID:{booked.appointment.id}" in gone.ics


def test_only_a_late_appointment_can_be_cancelled_as_late_by_its_own_agent(bank, clock):
    ana = bank.agent()
    booked = requested(bank, at(10))
    appointments.take_appointment(bank.deps, ana, booked.appointment.id)

    with pytest.raises(ConflictError):
        appointments.cancel_appointment(
            bank.deps, ana, booked.appointment.id, "", late=True
        )
    clock.now = at(10, 15)
    cancelled = appointments.cancel_appointment(
        bank.deps, ana, booked.appointment.id, "", late=True
    )

    assert cancelled.status is Status.CANCELLED


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SUPER_ADMIN])
@pytest.mark.parametrize("action", list(Action))
def test_role_may_act_exactly_while_the_setting_says_so(bank, role, action):
    actor = bank.agent("Ana", roles=(role,))
    other = bank.agent("Ben")
    bank.agent("Cleo")
    made = appointments.create_appointment(
        bank.deps,
        bank.agent("Root", roles=(Role.SUPER_ADMIN,)),
        draft(bank, at(10), agent_id=other.id),
    )
    acts = {
        Action.ASSIGN: lambda: appointments.assign_appointment(
            bank.deps, actor, made.id, None
        ),
        Action.EDIT: lambda: appointments.change_appointment(
            bank.deps, actor, made.id, AppointmentChange(starts_at=at(12))
        ),
        Action.CREATE: lambda: appointments.create_appointment(
            bank.deps, actor, draft(bank, at(14))
        ),
        Action.DELETE: lambda: appointments.cancel_appointment(
            bank.deps, actor, made.id, ""
        ),
    }

    bank.set(general.WHO_CAN[action], "")
    with pytest.raises(NotAllowedError):
        acts[action]()
    bank.set(general.WHO_CAN[action], role.value)
    acts[action]()


def test_appointment_of_another_queue_does_not_exist_for_an_agent(bank):
    bank.agent()
    stranger = bank.agent("Sam", languages=("es",))
    booked = requested(bank, at(10))

    with pytest.raises(NotFoundError):
        appointment_detail(bank.deps, stranger, booked.appointment.id)
    with pytest.raises(NotFoundError):
        appointments.take_appointment(bank.deps, stranger, booked.appointment.id)


def test_unassigned_ones_show_to_agents_only_while_the_setting_is_on(bank):
    ana = bank.agent()
    booked = requested(bank, at(10))
    assert appointment_detail(bank.deps, ana, booked.appointment.id)

    bank.set(general.SHOW_UNASSIGNED, "off")

    with pytest.raises(InvoError):
        appointment_detail(bank.deps, ana, booked.appointment.id)


def test_detail_names_who_could_take_it_and_why_others_could_not(bank):
    ana, ben, max_ = bank.agent(), bank.agent("Ben"), bank.manager()
    appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ben.id)
    )
    booked = requested(bank, at(10), "eva@example.com")

    seen = appointment_detail(bank.deps, max_, booked.appointment.id)

    assert [(c.name, c.free) for c in seen.candidates] == [
        ("Ana", True),
        ("Max", True),
        ("Ben", False),
    ]
    assert "appointment" in seen.candidates[2].why
    assert ana.id == seen.candidates[0].agent_id


def test_history_tells_every_step_without_a_word_of_the_customer(bank):
    ana, max_ = bank.agent(), bank.manager()
    booked = requested(bank, at(10))
    appointments.assign_appointment(bank.deps, max_, booked.appointment.id, ana.id)
    appointments.change_appointment(
        bank.deps,
        max_,
        booked.appointment.id,
        AppointmentChange(name="Rosa D.", notes="Secret"),
    )

    lines = appointment_detail(bank.deps, max_, booked.appointment.id).history

    assert [line.action for line in lines] == [
        "requested",
        "confirmed",
        "changed",
        "changed",
    ]
    assert lines[2].detail == {"agent_before": "", "agent": "Ana"}
    assert lines[3].detail == {"fields": ["customer", "notes"]}


def test_colleague_whom_another_unassigned_one_needs_is_not_called_free(bank):
    max_ = bank.manager()
    ana = bank.agent(languages=("en", "es"))
    english = requested(bank, at(10)).appointment.id
    booking.request_appointment(
        bank.deps,
        bank.request(at(10), language="es", email="eva@example.com"),
        idempotency_key=str(uuid4()),
    )

    seen = appointment_detail(bank.deps, max_, english)

    assert [(c.name, c.free) for c in seen.candidates] == [
        ("Max", True),
        ("Ana", False),
    ]
    assert "Needed" in seen.candidates[1].why
    with pytest.raises(SlotTakenError):
        appointments.assign_appointment(bank.deps, max_, english, ana.id)
