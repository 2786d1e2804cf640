"""Place a customer's appointment at the requested start and assign an agent."""

from dataclasses import replace
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.usecases.calendars.live import live_check
from invo_booking.usecases.calendars.live.live_check import LiveCheck
from invo_booking.usecases.slots import assigning
from invo_booking.usecases.slots.assigning import Assignment
from invo_booking.usecases.slots.question import SlotQuestion


def place_appointment(
    question: SlotQuestion,
    request: Appointment,
    chosen: UUID | None,
    check: LiveCheck,
    *,
    before: Appointment | None = None,
) -> Appointment:
    """Return a requested or moved appointment with its agent, or refuse the start.

    Call this under the lock of the institution days, so that no other booking can take
    the slot meanwhile.

    Args:
        question: A slot question by the rules for customers.
        request: The appointment at the requested time. An appointment that is moved
            still has its previous agent.
        chosen: The agent the customer chose, if any.
        check: The live check of outside calendars.
        before: The stored appointment, if it exists.

    Raises:
        SlotTakenError: If the slot is taken, or the chosen agent is not free.
        SlotClosedError: If the start is not offered.
    """
    work, now = question.work, question.rules.now
    if before is None and chosen is None and _is_plain(question, request):
        return request
    placeable = question.require_open(request.starts_at, without=before)
    suited = check.usable(work, request, placeable, now)
    assignment = _assignment_of(
        question, request, suited, chosen, is_moved=before is not None
    )
    there = replace(
        request,
        agent_id=assignment.agent_id,
        assigned_because=assignment.because,
        chosen_agent_id=chosen or request.chosen_agent_id,
    )
    return check.apply_check(work, there, suited, now, before=before)


def _is_plain(question: SlotQuestion, request: Appointment) -> bool:
    """Whether the start is open, and no agent has to be determined or checked."""
    return (
        assigning.is_left_unassigned(question.work, question.wanted.group)
        and not live_check.is_live_check_on(question.work)
        and question.offers(request.starts_at)
    )


def _assignment_of(
    question: SlotQuestion,
    request: Appointment,
    suited: list[UUID],
    chosen: UUID | None,
    *,
    is_moved: bool,
) -> Assignment:
    if is_moved:
        return assigning.reassign_moved(question.work, request, suited, chosen)
    group, start = question.wanted.group, request.starts_at
    return assigning.assign_request(question.work, group, start, suited, chosen)
