"""Find appointments about which a mail contains facts that are outdated by a change.

Only facts that customer and agent need to meet count: the place of a visit and its time
zone, who calls which phone number, and whether a video call is joined from the status
page. A fact that was added, such as a branch's first phone number, outdates no mail.
Names of people, topics and the institution do not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.branches import Branch
from invo_booking.domain.contact import language_of_locale
from invo_booking.domain.institution import Roster
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calls
from invo_booking.settings.calendars import has_host_meetings
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.appointment.rooms import room_template
from invo_booking.usecases.shared.deps import Deps

_WE_CALL = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedFacts:
    """The facts in mails about how customers and agents meet.

    Attributes:
        is_demo: Whether this is a demo, in which the product has a room for every video
            call.
    """

    roster: Roster
    settings: Values
    is_demo: bool

    def of(self, appointment: Appointment) -> Mapping[str, object]:
        """Return the facts in mails about an appointment, by name."""
        language = language_of_locale(appointment.customer.locale)
        if branch := self.roster.branch_of(appointment, language):
            return _facts_of_branch(branch)
        if appointment.is_phone_call:
            return {"call": _digits(self._number_of_institution()) or _WE_CALL}
        return {"room": "here" if self._has_room(appointment) else "elsewhere"}

    def _number_of_institution(self) -> str:
        institution = self.roster.institution
        is_called = calls.does_customer_call(self.settings, institution)
        return institution.phone if is_called else ""

    def _has_room(self, appointment: Appointment) -> bool:
        template = room_template(self.roster, self.settings, appointment)
        return bool(template) or self.is_demo or has_host_meetings(self.settings)


def mailed_facts(deps: Deps, work: UnitOfWork) -> MailedFacts:
    """Return the current facts, as this transaction sees them."""
    return MailedFacts(
        roster=work.roster, settings=work.settings, is_demo=deps.config.demo
    )


def outdated_mails(
    before: MailedFacts, after: MailedFacts, appointments: Iterable[Appointment]
) -> list[Appointment]:
    """Return the appointments about which a mail contains an outdated fact.

    A pure function of its arguments.

    Args:
        before: The facts before a change.
        after: The facts after the change.
        appointments: Live appointments; their order is kept.
    """
    return [it for it in appointments if _is_outdated(before.of(it), after.of(it))]


def outdated_sentence(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> str:
    """Return, for an administrator, which mailed fact has changed.

    For a customer without an e-mail address, the text adds that no mail can be sent.
    """
    sentence = _outdated_fact(before, after, appointment)
    if appointment.customer.email:
        return sentence
    return f"{sentence} {say('admin.mailed_facts.no_address')}"


def _outdated_fact(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> str:
    branch = after.roster.branch_of(appointment)
    if branch is None:
        is_phone = appointment.is_phone_call
        return say("admin.mailed_facts.call" if is_phone else "admin.mailed_facts.room")
    sentence = say("admin.mailed_facts.branch", name=branch.name)
    if before.roster.clock_of(appointment) == branch.zone:
        return sentence
    start = appointment.starts_at.astimezone(branch.zone)
    clock = say("admin.mailed_facts.clock", day=f"{start:%A}", time=f"{start:%H:%M}")
    return f"{sentence} {clock}"


def _facts_of_branch(branch: Branch) -> Mapping[str, object]:
    return {
        "location": branch.location,
        "clock": branch.zone.key,
        "phone": _digits(branch.phone),
        "directions": branch.directions,
        "map": branch.coordinates,
    }


def _digits(phone: str) -> str:
    """Return the digits of a phone number, so that its formatting does not matter."""
    return "".join(filter(str.isdigit, phone))


def _is_outdated(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    return any(fact and after.get(name) != fact for name, fact in before.items())
