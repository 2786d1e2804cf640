"""The state of the page of branches: the list, and the form of one branch."""

from functools import partial

import reflex as rx
from reflex.event import EventSpec

from invo_booking.texts import count, say
from invo_booking.usecases.admin.catalogue import branches
from invo_booking.usecases.admin.catalogue.branches import BranchesOverview
from invo_booking.web.admin import opening_state
from invo_booking.web.admin.affected_state import Dispositions
from invo_booking.web.admin.branches import view as presenter
from invo_booking.web.admin.branches.view import BranchRowView
from invo_booking.web.admin.catalogue_state import CatalogueState
from invo_booking.web.admin.form_view import ItemForm
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState


class BranchesState(CatalogueState, SessionState):
    """The branches, and the branch that is being edited."""

    rows: list[BranchRowView] = []
    form: ItemForm = ItemForm()
    is_long: bool = False  # the list has a search field
    found: str = ""  # number of listed branches, in words

    _sought: str = ""  # what was typed to find a branch

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the list, or the form of the branch that the URL names."""
        await self._show_page(routes.BRANCHES)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def find_branches(self, typed: str) -> None:
        """List the branches that match the typed words."""
        self._sought = str(typed)
        await self._refresh()

    async def _store_form(self, decided: Dispositions) -> EventSpec:
        stored = await self._change_or_create(
            self.form,
            presenter.branch_draft_of_form(
                self._typed, await opening_state.opening_hours_draft(self)
            ),
            change=partial(branches.change_branch, dispositions=decided),
            create=branches.create_branch,
        )
        await opening_state.mark_opening_hours_saved(self)
        return self._leave_page(say("admin.saved", title=stored.name), routes.BRANCHES)

    async def _fill_form(self) -> None:
        self._sought = ""
        overview, key = await self._refresh(), self._new_form_key()
        form = self._form_of_address(
            lambda branch_id: presenter.branch_form_of(overview, branch_id, key),
            lambda: presenter.blank_branch_form(overview, key),
        )
        self.form, self.is_editing = form or ItemForm(), form is not None
        stored = {str(it.branch.id): it.branch for it in overview.branches}
        branch = stored.get(self.form.id)
        await opening_state.show_opening_hours(
            self, branch.opening_hours if branch else ()
        )

    async def _refresh(self) -> BranchesOverview:
        overview = await ask(
            branches.branches_overview, await guard.actor_of_page(self)
        )
        self.rows = presenter.branch_rows(overview, self._sought)
        self.is_long = presenter.is_long_branch_list(overview)
        self.found = count("branches.found", len(self.rows))
        return overview
