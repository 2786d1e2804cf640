"""A page with a list, and the form of one of its lines in the list's place."""

from dataclasses import dataclass

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.form_state import AdminFormState
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    page_link,
    problem_alert,
    skeleton,
    success_line,
)
from invo_booking.web.kit.typed import Text, text_if
from invo_booking.web.kit.unsaved import discard_attributes


@dataclass(frozen=True, slots=True)
class ListHeading:
    """What the page says of its list.

    Attributes:
        route: Of the page.
        title: Its heading.
        lead: A sentence below it.
        whole: Words of the link back to the list.
        new: Words of the link to an empty form; empty if there is none.
    """

    route: str
    title: str
    lead: str
    whole: str
    new: str


def catalogue_page(
    listing: ListHeading,
    state: type[AdminFormState],
    listed: rx.Component,
    form: rx.Component,
    *,
    heading: Text,
    back: Text | None = None,
) -> rx.Component:
    """Such a page.

    Args:
        listing: What it says.
        state: Of the form.
        listed: The list.
        form: The form, which says itself why it was not saved.
        heading: Of the form.
        back: Where the list is, if not at the route alone.
    """
    here = listing.route
    return admin_frame(
        success_line(state.done),
        rx.cond(~state.is_editing, problem_alert(state.problem, state.dismiss_notices)),
        rx.cond(state.is_ready, rx.cond(state.is_editing, form, listed), skeleton()),
        here=here,
        title=text_if(state.is_editing, heading, listing.title),
        lead=listing.lead,
        actions=rx.cond(
            state.is_editing,
            rx.el.div(
                button(
                    say("admin.reload"),
                    press=state.reload_form,
                    custom_attrs=discard_attributes(),
                ),
                page_link(listing.whole, to=here if back is None else back, name="btn"),
                class_name="acts",
            ),
            _new_link(listing) if listing.new else rx.fragment(),
        ),
    )


def _new_link(listing: ListHeading) -> rx.Component:
    return page_link(icon("plus"), listing.new, to=f"{listing.route}?new=1", name="btn")
