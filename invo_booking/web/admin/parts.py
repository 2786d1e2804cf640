"""Small components that administrators' forms share."""

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.affected_state import AffectedReviewState
from invo_booking.web.admin.affected_view import AffectedView
from invo_booking.web.admin.form_view import CheckView
from invo_booking.web.kit.browser import Headline
from invo_booking.web.kit.fields import Errors
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, hidden_text, page_link, submit_button
from invo_booking.web.kit.tables import each
from invo_booking.web.kit.typed import Flag, Text, has_item, length_of, text_if

Ticks = Callable[[Any, rx.Var[bool]], Any]
"""A function that makes the event of a checkbox from the box's name and state."""


def admin_panel(
    title: str, lead: Text, *content: rx.Component, key: str
) -> rx.Component:
    """A card with a heading and a sentence.

    Args:
        title: Heading.
        lead: Sentence below the heading.
        *content: Contents of the card.
        key: Part of the heading's id.
    """
    return rx.el.section(
        rx.el.header(rx.el.h2(title, id=f"p-{key}"), rx.el.p(lead)),
        *content,
        class_name="card panel",
        custom_attrs={"aria-labelledby": f"p-{key}"},
    )


def admin_switch_field(name: str, label: str, hint: str, is_on: Flag) -> rx.Component:
    """A switch, with an explanation of what it does."""
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name=name,
                default_checked=is_on,
                custom_attrs={"role": "switch", "aria-describedby": f"h-{name}"},
            ),
            rx.el.span(label),
            class_name="switch",
        ),
        rx.el.p(hint, id=f"h-{name}", class_name="hint"),
        class_name="field",
    )


def admin_tick_boxes(
    name: str,
    legend: str,
    checks: list[CheckView],
    errors: Errors,
    hint: str = "",
    *,
    tick: Ticks | None = None,
) -> rx.Component:
    """A group of checkboxes.

    Args:
        name: Name of the field in ``errors``.
        legend: Text above the boxes.
        checks: The boxes.
        errors: Error messages by field name.
        hint: Sentence below the legend.
        tick: Makes the event that is sent when a box is checked or unchecked.
    """
    return rx.el.fieldset(
        rx.el.legend(legend),
        rx.el.p(hint, class_name="hint") if hint else rx.fragment(),
        rx.el.div(
            rx.foreach(checks, _tick_box_with(tick) if tick else admin_tick_box),
            class_name="ticks",
        ),
        admin_group_error(name, errors),
        class_name="field",
    )


def admin_tick_box(view: CheckView) -> rx.Component:
    """One checkbox."""
    box = rx.el.input(type="checkbox", name=view.name, default_checked=view.is_on)
    return rx.el.label(box, rx.el.span(view.label), class_name="check")


def _tick_box_with(tick: Ticks) -> Callable[[CheckView], rx.Component]:
    return lambda view: rx.el.label(
        rx.el.input(
            type="checkbox",
            name=view.name,
            default_checked=view.is_on,
            on_change=lambda on: tick(view.name, on),
        ),
        rx.el.span(view.label),
        class_name="check",
    )


def admin_group_error(name: str, errors: Errors) -> rx.Component:
    """The error message of a group of checkboxes."""
    return rx.cond(
        has_item(errors, name),
        rx.el.p(icon("warn", 14), errors[name], class_name="err", role="alert"),
    )


def admin_save_bar(
    label: str, *others: rx.Component, problem: Text = ""
) -> rx.Component:
    """The buttons at the end of a form.

    Args:
        label: Text of the button that saves.
        *others: Components beside the button.
        problem: Why the form was not saved; shown near the button just clicked.
    """
    return rx.el.footer(
        submit_button(label),
        *others,
        rx.el.div(
            rx.cond(
                problem != "", rx.el.p(icon("warn", 14), problem, class_name="err")
            ),
            role="alert",
        ),
        class_name="ends",
    )


_BUTTONS: Mapping[str, tuple[str, str]] = {
    "save": ("admin.affected.hand_over_and_save", "admin.affected.keep_and_save"),
    "close": ("admin.affected.hand_over_and_close", "admin.affected.keep_and_close"),
}
"""Text keys of two buttons (*hand over*, *keep*), by the verb of the form."""


def affected_review(state: type[AffectedReviewState], verb: str) -> rx.Component:
    """The appointments that a change affects, shown before the change is saved.

    Args:
        state: State of the form.
        verb: What the button of the form does, such as ``save``.
    """
    count = length_of(state.affected)
    return rx.el.div(
        rx.cond(
            count > 0,
            rx.el.section(
                Headline.create(
                    affected_heading(count),
                    level="h2",
                    field_id="affected",
                ),
                affected_lead(state, say("admin.affected.lead")),
                rx.el.ul(each(state.affected, _affected_row)),
                rx.el.div(
                    rx.cond(
                        state.affected_review.can_hand_over,
                        _hand_over_buttons(state, verb),
                        button(state.affected_review.save, press=state.keep_affected),
                    ),
                    button(say("admin.go_back"), press=state.close_affected),
                    class_name="ends",
                ),
                class_name="affected",
                custom_attrs={"aria-labelledby": "affected"},
            ),
        ),
        role="alert",
    )


def affected_lead(state: type[AffectedReviewState], choice: str) -> rx.Component:
    """What saving does to the affected appointments and their customers.

    Args:
        state: State of the form.
        choice: The text about appointments that can be handed over.
    """
    review = state.affected_review
    return rx.el.p(
        rx.cond(review.can_hand_over, choice, say("admin.affected.outdated")),
        rx.cond(review.mails != "", f" {review.mails}", ""),
        rx.cond(review.can_hand_over, "", f" {say('admin.affected.elsewhere')}"),
    )


def _hand_over_buttons(state: type[AffectedReviewState], verb: str) -> rx.Component:
    hand_over, keep = _BUTTONS[verb]
    return rx.fragment(
        button(say(hand_over), press=state.hand_over_affected),
        button(say(keep), press=state.keep_affected),
    )


def affected_heading(count: rx.Var[int]) -> rx.Var[str]:
    """A heading with the number of appointments that a change affects."""
    return rx.cond(
        count == 1,
        say("admin.affected.single"),
        say("admin.affected.several", count=count),
    )


def _affected_row(view: AffectedView) -> rx.Component:
    return rx.el.li(
        rx.el.b(view.when),
        page_link(view.who, to=view.href, name="link"),
        rx.el.span(
            view.why,
            f" {text_if(view.instead, view.instead, view.kept)}",
            rx.cond(view.mail != "", f" {view.mail}", ""),
            class_name="m",
        ),
    )


def admin_fact_row(label: str, words: Text) -> rx.Component:
    """One labeled fact within a row of a list."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(words))


def edit_link(name: Text, to: Text) -> rx.Component:
    """A link to the form of one row; screen readers read the row's name too."""
    return page_link(say("admin.edit"), hidden_text(f" {name}"), to=to, name="btn sm")
