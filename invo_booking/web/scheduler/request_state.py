"""Let a visitor enter contact data and request the picked time."""

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
from invo_booking.texts import in_language, say
from invo_booking.usecases.booking import booking
from invo_booking.usecases.booking.admission import AdmissionRequest, Purpose
from invo_booking.usecases.booking.booking import BookingRequest
from invo_booking.web.core import routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.effort import EffortMixin
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.kit.picker import state as picker_state
from invo_booking.web.kit.picker.last_request_state import (
    last_request_page,
    set_last_request_page,
)
from invo_booking.web.kit.text.likely_addresses import likely_typed_address
from invo_booking.web.scheduler import state as way
from invo_booking.web.scheduler.address import schedule_address
from invo_booking.web.scheduler.contact_view import (
    FIELDS,
    LONGEST,
    TYPED,
    check_scheduler_contact,
    scheduler_contact_view,
    scheduler_errors_view,
)
from invo_booking.web.scheduler.state import VisitorChoice
from invo_booking.web.scheduler.view import ContactView

STEP_OF: Final = {
    "answer": "topic",
    "language": "when",
    "channel": "when",
    "branch": "where",
    "starts_at": "when",
    "agent": "when",
}
"""By field outside the contact form, the step on which an error can be corrected."""


_Events = EventSpec | list[EventSpec] | None


def _lead_to(page: str) -> list[EventSpec]:
    """Open the page of a request, and delete the typed contact from the browser."""
    return [rx.remove_session_storage(TYPED), rx.redirect(page)]


def _status_page(token: str) -> str:
    return in_language(routes.STATUS.replace("[token]", token))


class RequestState(EffortMixin, rx.State):
    """The contact data of one visitor, its errors, and the result of the request."""

    contact: ContactView = ContactView()
    errors: ContactView = ContactView()
    problem: str = ""
    was_lost: bool = False
    suggestion: str = ""  # the suggested e-mail address

    _key: str = ""
    _doubted: str = ""  # address already questioned as mistyped

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def check_field(self, field: str, typed: str) -> None:
        """Check one field when the visitor leaves it, and show its error."""
        if field in FIELDS:
            self.contact = replace(self.contact, **{field: str(typed)[:LONGEST]})
            wrong = await self._contact_errors()
            self.errors = replace(self.errors, **{field: wrong.get(field, "")})
            self.suggestion = likely_typed_address(self.contact.email)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def take_suggestion(self) -> EventSpec | None:
        """Replace the e-mail address by the suggested address."""
        if not self.suggestion:
            return None
        self.contact = replace(self.contact, email=self.suggestion)
        self.suggestion = ""
        return rx.set_value("email", self.contact.email)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def open_form(self) -> _Events:
        """Begin a new submission whenever the page or its step opens.

        If the visitor never saw the response to the last request, open the page of that
        request instead. On a reconnect, the submission stays the same, so that another
        click books nothing twice.
        """
        if page := await last_request_page(self) or await self._forgotten_page():
            return _lead_to(page)
        if self._key and await is_reconnect(self):
            return None
        self._key = booking.new_idempotency_key()
        self.problem, self.was_lost = "", False
        return None

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def submit_request(self, form: dict[str, str]) -> _Events:
        """Request the picked slot; open its status page, or show why it is refused.

        The idempotency key stays the same until the step opens again, so that two
        clicks book only once.
        """
        if page := await last_request_page(self):
            return rx.redirect(page)
        self.contact = scheduler_contact_view(form)
        wrong = await self._contact_errors()
        self.errors = scheduler_errors_view(wrong)
        if wrong:
            return rx.set_focus(next(field for field in FIELDS if field in wrong))
        if self._is_doubtful():
            return rx.set_focus("suggestion")
        self._check_trap(form)
        self._key = self._key or booking.new_idempotency_key()
        await self._begin_work()
        return await self._submit_request()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def take_nearest(self, key: str) -> EventSpec | None:
        """Pick a time that was offered because the chosen time is no longer free."""
        choice = await way.scheduler_choice_of_start(self, str(key))
        return rx.redirect(schedule_address(choice), replace=True) if choice else None

    async def _continue(self) -> _Events:
        return await self._submit_request()

    async def _planned_request(self) -> AdmissionRequest:
        chosen = await way.current_scheduler_choice(self)
        return AdmissionRequest(purpose=Purpose.REQUEST, answer_id=chosen.answer_id)

    async def _submit_request(self) -> _Events:
        chosen = await way.current_scheduler_choice(self)
        request = await self._booking_request(chosen)
        if chosen.step != "details" or request is None:
            if page := await self._forgotten_page():
                return _lead_to(page)
            self.problem = say("scheduler.when.gone")
            return None
        if self._must_wait():
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
            return await self._refuse(error)
        return _lead_to(await self._forget_request(booked.token))

    async def _forgotten_page(self) -> str:
        """Return the page of a request that is missing in this state; else empty.

        Such a request was made by a process that ended before it could store the state.
        """
        if not self._key:
            return ""
        token = await ask(booking.find_request, self._key)
        return await self._forget_request(token) if token else ""

    def _is_doubtful(self) -> bool:
        """Return whether to ask about the e-mail address; ask once for each address."""
        self.suggestion = likely_typed_address(self.contact.email)
        is_new = self._doubted != self.contact.email
        self._doubted = self.contact.email
        return bool(self.suggestion) and is_new

    async def _contact_errors(self) -> dict[str, str]:
        chosen = await way.current_scheduler_choice(self)
        return check_scheduler_contact(self.contact, chosen.site, chosen.channel)

    async def _forget_request(self, token: str) -> str:
        """Clear contact data and choices, and return the page of the request.

        A second click then only opens this page again.
        """
        page = _status_page(token)
        await picker_state.reset_picker(self)
        self.reset()
        await set_last_request_page(self, page)
        return page

    async def _booking_request(self, chosen: VisitorChoice) -> BookingRequest | None:
        picked = await picker_state.picked_start_in_picker(self)
        if picked is None or chosen.answer_id is None:
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

    async def _refuse(self, error: InvoError) -> EventSpec | None:
        if isinstance(error, SlotTakenError | SlotClosedError):
            await picker_state.mark_lost_in_picker(self, error.nearest)
            self.problem, self.was_lost = str(error), True
        elif isinstance(error, InvalidInputError):
            return await self._go_to_error(error)
        else:
            self.problem = str(error)
            if isinstance(error, IdempotencyMismatchError):
                self._key = booking.new_idempotency_key()
        return None

    async def _go_to_error(self, error: InvalidInputError) -> EventSpec | None:
        """Open the step, or focus the field, in which the first error is corrected."""
        self.errors = scheduler_errors_view(error.fields)
        step = STEP_OF.get(next(iter(error.fields), ""))
        if step:
            await way.show_scheduler_problem(self, step, str(error))
            return None
        return next((rx.set_focus(it) for it in FIELDS if it in error.fields), None)
