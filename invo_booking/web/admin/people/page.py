"""Who works here, what they serve, and when."""

import reflex as rx

from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.parts import told
from invo_booking.web.admin.people.form import person_form
from invo_booking.web.admin.people.person_state import PersonState
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.table import filters, table
from invo_booking.web.core import routes
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, button, go, loading


@rx.page(
    route=routes.PEOPLE,
    title="People",
    on_load=[PersonState.open_page, PeopleState.open_page],
)
def people() -> rx.Component:
    """The people, or the form of one."""
    editing = PersonState.is_editing
    return admin_frame(
        told(PersonState.done),
        alert(PersonState.problem, PersonState.dismiss),
        rx.cond(
            PeopleState.is_ready,
            rx.cond(editing, person_form(), rx.fragment(filters(), table())),
            loading(),
        ),
        here=routes.PEOPLE,
        title=rx.cond(
            editing,
            rx.cond(PersonState.form.name != "", PersonState.form.name, "New person"),
            "People",
        ),
        lead="Who works here, what they can take, and when.",
        actions=rx.cond(
            editing,
            rx.el.div(
                rx.cond(
                    PersonState.form.id != "",
                    button("Show it as it is now", press=PersonState.look_again),
                ),
                go("All people", to=PeopleState.address, name="btn"),
                class_name="acts",
            ),
            go(icon("plus"), "Add a person", to=f"{routes.PEOPLE}?new=1", name="btn"),
        ),
    )
