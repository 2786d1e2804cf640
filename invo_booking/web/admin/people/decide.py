"""Appointments a change concerns: for each, whether it stays or moves."""

import reflex as rx

from invo_booking.web.admin.affected_view import AffectedView
from invo_booking.web.admin.parts import concerns
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, go, hidden
from invo_booking.web.kit.typed import Flag, length_of, negation

ROUNDS = PersonState.rounds


def decide() -> rx.Component:
    """What a change means for live appointments, before it is saved."""
    count = length_of(PersonState.affected)
    return rx.el.div(
        rx.cond(
            count > 0,
            rx.el.section(
                rx.el.h2(
                    icon("warn"),
                    concerns(count),
                    id="affected",
                ),
                rx.el.p(
                    "Nothing is saved yet. Decide for each whether it stays as it is "
                    "or goes to somebody else; customers keep their time either way."
                ),
                rx.cond(count > 1, _all()),
                rx.el.ul(rx.foreach(PersonState.affected, _one)),
                rx.el.div(
                    button(
                        "Save with these decisions",
                        press=PersonState.save_decided,
                        look="primary",
                    ),
                    button("Go back", press=PersonState.go_back),
                    class_name="ends",
                ),
                class_name="affected deciding",
                custom_attrs={"aria-labelledby": "affected"},
            ),
        ),
        role="alert",
    )


def _all() -> rx.Component:
    return rx.el.div(
        button("All stay", press=PersonState.decide("all", "no"), look="sm"),
        button("Re-assign all", press=PersonState.decide("all", "yes"), look="sm"),
        class_name="acts",
    )


def _one(view: AffectedView, index: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.fieldset(
            rx.el.legend(
                rx.el.b(view.when), hidden(", "), rx.el.span(view.who), class_name="who"
            ),
            rx.el.p(view.why, class_name="m"),
            _choice(
                view,
                "no",
                "Keep it",
                view.kept,
                focus=(index == 0) & (ROUNDS == 0),
            ),
            _choice(view, "yes", "Re-assign it", view.instead),
            go("Open it", hidden(f": {view.who}"), to=view.href, name="link"),
        ),
        key=f"{view.id} {ROUNDS}",
    )


def _choice(
    view: AffectedView,
    value: str,
    label: str,
    words: str,
    *,
    focus: Flag = False,
) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=f"fate-{view.id}",
            default_checked=view.moves if value == "yes" else negation(view.moves),
            on_change=PersonState.decide(view.id, value),
            auto_focus=focus,
        ),
        rx.el.span(rx.el.b(label), rx.el.span(words, class_name="m")),
        class_name="tick",
    )
