"""Check the values of a person that an administrator typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain import contact, week
from invo_booking.domain.absence import Absence
from invo_booking.domain.access.roles import Role
from invo_booking.domain.hours import AgentHours, PlacedPeriods
from invo_booking.domain.institution import Person, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.week import DrawnPeriod, drawn_period
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.admin.room_drafts import room_of_draft
from invo_booking.usecases.shared.fields import Problems

NOTE_LIMIT = 120
MOST_PERIODS, MOST_DAYS = 84, 400
LONGEST_ABSENCE = timedelta(days=3 * 366)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """All values of a person as an administrator typed them.

    Attributes:
        mailbox: E-mail address of the person's calendar; empty if the sign-in address
            is used.
        queues: Ids of the queues that the person serves.
        languages: Codes of the languages that the person speaks.
        branches: Ids of the branches at which the person works; empty for all branches.
        week: Working periods in the person's time zone; a period may be limited to one
            branch.
        exceptions: Hours by date that replace the weekly hours; empty for a day off.
        room: Template for the address of the person's video room; empty to use the
            Answer's template.
    """

    name: str
    email: str
    time_zone: str
    mailbox: str = ""
    active: bool = True
    roles: frozenset[Role] = frozenset()
    queues: frozenset[UUID] = frozenset()
    languages: frozenset[str] = frozenset()
    branches: frozenset[UUID] = frozenset()
    week: tuple[DrawnPeriod, ...] = ()
    exceptions: tuple[tuple[date, PlacedPeriods], ...] = ()
    absences: tuple[Absence, ...] = ()
    room: str = ""


def person_draft(person: Person, absences: Iterable[Absence]) -> PersonDraft:
    """Return a stored person as a draft."""
    hours = person.hours
    return PersonDraft(
        name=person.name,
        email=person.email,
        mailbox=person.mailbox,
        time_zone=hours.zone.key,
        active=person.active,
        roles=person.roles,
        queues=person.queues,
        languages=person.languages,
        branches=person.branches,
        week=tuple(
            drawn_period(weekday, period)
            for weekday, periods in sorted(hours.weekly.items())
            for period in periods
        ),
        exceptions=tuple(sorted(hours.exceptions.items())),
        absences=tuple(absences),
        room=person.room,
    )


def check_person_draft(
    work: UnitOfWork, draft: PersonDraft, before: Person
) -> tuple[Person, tuple[Absence, ...]]:
    """Check a draft; return the person it describes, and the person's absences.

    Args:
        draft: The values as typed.
        before: The stored person, whose id and version are kept.

    Raises:
        InvalidInputError: With an error message for each field that has a problem.
    """
    problems, roster = Problems(), work.roster
    absences = tuple(sorted(_absence(problems, away) for away in draft.absences))
    person = Person(
        id=before.id,
        name=_name(problems, draft.name),
        email=_email(problems, roster, draft.email, before),
        mailbox=_mailbox(problems, roster, draft, before),
        active=draft.active,
        roles=draft.roles,
        queues=draft.queues,
        languages=draft.languages,
        branches=draft.branches,
        hours=_hours(problems, draft, absences),
        room=room_of_draft(problems, work.settings, draft.room, is_shared=False),
        version=before.version,
    )
    if not draft.roles:
        problems.add("roles", say("admin.staff_drafts.role_needed"))
    if draft.queues - set(roster.queues) - before.queues:
        problems.add("queues", say("admin.staff_drafts.unknown_queue"))
    if draft.languages - set(roster.languages) - before.languages:
        problems.add("languages", say("admin.staff_drafts.unknown_language"))
    is_open = {branch.id for branch in roster.open_branches}
    if draft.branches - is_open - before.branches:
        problems.add("branches", say("admin.staff_drafts.unknown_branch"))
    if not person.hours.places <= (draft.branches or is_open | before.hours.places):
        problems.add("hours", say("admin.staff_drafts.not_at_branch"))
    problems.refuse()
    return person, absences


def person_facts(
    roster: Roster, person: Person, absences: Iterable[Absence]
) -> dict[str, Any]:
    """Return a person's fields for the audit log, without reasons for absences."""
    places = {branch.id: branch.name for branch in roster.branches.values()}
    hours = person.hours
    return {
        "name": person.name,
        "email": person.email,
        "mailbox": person.mailbox,
        "active": person.active,
        "time_zone": hours.zone.key,
        "roles": sorted(person.roles),
        "queues": sorted(roster.queue_name(one) or str(one) for one in person.queues),
        "languages": sorted(person.languages),
        "branches": sorted(roster.branches[one].name for one in person.branches),
        "hours": {
            week.weekday_name(day): week.periods_in_words(hours.weekly[day], places)
            for day in sorted(hours.weekly)
        },
        "exceptions": {
            day.isoformat(): week.periods_in_words(hours.exceptions[day], places)
            for day in sorted(hours.exceptions)
        },
        "room": person.room,
        "time_off": [
            f"{away.starts_at.isoformat()}/{away.ends_at.isoformat()}"
            for away in absences
        ],
    }


