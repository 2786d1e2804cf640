"""The page of the audit log: who did what, and when."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.audit.menu import ENTRY
from invo_booking.web.admin.audit.parts import (
    audit_export_form,
    audit_filters_form,
    audit_seals_card,
    audit_table,
)
from invo_booking.web.admin.audit.state import AuditState
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.kit.parts import skeleton


@rx.page(route=ENTRY.route, title=ENTRY.label, on_load=AuditState.open_page)
def audit_page() -> rx.Component:
    """Filters, entries, and the result of verifying the chain of entries."""
    return admin_frame(
        audit_seals_card(),
        rx.cond(
            AuditState.is_ready,
            rx.fragment(audit_filters_form(), audit_table()),
            skeleton(),
        ),
        here=ENTRY.route,
        title=ENTRY.label,
        lead=say("audit.lead"),
        actions=rx.cond(AuditState.is_ready, audit_export_form()),
    )
