"""Show unexpected errors."""

import re

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.core.guard import EventPolicy, allow

REFERENCE = re.compile(r"[0-9a-f]{8}")


class NoticeState(rx.State):
    """One sentence about an unexpected failure; empty if all is well."""

    sentence: str = ""

    @rx.event
    @allow(EventPolicy.PUBLIC)
    async def show_failure(self, reference: str) -> None:
        """Show that something failed, with its reference in the log."""
        if REFERENCE.fullmatch(str(reference)):
            self.sentence = say("kit.failure", reference=reference)

    @rx.event
    @allow(EventPolicy.PUBLIC, is_activity=False)
    async def dismiss_failure(self) -> None:
        """Take the sentence away."""
        self.sentence = ""
