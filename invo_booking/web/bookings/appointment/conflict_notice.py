"""The conflict of an appointment with the host calendar, shown in the drawer."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.kit.calendar.conflicts import conflict_choices
from invo_booking.web.kit.calendar.conflicts_state import ConflictsState
from invo_booking.web.kit.calendar.conflicts_view import ConflictView
from invo_booking.web.kit.parts import button, problem_alert
from invo_booking.web.kit.tables import each

SEEN = DrawerState.seen


def conflict_notice() -> rx.Component:
    """The conflict of the open appointment, with the buttons that resolve it."""
    return rx.fragment(
        rx.cond(
            ConflictsState.problem != "",
            problem_alert(ConflictsState.problem, ConflictsState.dismiss_notices),
        ),
        each(DrawerState.conflicts, _drawer_section),
    )


def _drawer_section(one: ConflictView) -> rx.Component:
    cancel = button(
        say("drawer.cancel"), press=DrawerState.switch_mode("cancel"), look="danger"
    )
    return rx.el.section(
        rx.el.p(rx.el.b(one.head)),
        rx.cond(one.why != "", rx.el.p(one.why)),
        conflict_choices(
            one, rx.cond((one.kind == "deleted") & SEEN.may_cancel, cancel)
        ),
        class_name="clash",
        aria_label=say("conflicts.heading"),
        key=one.id,
    )
