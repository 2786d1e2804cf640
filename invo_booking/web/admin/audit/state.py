"""The state of the page of the audit log; the filters are in the URL."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from invo_booking.usecases.admin import audit_log
from invo_booking.usecases.upkeep import audit_seals
from invo_booking.web.admin.audit import view as presenter
from invo_booking.web.admin.audit.view import EntryView, FilterView, SealView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.forms import field_text
from invo_booking.web.kit.text.names import OptionView


class AuditState(SessionState):
    """The audit log, newest entries first.

    Attributes:
        older: URL of the page with earlier entries; empty on the last page.
        newest: URL of the first page of the list; empty on that page.
        export: URL from which the filtered entries are downloaded.
    """

    entries: list[EntryView] = []
    filters: FilterView = FilterView()
    kinds: list[OptionView] = []
    actions: list[OptionView] = []
    older: str = ""
    newest: str = ""
    export: str = ""
    seals: SealView = SealView()
    errors: dict[str, str] = {}
    is_ready: bool = False

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the entries that match the filters in the URL."""
        actor = await guard.actor_of_page(self)
        viewer = self._viewer((await self._load_catalogue(actor)).time_zone)
        query = dict(self.router.url.query_parameters)
        filters, before = (
            presenter.audit_filters_of_address(query),
            query.get("before", ""),
        )
        page = await ask(
            audit_log.read_audit_page,
            actor,
            presenter.audit_query_of(filters, viewer.zone),
            before=presenter.audit_entry_number(before),
        )
        self.entries = presenter.audit_entry_views(page, viewer)
        self.filters = presenter.audit_filter_view(filters)
        self.errors = presenter.audit_date_problems(filters)
        self.kinds = presenter.audit_kind_options(page)
        self.actions = presenter.audit_action_options(page, self.filters.kind)
        last = page.next_before
        self.older = presenter.audit_page_address(filters, last) if last else ""
        self.newest = presenter.audit_page_address(filters) if before else ""
        self.export = presenter.audit_export_address(filters, viewer.zone)
        self.is_ready = True

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def filter_entries(self, form: dict[str, Any]) -> EventSpec:
        """Go to the URL with the filters of the form."""
        filters = {name: field_text(form, name) for name in presenter.FILTERS}
        return rx.redirect(
            presenter.audit_page_address(presenter.audit_filters_of_address(filters))
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def check_seals(self) -> None:
        """Verify the chain of entries and show the result."""
        actor = await guard.actor_of_page(self)
        viewer = self._viewer((await self._load_catalogue(actor)).time_zone)
        check = await ask(audit_seals.check_audit_chain_as, actor)
        self.seals = presenter.audit_seal_view(check, viewer)
