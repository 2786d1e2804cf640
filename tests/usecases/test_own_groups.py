"""Who may leave an appointment to nobody, and in which queue and language."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Action
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import NotAllowedError
from invo_booking.settings import general
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.calendar import staff_catalogue as catalogue_of
from invo_booking.usecases.staff.catalogue import appointment_catalogue_for
from tests.support.bank import at


def unassigned(bank, language, hour=10):
    return AppointmentDraft(
        title="A question",
        queue_id=bank.queue_id,
        language=language,
        channel=Channel.VIDEO,
        starts_at=at(hour),
        ends_at=at(hour) + timedelta(minutes=30),
        name="Rosa",
    )


@pytest.fixture
def ana(bank):
    """An agent of one language; colleagues serve the other."""
    bank.agent("Ben", languages=("en", "es"))
    bank.agent("Cleo", languages=("en", "es"))
    return bank.agent("Ana", languages=("en",))


def test_agents_leave_appointments_to_nobody_in_their_own_groups_only(bank, ana):
    assert (
        appointments.create_appointment(bank.deps, ana, unassigned(bank, "en")).agent_id
        is None
    )

    with pytest.raises(NotAllowedError, match="your own queues and languages"):
        appointments.create_appointment(bank.deps, ana, unassigned(bank, "es", 11))


@pytest.mark.usefixtures("ana")
def test_who_may_assign_leaves_them_anywhere(bank):
    max_ = bank.manager()

    assert appointments.create_appointment(
        bank.deps, max_, unassigned(bank, "es")
    ).is_live


def test_agent_who_may_edit_does_not_move_one_to_another_group(bank, ana):
    bank.set(general.WHO_CAN[Action.EDIT], "agent")
    made = appointments.create_appointment(bank.deps, ana, unassigned(bank, "en"))

    with pytest.raises(NotAllowedError, match="your own queues and languages"):
        appointments.change_appointment(
            bank.deps, ana, made.id, AppointmentChange(language="es")
        )


def test_form_offers_an_agent_the_own_groups_and_a_manager_all(bank, ana):
    offered = catalogue_of(bank.deps, ana)

    assert appointment_catalogue_for(offered, ana).languages == ("en",)
    assert {it.languages for it in appointment_catalogue_for(offered, ana).answers} == {
        ("en",)
    }
    max_ = bank.manager()
    everything = catalogue_of(bank.deps, max_)
    assert appointment_catalogue_for(everything, max_) == everything
