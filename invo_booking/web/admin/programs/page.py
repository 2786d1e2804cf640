"""The page of programs that book for customers, and of people's API tokens."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.frame import admin_frame
from invo_booking.web.admin.programs.menu import ENTRY
from invo_booking.web.admin.programs.parts import (
    program_form,
    program_list,
    program_token_list,
)
from invo_booking.web.admin.programs.state import ProgramsState
from invo_booking.web.core import routes
from invo_booking.web.kit.form import form_outcome
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import page_link, skeleton


@rx.page(route=ENTRY.route, title=ENTRY.label, on_load=ProgramsState.open_page)
def programs_page() -> rx.Component:
    """The lists of programs and tokens, or a form."""
    return admin_frame(
        form_outcome(ProgramsState),
        rx.cond(
            ProgramsState.is_ready,
            rx.cond(
                ProgramsState.is_editing,
                program_form(),
                rx.fragment(program_list(), program_token_list()),
            ),
            skeleton(),
        ),
        here=ENTRY.route,
        title=rx.cond(
            ProgramsState.is_editing, ProgramsState.form.heading, ENTRY.label
        ),
        lead=say("programs.lead"),
        actions=rx.cond(
            ProgramsState.is_editing,
            page_link(say("programs.all"), to=routes.PROGRAMS, name="btn"),
            page_link(
                icon("plus"),
                say("programs.new"),
                to=f"{routes.PROGRAMS}?new=1",
                name="btn",
            ),
        ),
    )
