"""Who is signed in, for every page of staff."""

import reflex as rx

from invo_booking import bootstrap
from invo_booking.domain.roles import Action, Actor
from invo_booking.usecases import calendar
from invo_booking.usecases.attention import attention
from invo_booking.usecases.calendar import Catalogue
from invo_booking.web import guard
from invo_booking.web.ask import ask
from invo_booking.web.guard import Policy, allow
from invo_booking.web.presenters import times
from invo_booking.web.presenters.drawer import initials
from invo_booking.web.presenters.staff import Eyes


class SessionState(rx.State):
    """The signed-in person; the states of all staff pages stand below this one."""

    person: str = ""
    initials: str = ""
    institution: str = ""
    may_create: bool = False
    administers: bool = False
    attention: str = ""  # what administrators should not overlook

    _holder: str = ""  # digest of the session this state belongs to

    @rx.event
    @allow(Policy.STAFF, is_activity=False)
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
        self.attention = await ask(attention, person) if person.administers else ""
        return found

    def _eyes(self, zone: str) -> Eyes:
        habits = times.locale_of(self.router.headers.accept_language)
        return Eyes(times.zone_of(zone), habits, bootstrap.deps().now())
