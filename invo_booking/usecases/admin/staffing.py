"""Administrators take people on, change them, and say when they work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from invo_booking.domain.absence import Absence
from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.contact import plain_text, text_to_compare
from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.hours import AgentHours
from invo_booking.domain.institution import Institution, Person, Roster
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.accounts import mails
from invo_booking.usecases.accounts.reauthentication import require_given_password
from invo_booking.usecases.admin import inviting, ranks
from invo_booking.usecases.admin.editing import edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.inviting import Access
from invo_booking.usecases.admin.staff_drafts import (
    PersonDraft,
    check_person_draft,
    person_draft,
    person_facts,
)
from invo_booking.usecases.calendars import outside_agents
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import mail_obstacle
from invo_booking.usecases.shared.rights import require_administrator

KIND = "person"
NOTHING_DECIDED: Mapping[UUID, Disposition] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOverview:
    """Everybody who works here, by name, and what a form offers.

    Attributes:
        grantable: Roles the actor may give, least powerful first.
        holidays: Dates on which nobody works.
        invited: Who has not set a password yet, and so cannot sign in.
    """

    institution: Institution
    holidays: frozenset[date]
    people: tuple[Person, ...]
    queues: dict[UUID, str]
    languages: dict[str, str]
    grantable: tuple[Role, ...]
    invited: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
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
        typed = text_to_compare(self.name)
        return (
            (typed in text_to_compare(person.name) or plain_text(typed) in person.email)
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
        access: Whether the person can sign in yet.
    """

    person: Person
    absences: tuple[Absence, ...]
    editable: bool
    own: bool
    access: Access

    @property
    def draft(self) -> PersonDraft:
        """The person as one would type them."""
        return person_draft(self.person, self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A new person.

    Attributes:
        is_invited: Whether a mail with a link to set a password is on its way.
    """

    person_id: UUID
    is_invited: bool


def people_overview(deps: Deps, actor: Actor) -> PeopleOverview:
    """Return everybody who works here, people who left included.

    Raises:
        NotAllowedError: Unless the actor administers.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        roster = work.roster
        return PeopleOverview(
            institution=roster.institution,
            holidays=frozenset(roster.holidays),
            people=tuple(
                sorted(roster.people.values(), key=lambda it: it.name.casefold())
            ),
            queues={queue.id: queue.name for queue in roster.queues.values()},
            languages=dict(roster.languages),
            grantable=ranks.grantable_roles(actor),
            invited=work.people.without_password(),
        )


def person_file(deps: Deps, actor: Actor, person_id: UUID) -> PersonFile:
    """Return one person in full.

    Raises:
        NotAllowedError: Unless the actor administers.
        NotFoundError: If there is no such person.
    """
    require_administrator(actor)
    with deps.unit_of_work() as work:
        return _file(deps, work, actor, person_id)


def create_person(
    deps: Deps, actor: Actor, draft: PersonDraft, *, key: str = ""
) -> NewPerson:
    """Take a person on, and mail them a link to set their own password.

    Without a mail server nobody can sign in as them until a link is shown; see
    ``inviting.show_password_link``.

    Args:
        deps: The product's parts.
        actor: Who asks.
        draft: Who it is.
        key: Of the press; a repeated one gets the person it made.

    Raises:
        NotAllowedError: Unless the actor administers, at a browser.
        InvalidInputError: With a sentence for each field that cannot be used.
        PasswordNeededError: Unless the actor gave the password for it.
        IdempotencyMismatchError: If the key was used with other data.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        submit = submits.begin_submission(work, actor, key, "person", draft)
        if submit.made:
            can_mail = not mail_obstacle(deps.config, work.settings)
            return NewPerson(person_id=UUID(submit.made), is_invited=can_mail)
        person, absences = check_person_draft(work.roster, draft, _nobody(work.roster))
        ranks.require_grantable_roles(actor, _nobody(work.roster), person.roles)
        require_given_password(actor)
        work.staffing.add(person, absences)
        edit.record(
            person.id, {}, person_facts(work.roster, person, absences), "created"
        )
        outside_agents.follow_agents(work, deps.now())
        submits.keep_submission(deps, work, submit, str(person.id))
        is_invited = inviting.invite_person(deps, work, actor, person)
    deps.wake()
    return NewPerson(person_id=person.id, is_invited=is_invited)


def save_person(
    deps: Deps,
    actor: Actor,
    person_id: UUID,
    draft: PersonDraft,
    *,
    version: int,
    fates: Mapping[UUID, Disposition] = NOTHING_DECIDED,
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
        PasswordNeededError: If it lets the person in or lets them do more, and the
            actor did not give the password for it.
        UndecidedError: If live appointments are concerned for which nothing was
            decided; it lists all of them.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        held = _file(deps, work, actor, person_id)
        is_seen = held.person.version == version
        edit.check_seen(person_id, held.person.name, is_seen=is_seen)
        ranks.require_may_change(actor, held.person)
        person, absences = check_person_draft(work.roster, draft, held.person)
        _check_powers(work, actor, held.person, person)
        was = person_facts(work.roster, held.person, held.absences)
        now = person_facts(work.roster, person, absences)
        if person == held.person and absences == held.absences:
            return held
        is_seen = work.staffing.save(person, absences)
        edit.check_seen(person_id, held.person.name, is_seen=is_seen)
        if not person.active:
            work.sessions.end_all_of(person_id)
        _end_links(deps, work, actor, held.person, person)
        if not person.active or held.person.roles - person.roles:
            work.tokens.remove_all_of(person_id)
        edit.record(person_id, was, now, _action(held.person, person))
        outside_agents.follow_agents(work, deps.now())
        edit.settle(fates)
        if ranks.is_more_access(held.person, person):
            require_given_password(actor)
        saved = _file(deps, work, actor, person_id)
    deps.wake()
    return saved


def set_person_active(
    deps: Deps,
    actor: Actor,
    person_id: UUID,
    *,
    active: bool,
    version: int,
    fates: Mapping[UUID, Disposition] = NOTHING_DECIDED,
) -> PersonFile:
    """Keep a person out, or let them in again. See ``save_person`` for errors."""
    draft = replace(person_file(deps, actor, person_id).draft, active=active)
    return save_person(deps, actor, person_id, draft, version=version, fates=fates)


def _file(deps: Deps, work: UnitOfWork, actor: Actor, person_id: UUID) -> PersonFile:
    person = work.roster.people.get(person_id)
    if person is None:
        raise NotFoundError("This person does not work here.")
    return PersonFile(
        person=person,
        absences=work.staffing.absences(person_id),
        editable=ranks.may_change_person(actor, person),
        own=person_id == actor.id,
        access=inviting.sign_in_access(deps, work, person_id),
    )


def _end_links(
    deps: Deps, work: UnitOfWork, actor: Actor, before: Person, after: Person
) -> None:
    """End links that went to an address that is not the person's any more."""
    if after.active and after.email == before.email:
        return
    work.account_links.end_all_of(after.id, deps.now())
    if after.email != before.email:
        mails.mail_new_address_notice(deps, work, before, after, actor.name)


def _check_powers(
    work: UnitOfWork, actor: Actor, before: Person, after: Person
) -> None:
    ranks.require_grantable_roles(actor, before, after.roles)
    if before.active and not after.active and before.id == actor.id:
        sentence = "You cannot disable your own account. Ask another administrator."
        raise InvalidInputError({"active": sentence})
    if not after.active or Role.SUPER_ADMIN not in after.roles:
        ranks.require_a_super_admin(work.roster, before.id)


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
