"""What use cases need from the outside, and nothing of how it is done."""

from dataclasses import dataclass
from typing import Protocol

from invo_booking.mail.server import MailServer


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """One message to one person.

    Attributes:
        message_id: RFC 5322 Message-ID with its angle brackets; stable on retries.
        html: The same with markup, or empty.
        ics: iCalendar object to invite with, or empty.
        ics_method: iTIP method of ``ics``, such as ``"REQUEST"``.
    """

    message_id: str
    sender: str
    sender_name: str
    reply_to: str
    to: str
    subject: str
    text: str
    html: str
    ics: str = ""
    ics_method: str = ""


class Mailer(Protocol):
    """Something that hands mail over to a mail server."""

    def send(self, message: OutgoingMail, server: MailServer | None) -> None:
        """Hand over one message.

        Args:
            message: What is sent.
            server: Where it is handed in; ``None`` for the operator's server.

        Raises:
            MailTemporaryError: If trying again later may help.
            MailPermanentError: If this message will never be taken.
        """
        ...
