"""Define the message passed to the mailer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """One message to one person; the sender's fields are filled in before sending.

    Attributes:
        html: The same contents as ``text``, as HTML; may be empty.
        ics: iCalendar object of the invitation; may be empty.
        ics_method: iTIP method of ``ics``, such as ``"REQUEST"``.
        sender: Sender address.
        sender_name: The institution's name; may be empty.
        reply_to: Address for replies; empty if replies go to ``sender``.
        message_id: RFC 5322 Message-ID with its angle brackets; the same on retries.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    ics: str = ""
    ics_method: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    message_id: str = ""
