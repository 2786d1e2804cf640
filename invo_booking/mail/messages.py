"""Compose customers' mails from facts: subject, text, HTML and invitation."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from invo_booking.mail.facts import MailFacts, MailKind
from invo_booking.mail.invitation import Method, calendar_invitation
from invo_booking.mail.letter import Letter, letter_link_label, mail_letter
from invo_booking.mail.outgoing import OutgoingMail

__all__ = ["INVITES", "MailFacts", "MailKind", "compose_mail", "letter_link_label"]


INVITES = frozenset({MailKind.CONFIRMED, MailKind.CHANGED, MailKind.AGENT})
"""Kinds of mails that put an appointment into the customer's calendar."""

_UNINVITES = frozenset(
    {MailKind.CANCELLED, MailKind.EXPIRED, MailKind.LATE, MailKind.WITHDRAWN}
)


_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,20}\d")
"""Matches a phone number in a sentence; may also match other long numbers."""


def compose_mail(kind: MailKind, facts: MailFacts) -> OutgoingMail:
    """Return the mail in the customer's language and zone.

    Text that people typed is never executed: it is escaped in HTML, not read as a
    template, and put on one line in subjects. A mail has an invitation only if the
    appointment is or was confirmed, so that a request with a stranger's address puts
    nothing into the stranger's calendar.
    """
    content = mail_letter(kind, facts)
    method = _method(kind, facts)
    return OutgoingMail(
        to=facts.appointment.customer.email,
        subject=content.subject,
        text=_render_letter("letter.txt", content),
        html=_render_letter("letter.html", content),
        ics=_calendar_object(method, facts) if method else "",
        ics_method=method or "",
    )


def _method(kind: MailKind, facts: MailFacts) -> Method | None:
    if not facts.appointment.is_proven:
        return None
    if kind in INVITES:
        return None if facts.is_invited_by_host else "REQUEST"
    if kind is MailKind.WITHDRAWN and facts.is_invited_by_host:
        return None
    return "CANCEL" if kind in _UNINVITES else None


def _calendar_object(method: Method, facts: MailFacts) -> str:
    appointment = facts.appointment
    now = facts.composed_at or appointment.confirmed_at or appointment.requested_at
    return calendar_invitation(facts, method=method, now=now)


def _render_letter(template: str, written: Letter) -> str:
    return (
        _templates()
        .get_template(template)
        .render(letter=written, whole_numbers=_whole_numbers)
    )


def _whole_numbers(sentence: str) -> Markup:
    """Return a sentence as HTML that keeps each phone number on one line."""
    whole = r'<span style="white-space:nowrap">\g<0></span>'
    return Markup(_NUMBER.sub(whole, str(escape(sentence))))  # noqa: S704  (escaped)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("invo_booking.mail", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
