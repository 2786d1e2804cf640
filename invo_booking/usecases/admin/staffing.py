"""Let administrators create and change people and their working hours."""

from collections.abc import Collection, Iterable, Mapping
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
from invo_booking.texts import say
from invo_booking.usecases.accounts import mails
from invo_booking.usecases.accounts.reauthentication import require_own_password
from invo_booking.usecases.admin import inviting, ranks
from invo_booking.usecases.admin.editing import edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.inviting import Access
from invo_booking.usecases.admin.opening_drafts import DrawnWeek, drawn_week
from invo_booking.usecases.admin.staff_drafts import (
    PersonDraft,
    check_person_draft,
    person_draft,
    person_facts,
)
from invo_booking.usecases.calendars import outside_agents
from invo_booking.usecases.calendars.outside_agents import CalendarStanding
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.mailing import mail_obstacle
from invo_booking.usecases.shared.rights import administer

KIND = "person"
NOTHING_DECIDED: Mapping[UUID, Disposition] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOverview:
    """All people, sorted by name, and the choices for the form.

    Attributes:
        grantable: Roles that the actor may give, weakest first.
        branches: Names of the open branches by id.
        holidays: Closed dates.
        invited: Ids of people who have not set a password yet and cannot sign in.
        calendars: States of the agents' calendars at the primary provider, by the
            agent's id; empty if no calendars are read.
    """

    institution: Institution
    holidays: frozenset[date]
    people: tuple[Person, ...]
    queues: dict[UUID, str]
    languages: dict[str, str]
    branches: dict[UUID, str]
    grantable: tuple[Role, ...]
    invited: frozenset[UUID]
    calendars: Mapping[UUID, CalendarStanding]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """A filter for people; empty fields do not filter.

    Attributes:
        name: Part of the name or the e-mail address; case is ignored.
    """

    name: str = ""
    role: Role | None = None
    queue_id: UUID | None = None
    language: str = ""
    active: bool | None = None

    def among(self, people: Iterable[Person]) -> list[Person]:
        """Return the people who match the filter, in the same order."""
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
    """One person with all data that administrators see.

    Attributes:
        editable: Whether the actor may change the person.
        own: Whether the person is the actor.
        access: Whether the person has a password, and the state of the link to set one.
    """

    person: Person
    absences: tuple[Absence, ...]
    editable: bool
    own: bool
    access: Access

    @property
    def draft(self) -> PersonDraft:
        """The person's values as a draft."""
        return person_draft(self.person, self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """The result of creating a person.

    Attributes:
        is_invited: Whether a link to set a password was mailed.
    """

    person_id: UUID
    is_invited: bool


def people_overview(deps: Deps, actor: Actor) -> PeopleOverview:
    """Return all people, including disabled ones, and the choices for the form.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        roster = work.roster
        return PeopleOverview(
            institution=roster.institution,
            holidays=frozenset(roster.holidays),
            people=tuple(
                sorted(roster.people.values(), key=lambda it: it.name.casefold())
            ),
            queues={queue.id: queue.name for queue in roster.queues.values()},
            languages=dict(roster.languages),
            branches={it.id: it.name for it in roster.open_branches},
            grantable=ranks.grantable_roles(actor),
            invited=work.people.without_password(),
            calendars=outside_agents.calendar_standings(work),
        )


def person_file(deps: Deps, actor: Actor, person_id: UUID) -> PersonFile:
    """Return one person with all data that administrators see.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such person.
    """
    with administer(deps, actor) as work:
        return _file(deps, work, actor, person_id)


def create_person(
    deps: Deps,
    actor: Actor,
    draft: PersonDraft,
    *,
    key: str = "",
    works_when_open: bool = False,
) -> NewPerson:
    """Create a person, and mail the person a link to set a password.

    If mail cannot be sent, the person cannot sign in until an administrator hands over
    a link from ``inviting.create_password_link``.

    Args:
        draft: The person's values.
        key: Idempotency key; a call with the same key returns the person that the first
            call created.
        works_when_open: Whether to replace the draft's week by ``open_week``.

    Raises:
        NotAllowedError: If the actor is no administrator in a browser session.
        InvalidInputError: With an error message for each field that has a problem.
        PasswordNeededError: If the actor has not entered the password for this action.
        IdempotencyMismatchError: If the key was used with different data.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        submit = submits.begin_submission(work, actor, key, "person", draft)
        if submit.made:
            can_mail = not mail_obstacle(deps.config, work.settings)
            return NewPerson(person_id=UUID(submit.made), is_invited=can_mail)
        if works_when_open:
            draft = replace(draft, week=_open_week(work.roster, draft.branches))
        person, absences = check_person_draft(work, draft, _nobody(work.roster))
        ranks.require_grantable_roles(actor, _nobody(work.roster), person.roles)
        require_own_password(actor)
        work.staffing.add(person, absences)
        edit.record(
            person.id, {}, person_facts(work.roster, person, absences), "created"
        )
        outside_agents.follow_agents(work, deps.now())
        submits.keep_submission(deps, work, submit, str(person.id))
        is_invited = inviting.invite_person(deps, work, actor, person)
    deps.wake()
    return NewPerson(person_id=person.id, is_invited=is_invited)


def open_week(deps: Deps, actor: Actor, branches: Collection[UUID]) -> DrawnWeek:
    """Return the opening hours as the working week of a new person at these branches.

    If there is only one such branch and it has opening hours of its own, they are the
    week. Otherwise, the institution's opening hours are the week.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        return _open_week(work.roster, branches)


def _open_week(roster: Roster, branches: Collection[UUID]) -> DrawnWeek:
    """Return the opening hours of a single branch, else those of the institution."""
    places = [it for it in roster.open_branches if not branches or it.id in branches]
    only = places[0].opening_hours if len(places) == 1 else ()
    return drawn_week(only or roster.institution.opening_hours)


def save_person(
    deps: Deps,
    actor: Actor,
    person_id: UUID,
    draft: PersonDraft,
    *,
    version: int,
    dispositions: Mapping[UUID, Disposition] = NOTHING_DECIDED,
) -> PersonFile:
    """Change a person, and apply the decisions about their appointments.

    Uses one transaction. If the person is disabled, their sessions and tokens end. If
    the person loses a role, their tokens end.

    Args:
        version: The version the actor saw.
        dispositions: Decisions about affected appointments, by the appointment's id.

    Raises:
        NotAllowedError: If the actor is not allowed to change this person.
        NotFoundError: If there is no such person.
        ConflictError: If somebody else changed the person in the meantime.
        InvalidInputError: With an error message for each field that has a problem.
        PasswordNeededError: If the change gives access or more rights, and the actor
            has not entered the password.
        UndecidedError: If there is no decision about some affected appointments; the
            error lists all affected appointments.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        stored = _file(deps, work, actor, person_id)
        is_seen = stored.person.version == version
        edit.check_seen(person_id, stored.person.name, is_seen=is_seen)
        ranks.require_may_change(actor, stored.person)
        person, absences = check_person_draft(work, draft, stored.person)
        _check_powers(work, actor, stored.person, person)
        was = person_facts(work.roster, stored.person, stored.absences)
        now = person_facts(work.roster, person, absences)
        if person == stored.person and absences == stored.absences:
            return stored
        is_seen = work.staffing.save(person, absences)
        edit.check_seen(person_id, stored.person.name, is_seen=is_seen)
        if not person.active:
            work.sessions.end_all_of(person_id)
        _end_links(deps, work, actor, stored.person, person)
        if not person.active or stored.person.roles - person.roles:
            work.tokens.remove_all_of(person_id)
        edit.record(person_id, was, now, _action(stored.person, person))
        outside_agents.follow_agents(work, deps.now())
        edit.settle(dispositions)
        if stored.person.calendar_address != person.calendar_address:
            outside_agents.invite_again(work, person_id, deps.now())
        if ranks.is_more_access(stored.person, person):
            require_own_password(actor)
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
    dispositions: Mapping[UUID, Disposition] = NOTHING_DECIDED,
) -> PersonFile:
    """Disable or enable a person. See ``save_person`` for errors."""
    draft = replace(person_file(deps, actor, person_id).draft, active=active)
    return save_person(
        deps, actor, person_id, draft, version=version, dispositions=dispositions
    )


def _file(deps: Deps, work: UnitOfWork, actor: Actor, person_id: UUID) -> PersonFile:
    person = work.roster.people.get(person_id)
    if person is None:
        raise NotFoundError(say("admin.inviting.person_left"))
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
    """Invalidate password links of a person who was disabled or has a new address."""
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
        sentence = say("admin.staffing.own_account")
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
