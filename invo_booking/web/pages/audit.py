"""Who did what, and when."""

import reflex as rx

from invo_booking.web import routes
from invo_booking.web.components.admin.frame import admin_frame
from invo_booking.web.components.catalogue.audit import (
    entry_list,
    export,
    narrowing,
    seals,
)
from invo_booking.web.components.staff.parts import loading
from invo_booking.web.states.audit import AuditState


@rx.page(route=routes.AUDIT, title="Audit log", on_load=AuditState.open_page)
def audit() -> rx.Component:
    """Filters, entries, and whether the chain is whole."""
    return admin_frame(
        seals(),
        rx.cond(AuditState.is_ready, rx.fragment(narrowing(), entry_list()), loading()),
        here=routes.AUDIT,
        title="Audit log",
        lead="Who did what, newest first, by the institution's clock.",
        actions=rx.cond(AuditState.is_ready, export()),
    )
