"""Let a visitor enter a contact and request the picked time."""

from dataclasses import replace
from typing import Final

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    InvoError,
    ProofOfWorkRequiredError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.texts import in_language
from invo_booking.usecases.booking import booking
from invo_booking.usecases.booking.admission import AdmissionRequest, Purpose
from invo_booking.usecases.booking.booking import BookingRequest
from invo_booking.web.core import routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.effort import EffortMixin
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.scheduler import picker_state
from invo_booking.web.scheduler import state as way
from invo_booking.web.scheduler.contact_view import (
    FIELDS,
    LONGEST,
    check_scheduler_contact,
    scheduler_contact_view,
    scheduler_errors_view,
)
from invo_booking.web.scheduler.state import VisitorChoice
from invo_booking.web.scheduler.view import ContactView

STEP_OF: Final = {
    "answer": "topic",
    "language": "how",
    "channel": "how",
    "starts_at": "when",
    "agent": "when",
}
"""Step on which a field outside the contact form is corrected."""


class RequestState(EffortMixin, rx.State):
    """The contact of one visitor, its errors, and the result of the request."""

    contact: ContactView = ContactView()
    errors: ContactView = ContactView()
    problem: str = ""
    was_lost: bool = False

    _key: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def check_field(self, field: str, typed: str) -> None:
        """Check one field when the visitor leaves it, and show its error."""
        if field in FIELDS:
            self.contact = replace(self.contact, **{field: str(typed)[:LONGEST]})
            wrong = await self._contact_errors()
            self.errors = replace(self.errors, **{field: wrong.get(field, "")})

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def save_details(self, form: dict[str, str]) -> EventSpec | None:
        """Store the contact and show the review, or the errors."""
        self.contact = scheduler_contact_view(form)
        wrong = await self._contact_errors()
        self.errors = scheduler_errors_view(wrong)
        if wrong:
            return rx.set_focus(next(field for field in FIELDS if field in wrong))
        self._check_trap(form)
        await self._show_review()
        return None

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def pick_nearest(self, key: str) -> None:
        """Pick one of the times offered in place of the lost one, on the same step."""
        await picker_state.pick_start_in_picker(self, str(key))
        await self._show_review()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def submit_request(self) -> EventSpec | None:
        """Request the picked slot; open its status page, or show why it is refused.

        The key stays the same after the review opened, so pressing twice books once.
        """
        return await self._submit_request()

    async def _continue(self) -> EventSpec | None:
        return await self._submit_request()

    async def _planned_request(self) -> AdmissionRequest:
        chosen = await way.current_scheduler_choice(self)
        return AdmissionRequest(purpose=Purpose.REQUEST, answer_id=chosen.answer_id)

    async def _submit_request(self) -> EventSpec | None:
        chosen = await way.current_scheduler_choice(self)
        if chosen.step != "review" or self._must_wait():
            return None
        request = await self._booking_request(chosen)
        if request is None:
            await way.enter_scheduler_step(self, "when")
            return None
        self.problem, self.was_lost = "", False
        try:
            booked = await ask(
                booking.request_appointment,
                request,
                idempotency_key=self._key,
                effort=self._effort(),
            )
        except ProofOfWorkRequiredError as required:
            self._wait_for(required)
            return None
        except InvoError as error:
            self._drop_proof()
            await self._refuse(error)
            return None
        await self._reset_request()
        page = in_language(routes.STATUS.replace("[token]", booked.token))
        return rx.redirect(page)

    async def _contact_errors(self) -> dict[str, str]:
        chosen = await way.current_scheduler_choice(self)
        return check_scheduler_contact(self.contact, chosen.site, chosen.channel)

    async def _reset_request(self) -> None:
        """Clear the contact and the choice after the request."""
        await picker_state.reset_picker(self)
        await way.reset_scheduler(self)
        self.reset()

    async def _show_review(self) -> None:
        """Show the review with a new idempotency key."""
        self._key = booking.new_idempotency_key()
        self.problem, self.was_lost = "", False
        await way.enter_scheduler_step(self, "review")
        await self._begin_work()

    async def _booking_request(self, chosen: VisitorChoice) -> BookingRequest | None:
        picked = await picker_state.picked_start_in_picker(self)
        if picked is None or chosen.answer_id is None or not self._key:
            return None
        return BookingRequest(
            answer_id=chosen.answer_id,
            language=chosen.language,
            channel=Channel(chosen.channel),
            branch_id=picked.branch_id,
            starts_at=picked.starts_at,
            name=self.contact.name,
            email=self.contact.email,
            phone=self.contact.phone,
            time_zone=picked.time_zone,
            locale=picked.locale,
            notes=self.contact.notes,
            agent_id=picked.agent_id,
        )

    async def _refuse(self, error: InvoError) -> None:
        if isinstance(error, SlotTakenError | SlotClosedError):
            await picker_state.mark_lost_in_picker(self, error.nearest)
            self.problem, self.was_lost = str(error), True
        elif isinstance(error, InvalidInputError):
            await self._go_to_error(error)
        else:
            self.problem = str(error)
            if isinstance(error, IdempotencyMismatchError):
                self._key = booking.new_idempotency_key()

    async def _go_to_error(self, error: InvalidInputError) -> None:
        """Open the step on which the first error can be corrected."""
        self.errors = scheduler_errors_view(error.fields)
        step = STEP_OF.get(next(iter(error.fields), ""), "details")
        await way.enter_scheduler_step(
            self, step, "" if step == "details" else str(error)
        )
