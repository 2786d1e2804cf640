"""What was just done, with a button that undoes it for some seconds."""

from typing import Final

import reflex as rx
from reflex.event import EventType

from invo_booking.web.kit.countdown import countdown
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button
from invo_booking.web.kit.typed import Text

SECONDS: Final = 10


def undo_bar(
    sentence: Text, *, undo: EventType[()], on_end: EventType[()], name: str
) -> rx.Component:
    """A line that says what was done; nothing while there is nothing to undo.

    Args:
        sentence: What was done; another one restarts the time.
        undo: Undoes it.
        on_end: Takes the offer away.
        name: Class name of the line.
    """
    left = countdown(seconds=SECONDS, stamp=sentence, mode="seconds", on_done=on_end)
    line = rx.el.div(
        rx.el.p(icon("check", 14), rx.el.span(sentence)),
        button(icon("undo", 14), "Undo", left, press=undo, look="sm"),
        class_name=name,
    )
    return rx.el.div(rx.cond(sentence != "", line), role="status")
