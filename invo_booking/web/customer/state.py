"""Let a customer see, confirm, move and cancel an appointment."""

from collections.abc import Callable
from functools import partial

import reflex as rx

from invo_booking.domain.assignment import CHOSEN_BY_CUSTOMER
from invo_booking.domain.errors import (
    InvalidInputError,
    InvoError,
    NotFoundError,
    PublicSchedulingOffError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.texts import in_language, say
from invo_booking.usecases.booking import lateness, manage, request_mail
from invo_booking.usecases.booking.manage import Visit
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.link_state import LinkMixin
from invo_booking.web.customer.view import VisitView, visit_other_agent, visit_view
from invo_booking.web.kit.text import times
from invo_booking.web.scheduler import picker_state

Doing = Callable[..., Visit]

PANELS = frozenset({"", "address", "cancel", "late", "move"})


class StatusState(LinkMixin, rx.State):
    """One appointment as its customer sees it, and the open panel."""

    visit: VisitView = VisitView()
    panel: str = ""  # address, cancel, late or move while one is open
    notice: str = (
        ""  # result of the last action, if the page does not show it otherwise
    )
    address_problem: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def show_panel(self, panel: str) -> None:
        """Open or close the panel of an action."""
        self.problem = self.notice = self.address_problem = ""
        self.panel = panel if panel in PANELS and panel != self.panel else ""
        if self.panel == "move":
            await self._open_picker()

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def confirm_appointment(self) -> None:
        """Confirm the request; only a press does this, not opening the page."""
        await self._run_action(manage.confirm_by_link)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def send_confirmation(self) -> None:
        """Send the confirmation mail again."""
        self.notice = ""
        await self._run_action(request_mail.resend_request_mail)
        if not self.problem:
            self.notice = say("customer.mail.sent_again", address=self.visit.mailed_to)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def change_address(self, form: dict[str, str]) -> None:
        """Change the address and send the mail there."""
        self.problem = self.notice = self.address_problem = ""
        address = str(form.get("email") or "")[:400]
        try:
            visit = await ask(request_mail.correct_address, self._token(), address)
        except InvalidInputError as error:
            self.address_problem = str(error)
            return
        except InvoError as error:
            self.problem = str(error)
            await self._load_page()
            return
        await self._show_visit(visit)
        self.panel = ""
        self.notice = say("customer.mail.address_changed", address=self.visit.mailed_to)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def cancel_appointment(self, form: dict[str, str]) -> None:
        """Cancel the appointment; the panel has asked for confirmation."""
        await self._run_action(
            manage.cancel_by_link, str(form.get("reason") or "")[:2000]
        )

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def tell_late(self) -> None:
        """Notify staff that the customer is on the way."""
        await self._run_action(lateness.report_late)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def withdraw_late_report(self) -> None:
        """Notify staff that the customer comes in time after all."""
        await self._run_action(lateness.withdraw_late_report)

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def move_appointment(self) -> None:
        """Move the appointment to the picked time."""
        picked = await picker_state.picked_start_in_picker(self)
        if picked is None:
            self.problem = say("customer.move.needed")
            return
        had = self.visit.agent
        reschedule = partial(manage.reschedule_by_link, agent_id=picked.agent_id)
        await self._run_action(reschedule, picked.starts_at)
        self.notice = visit_other_agent(had, self.visit.agent)

    def _reset_page(self) -> None:
        self.panel = self.problem = self.notice = self.address_problem = ""

    async def _refresh(self) -> None:
        """Reload the appointment after a change."""
        await self._load_page()

    def _token(self) -> str:
        """Return the secret in the page's address."""
        return guard.link_secret_of_page(self)

    def _page_address(self) -> str:
        return in_language(routes.STATUS.replace("[token]", self._token()))

    async def _run_action(self, usecase: Doing, *args: object) -> None:
        self.problem = ""
        try:
            await self._show_visit(await ask(usecase, self._token(), *args))
            self.panel = ""
        except (SlotTakenError, SlotClosedError) as error:
            await self._show_lost_time(error)
        except InvoError as error:
            self.problem = str(error)
            await self._load_page()

    async def _show_lost_time(self, error: SlotTakenError | SlotClosedError) -> None:
        await picker_state.mark_lost_in_picker(self, error.nearest)
        self.problem = str(error)

    async def _load_page(self) -> None:
        try:
            await self._show_visit(await ask(manage.read_visit, self._token()))
        except NotFoundError:
            self.visit, self.is_missing = VisitView(), True

    async def _show_visit(self, visit: Visit) -> None:
        zone = times.browser_zone_of(
            self._zone or visit.appointment.customer.time_zone, visit.institution_zone
        )
        self.visit = visit_view(visit, zone, times.locale_of(self._locale))
        self.is_missing = False
        if self.panel == "address" and not self.visit.is_waiting:
            self.panel = ""
        live.watch_appointment(self, self._page_address(), str(visit.appointment.id))

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

    async def _load_times(self) -> bool:
        """Load open starts for a move; return whether a move is allowed."""
        visit = await ask(manage.read_visit, self._token())
        appointment = visit.appointment
        if appointment.answer_id is None or not visit.can_reschedule:
            return False
        zone = self._zone or visit.institution_zone
        await picker_state.adopt_browser_in_picker(self, zone, self._locale)
        chosen = appointment.assigned_because == CHOSEN_BY_CUSTOMER
        await picker_state.load_picker_offer(
            self,
            str(appointment.answer_id),
            appointment.language,
            appointment.branch_id,
            appointment.agent_id if chosen else None,
        )
        return True
