"""Write appointments as iCalendar objects (RFC 5545) for scheduling (RFC 5546)."""

from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, cast

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from invo_booking.domain.appointment import Appointment, Channel, Status
from invo_booking.domain.institution import Institution
from invo_booking.mail.moments import mail_reader_clock
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.mail.words import readable_mail_locale

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

_STATUS = {Status.REQUESTED: "TENTATIVE", Status.CONFIRMED: "CONFIRMED"}
_Component = TypeVar("_Component", Calendar, Event)
_GONE = frozenset({Status.CANCELLED, Status.EXPIRED})


def calendar_invitation(
    appointment: Appointment,
    *,
    method: Method,
    institution: Institution,
    organizer_email: str,
    url: str,
    now: datetime,
) -> str:
    """Return the appointment as text/calendar, folded, with CRLF line ends.

    All times are in UTC, so no VTIMEZONE is needed. A calendar shows them in its
    reader's zone; for a visit the description contains the branch's time as well. The
    customer is the attendee; PUBLISH, meant for a downloaded file, names none (RFC 5546
    section 3.2.1). The customer's name and the title are data and cannot add a
    property.

    Args:
        appointment: Its id is the UID and its sequence the SEQUENCE, so that a later
            object replaces an earlier one in the customer's calendar.
        method: REQUEST to invite or move, CANCEL to take away, PUBLISH for a file.
        institution: The organizer, in whose zone visits are described.
        organizer_email: The organizer's address.
        url: The customer's status page; video calls are joined there too.
        now: DTSTAMP, in UTC.
    """
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
        summary=_summary(appointment, institution.name),
        description=_description(appointment, institution.zone.key, url),
        url=vUri(url),
        transp="OPAQUE",
        organizer=_address(organizer_email, institution.name),
    )
    if appointment.channel is Channel.VIDEO:
        _fill_component(event, location=url)
    if method != "PUBLISH" and appointment.customer.email:
        _fill_component(event, attendee=_attendee(appointment))
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


def _summary(appointment: Appointment, organizer_name: str) -> str:
    title, host = (
        one_line_of_mail(appointment.title, 120),
        one_line_of_mail(organizer_name, 80),
    )
    return f"{title}, {host}" if title else host


def _description(appointment: Appointment, zone: str, url: str) -> str:
    if not appointment.is_visit:
        return url
    wall = mail_reader_clock(zone, readable_mail_locale(appointment.customer.locale))
    start, period = appointment.starts_at, appointment.period
    return f"{wall.day(start)}, {wall.span(period)}, {wall.place(start)}\n{url}"


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
    )  # DQUOTE cannot be quoted
    if common_name:
        address.params["CN"] = vText(common_name)
    return address


def _whole_second(at: datetime) -> datetime:
    return at - timedelta(microseconds=at.microsecond)
