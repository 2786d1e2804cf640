"""Search all settings by their texts."""

import reflex as rx
from reflex.event import EventSpec

from invo_booking.usecases.shared import settings
from invo_booking.web.admin import finder_view
from invo_booking.web.admin.finder_view import HitView
from invo_booking.web.core import guard
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState

LONGEST = 60


class FinderState(SessionState):
    """The search and its results; nothing is listed while ``words`` is empty."""

    words: str = ""
    summary: str = ""
    hits: list[HitView] = []

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def find_settings(self, words: str) -> None:
        """List the settings whose texts contain these words."""
        self.words = " ".join(str(words).split())[:LONGEST]
        entries = ()
        if self.words:
            entries = await ask(
                settings.search_setting_entries,
                await guard.actor_of_page(self),
                self.words,
            )
        self.hits = finder_view.found_setting_views(entries)
        self.summary = finder_view.found_settings_summary(entries, self.words)

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def open_first_setting(self) -> EventSpec | None:
        """Open the first setting in the list of results."""
        return rx.redirect(self.hits[0].address) if self.hits else None
