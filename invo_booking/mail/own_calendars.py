"""Make links that add an appointment to a calendar of the reader's own.

The links lead to other companies, which may store the addresses. So the links contain
only what the calendar entry needs, and never the address of a customer's status page.
"""

from urllib.parse import quote, urlencode

from invo_booking.mail.facts import MailFacts
from invo_booking.mail.invitation import event_summary, event_wishes
from invo_booking.mail.meeting import meeting_place

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"

_BASIC = "%Y%m%dT%H%M%SZ"
_EXTENDED = "%Y-%m-%dT%H:%M:%SZ"


def own_calendar_urls(facts: MailFacts) -> tuple[tuple[str, str], ...]:
    """Return, for each calendar service, a key and the URL that adds the appointment.

    The key, such as ``"google"``, is also part of the text key of the link's label.
    """
    return (("google", _google_url(facts)), ("outlook", _outlook_url(facts)))


def _google_url(facts: MailFacts) -> str:
    appointment = facts.appointment
    starts_at, ends_at = appointment.starts_at, appointment.ends_at
    fields = {
        "action": "TEMPLATE",
        "text": event_summary(appointment, facts.institution.name),
        "dates": f"{starts_at:{_BASIC}}/{ends_at:{_BASIC}}",
        "location": meeting_place(facts),
        "details": event_wishes(facts),
    }
    return f"{GOOGLE}?{urlencode(fields, quote_via=quote)}"


def _outlook_url(facts: MailFacts) -> str:
    appointment = facts.appointment
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event_summary(appointment, facts.institution.name),
        "startdt": f"{appointment.starts_at:{_EXTENDED}}",
        "enddt": f"{appointment.ends_at:{_EXTENDED}}",
        "location": meeting_place(facts),
        "body": event_wishes(facts),
    }
    return f"{OUTLOOK}?{urlencode(fields, quote_via=quote)}"
