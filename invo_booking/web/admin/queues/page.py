"""The page of queues, and of the languages in which they are served."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.catalogue import ListHeading, catalogue_page
from invo_booking.web.admin.queues.languages import languages_panel
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.menu import ENTRY
from invo_booking.web.admin.queues.parts import queue_form, queue_list
from invo_booking.web.admin.queues.state import QueuesState

LISTING = ListHeading(
    ENTRY.route,
    title=ENTRY.label,
    lead=say("queues.lead"),
    whole=say("queues.all"),
    new=say("queues.new"),
)


@rx.page(
    route=ENTRY.route,
    title=ENTRY.label,
    on_load=[QueuesState.open_page, LanguagesState.open_page],
)
def queues_page() -> rx.Component:
    """The queues and languages, or the forms of one queue."""
    return catalogue_page(
        LISTING,
        QueuesState,
        _queues_and_languages(),
        queue_form(),
        heading=QueuesState.form.heading,
    )


def _queues_and_languages() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h2(say("queues.heading"), id="p-queues", class_name="part"),
            queue_list(),
            custom_attrs={"aria-labelledby": "p-queues"},
        ),
        languages_panel(),
    )
