"""The signed-in person, for all staff pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx

from invo_booking import bootstrap
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import IdempotencyMismatchError
from invo_booking.settings.spec import Page
from invo_booking.usecases.accounts import guessing
from invo_booking.usecases.booking.booking import new_idempotency_key
from invo_booking.usecases.shared.deps import Deps, answer_together
from invo_booking.usecases.staff import calendar
from invo_booking.usecases.staff.calendar import StaffCatalogue
from invo_booking.usecases.staff.catalogue import may_create_appointment
from invo_booking.usecases.upkeep.attention import (
    Attention,
    Topic,
    most_urgent_attention,
)
from invo_booking.web.core import guard, routes
from invo_booking.web.core.ask import ask
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.kit.rows import show_changed
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import initials
from invo_booking.web.kit.text.words import ViewerContext

PAGES = {
    Topic.CALENDARS: f"{routes.settings_route(Page.CALENDARS.slug)}#addon",
    Topic.COPY: routes.settings_route(Page.MAILER.slug),
    Topic.MAIL: routes.settings_route(Page.MAILER.slug),
    Topic.NOTICES: routes.PEOPLE,
    Topic.REQUESTS: routes.settings_route(Page.GENERAL.slug),
    Topic.ROOMS: routes.settings_route(Page.CALLS.slug),
    Topic.SIGN_INS: f"{routes.AUDIT}?{urlencode({'action': guessing.FAILED})}",
    Topic.TASKS: routes.DASHBOARD,
    Topic.UNDELIVERED: routes.DASHBOARD,
}
"""Pages on which administrators resolve the matters that need their attention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What every staff page shows about the signed-in person.

    Attributes:
        attention: The most urgent matter for an administrator; ``None`` for others.
    """

    catalogue: StaffCatalogue
    attention: Attention | None


def load_greeting(deps: Deps, person: Actor) -> Greeting:
    """Load the data that all staff pages show, within one transaction."""
    return answer_together(
        deps,
        lambda within: Greeting(
            catalogue=calendar.staff_catalogue(within, person),
            attention=most_urgent_attention(within, person),
        ),
    )


class SessionState(rx.State):
    """The signed-in person; the parent state of all states of staff pages."""

    person: str = ""
    initials: str = ""
    institution: str = ""
    may_create: bool = False
    administers: bool = False
    attention: str = ""  # the most urgent matter for administrators
    attention_page: str = ""
    submit_key: str = ""  # idempotency key of the next object to create
    answered: int = 0  # rises with each response to a press that creates something

    _holder: str = ""  # digest of the session this state belongs to

    @rx.event
    @allow(EventPolicy.STAFF, is_activity=False)
    async def greet_person(self) -> None:
        """Show the name and roles of the signed-in person."""
        await self._load_catalogue(await guard.actor_of_page(self))

    async def _load_catalogue(self, person: Actor) -> StaffCatalogue:
        greeting = await ask(load_greeting, person)
        self._show_person(person, greeting)
        return greeting.catalogue

    def _show_person(self, person: Actor, greeting: Greeting) -> None:
        needed = greeting.attention
        show_changed(
            self,
            person=person.name,
            submit_key=self.submit_key or new_idempotency_key(),
            initials=initials(person.name),
            institution=greeting.catalogue.institution_name,
            administers=person.administers,
            may_create=may_create_appointment(greeting.catalogue, person),
            attention=needed.sentence if needed else "",
            attention_page=PAGES[needed.topic] if needed else "",
        )

    @asynccontextmanager
    async def _create_once(self) -> AsyncIterator[None]:
        """Create one object per submission, and show the page when it is finished.

        A submission that arrives twice has the same idempotency key both times. The
        page gets a new key after a success, and after an error because the key belonged
        to another object.
        """
        try:
            yield
        except IdempotencyMismatchError:
            self.submit_key = new_idempotency_key()
            raise
        else:
            self.submit_key = new_idempotency_key()
        finally:
            self.answered += 1

    def _viewer(self, zone: str) -> ViewerContext:
        habits = times.locale_of(self.router.headers.accept_language)
        return ViewerContext(
            times.browser_zone_of(zone), habits, bootstrap.deps().now()
        )
