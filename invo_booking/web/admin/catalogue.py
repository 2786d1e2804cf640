"""A page that shows either a list or the form of one item."""

from dataclasses import dataclass

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.catalogue_state import CatalogueState
from invo_booking.web.admin.form_state import AdminFormState
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.parts import admin_save_bar
from invo_booking.web.kit.form import staff_form
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    page_link,
    problem_alert,
    skeleton,
    success_line,
)
from invo_booking.web.kit.typed import Text, has_items, text_if
from invo_booking.web.kit.unsaved import discard_attributes


@dataclass(frozen=True, slots=True)
class ListHeading:
    """Texts around the list of a page.

    Attributes:
        route: Route of the page.
        title: Heading of the page.
        lead: Sentence below the heading.
        whole: Text of the link back to the list.
        new: Text of the link to an empty form; empty if there is no such link.
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
    """Return a page that shows a list, or the form of one item.

    Args:
        listing: Texts around the list.
        state: State of the form.
        listed: The list.
        form: The form, which also shows why saving failed.
        heading: Heading while the form is shown.
        back: URL of the list, if different from the route.
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


def item_form(
    state: type[CatalogueState],
    *content: rx.Component,
    key: Text,
    whole: str,
    problem: Text | None = None,
) -> rx.Component:
    """The form of one item, with the buttons that save it or return to the list.

    Args:
        state: State of the form.
        *content: The fields.
        key: A new value makes the browser fill in the form again.
        whole: Address of the list.
        problem: Why the form was not saved, if different from the state's problem.
    """
    return staff_form(
        *content,
        admin_save_bar(
            say("kit.save"),
            page_link(say("admin.cancel"), to=whole, name="btn"),
            problem=state.problem if problem is None else problem,
        ),
        submit=state.submit_form,
        makes=True,
        key=key,
        is_inert=has_items(state.affected),
        class_name="card form",
    )


def _new_link(listing: ListHeading) -> rx.Component:
    return page_link(icon("plus"), listing.new, to=f"{listing.route}?new=1", name="btn")
