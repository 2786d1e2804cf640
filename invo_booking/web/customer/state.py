"""Let a customer see, confirm, move and cancel an appointment."""

from collections.abc import Callable
from functools import partial

import reflex as rx

from invo_booking.domain.errors import (
    InvalidInputError,
    InvoError,
    NotFoundError,
    PublicSchedulingOffError,
    PurgedError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.mail.facts import CANCEL, MOVE, OPEN
from invo_booking.texts import in_language, say
from invo_booking.usecases.booking import lateness, manage, request_mail
from invo_booking.usecases.booking.manage import Visit
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.link_state import LinkMixin
from invo_booking.web.core.routes import DONE, Done
from invo_booking.web.customer.notices import is_offered_for_visit, visit_done_notice
from invo_booking.web.customer.view import VisitView, visit_other_agent, visit_view
from invo_booking.web.kit.picker import state as picker_state
from invo_booking.web.kit.picker.last_request_state import set_last_request_page
from invo_booking.web.kit.picker.search import picker_minutes
from invo_booking.web.kit.picker.windows import PickerOffer
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.likely_addresses import likely_typed_address

Doing = Callable[..., Visit]

PANELS = frozenset({"", "address", CANCEL, "late", MOVE})


class StatusState(LinkMixin, rx.State):
    """One appointment as its customer sees it, and the open panel."""

    visit: VisitView = VisitView()
    panel: str = ""  # open panel: address, cancel, late or move
    notice: str = ""  # message about the last action
    notice_count: int = 0  # rises with each message
    refused: str = ""  # refused action, if its button is shown
    address_problem: str = ""

    _doubted: str = ""  # address already questioned as mistyped

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def show_panel(self, panel: str) -> None:
        """Open or close the panel of an action."""
        self._clear_sentences()
        self.panel = panel if panel in PANELS and panel != self.panel else ""
        if self.panel == MOVE:
            await self._open_picker()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def confirm_appointment(self) -> None:
        """Confirm the request; opening the page alone does not confirm."""
        await self._run_action(Done.CONFIRMED, manage.confirm_by_link)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def send_confirmation(self) -> None:
        """Send the confirmation mail again."""
        await self._run_action(Done.SENT_AGAIN, request_mail.resend_request_mail)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def change_address(self, form: dict[str, str]) -> None:
        """Change the e-mail address and send the mail to the new address.

        If the new address is probably mistyped, the customer is asked once before it is
        used.
        """
        address = str(form.get("email") or "")[:400]
        likely, is_new = likely_typed_address(address), address != self._doubted
        self._doubted = address
        if likely and is_new:
            self.address_problem = say("customer.mail.likely", address=likely)
            return
        try:
            await self._run_action(
                Done.ADDRESS_CHANGED, request_mail.correct_address, address
            )
        except InvalidInputError as error:
            self.address_problem = str(error)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def cancel_appointment(self, form: dict[str, str]) -> None:
        """Cancel the appointment; the panel has asked for confirmation."""
        reason = str(form.get("reason") or "")[:2000]
        await self._run_action(Done.CANCELLED, manage.cancel_by_link, reason)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def tell_late(self) -> None:
        """Notify staff that the customer will be late."""
        await self._run_action(Done.LATE, lateness.report_late)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def withdraw_late_report(self) -> None:
        """Notify staff that the customer will be in time after all."""
        await self._run_action(Done.IN_TIME, lateness.withdraw_late_report)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def move_appointment(self) -> None:
        """Move the appointment to the picked time."""
        picked = await picker_state.picked_start_in_picker(self)
        if picked is None:
            self._refuse(Done.MOVED, say("customer.move.needed"))
            return
        had = self.visit.agent
        reschedule = partial(manage.reschedule_by_link, agent_id=picked.agent_id)
        try:
            await self._run_action(Done.MOVED, reschedule, picked.starts_at)
        except InvalidInputError as error:  # the agent or the branch has gone meanwhile
            await self._open_picker()
            self._refuse(Done.MOVED, str(error))
        if self.notice and (other := visit_other_agent(had, self.visit.agent)):
            self.notice = f"{self.notice} {other}"

    async def _follow_address(self) -> None:
        await set_last_request_page(self, "")
        query = self.router.url.query_parameters
        done, panel = str(query.get(DONE, "")), str(query.get(OPEN, ""))
        if done and self.visit.phase:
            self._tell(done, await ask(manage.read_visit, self._token()))
        if panel == CANCEL and self.visit.can_cancel:
            self.panel = CANCEL
        if panel == MOVE and self.visit.can_move:
            self.panel = MOVE
            await self._open_picker()

    async def _refresh_panel(self) -> None:
        if self.panel == MOVE:
            await picker_state.refresh_picker(self)

    async def _follow_browser(self) -> None:
        if self.panel == MOVE:
            await self._open_picker()

    def _reset_page(self) -> None:
        self._clear_sentences()
        self.panel = ""

    def _clear_sentences(self) -> None:
        self.problem = self.refused = self.notice = self.address_problem = ""

    def _tell(self, done: str, visit: Visit) -> None:
        """Show a message about an action, and move the focus to the message."""
        self.notice = visit_done_notice(done, visit, self.visit)
        self.notice_count += 1

    def _refuse(self, action: Done, sentence: str) -> None:
        """Show why an action failed, beside its button if the page has the button."""
        self.problem = sentence
        self.refused = action if is_offered_for_visit(action, self.visit) else ""
        if not self.refused:
            self.panel = ""
            self.notice_count += 1

    async def _refresh(self) -> None:
        """Reload the appointment after a change."""
        await self._load_page()

    def _token(self) -> str:
        """Return the secret in the page's URL."""
        return guard.link_secret_of_page(self)

    def _page_address(self) -> str:
        return in_language(routes.STATUS.replace("[token]", self._token()))

    async def _run_action(self, done: Done, usecase: Doing, *args: object) -> None:
        self._clear_sentences()
        try:
            visit = await ask(usecase, self._token(), *args)
        except (SlotTakenError, SlotClosedError) as error:
            await picker_state.mark_lost_in_picker(self, error.nearest)
            self._refuse(done, str(error))
        except InvalidInputError:
            raise
        except InvoError as error:
            await self._load_page()
            self._refuse(done, str(error))
        else:
            await self._show_visit(visit)
            self.panel = ""
            self._tell(done, visit)

    async def _load_page(self) -> None:
        try:
            await self._show_visit(await ask(manage.read_visit, self._token()))
        except NotFoundError as error:
            self.visit, self.is_missing = VisitView(), True
            self.is_purged = isinstance(error, PurgedError)

    async def _show_visit(self, visit: Visit) -> None:
        zone = times.browser_zone_of(
            self._zone or visit.appointment.customer.time_zone, visit.institution_zone
        )
        self.visit = visit_view(visit, zone, times.locale_of(self._locale))
        self.is_missing = False
        if not self._is_offered(self.panel):
            self.panel = ""
        live.watch_appointment(self, self._page_address(), str(visit.appointment.id))

    def _is_offered(self, panel: str) -> bool:
        """Whether the action of a panel can still be taken."""
        offered = {
            "address": self.visit.is_waiting,
            CANCEL: self.visit.can_cancel,
            "late": self.visit.can_note_late,
            MOVE: self.visit.can_move,
        }
        return offered.get(panel, True)

    async def _open_picker(self) -> None:
        try:
            is_movable = await self._load_times()
        except NotFoundError:
            await self._load_page()
            return
        except (InvalidInputError, PublicSchedulingOffError):
            is_movable = False
        if not is_movable:
            self.panel, self.problem = "", say("customer.move.impossible")
            self.notice_count += 1

    async def _load_times(self) -> bool:
        """Load open starts for a move; return whether a move is allowed."""
        visit = await ask(manage.read_visit, self._token())
        appointment = visit.appointment
        if appointment.answer_id is None or not visit.can_reschedule:
            return False
        here = visit.branch.zone.key if visit.branch else visit.institution_zone
        zone = self._zone or here
        await picker_state.adopt_browser_in_picker(self, zone, self._locale)
        offer = PickerOffer(
            answer=str(appointment.answer_id),
            language=appointment.language,
            branch=appointment.branch_id,
            agent=appointment.preferred_agent_id,
            present=picker_minutes(appointment.starts_at),
        )
        await picker_state.load_picker_offer(self, offer)
        return True