def _name(problems: Problems, typed: str) -> str:
    name = problems.read("name", lambda: contact.clean_name(typed), "?")
    if not name:
        problems.add("name", say("admin.people.name_needed"))
    return name


def _email(problems: Problems, roster: Roster, typed: str, before: Person) -> str:
    address = problems.read("email", lambda: contact.clean_email(typed), "")
    others = (one for one in roster.people.values() if one.id != before.id)
    addresses = {contact.email_to_look_up(one.email) for one in others}
    if address in addresses:
        problems.add("email", say("admin.people.address_in_use"))
    return address


def _mailbox(
    problems: Problems, roster: Roster, draft: PersonDraft, before: Person
) -> str:
    """Return the mailbox of a draft; empty if it is the sign-in address."""
    address = problems.read(
        "mailbox", lambda: contact.clean_optional_email(draft.mailbox), ""
    )
    sign_in = contact.email_to_look_up(draft.email)
    others = [one for one in roster.people.values() if one.id != before.id]
    own = {one.email for one in others if not one.mailbox} if address else set[str]()
    mailbox = address or sign_in
    if mailbox and mailbox in own | {one.mailbox for one in others}:
        problems.add("mailbox", say("admin.staff_drafts.mailbox_in_use"))
    return "" if address == sign_in else address


def _hours(
    problems: Problems, draft: PersonDraft, absences: Iterable[Absence]
) -> AgentHours:
    zone = problems.read(
        "time_zone", lambda: ZoneInfo(contact.clean_time_zone(draft.time_zone)), _UTC
    )
    if len(draft.week) > MOST_PERIODS:
        problems.add(
            "hours",
            say("admin.opening_drafts.too_many_periods", most_periods=MOST_PERIODS),
        )
    if len(draft.exceptions) > MOST_DAYS or len(draft.absences) > MOST_DAYS:
        problems.add(
            "exceptions",
            say("admin.staff_drafts.too_many_dates", most_days=MOST_DAYS),
        )
    weekly = problems.read("hours", lambda: week.normalize_week(draft.week), {})
    exceptions = {
        day: problems.read("exceptions", lambda it=(day, periods): _one_day(*it), ())
        for day, periods in draft.exceptions
    }
    spans = tuple(Interval(away.starts_at, away.ends_at) for away in absences)
    return AgentHours(zone, weekly, exceptions, spans)


def _one_day(day: date, periods: PlacedPeriods) -> PlacedPeriods:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("Choose a date in this century.")
    return week.normalize_day(periods, day.isoformat())


def _absence(problems: Problems, away: Absence) -> Absence:
    note = problems.line("time_off", away.note, NOTE_LIMIT)
    if not FIRST_DAY <= away.starts_at.date() <= LAST_DAY:
        problems.add("time_off", say("admin.staff_drafts.date_out_of_range"))
    elif not timedelta() < away.ends_at - away.starts_at <= LONGEST_ABSENCE:
        problems.add("time_off", say("admin.staff_drafts.time_off_order"))
    else:
        return Absence(away.starts_at, away.ends_at, note)
    return _SOME_ABSENCE


_UTC = ZoneInfo("UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SOME_ABSENCE = Absence(_EPOCH, _EPOCH + timedelta(days=1))
"""Placeholder for an invalid absence, so that the other fields are checked too."""
