"""Convert people for the page, and read the form of a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.absence import Absence
from invo_booking.domain.access.roles import Role
from invo_booking.domain.contact import time_zones
from invo_booking.domain.hours import duty_intervals
from invo_booking.domain.institution import Person
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.usecases.admin.opening_drafts import DrawnWeek
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.admin.staffing import (
    PeopleFilter,
    PeopleOverview,
    PersonFile,
)
from invo_booking.usecases.calendars.outside_agents import CalendarStanding, Reading
from invo_booking.usecases.slots.availability import plain_midnight
from invo_booking.web.admin.form_fields import stored_form, typed_values
from invo_booking.web.admin.form_view import CheckView, ItemForm, check_views
from invo_booking.web.admin.people.fields import FIELDS, LANGUAGE, QUEUE, ROLE
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import form_entry_id, form_entry_ids, ticked_form_values
from invo_booking.web.kit.text import times, zones
from invo_booking.web.kit.text.names import (
    OptionView,
    initials,
    name_options,
    room_example_text,
)
from invo_booking.web.kit.text.words import ViewerContext

ROLES = {
    Role.AGENT: "roles.agent",
    Role.BOOKING_MANAGER: "roles.booking_manager",
    Role.MANAGER: "roles.manager",
    Role.ADMINISTRATOR: "roles.administrator",
    Role.SUPER_ADMIN: "roles.super_admin",
}
READINGS = {
    Reading.KNOWN: say("people.calendar.known"),
    Reading.WAITING: say("people.calendar.waiting"),
    Reading.UNKNOWN: say("people.calendar.unknown"),
}
BRANCH = "branch-"
BRANCHES = "branches"
"""Name of the form field for branches; with only one branch, there is no field."""

ACTIVE, DISABLED, ANY = "active", "disabled", "any"
FILTERS = ("name", "role", "queue", "language", "account")
LONGEST = 120
"""Maximum number of characters of a filter; no name is longer."""


@dataclass
class PersonRowView:
    """One row of the list of people."""

    id: str = ""
    name: str = ""
    initials: str = ""
    roles: str = ""
    queues: str = ""
    languages: str = ""
    today: str = ""
    kind: str = ""
    icon: str = ""
    calendar: str = ""
    href: str = ""


@dataclass
class OffersView:
    """The options of the filters."""

    roles: list[OptionView] = field(default_factory=list[OptionView])
    queues: list[OptionView] = field(default_factory=list[OptionView])
    languages: list[OptionView] = field(default_factory=list[OptionView])


@dataclass
class PersonForm(ItemForm):
    """Initial values of the form of a person.

    Attributes:
        branches: Branches to tick; empty if there is only one branch.
        clock: The person's time zone, in words.
        access: Whether the person can sign in yet, in words.
        can_mail: Whether a link to set a password is mailed; otherwise the link is
            shown.
        bars: Why the administrator is not allowed to change this person; may be empty.
    """

    clock: str = ""
    is_active: bool = True
    is_own: bool = False
    access: str = ""
    can_mail: bool = True
    bars: str = ""
    room_example: str = ""
    branches: list[CheckView] = field(default_factory=list[CheckView])


def people_filters_of_address(query: Mapping[str, str]) -> dict[str, str]:
    """Return the filters in a URL; by default, only active accounts are shown."""
    filters = {name: query.get(name, "")[:LONGEST] for name in FILTERS}
    return filters | {"account": filters["account"] or ACTIVE}


def is_person_form_address(query: Mapping[str, str]) -> bool:
    """Whether a URL leads to a form instead of the list."""
    return "new" in query or "edit" in query


def people_list_address(filters: Mapping[str, str]) -> str:
    """Return the URL of the list with these filters."""
    plain = {"", ACTIVE}
    parameters = {name: value for name, value in filters.items() if value not in plain}
    return (
        f"{routes.PEOPLE}?{urlencode(parameters, errors='replace')}"
        if parameters
        else routes.PEOPLE
    )


def people_filter_of(
    name: str, role: str, queue: str, language: str, account: str
) -> PeopleFilter:
    """Return the filter for the use case; unknown values are ignored."""
    roles = {one.value: one for one in Role}
    active = {ACTIVE: True, DISABLED: False}.get(account)
    return PeopleFilter(
        name=name,
        role=roles.get(role),
        queue_id=form_entry_id(queue),
        language=language,
        active=active,
    )


def person_rows(
    overview: PeopleOverview, people_filter: PeopleFilter, viewer: ViewerContext
) -> list[PersonRowView]:
    """Return the rows of the people who match the filter."""
    return [
        _person_row(overview, person, viewer)
        for person in people_filter.among(overview.people)
    ]


def people_filter_options(overview: PeopleOverview) -> OffersView:
    """Return the options of the filters."""
    return OffersView(
        roles=[OptionView(role.value, say(key)) for role, key in ROLES.items()],
        queues=name_options(overview.queues),
        languages=name_options(overview.languages),
    )


def people_summary(shown: int, overview: PeopleOverview) -> str:
    """Return how many people are shown, in words."""
    return say("people.shown", shown=shown, count=len(overview.people))


def person_form_of(
    overview: PeopleOverview, file: PersonFile, viewer: ViewerContext
) -> PersonForm:
    """Return the form of a person."""
    person = file.person
    return stored_form(
        PersonForm,
        FIELDS,
        person,
        person.name,
        f"{viewer.now.timestamp()}",
        clock=say("kit.zones.place", city=times.zone_city(person.hours.zone.key)),
        is_active=person.active,
        is_own=file.own,
        access=_access_text(file, viewer),
        can_mail=file.access.can_mail,
        bars="" if file.editable else say("people.barred"),
        room_example=room_example_text("people.form.room_example", person.room),
        checks=_checks(overview, person),
        branches=_branch_checks(overview, person.branches),
    )


def person_created_notice(name: str, *, is_invited: bool) -> str:
    """Return the message after a person was added."""
    if is_invited:
        return say("people.done.invited", name=name)
    return say("people.done.added", name=name)


def blank_person_form(overview: PeopleOverview, viewer: ViewerContext) -> PersonForm:
    """Return the form for a new person."""
    zone = overview.institution.zone.key
    return PersonForm(
        key=f"new {viewer.now.timestamp()}",
        heading=say("people.new"),
        texts={"time_zone": zones.zone_label_of(zone)},
        clock=say("kit.zones.place", city=times.zone_city(zone)),
        checks=_checks(overview, blank_hours_draft(overview, ())),
        branches=_branch_checks(overview, ()),
    )


def blank_hours_draft(overview: PeopleOverview, week: DrawnWeek) -> PersonDraft:
    """Return a new person with an initial usual week."""
    zone = overview.institution.zone.key
    agent = frozenset({Role.AGENT})
    return PersonDraft(name="", email="", time_zone=zone, roles=agent, week=week)


def person_draft_of_form(form: Mapping[str, Any], before: PersonDraft) -> PersonDraft:
    """Return the person that a submitted form describes.

    Args:
        form: Fields as submitted.
        before: Supplies what the form does not have: hours, exceptions, time off,
            whether the account is active, and branches if they are not in the form.
    """
    typed = typed_values(FIELDS, form)
    ticked = form_entry_ids(ticked_form_values(form, BRANCH))
    return replace(
        before,
        **typed,
        branches=ticked if BRANCHES in form else before.branches,
        absences=_absences_in_zone(before, typed["time_zone"]),
    )


def _checks(
    overview: PeopleOverview, person: Person | PersonDraft
) -> dict[str, list[CheckView]]:
    roles = _grantable_names(overview, person.roles)
    return {
        "roles": check_views(ROLE, roles, person.roles),
        "queues": check_views(QUEUE, overview.queues, person.queues),
        "languages": check_views(LANGUAGE, overview.languages, person.languages),
    }


def _branch_checks(overview: PeopleOverview, chosen: Iterable[UUID]) -> list[CheckView]:
    is_single = len(overview.branches) == 1
    return check_views(BRANCH, {} if is_single else overview.branches, chosen)


def _absences_in_zone(before: PersonDraft, zone: str) -> tuple[Absence, ...]:
    """Return the time off; if the zone changes, whole days stay on the same dates."""
    if zone == before.time_zone or zone not in time_zones():
        return before.absences
    zones = ZoneInfo(before.time_zone), ZoneInfo(zone)
    return tuple(away.on_same_days(*zones) for away in before.absences)


def _access_text(file: PersonFile, viewer: ViewerContext) -> str:
    access = file.access
    if access.has_password:
        return say("people.access.password")
    if access.invited_at is None or access.expires_at is None:
        return say("people.access.none")
    invited = times.short_day_text(viewer.day(access.invited_at), viewer.locale)
    if access.expires_at <= viewer.now:
        return say("people.access.over", date=invited)
    if access.mail_problem:
        return say("people.access.undelivered", why=access.mail_problem)
    until = times.short_day_text(viewer.day(access.expires_at), viewer.locale)
    until = f"{until}, {viewer.clock(access.expires_at)}"
    return say("people.access.invited", date=invited, until=until)


def _person_row(
    overview: PeopleOverview, person: Person, viewer: ViewerContext
) -> PersonRowView:
    kind, icon, today = _today_mark(person, viewer, overview)
    return PersonRowView(
        id=str(person.id),
        name=person.name,
        initials=initials(person.name),
        roles=", ".join(say(ROLES[it]) for it in ROLES if it in person.roles),
        queues=_names_text(overview.queues, person.queues),
        languages=_names_text(overview.languages, person.languages),
        today=today,
        kind=kind,
        icon=icon,
        calendar=_calendar_text(overview.calendars.get(person.id), viewer),
        href=f"{routes.PEOPLE}?edit={person.id}",
    )


def _calendar_text(standing: CalendarStanding | None, viewer: ViewerContext) -> str:
    """Return in words whether a person's calendar is read; empty if none is used."""
    if standing is None:
        return ""
    if standing.since is not None:
        return say("people.calendar.failed", time=viewer.moment(standing.since))
    return READINGS[standing.reading]


