"""The state of the connection panel: sign-in, host calendar, tests and upkeep."""

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import reflex as rx
from reflex.event import EventSpec

from invo_booking.domain.calendars.outside import ConnectionFinding
from invo_booking.domain.errors import InvoError
from invo_booking.settings.spec import Page
from invo_booking.texts import say
from invo_booking.usecases.booking.booking import new_idempotency_key
from invo_booking.usecases.calendars import checks, connections, server_accounts
from invo_booking.usecases.shared.deps import Deps
from invo_booking.web.admin.connection import view as connection_view
from invo_booking.web.admin.connection.host_views import HostView, host_choice_views
from invo_booking.web.admin.connection.provider_words import CREATED
from invo_booking.web.admin.connection.view import AddonView, FindingView
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask, ask_outside
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit import forms

P = ParamSpec("P")
T = TypeVar("T")

CALENDARS = routes.settings_route(Page.CALENDARS.slug)


class AddonState(FormState, SessionState):
    """The connection to a provider; calls to the provider run in the background."""

    view: AddonView = AddonView()
    doing: str = ""  # the running call to the provider; empty if none
    findings: list[FindingView] = []
    tested: str = ""  # result of the last test; empty before a test
    failed: bool = False  # whether any check of the test failed
    hosts: list[HostView] = []
    is_choosing: bool = False
    is_leaving: bool = False

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the connection, and keep the panel up to date."""
        self.doing = ""
        if not await is_reconnect(self):
            self._succeed()
            self.findings, self.tested = [], ""
            self.is_choosing = self.is_leaving = False
        await self._refresh()
        live.watch_pages(self, CALENDARS)

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def begin_sign_in(self) -> EventSpec | None:
        """Redirect the browser to the provider's sign-in page."""
        session = guard.session_key_of_page(self)
        address = await self._ask_provider(
            "sign in", connections.begin_connection_sign_in, session
        )
        return rx.redirect(address) if address else None

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def connect_account(self) -> None:
        """Check the account that the settings name, and connect this account."""
        result = await self._ask_provider(
            "sign in", server_accounts.connect_server_account
        )
        if result is not None:
            await self._show_findings(result)

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def look_for_hosts(self) -> None:
        """List the groups or calendars that can host appointments."""
        hosts = await self._ask_provider(
            "look for hosts", connections.host_calendar_choices
        )
        if hosts is not None:
            async with self:
                self.hosts = host_choice_views(hosts)
                self.is_choosing = True

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def choose_host(self, form: dict[str, Any]) -> None:
        """Choose the host calendar."""
        host = forms.field_text(form, "host")
        done = await self._ask_provider(
            "choose", connections.choose_host_calendar, host
        )
        if done and done.host:
            await self._show_done(say("connection.done.group", name=done.host.name))

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def create_host(self, form: dict[str, Any]) -> None:
        """Create a host calendar at the provider and choose it."""
        name, key = forms.field_text(form, "name"), forms.submit_key(form)
        done = await self._ask_provider(
            "create", connections.create_host_calendar, name, key=key
        )
        if done and done.host:
            created = CREATED[done.provider]
            await self._show_done(say(created, name=done.host.name))

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def test_connection(self, form: dict[str, Any]) -> None:
        """Check all that the connection needs, and the mailbox named in the form."""
        probe = forms.field_text(form, "probe")
        result = await self._ask_provider("test", checks.test_connection, probe)
        if result is not None:
            await self._show_findings(result)

    @rx.event(background=True)
    @allow(EventPolicy.ADMIN)
    async def send_test_appointment(self, key: str) -> None:
        """Write a test appointment to the host calendar, then remove it."""
        result = await self._ask_provider(
            "write", checks.send_test_appointment, key=str(key)
        )
        if result is not None:
            await self._show_findings([result])

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def refresh_busy_times(self) -> None:
        """Set the next poll of busy times to now; the worker then reads busy times."""
        with self._catch_refusal():
            await ask(connections.make_poll_due, await guard.actor_of_page(self))
            self._succeed(say("connection.done.refresh"))
        await self._refresh()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def ask_to_disconnect(self) -> None:
        """Ask for a confirmation before disconnecting."""
        self.is_leaving = self.view.is_connected

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def cancel_choice(self) -> None:
        """Close the question or the list of hosts, without any change."""
        self.is_leaving = self.is_choosing = False

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def disconnect_provider(self) -> None:
        """End the connection to the provider."""
        self.is_leaving, self.findings, self.tested = False, [], ""
        with self._catch_refusal():
            await self._disconnect()
        await self._refresh()

    async def _disconnect(self) -> None:
        label = self.view.words.label
        actor = await guard.actor_of_page(self)
        failed = await ask_outside(connections.disconnect_provider, actor)
        done = say("connection.done.disconnected", provider=label)
        self._succeed(f"{done} {failed}".strip())

    async def _ask_provider(
        self,
        name: str,
        usecase: Callable[Concatenate[Deps, Any, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T | None:
        """Call the provider while the page shows the progress; one call at a time."""
        async with self:
            if self.doing:
                return None
            self.doing = name
            self.findings, self.tested = [], ""
            self._succeed()
        try:
            actor = await guard.actor_of_page(self)
            return await ask_outside(usecase, actor, *args, **kwargs)
        except InvoError as error:
            async with self:
                self._refuse(error, str(error))
            return None
        finally:
            async with self:
                self.doing = ""
                self.answered += 1
                await self._refresh()

    async def _show_findings(self, findings: Sequence[ConnectionFinding]) -> None:
        async with self:
            self.findings = connection_view.connection_finding_views(findings)
            self.tested = connection_view.connection_findings_summary(findings)
            self.failed = not all(one.ok for one in findings)
            self.submit_key = new_idempotency_key()

    async def _show_done(self, sentence: str) -> None:
        async with self:
            self.done, self.is_choosing = sentence, False
            self.submit_key = new_idempotency_key()

    async def _refresh(self) -> None:
        """Read the state of the connection again."""
        actor = await guard.actor_of_page(self)
        viewer = self._viewer((await self._load_catalogue(actor)).time_zone)
        self.view = connection_view.connection_panel_view(
            await ask(connections.connection_panel, actor), actor, viewer
        )


async def show_connection_notice(state: rx.State, sentence: str) -> None:
    """Show a message about what was done on the panel, and reload the panel."""
    panel = await state.get_state(AddonState)
    panel._succeed(sentence)
    await panel._refresh()


async def show_connection_problem(state: rx.State, error: InvoError) -> None:
    """Show on the panel why an action was refused, and reload the panel."""
    panel = await state.get_state(AddonState)
    panel._refuse(error, str(error))
    await panel._refresh()
