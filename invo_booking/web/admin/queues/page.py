"""Lines of business, and the languages they are served in."""

import reflex as rx

from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.parts import told
from invo_booking.web.admin.queues.languages import languages
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.parts import queue_form, queue_list
from invo_booking.web.admin.queues.state import QueuesState
from invo_booking.web.core import routes
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import alert, button, go, loading


@rx.page(
    route=routes.QUEUES,
    title="Queues and languages",
    on_load=[QueuesState.open_page, LanguagesState.open_page],
)
def queues() -> rx.Component:
    """The queues and languages, or the forms of one queue."""
    return admin_frame(
        told(QueuesState.done),
        rx.cond(
            ~QueuesState.is_editing, alert(QueuesState.problem, QueuesState.dismiss)
        ),
        rx.cond(
            QueuesState.is_ready,
            rx.cond(QueuesState.is_editing, queue_form(), _lists()),
            loading(),
        ),
        here=routes.QUEUES,
        title=rx.cond(
            QueuesState.is_editing, QueuesState.form.heading, "Queues and languages"
        ),
        lead="Every appointment has one line of business and one language; agents are "
        "found by both.",
        actions=rx.cond(
            QueuesState.is_editing,
            rx.el.div(
                button("Show it as it is now", press=QueuesState.look_again),
                go("All queues", to=routes.QUEUES, name="btn"),
                class_name="acts",
            ),
            go(icon("plus"), "New queue", to=f"{routes.QUEUES}?new=1", name="btn"),
        ),
    )


def _lists() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h2("Queues", id="p-queues", class_name="part"),
            queue_list(),
            custom_attrs={"aria-labelledby": "p-queues"},
        ),
        languages(),
    )