def _today_mark(
    person: Person, viewer: ViewerContext, overview: PeopleOverview
) -> tuple[str, str, str]:
    """Return class, icon and text for a person's working hours today."""
    if not person.active:
        return "done", "lock", say("people.filter.disabled")
    if person.id in overview.invited:
        return "requested", "clock", say("people.today.invited")
    zone = person.hours.zone
    day = viewer.now.astimezone(zone).date()
    span = Interval(
        plain_midnight(day, zone), plain_midnight(day + timedelta(days=1), zone)
    )
    spans = duty_intervals(person.hours, span, overview.holidays, viewer.zone)
    if not spans:
        return "done", "stop", say("people.today.off")
    local = [it.astimezone(zone) for it in (spans[0].start, spans[-1].end)]
    return (
        "ok",
        "check",
        say("hours.span", start=f"{local[0]:%H:%M}", end=f"{local[1]:%H:%M}"),
    )


def _names_text(names: Mapping[Any, str], chosen: Iterable[Any]) -> str:
    keys = set(chosen)
    return ", ".join(name for key, name in names.items() if key in keys) or say(
        "people.no_queues"
    )


def _grantable_names(
    overview: PeopleOverview, roles: Iterable[Role]
) -> dict[Role, str]:
    offered = {*overview.grantable, *roles}
    return {role: say(key) for role, key in ROLES.items() if role in offered}
