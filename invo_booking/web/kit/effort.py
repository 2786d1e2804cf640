"""The work a device does before it is served, and what the visitor sees of it."""

from typing import Final

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core.effort import TRAP

PROGRAM: Final = "/proof-of-work.js"


class ProofOfWork(rx.NoSSRComponent):
    """Works in the background; shows a sentence and its progress to who waits for it.

    Attributes:
        challenge: What to work on; empty for nothing.
        waiting: Whether the visitor waits for it.
        program: Address of the worker.
    """

    library = "$/public" + rx.asset("effort.jsx", shared=True)
    tag = "ProofOfWork"

    challenge: rx.Var[str]
    waiting: rx.Var[bool]
    program: rx.Var[str]

    on_begin: rx.EventHandler[rx.event.no_args_event_spec]
    on_solved: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def trap_field() -> rx.Component:
    """A field nobody sees or reaches; what fills it in is a program."""
    return rx.el.div(
        rx.el.label(say("kit.trap"), html_for=TRAP),
        rx.el.input(id=TRAP, name=TRAP, tab_index=-1, auto_complete="off"),
        class_name="vh",
        aria_hidden="true",
    )


proof_of_work = ProofOfWork.create
