"""Appointments the host calendar does not agree with, and the choices there are."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.texts import say
from invo_booking.web.appointment.conflicts_state import ConflictsState
from invo_booking.web.appointment.conflicts_view import ConflictView
from invo_booking.web.appointment.drawer_state import DrawerState
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    page_link,
    problem_alert,
    success_alert,
)
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import has_items, length_of

CONFLICTS = ConflictsState.conflicts
SEEN = DrawerState.seen


def conflicts_card() -> rx.Component:
    """Everything there is to decide, on the dashboard; nothing if there is nothing."""
    return rx.fragment(
        problem_alert(ConflictsState.problem, ConflictsState.dismiss_notices),
        success_alert(ConflictsState.done, ConflictsState.dismiss_notices),
        rx.cond(
            has_items(CONFLICTS),
            rx.el.section(
                rx.el.header(
                    icon("warn"),
                    rx.el.h2(say("conflicts.heading"), id="clash-title"),
                    rx.el.span(length_of(CONFLICTS), class_name="count"),
                ),
                each(CONFLICTS, _conflict_row),
                class_name="card clashes",
                custom_attrs={"aria-labelledby": "clash-title"},
            ),
        ),
    )


def conflict_notice() -> rx.Component:
    """What there is to decide about the appointment in the drawer."""
    return rx.fragment(
        rx.cond(
            ConflictsState.problem != "",
            problem_alert(ConflictsState.problem, ConflictsState.dismiss_notices),
        ),
        rx.foreach(
            CONFLICTS, lambda one: rx.cond(one.id == SEEN.id, _drawer_section(one))
        ),
    )


def _conflict_row(one: ConflictView) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.b(one.head), rx.el.span(one.line, class_name="m")),
        rx.cond(one.why != "", rx.el.p(one.why)),
        _choice_buttons(
            one,
            page_link(
                say("calendar.open"),
                hidden_text(" ", one.label),
                to=one.href,
                name="btn",
            ),
        ),
        class_name="clash",
        key=one.id,
    )


def _drawer_section(one: ConflictView) -> rx.Component:
    cancel = button(
        say("drawer.cancel"), press=DrawerState.switch_mode("cancel"), look="danger"
    )
    return rx.el.section(
        rx.el.p(rx.el.b(one.head)),
        rx.cond(one.why != "", rx.el.p(one.why)),
        _choice_buttons(
            one, rx.cond((one.kind == "deleted") & SEEN.may_cancel, cancel)
        ),
        class_name="clash",
        aria_label=say("conflicts.heading"),
    )


def _choice_buttons(one: ConflictView, more: rx.Component) -> rx.Component:
    follow = _choice_button(say("conflicts.follow"), one, ConflictsState.follow_host)
    put_back = _choice_button(
        say("conflicts.put_back"), one, ConflictsState.restore_in_host
    )
    write = _choice_button(
        say("conflicts.write_again"), one, ConflictsState.write_to_host
    )
    return rx.el.div(
        rx.cond(
            ConflictsState.may_decide,
            rx.cond(one.kind == "moved", rx.fragment(follow, put_back), write),
        ),
        more,
        class_name="acts",
    )


def _choice_button(
    words: str, one: ConflictView, decide: EventCallback[str]
) -> rx.Component:
    return button(words, hidden_text(", ", one.label), press=decide(one.id))
