"""Decide for each affected appointment whether its agent changes."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.affected_view import AffectedView
from invo_booking.web.admin.parts import affected_heading, affected_lead
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.kit.browser import Headline
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, hidden_text, page_link
from invo_booking.web.kit.typed import length_of, negation, text_if

ROUNDS = PersonState.rounds
REVIEW = PersonState.affected_review


def affected_decisions_form() -> rx.Component:
    """The live appointments that a change affects, each with a choice."""
    count = length_of(PersonState.affected)
    return rx.el.div(
        rx.cond(
            count > 0,
            rx.el.section(
                Headline.create(
                    icon("warn"),
                    affected_heading(count),
                    level="h2",
                    field_id="affected",
                ),
                affected_lead(PersonState, say("people.decide.lead")),
                rx.cond(REVIEW.can_hand_over & (count > 1), _buttons_for_all()),
                rx.el.ul(rx.foreach(PersonState.affected, _affected_row)),
                rx.el.div(
                    button(
                        text_if(
                            REVIEW.can_hand_over,
                            say("people.decide.save"),
                            REVIEW.save,
                        ),
                        press=PersonState.save_decisions,
                        look="primary",
                    ),
                    button(say("admin.go_back"), press=PersonState.close_affected),
                    class_name="ends",
                ),
                class_name="affected deciding",
                custom_attrs={"aria-labelledby": "affected"},
            ),
        ),
        role="alert",
    )


def _buttons_for_all() -> rx.Component:
    return rx.el.div(
        button(
            say("people.decide.all_stay"),
            press=PersonState.decide_appointment("all", "no"),
            look="sm",
        ),
        button(
            say("people.decide.all_move"),
            press=PersonState.decide_appointment("all", "yes"),
            look="sm",
        ),
        class_name="acts",
    )


def _affected_row(view: AffectedView) -> rx.Component:
    return rx.el.li(
        rx.el.fieldset(
            rx.el.legend(
                rx.el.b(view.when),
                hidden_text(", "),
                rx.el.span(view.who),
                class_name="who",
            ),
            rx.el.p(
                view.why, rx.cond(view.mail != "", f" {view.mail}", ""), class_name="m"
            ),
            rx.cond(
                view.instead != "",
                _decision(view),
                rx.el.p(view.kept, class_name="m"),
            ),
            page_link(
                say("people.decide.open"),
                hidden_text(f": {view.who}"),
                to=view.href,
                name="link",
            ),
        ),
        key=f"{view.id} {ROUNDS}",
    )


def _decision(view: AffectedView) -> rx.Component:
    return rx.fragment(
        _decision_choice(view, "no", say("people.decide.keep"), view.kept),
        _decision_choice(view, "yes", say("people.decide.move"), view.instead),
    )


def _decision_choice(
    view: AffectedView, value: str, label: str, words: str
) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name=f"fate-{view.id}",
            default_checked=view.moves if value == "yes" else negation(view.moves),
            on_change=PersonState.decide_appointment(view.id, value),
        ),
        rx.el.span(rx.el.b(label), rx.el.span(words, class_name="m")),
        class_name="tick",
    )
