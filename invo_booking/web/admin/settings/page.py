"""The settings pages: one for each page of the registry, drawn from its entries."""

from collections.abc import Callable, Mapping

import reflex as rx
from reflex.event import EventCallback

from invo_booking.settings.spec import Page
from invo_booking.web.admin.clientside import spotlight
from invo_booking.web.admin.connection.panel import (
    calendar_connection_link,
    calendar_connection_panel,
)
from invo_booking.web.admin.connection.state import AddonState
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.parts import affected_review
from invo_booking.web.admin.setting_words import LEADS
from invo_booking.web.admin.settings.branding import branding_panel
from invo_booking.web.admin.settings.branding_state import BrandingState
from invo_booking.web.admin.settings.history_sheet import setting_history_panel
from invo_booking.web.admin.settings.mail_trial import mail_trial_panel
from invo_booking.web.admin.settings.row import settings_part
from invo_booking.web.admin.settings.save_bar import settings_review, settings_save_bar
from invo_booking.web.admin.settings.slots_preview import settings_slots_preview
from invo_booking.web.admin.settings.state import SettingsState
from invo_booking.web.core import routes
from invo_booking.web.kit.parts import skeleton
from invo_booking.web.kit.unsaved import change_count_attributes

MORE: Mapping[Page, Callable[[], rx.Component]] = {
    Page.UX: settings_slots_preview,
    Page.MAILER: mail_trial_panel,
    Page.BRANDING: branding_panel,
}
"""Component that a page shows below its settings."""

LOADED: Mapping[Page, list[EventCallback[()]]] = {
    Page.BRANDING: [BrandingState.open_page],
    Page.CALENDARS: [AddonState.open_page],
}
"""Events that load what a page shows besides its settings."""


def settings_page(page: Page) -> rx.Component:
    """One settings page."""
    return admin_frame(
        rx.cond(
            SettingsState.slug == page.slug,
            rx.el.div(
                calendar_connection_link(),
                _settings_form(page),
                calendar_connection_panel(),
                class_name="split",
            )
            if page is Page.CALENDARS
            else _settings_form(page),
            skeleton(),
        ),
        settings_save_bar(),
        settings_review(),
        setting_history_panel(),
        spotlight(target=SettingsState.target, turn=SettingsState.turn),
        here=routes.settings_route(page.slug),
        title=page.value,
        lead=LEADS[page],
    )


def _settings_form(page: Page) -> rx.Component:
    more = MORE.get(page)
    return rx.el.div(
        affected_review(SettingsState, "save"),
        rx.el.form(
            rx.foreach(SettingsState.parts, settings_part),
            id="settings",
            on_submit=SettingsState.save_changes,
            no_validate=True,
            custom_attrs=change_count_attributes(
                rx.cond(SettingsState.count > 0, SettingsState.counted, "")
            ),
        ),
        more() if more else rx.fragment(),
        class_name="settings",
    )


def _register_page(page: Page) -> None:
    rx.page(
        route=routes.settings_route(page.slug),
        title=page.value,
        on_load=[SettingsState.open_page, *LOADED.get(page, [])],
    )(_page_function(page))


def _page_function(page: Page) -> Callable[[], rx.Component]:
    def draw_page() -> rx.Component:
        return settings_page(page)

    draw_page.__name__ = f"settings_{page.slug}"
    return draw_page


for each in Page:
    _register_page(each)
