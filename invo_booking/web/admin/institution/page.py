"""The page of the institution: its details, its opening hours and its closed days."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.closures.parts import (
    closed_days_panel,
    public_holidays_panel,
)
from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.institution.menu import ENTRY
from invo_booking.web.admin.institution.parts import institution_details_panel
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.kit.parts import skeleton


@rx.page(
    route=ENTRY.route,
    title=ENTRY.label,
    on_load=[InstitutionState.open_page, ClosuresState.open_page],
)
def institution_page() -> rx.Component:
    """The details and the closed days of the institution."""
    return admin_frame(
        rx.cond(
            InstitutionState.is_ready & ClosuresState.is_ready,
            rx.fragment(
                institution_details_panel(),
                closed_days_panel(say("closures.lead")),
                public_holidays_panel(),
            ),
            skeleton(),
        ),
        here=ENTRY.route,
        title=ENTRY.label,
        lead=say("institution.lead"),
    )
