"""What can be booked."""

import reflex as rx

from invo_booking.web.admin.answers.parts import answer_form, answer_list
from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.parts import told
from invo_booking.web.core import routes
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, button, go, loading


@rx.page(route=routes.ANSWERS, title="Answers", on_load=AnswersState.open_page)
def answers() -> rx.Component:
    """The Answers, or the form of one."""
    return admin_frame(
        told(AnswersState.done),
        rx.cond(
            ~AnswersState.is_editing, alert(AnswersState.problem, AnswersState.dismiss)
        ),
        rx.cond(
            AnswersState.is_ready,
            rx.cond(AnswersState.is_editing, answer_form(), answer_list()),
            loading(),
        ),
        here=routes.ANSWERS,
        title=rx.cond(AnswersState.is_editing, AnswersState.form.heading, "Answers"),
        lead="What customers can come for, in the order they read it.",
        actions=rx.cond(
            AnswersState.is_editing,
            rx.el.div(
                button("Show it as it is now", press=AnswersState.look_again),
                go("All Answers", to=routes.ANSWERS, name="btn"),
                class_name="acts",
            ),
            go(icon("plus"), "New Answer", to=f"{routes.ANSWERS}?new=1", name="btn"),
        ),
    )
