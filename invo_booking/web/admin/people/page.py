"""The page of people: who works here, what they serve, and when."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.catalogue import ListHeading, catalogue_page
from invo_booking.web.admin.people.form import person_form
from invo_booking.web.admin.people.menu import ENTRY
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.table import people_filters, people_table
from invo_booking.web.kit.parts import skeleton

LISTING = ListHeading(
    ENTRY.route,
    title=ENTRY.label,
    lead=say("people.lead"),
    whole=say("people.all"),
    new=say("people.add"),
)


@rx.page(
    route=ENTRY.route,
    title=ENTRY.label,
    on_load=[PersonState.open_page, PeopleState.open_page],
)
def people_page() -> rx.Component:
    """The list of people, or the form of one person."""
    return catalogue_page(
        LISTING,
        PersonState,
        rx.cond(
            PeopleState.is_ready,
            rx.fragment(people_filters(), people_table()),
            skeleton(),
        ),
        person_form(),
        heading=PersonState.form.heading,
        back=PeopleState.address,
    )
