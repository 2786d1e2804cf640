"""Create the institution and let administrators change its details."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.branches import Branch
from invo_booking.domain.errors import ConflictError, InvalidInputError
from invo_booking.domain.hours import AgentHours
from invo_booking.domain.institution import Institution, Person, Roster, Translations
from invo_booking.persistence.catalogue import institution_columns
from invo_booking.persistence.founding import store_first_roster
from invo_booking.texts import say
from invo_booking.usecases.accounts import passwords
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.editing import edit_catalogue
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.opening_drafts import (
    DrawnWeek,
    opening_facts,
    opening_of_draft,
)
from invo_booking.usecases.shared import audit
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.translations import clean_translations

NAME_LIMIT, TAGLINE_LIMIT, PHONE_LIMIT = 120, 200, 32
KIND = "institution"
WHAT = (KIND, "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionDraft:
    """The institution's details as typed.

    Attributes:
        phone: Phone number; may be empty.
        time_zone: IANA name.
        country: ISO 3166 code of two letters.
        opening_hours: Hours within which appointments are offered, in the time zone of
            the appointment; empty for no restriction.
        translations: The tagline in other languages.
    """

    name: str
    tagline: str = ""
    phone: str = ""
    time_zone: str
    country: str
    opening_hours: DrawnWeek = ()
    translations: Translations = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedInstitution:
    """The institution as administrators see it.

    Attributes:
        version: A text that is different after every change, so that changes by other
            people are detected.
    """

    institution: Institution
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdmin:
    """The first super admin of a new institution.

    Attributes:
        password: An initial password, which must be replaced at the first sign-in;
            empty if the person gets a link to set a password instead.
    """

    name: str
    email: str
    password: str = ""


def managed_institution(deps: Deps, actor: Actor) -> ManagedInstitution:
    """Return the institution's details.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        return _managed_institution(work.roster.institution)


