"""The common part of states that have a list and the form of one item."""

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from invo_booking.web.admin.form_state import AdminFormState
from invo_booking.web.admin.form_view import ItemForm
from invo_booking.web.core import guard, live
from invo_booking.web.core.ask import ask
from invo_booking.web.kit import forms

F = TypeVar("F", bound=ItemForm)
T = TypeVar("T")


class CatalogueState(AdminFormState, mixin=True):
    """A list, and the form of the item that the URL names."""

    async def _show_page(self, route: str) -> None:
        """Show the list or the form, and keep the page up to date.

        When an open page only reconnects, an open form stays as it is.
        """
        if await self._is_kept():
            await self._refresh()
        else:
            await self._show_stored()
            self._show_saved_notice()
        live.watch_pages(self, route)

    @abstractmethod
    async def _refresh(self) -> object:
        """Reload the list; an open form stays as it is."""

    def _form_of_address(
        self, form_of: Callable[[str], F | None], blank_form: Callable[[], F]
    ) -> F | None:
        """Return the form that the URL names; ``None`` for the list."""
        query = self.router.url.query_parameters
        form = form_of(query.get("edit", ""))
        return blank_form() if form is None and "new" in query else form

    async def _change_or_create(
        self,
        form: ItemForm,
        draft: object,
        *,
        change: Callable[..., T],
        create: Callable[..., T],
    ) -> T:
        """Save what was typed, either to the item of the form or as a new item.

        Args:
            form: The form that is shown.
            draft: What was typed.
            change: Replaces the item that has the form's id.
            create: Adds an item. Its argument ``key`` makes sure that only one item is
                added if the same click arrives twice.
        """
        actor = await guard.actor_of_page(self)
        if form.id:
            return await ask(change, actor, UUID(form.id), draft, version=form.version)
        async with self._create_once():
            key = forms.submit_key(self._typed)
            return await ask(create, actor, draft, key=key)
