"""Write appointments as iCalendar objects (RFC 5545) for scheduling (RFC 5546)."""

from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from invo_booking.domain.appointment import Appointment, Status
from invo_booking.mail.facts import MailFacts
from invo_booking.mail.meeting import meeting_location, meeting_sentence
from invo_booking.mail.moments import mail_reader_clock
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.mail.words import mail_words, readable_mail_locale

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

_STATUS = {Status.REQUESTED: "TENTATIVE", Status.CONFIRMED: "CONFIRMED"}


_Component = TypeVar("_Component", Alarm, Calendar, Event)
REMIND_BEFORE = timedelta(minutes=15)
"""How long before a phone or video call a calendar shows its reminder."""

REMIND_BEFORE_VISIT = timedelta(hours=1)
"""How long before a visit a calendar shows its reminder: longer than for a call,
because the customer has to travel."""

_GONE = frozenset({Status.CANCELLED, Status.EXPIRED})


def calendar_invitation(facts: MailFacts, *, method: Method, now: datetime) -> str:
    """Return the appointment as text/calendar, folded, with CRLF line ends.

    All times are in UTC, so no VTIMEZONE is needed. A calendar shows times in its
    reader's zone; for a visit the description also gives the branch's time. The
    customer is the attendee; with PUBLISH, which is for a downloaded file, there is no
    attendee (RFC 5546 section 3.2.1). The customer's name and the title are escaped, so
    they cannot add a property.

    Args:
        facts: The data of the mail. The appointment's id becomes the UID, and its
            ``sequence`` becomes SEQUENCE, so that a later invitation replaces an
            earlier invitation in the customer's calendar.
        method: REQUEST to invite or move, CANCEL to remove, PUBLISH for a file.
        now: DTSTAMP, in UTC.
    """
    appointment, institution = facts.appointment, facts.institution
    calendar = _fill_component(
        Calendar(),
        prodid="-//Invo Booking//EN",
        version="2.0",
        calscale="GREGORIAN",
        method=method,
    )
    event = _fill_component(
        Event(),
        uid=f"{appointment.id}@invo-booking",
        sequence=appointment.sequence,
        dtstamp=_whole_second(now),
        dtstart=_whole_second(appointment.starts_at),
        dtend=_whole_second(appointment.ends_at),
        status=_status(appointment, method),
        summary=event_summary(appointment, institution.name),
        description=_description(facts),
        url=vUri(facts.status_url),
        transp="OPAQUE",
        organizer=_address(facts.organizer_email, institution.name),
    )
    _fill_component(event, **_place(facts))
    if method != "PUBLISH" and appointment.customer.email:
        _fill_component(event, attendee=_attendee(appointment))
    if method != "CANCEL":
        event.add_component(_alarm(facts))
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _fill_component(component: _Component, **properties: object) -> _Component:
    for name, value in properties.items():
        cast("Any", component).add(name, value)
    return component


def _status(appointment: Appointment, method: Method) -> str:
    if method == "CANCEL" or appointment.status in _GONE:
        return "CANCELLED"
    return _STATUS.get(appointment.status, "CONFIRMED")


def event_summary(appointment: Appointment, organizer_name: str) -> str:
    """Return the title of the calendar entry: topic and institution."""
    title, host = (
        one_line_of_mail(appointment.title, 120),
        one_line_of_mail(organizer_name, 80),
    )
    return f"{title}, {host}" if title else host


def _place(facts: MailFacts) -> dict[str, object]:
    """Return LOCATION and, for a branch with coordinates, GEO; may be empty."""
    branch = facts.branch
    if branch is None:
        location = meeting_location(facts)
        return {"location": location} if location else {}
    place = {"location": one_line_of_mail(branch.location, 400)}
    return {**place, "geo": branch.coordinates} if branch.coordinates else {**place}


def _alarm(facts: MailFacts) -> Alarm:
    is_visit = facts.appointment.is_visit
    return _fill_component(
        Alarm(),
        action="DISPLAY",
        description=event_summary(facts.appointment, facts.institution.name),
        trigger=-(REMIND_BEFORE_VISIT if is_visit else REMIND_BEFORE),
    )


def _description(facts: MailFacts) -> str:
    return "\n".join((*_when_and_how(facts), event_wishes(facts), facts.status_url))


def _when_and_how(facts: MailFacts) -> list[str]:
    appointment, branch = facts.appointment, facts.branch
    if not appointment.is_visit:
        return [meeting_sentence(facts)]
    locale = readable_mail_locale(appointment.customer.locale)
    wall = mail_reader_clock(facts.clock.key, locale)
    start, period = appointment.starts_at, appointment.period
    when = f"{wall.day(start)}, {wall.span(period)}, {wall.place(start)}"
    about = (branch.phone, branch.directions) if branch else ()
    return [when, *(one_line_of_mail(line, 500) for line in about if line)]


def event_wishes(facts: MailFacts) -> str:
    """Return up to three lines: the agent, what to bring, and the number to call."""
    locale = readable_mail_locale(facts.appointment.customer.locale)
    words = mail_words(locale.language)
    agent = one_line_of_mail(facts.agent_name, 80)
    papers = ", ".join(map(one_line_of_mail, facts.documents))
    phone = one_line_of_mail(facts.institution.phone, 40)
    lines = (
        f"{words.say('labels', 'with')}: {agent}" if agent else "",
        f"{words.say('labels', 'bring')}: {papers}" if papers else "",
        words.say("call", phone=phone) if phone else "",
    )
    return "\n".join(filter(None, lines))


def _attendee(appointment: Appointment) -> vCalAddress:
    address = _address(appointment.customer.email, appointment.customer.name)
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText(
        "ACCEPTED" if appointment.status is Status.CONFIRMED else "NEEDS-ACTION"
    )
    address.params["RSVP"] = vText("FALSE")
    return address


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line_of_mail(email, 254)}")
    common_name = one_line_of_mail(name, 120).replace(
        '"', "'"
    )  # RFC 5545 allows no double quote in a parameter value
    if common_name:
        address.params["CN"] = vText(common_name)
    return address


def _whole_second(at: datetime) -> datetime:
    return at - timedelta(microseconds=at.microsecond)