def change_institution(
    deps: Deps,
    actor: Actor,
    draft: InstitutionDraft,
    *,
    version: str,
    dispositions: Mapping[UUID, Disposition] | None = None,
) -> ManagedInstitution:
    """Change the institution's details.

    Appointments keep their times in UTC. From the next request on, days, weekends and
    midnight are those of the new time zone. If the phone number changes, customers get
    a new mail if an earlier mail asked them to call the previous number.

    Args:
        version: The version the actor saw.
        dispositions: Decisions about live appointments that can no longer take place,
            because of the new time zone or opening hours, or whose customers get a new
            mail.

    Raises:
        NotAllowedError: If the actor is no administrator.
        ConflictError: If another person changed the details in the meantime.
        InvalidInputError: With an error message for each field that has a problem.
        AffectedAppointmentsError: If no decision is given for one of the appointments
            described under ``dispositions``.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        before = work.roster.institution
        is_seen = institution_mark(before) == version
        edit.check_seen(WHAT[1], say("admin.institution.details"), is_seen=is_seen)
        after = _check_institution_draft(draft, before)
        was, now = _facts(before), _facts(after)
        if was != now:
            work.catalogue.save_institution(after)
            edit.record(WHAT[1], was, now, "changed")
        if after.zone.key != before.zone.key:
            work.agent_days.rebuild()
        if was != now:
            edit.settle(dispositions)
        return _managed_institution(after)


def require_no_institution(deps: Deps) -> None:
    """Refuse to create a second institution.

    Raises:
        ConflictError: If an institution exists already.
    """
    with deps.unit_of_work() as work:
        if work.is_set_up:
            raise ConflictError(say("admin.institution.exists"))


def field_problem(field: str, text: str) -> str:
    """Return the problem of a typed value for a new institution; empty if valid.

    Args:
        field: ``name``, ``time_zone`` or ``country`` of the institution, or
            ``admin_name`` or ``email`` of its first super admin.
        text: The value as typed.
    """
    typed = {"time_zone": "UTC", "country": "US", field: text}
    draft = InstitutionDraft(
        name=typed.get("name", "A"),
        time_zone=typed["time_zone"],
        country=typed["country"].upper(),
    )
    admin = FirstAdmin(
        name=typed.get("admin_name", "A"), email=typed.get("email", "a@bank.example")
    )
    try:
        _first_person(admin, _check_institution_draft(draft, _BLANK))
    except InvalidInputError as error:
        return error.fields.get(field, "")
    return ""


def create_institution(
    deps: Deps,
    draft: InstitutionDraft,
    admin: FirstAdmin,
    *,
    languages: tuple[str, ...],
) -> None:
    """Create the institution and its first super admin in an empty database.

    Uses one transaction, so a failure leaves the database empty.

    Args:
        draft: The institution.
        admin: The first super admin, who adds further people in the web interface.
        languages: ISO 639-1 codes of the languages in which appointments are held.

    Raises:
        ConflictError: If an institution exists already.
        InvalidInputError: With an error message for each field that has a problem.
    """
    institution = _check_institution_draft(draft, _BLANK)
    person, secret = _first_person(admin, institution)
    branch = _first_branch(institution)
    with deps.unit_of_work() as work:
        work.lock_roster()
        if work.is_set_up:
            raise ConflictError(say("admin.institution.exists"))
        roster = Roster(
            institution=institution,
            holidays={},
            queues={},
            languages=_languages(languages),
            answers={},
            people={person.id: person},
            branches={branch.id: branch},
        )
        store_first_roster(work.session, roster, {})
        work.people.set_password(person.id, secret, must_change=bool(secret))
        detail = audit.audit_difference({}, _facts(institution))
        audit.record_change(work, audit.OPERATOR, deps.now(), "created", WHAT, detail)


def institution_mark(institution: Institution) -> str:
    """Return a text that differs after every change of the institution's details."""
    facts = json.dumps(institution_columns(institution), sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def _facts(institution: Institution) -> audit.Facts:
    """Return the institution's fields for the audit log."""
    opening = {"opening_hours": opening_facts(institution.opening_hours)}
    return institution_columns(institution) | opening


_BLANK = Institution(
    name="", tagline="", phone="", zone=ZoneInfo("UTC"), country="", revision=1
)
_PHONE = re.compile(r"\+?[\d(][\d ()./-]{1,30}\d")


def _managed_institution(institution: Institution) -> ManagedInstitution:
    return ManagedInstitution(
        institution=institution, version=institution_mark(institution)
    )


def _check_institution_draft(
    draft: InstitutionDraft, before: Institution
) -> Institution:
    problems = Problems()
    zone = problems.read(
        "time_zone", lambda: contact.clean_time_zone(draft.time_zone), "UTC"
    )
    if draft.country not in code_lists.countries():
        problems.add("country", say("admin.institution.country_unknown"))
    phone = problems.line("phone", contact.plain_text(draft.phone), PHONE_LIMIT)
    if phone and not _PHONE.fullmatch(phone):
        problems.add("phone", say("admin.institution.phone_invalid"))
    after = replace(
        before,
        name=problems.line(
            "name", draft.name, NAME_LIMIT, say("catalogue.branches.name_needed")
        ),
        tagline=problems.line("tagline", draft.tagline, TAGLINE_LIMIT),
        phone=phone,
        zone=ZoneInfo(zone),
        country=draft.country,
        opening_hours=opening_of_draft(problems, draft.opening_hours),
        translations=clean_translations(
            problems, draft.translations, {"tagline": TAGLINE_LIMIT}
        ),
    )
    problems.refuse()
    return after


def _first_branch(institution: Institution) -> Branch:
    """Return the first branch of a new institution, without an address."""
    return Branch(
        id=uuid4(),
        name=institution.name,
        street=(),
        town="",
        country=institution.country,
        phone=institution.phone,
        zone=institution.zone,
    )


def _first_person(admin: FirstAdmin, institution: Institution) -> tuple[Person, str]:
    problems = Problems()
    name = problems.read("admin_name", lambda: contact.clean_name(admin.name), "?")
    if not name:
        problems.add("admin_name", say("admin.institution.super_admin_needed"))
    email = problems.read("email", lambda: contact.clean_email(admin.email), "")
    words = (admin.name, admin.email, institution.name)
    if admin.password and (why := passwords.password_problem(admin.password, words)):
        problems.add("password", why)
    problems.refuse()
    secret = passwords.hash_password(admin.password) if admin.password else ""
    person = Person(
        id=uuid4(),
        name=name,
        email=email,
        active=True,
        roles=frozenset({Role.SUPER_ADMIN}),
        queues=frozenset(),
        languages=frozenset(),
        hours=AgentHours(zone=institution.zone, weekly={}),
    )
    return person, secret


def _languages(codes: tuple[str, ...]) -> dict[str, str]:
    known = code_lists.languages()
    if not codes or set(codes) - set(known):
        raise InvalidInputError(
            {"languages": say("admin.institution.languages_invalid")}
        )
    return {code: known[code] for code in codes}
