"""The page of Answers: what customers can book."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.answers.menu import ENTRY
from invo_booking.web.admin.answers.parts import answer_form, answer_list
from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.catalogue import ListHeading, catalogue_page

LISTING = ListHeading(
    ENTRY.route,
    title=ENTRY.label,
    lead=say("answers.lead"),
    whole=say("answers.all"),
    new=say("answers.new"),
)


@rx.page(route=ENTRY.route, title=ENTRY.label, on_load=AnswersState.open_page)
def answers_page() -> rx.Component:
    """The list of Answers, or the form of one Answer."""
    return catalogue_page(
        LISTING,
        AnswersState,
        answer_list(),
        answer_form(),
        heading=AnswersState.form.heading,
    )
