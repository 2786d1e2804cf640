"""Everybody who may stand before a door, and the bank behind it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID, uuid4

from invo_booking.domain.access.cookie import NAME as COOKIE
from invo_booking.domain.access.roles import ADMINISTRATORS, Actor, Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ProgramToken
from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.domain.clock import utc_now
from invo_booking.persistence.accounts.programs import ProgramAccount
from invo_booking.persistence.tables.core import (
    ApiTokenRow,
    PersonQueueRow,
    PersonRow,
    QueueRow,
    SessionRow,
)
from invo_booking.settings.registry import ENTRIES
from invo_booking.usecases.accounts import programs
from invo_booking.usecases.accounts.tokens import PREFIX
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.staff import appointments
from tests.support.bank import ZONE, Bank
from tests.support.callers import working_starts

HALF_HOUR = timedelta(minutes=30)
STRANGER = "Zebulon Quartermaine"
"""A customer of another queue: no agent of ours may ever read this name."""

CUSTOMER = "Wilhelmina Abernathy"
"""A customer of the agent's own queue: nobody without a session may read it."""

SECRET = "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t-out"
"""What every secret setting is: nobody reads it, not even who wrote it."""

KEY_FILES = {"calendars.google_service_account"}
"""Secrets that are more than one text, so they are left as they are."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who sends events and requests.

    Attributes:
        name: As failures call them.
        roles: Of a live session; empty for whoever has none.
        token: What the cookie, or the header, carries.
        scope: Of a bearer token; ``None`` for a cookie.
        is_program: Whether it is a program's token and not a person's.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    token: str = ""
    scope: TokenScope | None = None
    is_program: bool = False

    @property
    def administers(self) -> bool:
        return bool(self.roles & ADMINISTRATORS)

    def headers(self, url: str) -> dict[str, str]:
        """What a browser on our own page, or whoever has a token, sends along."""
        if self.scope is not None:
            return {"authorization": f"Bearer {self.token}"}
        cookie = {"cookie": f"{COOKIE}={self.token}"} if self.token else {}
        return {"origin": url, **cookie}


@dataclass
class Crew:
    """The bank with one person per role, and whose things they must not touch.

    Attributes:
        own: An appointment of the agent.
        foreign: One of a queue that the agent does not serve.
        secrets: Keys of sessions and tokens of other people.
    """

    deps: Deps
    bank: Bank
    own: Appointment
    foreign: Appointment
    colleague: Actor
    people: dict[Role, Actor] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)

    def staff(self) -> list[Visitor]:
        """One visitor per role, each with a new session."""
        return [self.visitor(role) for role in self.people]

    def visitor(self, role: Role) -> Visitor:
        """Return whoever has a role, newly signed in."""
        token = session_of(self.deps, self.people[role].id)
        return Visitor(str(role), frozenset({role}), token)

    def again(self, visitor: Visitor) -> Visitor:
        """Return the same visitor with a session that nothing has ended yet."""
        if not visitor.roles or visitor.scope is not None:
            return visitor
        (role,) = visitor.roles
        return replace(visitor, token=self.visitor(role).token)

    def token(self, role: Role, scope: TokenScope = TokenScope.ADMIN) -> Visitor:
        """Return a bearer token that acts for whoever has a role."""
        secret, now = PREFIX + token_urlsafe(32), utc_now()
        with self.deps.unit_of_work() as work:
            work.session.add(
                ApiTokenRow(
                    hash=hash_secret(secret),
                    person_id=self.people[role].id,
                    name="A token",
                    scope=scope,
                    created_at=now,
                    expires_at=now + timedelta(days=30),
                )
            )
        roles = frozenset({role})
        return Visitor(f"{scope} token of {role}", roles, secret, scope=scope)

    def program(self, scope: TokenScope) -> Visitor:
        """Return a program of the bank with a token of a scope."""
        secret, now = programs.PREFIX + token_urlsafe(32), utc_now()
        account = ProgramAccount(
            id=uuid4(),
            name=f"Kiosk {scope}",
            contact="Digital channels",
            scope=scope,
            queues=frozenset(),
            created_at=now,
            created_by="Ada",
        )
        token = ProgramToken(
            key=hash_secret(secret),
            program_id=account.id,
            created_at=now,
            expires_at=None,
        )
        with self.deps.unit_of_work() as work:
            work.programs.add(account)
            work.programs.add_token(token)
        name = f"program that may {scope}"
        return Visitor(name, token=secret, scope=scope, is_program=True)

    def nobody(self) -> list[Visitor]:
        """Everybody without a live session, however they pretend to have one."""
        return [
            Visitor("anonymous"),
            Visitor("made up", token=token_urlsafe(32)),
            Visitor("signed out", token=self._ended()),
            Visitor("idle too long", token=self._idle()),
            Visitor("disabled", token=self._disabled()),
        ]

    def _ended(self) -> str:
        token = session_of(self.deps, self.people[Role.SUPER_ADMIN].id)
        with self.deps.unit_of_work() as work:
            work.sessions.end(hash_secret(token))
        return token

    def _idle(self) -> str:
        person = self.people[Role.SUPER_ADMIN].id
        return session_of(self.deps, person, ago=timedelta(hours=2))

    def _disabled(self) -> str:
        person = person_of(self.deps, uuid4().hex, Role.SUPER_ADMIN, active=False)
        return session_of(self.deps, person)


def open_bank(deps: Deps) -> Crew:
    """Found a bank with somebody for each role, and appointments not for all."""
    bank = Bank(deps, utc_now)
    agent = bank.agent("Ana")
    colleague, wealth = bank.agent("Bea", languages=("en", "es")), uuid4()
    with deps.unit_of_work() as work:
        work.session.add(QueueRow(id=wealth, name="Wealth"))
        work.session.flush()
        work.session.add(PersonQueueRow(person_id=colleague.id, queue_id=wealth))
        work.publish_roster_change()
    people = {Role.AGENT: agent}
    for role in Role:
        if role is not Role.AGENT:
            people[role] = bank.actor(person_of(deps, role.value.title(), role))
    boss = people[Role.SUPER_ADMIN]
    first, second = (working_starts(2)[n].astimezone(UTC) for n in (4, 20))
    own = appointments.create_appointment(
        deps, boss, draft(bank.queue_id, CUSTOMER, agent, first)
    )
    foreign = appointments.create_appointment(
        deps, boss, draft(wealth, STRANGER, colleague, second)
    )
    hidden = [it.key for it in ENTRIES if it.is_secret and it.key not in KEY_FILES]
    save_settings(deps, boss, {key: SettingEdit(text=SECRET) for key in hidden})
    crew = Crew(deps, bank, own, foreign, colleague, people)
    token = session_of(deps, colleague.id)
    crew.secrets = [hash_secret(token), hash_secret(crew.token(Role.SUPER_ADMIN).token)]
    return crew


def draft(queue: UUID, name: str, agent: Actor, start: datetime) -> AppointmentDraft:
    """Return an appointment of half an hour with a customer."""
    return AppointmentDraft(
        answer_id=None,
        title="A talk",
        queue_id=queue,
        language="en",
        channel=Channel.VIDEO,
        starts_at=start,
        ends_at=start + HALF_HOUR,
        agent_id=agent.id,
        name=name,
        email=f"{name.partition(' ')[0].lower()}@customers.example",
    )


def person_of(deps: Deps, name: str, role: Role, *, active: bool = True) -> UUID:
    """Take somebody on who serves no queue; return their id."""
    person_id = uuid4()
    with deps.unit_of_work() as work:
        work.session.add(
            PersonRow(
                id=person_id,
                name=name,
                email=f"{name.lower()}@bank.example",
                time_zone=ZONE,
                roles=[role.value],
                languages=["en"],
                active=active,
            )
        )
        work.session.flush()
        work.publish_roster_change()
    return person_id


def session_of(deps: Deps, person: UUID, ago: timedelta = timedelta()) -> str:
    """Sign somebody in, a while ago if so asked; return the cookie's value."""
    token, at = token_urlsafe(32), utc_now() - ago
    row = SessionRow(
        hash=hash_secret(token), person_id=person, created_at=at, seen_at=at
    )
    with deps.unit_of_work() as work:
        work.session.add(row)
    return token
