"""Who is signed in, for every page of staff."""

from urllib.parse import urlencode

import reflex as rx

from invo_booking import bootstrap
from invo_booking.domain.roles import Action, Actor
from invo_booking.settings.spec import Page
from invo_booking.usecases import calendar, guessing
from invo_booking.usecases.attention import Topic, attention
from invo_booking.usecases.calendar import Catalogue
from invo_booking.web import guard, routes
from invo_booking.web.ask import ask
from invo_booking.web.guard import Policy, allow
from invo_booking.web.presenters import times
from invo_booking.web.presenters.drawer import initials
from invo_booking.web.presenters.staff import Eyes

PAGES = {
    Topic.CALENDARS: f"{routes.settings(Page.CALENDARS.slug)}#addon",
    Topic.SIGN_INS: f"{routes.AUDIT}?{urlencode({'action': guessing.FAILED})}",
}
"""Where what needs a person is put right."""


class SessionState(rx.State):
    """The signed-in person; the states of all staff pages stand below this one."""

    person: str = ""
    initials: str = ""
    institution: str = ""
    may_create: bool = False
    administers: bool = False
    attention: str = ""  # what administrators should not overlook
    attention_page: str = ""

    _holder: str = ""  # digest of the session this state belongs to

    @rx.event
    @allow(Policy.STAFF)
    async def enter(self) -> None:
        """Greet whoever opens a page of staff."""
        await self._catalogue(await guard.actor(self))

    async def _catalogue(self, person: Actor) -> Catalogue:
        found = await ask(calendar.catalogue, person)
        self.person = person.name
        self.initials = initials(person.name)
        self.institution = found.institution_name
        self.administers = person.administers
        self.may_create = Action.CREATE in found.allowed
        needed = await ask(attention, person) if person.administers else None
        self.attention = needed.sentence if needed else ""
        self.attention_page = PAGES[needed.topic] if needed else ""
        return found

    def _eyes(self, zone: str) -> Eyes:
        habits = times.locale_of(self.router.headers.accept_language)
        return Eyes(times.zone_of(zone), habits, bootstrap.deps().now())
