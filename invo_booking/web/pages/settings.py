"""The settings pages: one for each page of the registry, all drawn from it."""

from collections.abc import Callable, Mapping

import reflex as rx

from invo_booking.settings.spec import Page
from invo_booking.web import routes
from invo_booking.web.components.addon.panel import addon, way_to_addon
from invo_booking.web.components.admin.branding import branding
from invo_booking.web.components.admin.clientside import leave_guard, spotlight
from invo_booking.web.components.admin.frame import admin_frame
from invo_booking.web.components.admin.history_sheet import history_sheet
from invo_booking.web.components.admin.mail_trial import mail_trial
from invo_booking.web.components.admin.save_bar import review, save_bar
from invo_booking.web.components.admin.setting_row import part
from invo_booking.web.components.admin.slots_preview import slots_preview
from invo_booking.web.components.staff.parts import loading
from invo_booking.web.presenters.setting_words import LEADS
from invo_booking.web.states.addon import AddonState
from invo_booking.web.states.branding import BrandingState
from invo_booking.web.states.settings import SettingsState

MORE: Mapping[Page, Callable[[], rx.Component]] = {
    Page.UX: slots_preview,
    Page.MAILER: mail_trial,
    Page.BRANDING: branding,
}
"""What a page shows below its rows."""

LOADED: Mapping[Page, list[rx.event.EventType[()]]] = {
    Page.BRANDING: [BrandingState.open_page],
    Page.CALENDARS: [AddonState.open_page],
}
"""What a page loads beside its rows."""


def settings(page: Page) -> rx.Component:
    """One settings page."""
    return admin_frame(
        rx.cond(
            SettingsState.slug == page.slug,
            rx.el.div(way_to_addon(), _rows(page), addon(), class_name="split")
            if page is Page.CALENDARS
            else _rows(page),
            loading(),
        ),
        save_bar(),
        review(),
        history_sheet(),
        leave_guard(changes=SettingsState.count, words=SettingsState.counted),
        spotlight(target=SettingsState.target, turn=SettingsState.turn),
        here=routes.settings(page.slug),
        title=page.value,
        lead=LEADS[page],
    )


def _rows(page: Page) -> rx.Component:
    more = MORE.get(page)
    return rx.el.div(
        rx.el.form(
            rx.foreach(SettingsState.parts, part),
            id="settings",
            on_submit=SettingsState.save,
            no_validate=True,
        ),
        more() if more else rx.fragment(),
        class_name="settings",
    )


def _add(page: Page) -> None:
    rx.page(
        route=routes.settings(page.slug),
        title=page.value,
        on_load=[SettingsState.open_page, *LOADED.get(page, [])],
    )(_named(page))


def _named(page: Page) -> Callable[[], rx.Component]:
    def drawn() -> rx.Component:
        return settings(page)

    drawn.__name__ = f"settings_{page.slug}"
    return drawn


for each in Page:
    _add(each)
