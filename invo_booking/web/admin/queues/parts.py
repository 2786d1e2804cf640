"""Parts of the page of queues and languages."""

import reflex as rx

from invo_booking.web.admin.parts import (
    fact,
    nothing,
    panel,
    review,
    save_bar,
    switch,
    tick,
)
from invo_booking.web.admin.queues.state import PEOPLE, QueuesState
from invo_booking.web.admin.queues.view import MODES, QueueRowView
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.form import form
from invo_booking.web.kit.parts import go, hidden, tag
from invo_booking.web.kit.typed import has_item, has_items

FORM = QueuesState.form
ERRORS = QueuesState.errors
IS_OF_PEOPLE = QueuesState.saves == PEOPLE


def queue_list() -> rx.Component:
    """The queues by name."""
    return rx.cond(
        has_items(QueuesState.rows),
        rx.el.ul(rx.foreach(QueuesState.rows, _row), class_name="card lines"),
        nothing(
            "There is no line of business yet. Add one, say who serves it, then add "
            "the Answers that lead there."
        ),
    )


def _row(row: QueueRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(go(row.name, to=row.href)),
            rx.el.dl(
                fact("Assigned to", row.mode),
                fact("Served by", row.people),
                fact("Answers", row.answers),
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_open,
                tag("ok", "check", "On offer"),
                tag("done", "stop", "Not on offer"),
            ),
            rx.cond(row.live != "", rx.el.span(row.live, class_name="m")),
            class_name="state",
        ),
        rx.el.div(
            go("Edit", hidden(f" {row.name}"), to=row.href, name="btn sm"),
            class_name="acts",
        ),
    )


def queue_form() -> rx.Component:
    """One queue: what it is, and who serves it."""
    return rx.fragment(
        form(
            fields.line("name", "Name", ERRORS, FORM.name),
            rx.el.fieldset(
                rx.el.legend("Who gets a request"),
                *(_mode(mode.value, *words) for mode, words in MODES.items()),
                class_name="field modes",
            ),
            rx.el.div(
                switch(
                    "active",
                    "On offer",
                    "Off: nobody can book it. Possible once nothing needs it.",
                    FORM.is_open,
                ),
                _active_problem(),
            ),
            save_bar(
                "Save",
                go("Cancel", to=routes.QUEUES, name="btn"),
                problem=rx.cond(IS_OF_PEOPLE, "", QueuesState.problem),
            ),
            submit=QueuesState.submit,
            makes=True,
            key=FORM.key,
            class_name="card form",
        ),
        rx.cond(has_items(FORM.people), _people()),
    )


def _mode(value: str, label: str, hint: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="assignment",
            value=value,
            default_checked=FORM.mode == value,
            custom_attrs={"aria-describedby": f"h-{value}"},
        ),
        rx.el.span(
            rx.el.b(label), rx.el.span(hint, id=f"h-{value}", class_name="hint")
        ),
        class_name="tick",
    )


def _active_problem() -> rx.Component:
    return rx.cond(
        has_item(ERRORS, "active"),
        rx.el.p(ERRORS["active"], class_name="err", role="alert"),
    )


def _people() -> rx.Component:
    return panel(
        "Who serves it",
        "Those who speak the customer's language and work at that time are offered.",
        review(QueuesState, "save"),
        form(
            rx.el.fieldset(
                rx.el.legend("People", class_name="vh"),
                rx.el.div(rx.foreach(FORM.people, tick), class_name="ticks"),
                class_name="field",
            ),
            save_bar(
                "Save who serves it",
                problem=rx.cond(IS_OF_PEOPLE, QueuesState.problem, ""),
            ),
            submit=QueuesState.submit_people,
            key=FORM.key,
            class_name="form",
        ),
        key="people",
    )
