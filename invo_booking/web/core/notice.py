"""Show unexpected errors."""

import re

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core.guard import EventPolicy, allow

REFERENCE = re.compile(r"[0-9a-f]{8}")


class NoticeState(rx.State):
    """A message about an unexpected failure; empty if there was none."""

    sentence: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def show_failure(self, reference: str) -> None:
        """Show that something failed, with the reference of its entry in the log."""
        if REFERENCE.fullmatch(str(reference)):
            self.sentence = say("kit.failure", reference=reference)

    @rx.event
    @allow(EventPolicy.PUBLIC, is_activity=False)
    async def dismiss_failure(self) -> None:
        """Remove the message."""
        self.sentence = ""
