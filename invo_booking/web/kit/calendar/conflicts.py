"""Draw the conflicts with the host calendar, and the buttons that resolve them."""

import reflex as rx
from reflex.event import EventCallback

from invo_booking.texts import say
from invo_booking.web.kit.calendar.conflicts_state import ConflictsState
from invo_booking.web.kit.calendar.conflicts_view import ConflictView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    page_link,
    problem_alert,
    success_alert,
)
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import has_items

CONFLICTS = ConflictsState.conflicts


def conflicts_card() -> rx.Component:
    """All open conflicts, on the dashboard; nothing if there are none."""
    return rx.fragment(
        problem_alert(ConflictsState.problem, ConflictsState.dismiss_notices),
        success_alert(ConflictsState.done, ConflictsState.dismiss_notices),
        rx.cond(
            has_items(CONFLICTS),
            rx.el.section(
                rx.el.header(
                    icon("warn"),
                    rx.el.h2(say("conflicts.heading"), id="clash-title"),
                    rx.el.span(ConflictsState.number, class_name="count"),
                ),
                _moved_choices(),
                _deleted_choice(),
                each(CONFLICTS, _conflict_row),
                _more_button(),
                class_name="card clashes",
                custom_attrs={"aria-labelledby": "clash-title"},
            ),
        ),
    )


def _moved_choices() -> rx.Component:
    """The buttons that resolve all conflicts about events moved at the same time."""
    return rx.cond(
        ConflictsState.may_decide & (ConflictsState.number_moved_at_once > 1),
        _choices(
            button(
                say("conflicts.put_all_back"), press=ConflictsState.restore_all_in_host
            ),
            button(say("conflicts.follow_all"), press=ConflictsState.follow_all),
            about=ConflictsState.moved_at_once,
        ),
    )


def _deleted_choice() -> rx.Component:
    """One button that resolves all conflicts about two or more deleted events."""
    return rx.cond(
        ConflictsState.may_decide & (ConflictsState.number_deleted > 1),
        _choices(
            button(
                say("conflicts.write_all_again"),
                press=ConflictsState.write_all_to_host,
            )
        ),
    )


def _choices(*buttons: rx.Component, about: rx.Var[str] | str = "") -> rx.Component:
    return rx.el.div(
        rx.cond(about != "", rx.el.p(about)),
        rx.el.div(*buttons, class_name="acts"),
        class_name="clash",
    )


def _more_button() -> rx.Component:
    return rx.cond(
        ConflictsState.more != "",
        _choices(button(ConflictsState.more, press=ConflictsState.show_more)),
    )


def _conflict_row(one: ConflictView) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.b(one.head), rx.el.span(one.line, class_name="m")),
        rx.cond(one.why != "", rx.el.p(one.why)),
        conflict_choices(
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


def conflict_choices(one: ConflictView, more: rx.Component) -> rx.Component:
    """The buttons that resolve a conflict, followed by one more component."""
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
