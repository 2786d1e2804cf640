"""Administrators take people on, change them, and say when they work."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.hours import AgentHours
from invo_booking.domain.institution import Institution, Person, Roster
from invo_booking.domain.roles import Actor, Role
from invo_booking.persistence.staffing import Absence
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases import effects, outside_agents, ranks, trail
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.effects import Fate
from invo_booking.usecases.rights import require_administrator
from invo_booking.usecases.sessions import hash_password
from invo_booking.usecases.staff_drafts import PersonDraft, checked, draft_of, facts

KIND = "person"
NOTHING_DECIDED: Mapping[UUID, Fate] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleDesk:
    """Everybody who works here, by name, and what a form offers.

    Attributes:
        grantable: Roles the actor may give, least powerful first.
        holidays: Dates on which nobody works.
    """

    institution: Institution
    holidays: frozenset[date]
    people: tuple[Person, ...]
    queues: dict[UUID, str]
    languages: dict[str, str]
    grantable: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What people one looks for; what is empty or ``None`` fits everybody.

    Attributes:
        name: Part of the name or the e-mail address, in any case.
    """

    name: str = ""
    role: Role | None = None
    queue_id: UUID | None = None
    language: str = ""
    active: bool | None = None

    def among(self, people: Iterable[Person]) -> list[Person]:
        """Return those of the people who fit, in the same order."""
        return [person for person in people if self._fits(person)]

    def _fits(self, person: Person) -> bool:
        typed = self.name.strip().casefold()
        return (
            typed in f"{person.name}\n{person.email}".casefold()
            and (self.role is None or self.role in person.roles)
            and (self.queue_id is None or self.queue_id in person.queues)
            and (not self.language or self.language in person.languages)
            and (self.active is None or self.active == person.active)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """One person in full.

    Attributes:
        editable: Whether the actor may change the person.
        own: Whether it is the actor.
    """

    person: Person
    absences: tuple[Absence, ...]
    editable: bool
    own: bool

    @property
    def draft(self) -> PersonDraft:
        """The person as one would type them."""
        return draft_of(self.person, self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hired:
    """A new person; ``password`` is shown once and stored nowhere."""

    person_id: UUID
    password: str


def people_desk(deps: Deps, actor: Actor) -> PeopleDesk:
    """Return everybody who works here, people who left included.

    Raises:
        NotAllowedError: Unless the actor administers.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        roster = work.roster
        return PeopleDesk(
            institution=roster.institution,
            holidays=frozenset(roster.holidays),
            people=tuple(
                sorted(roster.people.values(), key=lambda it: it.name.casefold())
            ),
            queues={queue.id: queue.name for queue in roster.queues.values()},
            languages=dict(roster.languages),
            grantable=ranks.may_grant(actor),
        )


def person_file(deps: Deps, actor: Actor, person_id: UUID) -> PersonFile:
    """Return one person in full.

    Raises:
        NotAllowedError: Unless the actor administers.
        NotFoundError: If there is no such person.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        return _file(work, actor, person_id)


def hire(deps: Deps, actor: Actor, draft: PersonDraft) -> Hired:
    """Take a person on, with a first password that nobody can read again.

    Raises:
        NotAllowedError: Unless the actor administers.
        InvalidInputError: With a sentence for each field that cannot be used.
    """
    require_administrator(actor)
    password = _new_password()
    secret = hash_password(password)
    with deps.unit_of_work() as work:
        work.lock_roster()
        person, absences = checked(work.roster, draft, _nobody(work.roster))
        ranks.check_roles(actor, _nobody(work.roster), person.roles)
        work.staffing.add(person, absences, secret)
        after = facts(work.roster, person, absences)
        _note(deps, work, actor, person, "created", trail.difference({}, after))
        outside_agents.follow(work, deps.now())
        return Hired(person_id=person.id, password=password)


def save(
    deps: Deps,
    actor: Actor,
    person_id: UUID,
    draft: PersonDraft,
    *,
    version: int,
    fates: Mapping[UUID, Fate] = NOTHING_DECIDED,
) -> PersonFile:
    """Replace all that a person is, and do with their appointments as was decided.

    One transaction: either everything is done, or nothing. Whoever is disabled is
    signed out everywhere; their tokens end, as do those of a person who loses a role.

    Args:
        deps: The product's parts.
        actor: Who asks.
        person_id: Whom to change.
        draft: How the person shall be.
        version: The one the actor saw.
        fates: What was decided, by appointment, for those the change concerns.

    Raises:
        NotAllowedError: Unless the actor may change this person.
        NotFoundError: If there is no such person.
        ConflictError: If somebody changed the person in the meantime.
        InvalidInputError: With a sentence for each field that cannot be used.
        UndecidedError: If live appointments are concerned for which nothing was
            decided; it lists all of them.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        work.lock_roster()
        held = _file(work, actor, person_id)
        _check_seen(work, held.person, version)
        ranks.check_touch(actor, held.person)
        person, absences = checked(work.roster, draft, held.person)
        _check_powers(work, actor, held.person, person)
        before = facts(work.roster, held.person, held.absences)
        detail = trail.difference(before, facts(work.roster, person, absences))
        if person == held.person and absences == held.absences:
            return held
        house = effects.house(work)
        if not work.staffing.save(person, absences):
            raise trail.collision(work, str(person_id), held.person.name)
        if not person.active:
            work.sessions.end_all_of(person_id)
        if not person.active or held.person.roles - person.roles:
            work.tokens.remove_all_of(person_id)
        _note(deps, work, actor, person, _action(held.person, person), detail)
        outside_agents.follow(work, deps.now())
        effects.settle(work, actor, house, fates, deps.now())
        saved = _file(work, actor, person_id)
    deps.wake()
    return saved


def set_active(
    deps: Deps,
    actor: Actor,
    person_id: UUID,
    *,
    active: bool,
    version: int,
    fates: Mapping[UUID, Fate] = NOTHING_DECIDED,
) -> PersonFile:
    """Keep a person out, or let them in again. See ``save`` for errors."""
    draft = replace(person_file(deps, actor, person_id).draft, active=active)
    return save(deps, actor, person_id, draft, version=version, fates=fates)


def reset_password(deps: Deps, actor: Actor, person_id: UUID) -> str:
    """Give a person a new password, shown once; their sessions and tokens end.

    Raises:
        NotAllowedError: Unless the actor may change this person.
        NotFoundError: If there is no such person.
    """
    require_administrator(actor)
    password = _new_password()
    secret = hash_password(password)
    with deps.unit_of_work() as work:
        held = _file(work, actor, person_id)
        ranks.check_touch(actor, held.person)
        work.people.set_password(person_id, secret)
        work.sessions.end_all_of(person_id)
        work.tokens.remove_all_of(person_id)
        _note(deps, work, actor, held.person, "password reset", {})
    return password


def _file(work: UnitOfWork, actor: Actor, person_id: UUID) -> PersonFile:
    person = work.roster.people.get(person_id)
    if person is None:
        raise NotFoundError("This person does not work here.")
    return PersonFile(
        person=person,
        absences=work.staffing.absences(person_id),
        editable=ranks.may_touch(actor, person),
        own=person_id == actor.id,
    )


def _check_seen(work: UnitOfWork, person: Person, version: int) -> None:
    if person.version != version:
        raise trail.collision(work, str(person.id), person.name)


def _check_powers(
    work: UnitOfWork, actor: Actor, before: Person, after: Person
) -> None:
    ranks.check_roles(actor, before, after.roles)
    if before.active and not after.active and before.id == actor.id:
        sentence = "You cannot disable your own account. Ask another administrator."
        raise InvalidInputError({"active": sentence})
    if not after.active or Role.SUPER_ADMIN not in after.roles:
        ranks.keep_a_super_admin(work.roster, before.id)


def _action(before: Person, after: Person) -> str:
    if before.active == after.active:
        return "changed"
    return "enabled" if after.active else "disabled"


def _nobody(roster: Roster) -> Person:
    return Person(
        id=uuid4(),
        name="",
        email="",
        active=False,
        roles=frozenset(),
        queues=frozenset(),
        languages=frozenset(),
        hours=AgentHours(roster.institution.zone, {}),
    )


def _new_password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(5))  # 80 bits, easily read out


def _note(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    person: Person,
    action: str,
    detail: trail.Facts,
) -> None:
    trail.note(work, actor, deps.now(), action, (KIND, str(person.id)), detail)
