"""The state of a settings page; its changes are saved together or not at all."""

from dataclasses import replace
from typing import Any, Final

import reflex as rx

from invo_booking.domain.errors import InvalidInputError, InvoError
from invo_booking.settings.spec import Page, SettingKind
from invo_booking.texts import count, say
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.shared import mailing, settings
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.admin.affected_state import AffectedReviewState, Dispositions
from invo_booking.web.admin.setting_words import BEFORE_SAVING
from invo_booking.web.admin.settings import view as present
from invo_booking.web.admin.settings.desk import SettingsForm
from invo_booking.web.admin.settings.view import (
    SettingDifferenceView,
    SettingGroupView,
    SettingLinkView,
    SlotsView,
)
from invo_booking.web.core import guard, live, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.binding import is_reconnect
from invo_booking.web.core.form_state import FormState
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState

LONGEST_WORD: Final = 40
PAGES = {routes.settings_route(page.slug): page for page in Page}


class SettingsState(FormState, AffectedReviewState, SessionState):
    """The settings page that is shown; ``slug`` is the page's name in the URL."""

    slug: str = ""
    parts: list[SettingGroupView] = []
    slots: SlotsView = SlotsView()
    count: int = 0  # number of unsaved changes
    counted: str = ""
    wrong: list[SettingLinkView] = []
    review: list[SettingDifferenceView] = []
    is_reviewing: bool = False
    word: str = ""  # the word to type before saving; empty if none
    word_problem: str = ""
    cautions: list[str] = []  # warnings about what was saved
    undoable: bool = False
    target: str = ""  # key of the setting to highlight
    mail_in_force: str = ""  # sender of mail, on the page Mailer
    turn: int = 0  # grows each time ``target`` is to be highlighted

    _form: SettingsForm = SettingsForm()
    _undo: dict[str, str | None] = {}
    _pending: dict[str, SettingEdit] = {}  # changes during the review

    @rx.event
    @allow(EventPolicy.ADMIN, is_activity=False)
    async def open_page(self) -> None:
        """Show the stored settings of the page that the URL names.

        Unsaved changes stay only if an open page reconnects.
        """
        page = PAGES.get(self.router.url.path.rstrip("/"))
        if page is None:
            return
        if not await is_reconnect(self):
            self._form, self.is_reviewing = self._form.without_changes(), False
            self._forget_saved()
        await self._load_catalogue(await guard.actor_of_page(self))
        await self._load_page(page)
        live.watch_pages(self, routes.settings_route(page.slug))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def edit_setting(self, key: str, text: str) -> None:
        """Set a setting to a typed or chosen value, without saving."""
        await self._set_form(self._form.with_value(str(key), str(text)))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def switch_setting(self, key: str, on: bool) -> None:  # noqa: FBT001  sent by position
        """Turn a setting on or off, without saving."""
        await self._set_form(self._form.with_value(str(key), "on" if on else "off"))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def tick_option(self, key: str, value: str, on: bool) -> None:  # noqa: FBT001
        """Select or deselect one option of a setting, without saving."""
        await self._set_form(self._form.with_option(str(key), str(value), on=bool(on)))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def discard_change(self, key: str) -> None:
        """Discard the unsaved change of a setting."""
        await self._set_form(self._form.without_changes(str(key)))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def use_default(self, key: str) -> None:
        """Fill in a setting's default, without saving."""
        await self._set_form(self._form.with_default(str(key)))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def keep_own_value(self, key: str) -> None:
        """Keep the unsaved value, to replace what another administrator saved."""
        await self._set_form(self._form.with_own_value(str(key)))

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def discard_changes(self) -> None:
        """Discard all unsaved changes."""
        self.is_reviewing = False
        await self._set_form(self._form.without_changes())

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def open_review(self) -> None:
        """List all unsaved changes."""
        self.is_reviewing, self.word_problem = self.count > 0, ""

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def close_review(self) -> None:
        """Close the list of changes and continue editing."""
        self.is_reviewing = False

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def save_changes(self) -> None:
        """Save all changes or none; changes with consequences require a review."""
        changes = self._form.changes()
        if BEFORE_SAVING.keys() & changes and not self.is_reviewing:
            self.is_reviewing, self.word_problem = True, ""
        elif changes and self.word:
            self.word_problem = say("settings.confirm_needed", word=self.word)
        elif changes:
            await self._save_changes(changes)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def confirm_changes(self, form: dict[str, Any]) -> None:
        """Save the reviewed changes if the required word was typed."""
        typed = str(form.get("word", ""))[:LONGEST_WORD].strip()
        if self.word and typed != self.word:
            self.word_problem = say("settings.confirm_needed", word=self.word)
            return
        changes = self._form.changes()
        await self._save_changes(
            {k: replace(it, word=typed) for k, it in changes.items()}
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def undo_save(self) -> None:
        """Undo the last save, except for settings that others have changed since."""
        rows = self._form.rows
        changes = {
            key: SettingEdit(text=text, was=rows[key].was)
            for key, text in self._undo.items()
            if key in rows
        }
        if changes:
            await self._store_changes(changes, {})

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def dismiss_notices(self) -> None:
        """Remove the messages about saving."""
        self._forget_saved()

    async def _save_reviewed(self, decided: Dispositions) -> None:
        if decided:
            await self._save_changes(self._pending, decided)

    async def _save_changes(
        self, changes: dict[str, SettingEdit], decided: Dispositions | None = None
    ) -> None:
        before = self._stored_values(changes)
        if await self._store_changes(
            changes, decided or {}
        ) and present.can_undo_settings(self._form, changes):
            self._undo, self.undoable = before, bool(before)

    async def _store_changes(
        self, changes: dict[str, SettingEdit], decided: Dispositions
    ) -> bool:
        self._forget_saved()
        self.is_reviewing = False
        try:
            done = await ask(
                settings_saving.save_settings,
                await guard.actor_of_page(self),
                changes,
                dispositions=decided,
            )
        except AffectedAppointmentsError as error:
            await self._review_changes(error, changes)
            return False
        except InvoError as error:
            await self._show_errors(error)
            return False
        self._form = self._form.without_changes(*changes)
        await self._refresh()
        self.done = count("settings.saved", len(done.keys))
        note = present.settings_saved_notice(self._form, done.keys)
        self.cautions = [*done.warnings.values(), *filter(None, [note])]
        return True

    async def _review_changes(
        self, error: AffectedAppointmentsError, changes: dict[str, SettingEdit]
    ) -> None:
        """Show the appointments that these changes affect, before they are saved."""
        self._pending = changes
        await self._list_affected(error)

    async def _show_errors(self, error: InvoError) -> None:
        """Show why saving failed, beside the fields at fault."""
        self.problem = str(error)
        if isinstance(error, InvalidInputError):
            self._form = self._form.with_errors(error.fields)
            self.problem = ""
        await self._refresh()
        if self.wrong:
            self.target, self.turn = self.wrong[0].key, self.turn + 1

    async def _refresh(self) -> None:
        """Reload the stored settings; unsaved changes stay."""
        if page := PAGES.get(routes.settings_route(self.slug)):
            await self._load_page(page)

    async def _load_page(self, page: Page) -> None:
        form = await ask(settings.settings_page, await guard.actor_of_page(self), page)
        self.slug = form.slug
        self._form = self._form.with_rows(form.rows)
        if page is Page.MAILER:
            self.mail_in_force = await ask(
                mailing.mail_settings_sentence, await guard.actor_of_page(self)
            )
        await self._show_page(page)

    async def _set_form(self, form: SettingsForm) -> None:
        self._form = form
        self._forget_saved()
        if page := PAGES.get(routes.settings_route(self.slug)):
            await self._show_page(page)

    async def _show_page(self, page: Page) -> None:
        catalogue = await self._load_catalogue(await guard.actor_of_page(self))
        self.parts = present.settings_part_views(
            page, self._form, self._viewer(catalogue.time_zone)
        )
        self.review = present.setting_difference_views(self._form)
        self.word = present.settings_confirmation_word(self._form)
        self.count = len(self.review)
        self.counted = count("settings.changes", self.count)
        self.wrong = present.setting_error_links(self._form)
        self.slots = present.settings_slots_view(self._form)

    def _stored_values(self, changes: dict[str, SettingEdit]) -> dict[str, str | None]:
        """Return the stored values that changes replace, without secrets."""
        rows = [self._form.rows[key] for key in changes]
        return {
            row.key: row.text if row.is_set else None
            for row in rows
            if row.kind is not SettingKind.SECRET
        }

    def _forget_saved(self) -> None:
        self.problem = self.done = ""
        self.affected, self._pending = [], {}
        self.cautions, self.undoable = [], False
        self._undo = {}


async def find_shown_setting(state: rx.State, key: str) -> SettingEntry | None:
    """Return a setting on the page of ``state``; ``None`` if it is not there."""
    return (await state.get_state(SettingsState))._form.rows.get(key)


async def review_setting_change(
    state: rx.State, error: AffectedAppointmentsError, key: str, edit: SettingEdit
) -> None:
    """Show the appointments that a change on the page of ``state`` affects."""
    page = await state.get_state(SettingsState)
    page._forget_saved()
    await page._review_changes(error, {key: edit})


async def refresh_settings_page(state: rx.State) -> None:
    """Reload the stored settings on the page of ``state``; unsaved changes stay."""
    await (await state.get_state(SettingsState))._refresh()
