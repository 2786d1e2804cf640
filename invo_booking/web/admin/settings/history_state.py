"""The history of one setting, and returning to an earlier value."""

import reflex as rx

from invo_booking.domain.errors import InvoError
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.shared import settings
from invo_booking.web.admin.settings import history_view, state
from invo_booking.web.admin.settings.history_view import SettingChangeView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState
from invo_booking.web.kit.parsing import whole_number


class SettingHistoryState(FormState, SessionState):
    """The setting whose history is open."""

    is_open: bool = False
    label: str = ""
    changes: list[SettingChangeView] = []

    _key: str = ""

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def open_history(self, key: str) -> None:
        """Open the history of a setting."""
        self._key, self.problem = str(key), ""
        await self._load_changes()
        self.is_open = bool(self.label)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def close_history(self) -> None:
        """Close the history."""
        self.is_open = False

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def restore_value(self, number: int) -> None:
        """Restore the value that the setting had before a change.

        Args:
            number: Number of the change in the audit log.
        """
        row, change = (
            await state.find_shown_setting(self, self._key),
            whole_number(number),
        )
        if change is None:
            return
        was = row.was if row else None
        try:
            actor = await guard.actor_of_page(self)
            await ask(settings_saving.undo_setting_change, actor, change, was)
        except AffectedAppointmentsError as error:
            await self._review_undo(error, change, was)
            return
        except (InvoError, ValueError) as error:
            self.problem = str(error)
            return
        self.problem = ""
        await state.refresh_settings_page(self)
        await self._load_changes()

    async def _review_undo(
        self, error: AffectedAppointmentsError, number: int, was: str | None
    ) -> None:
        """Show the affected appointments on the page; restore the value after that."""
        history = await ask(
            settings.setting_history, await guard.actor_of_page(self), self._key
        )
        before = next(it.before for it in history if it.number == number)
        edit = SettingEdit(text=before, was=was)
        await state.review_setting_change(self, error, self._key, edit)
        self.is_open, self.problem = False, ""

    async def _load_changes(self) -> None:
        row = await state.find_shown_setting(self, self._key)
        if row is None:
            self.label, self.changes = "", []
            return
        actor = await guard.actor_of_page(self)
        changes = await ask(settings.setting_history, actor, row.key)
        viewer = self._viewer((await self._load_catalogue(actor)).time_zone)
        self.label = row.label
        self.changes = history_view.setting_change_views(row, changes, viewer)
