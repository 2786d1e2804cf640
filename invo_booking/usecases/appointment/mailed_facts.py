"""Find appointments about which a mail contains facts that a change makes outdated.

The facts that count are those without which an appointment would fail: the place of a
visit and its time zone, who calls which phone number, whether a video call is joined
from the status page, and the documents to bring. Names of people, topics and the
institution do not count. An added fact, such as a branch's first phone number, makes no
mail outdated. An added document makes a mail outdated, because a customer who does not
know of the document comes without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.branches import Branch
from invo_booking.domain.contact import language_of_locale
from invo_booking.domain.institution import Roster
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calls
from invo_booking.settings.calendars import has_host_meetings_by_setting
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.texts.dates import clock_text
from invo_booking.usecases.appointment.rooms import room_template
from invo_booking.usecases.shared.deps import Deps

_WE_CALL = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailedFacts:
    """The facts in mails without which an appointment would fail.

    Attributes:
        is_demo: Whether this is a demo, in which the product has a room for every video
            call.
    """

    roster: Roster
    settings: Values
    is_demo: bool

    def meeting(self, appointment: Appointment) -> Mapping[str, object]:
        """Return the facts in mails about how customer and agent meet, by name."""
        language = language_of_locale(appointment.customer.locale)
        if branch := self.roster.branch_of(appointment, language):
            return _facts_of_branch(branch)
        if appointment.is_phone_call:
            return {"call": _digits(self._number_of_institution()) or _WE_CALL}
        return {"room": "here" if self._has_room(appointment) else "elsewhere"}

    def documents(self, appointment: Appointment) -> frozenset[str]:
        """Return the documents to bring, as mails name them."""
        language = language_of_locale(appointment.customer.locale)
        answer = self.roster.answer_of(appointment, language)
        return frozenset(map(_plain_text, answer.documents if answer else ()))

    def _number_of_institution(self) -> str:
        institution = self.roster.institution
        is_called = calls.does_customer_call(self.settings, institution)
        return institution.phone if is_called else ""

    def _has_room(self, appointment: Appointment) -> bool:
        template = room_template(self.roster, self.settings, appointment)
        return (
            bool(template)
            or self.is_demo
            or has_host_meetings_by_setting(self.settings)
        )


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
        appointments: Live appointments, whose order is kept in the result.
    """
    return [it for it in appointments if outdated_fields(before, after, it)]


def outdated_fields(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> list[str]:
    """Return the parts of an appointment about which a mail is outdated.

    Returns:
        Names as in the appointment's history: ``"branch"``, ``"channel"`` or
        ``"documents"``.
    """
    fields: list[str] = []
    if _is_meeting_outdated(before, after, appointment):
        fields.append("branch" if appointment.is_visit else "channel")
    if _has_further_documents(before, after, appointment):
        fields.append("documents")
    return fields


def outdated_sentence(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> str:
    """Return a sentence for administrators that says which mailed facts changed."""
    sentences = {
        "branch": lambda: _branch_sentence(before, after, appointment),
        "channel": lambda: _channel_sentence(appointment),
        "documents": lambda: say("admin.mailed_facts.documents"),
    }
    fields = outdated_fields(before, after, appointment)
    return " ".join(sentences[name]() for name in fields)


def _channel_sentence(appointment: Appointment) -> str:
    is_phone = appointment.is_phone_call
    return say("admin.mailed_facts.call" if is_phone else "admin.mailed_facts.room")


def _branch_sentence(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> str:
    zone = after.roster.clock_of(appointment)
    branch = after.roster.branch_of(appointment)
    sentence = say("admin.mailed_facts.branch", name=branch.name if branch else "")
    if before.roster.clock_of(appointment) == zone:
        return sentence
    start = appointment.starts_at.astimezone(zone)
    clock = say("admin.mailed_facts.clock", day=f"{start:%A}", time=clock_text(start))
    return f"{sentence} {clock}"


def mail_sentence(appointment: Appointment) -> str:
    """Return a sentence that tells an administrator how the customer is informed."""
    if appointment.customer.email:
        return say("admin.mailed_facts.mailed")
    return say("admin.mailed_facts.no_address")


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


def _plain_text(text: str) -> str:
    """Return a text without differences in spaces and capital letters."""
    return " ".join(text.casefold().split())


def _is_meeting_outdated(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> bool:
    current = after.meeting(appointment)
    return any(
        fact and current.get(name) != fact
        for name, fact in before.meeting(appointment).items()
    )


def _has_further_documents(
    before: MailedFacts, after: MailedFacts, appointment: Appointment
) -> bool:
    return not after.documents(appointment) <= before.documents(appointment)
