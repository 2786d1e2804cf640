"""What can be booked."""

import reflex as rx

from invo_booking.web.admin.answers.parts import answer_form, answer_list
from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.catalogue import ListHeading, catalogue_page
from invo_booking.web.core import routes

LISTING = ListHeading(
    routes.ANSWERS,
    title="Answers",
    lead="What customers can come for, in the order they read it.",
    whole="All Answers",
    new="New Answer",
)


@rx.page(route=routes.ANSWERS, title="Answers", on_load=AnswersState.open_page)
def answers_page() -> rx.Component:
    """The Answers, or the form of one."""
    return catalogue_page(
        LISTING,
        AnswersState,
        answer_list(),
        answer_form(),
        heading=AnswersState.form.heading,
    )
