"""The proof of work in the browser, and what the visitor sees of it."""

from typing import Any, Final

import reflex as rx
from reflex.event import EventType

from invo_booking.texts import say, weave
from invo_booking.web.core.effort import TRAP, EffortMixin
from invo_booking.web.core.site import SiteView
from invo_booking.web.kit.facts import institution_text
from invo_booking.web.kit.parts import alert, plain_link
from invo_booking.web.scripts import script

PROGRAM: Final = "/proof-of-work.js"


class ProofOfWork(rx.NoSSRComponent):
    """Computes the proof in the background; shows the progress to a waiting visitor.

    If the work fails, shows its children and a button that tries again.

    Attributes:
        challenge: The challenge to solve; empty if no proof is needed.
        waiting: Whether the visitor waits for the proof.
        attempt: Grows with every click that waits for the proof.
        program: URL of the web worker's script.
        words: Message while the visitor waits.
        progress: Accessible name of the progress bar.
        again: Label of the button that tries again.
    """

    library = script(__name__, "effort.jsx")
    tag = "ProofOfWork"

    challenge: rx.Var[str]
    waiting: rx.Var[bool]
    attempt: rx.Var[int]
    program: rx.Var[str]
    words: rx.Var[str]
    progress: rx.Var[str]
    again: rx.Var[str]

    on_begin: rx.EventHandler[rx.event.no_args_event_spec]
    on_solved: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def proof_of_work(
    state: type[EffortMixin], site: SiteView, *, on_begin: EventType[()] | None = None
) -> rx.Component:
    """Return the proof of work of a page, with its progress and its failure message.

    Args:
        state: Holds the challenge.
        site: The institution, whose phone number is shown if the work fails.
        on_begin: Called when the component is first drawn.
    """
    begin: dict[str, Any] = {"on_begin": on_begin} if on_begin else {}
    return ProofOfWork.create(
        _failure_notice(site),
        challenge=state.challenge,
        waiting=state.is_working,
        attempt=state.attempt,
        program=PROGRAM,
        words=say("kit.effort.working"),
        progress=say("kit.effort.progress"),
        again=say("kit.effort.again"),
        on_solved=state.submit_proof,
        **begin,
    )


def trap_field() -> rx.Component:
    """A field that people neither see nor reach; only programs fill it in."""
    return rx.el.div(
        rx.el.label(say("kit.trap"), html_for=TRAP),
        rx.el.input(id=TRAP, name=TRAP, tab_index=-1, auto_complete="off"),
        class_name="vh",
        aria_hidden="true",
    )


def _failure_notice(site: SiteView) -> rx.Component:
    phone = institution_text(site, site.phone, "phone")
    link = plain_link(phone, href=institution_text(site, site.phone_url, "phone_url"))
    return alert(
        rx.el.p(say("kit.effort.failed")),
        rx.cond(phone, rx.el.p(*weave("kit.effort.call", phone=link))),
        role="",
    )
