"""The way out: one mail, one conversation with the institution's mail server."""

import smtplib
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urlsplit

from invo_booking.config import Config
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import MailPermanentError, MailTemporaryError
from invo_booking.mail.plain import one_line

PATIENCE_SECONDS = 20.0
"""Longest wait for one answer of the mail server."""

_FIRST_PERMANENT = 500
_TOO_LARGE = 552


class Letter(Protocol):
    """What is asked to be sent; ``OutgoingMail`` of the use cases is one."""

    @property
    def message_id(self) -> str:
        """Stable over every attempt, so that a repeated mail can be recognised."""
        ...

    @property
    def sender(self) -> str:
        """Address the mail comes from."""
        ...

    @property
    def sender_name(self) -> str:
        """The institution's name, or empty."""
        ...

    @property
    def reply_to(self) -> str:
        """Address for answers, or empty."""
        ...

    @property
    def to(self) -> str:
        """The one recipient."""
        ...

    @property
    def subject(self) -> str:
        """One line."""
        ...

    @property
    def text(self) -> str:
        """The whole mail without markup."""
        ...

    @property
    def html(self) -> str:
        """The same with markup."""
        ...

    @property
    def ics(self) -> str:
        """An iCalendar object, or empty."""
        ...

    @property
    def ics_method(self) -> str:
        """Its METHOD, or empty."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """Where mail goes, and as whom."""

    host: str
    port: int
    our_name: str
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, config: Config) -> "_Server":
        """Return the server in force; a demo never reaches any but its own mailbox."""
        our_name = urlsplit(config.public_url).hostname or "localhost"
        if config.demo:
            return cls(host="127.0.0.1", port=config.demo_port, our_name=our_name)
        return cls(
            host=config.smtp_host,
            port=config.smtp_port,
            our_name=our_name,
            security=config.smtp_security,
            user=config.smtp_user,
            password=config.smtp_password.get_secret_value(),
        )


class SmtpMailer:
    """Hands letters to the mail server of ``config``, a demo's to the demo mailbox.

    Certificates are always checked; with ``starttls`` nothing is said before the
    line is sealed, and a server that does not offer it gets no mail.

    Args:
        config: Server, port, security, user and password.
        trust: Certificates to believe; the system's own by default.
        now: Stamps the Date header.
    """

    def __init__(
        self,
        config: Config,
        *,
        trust: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._server = _Server.of(config)
        self._trust = trust or ssl.create_default_context()
        self._now = now

    def send(self, message: Letter) -> None:
        """Deliver one letter.

        Raises:
            MailTemporaryError: If the server cannot be reached, refuses us, or asks
                for patience (4xx); the same letter may be sent again.
            MailPermanentError: If this recipient or this letter will never be taken
                (5xx), or the address is none.
        """
        wire = as_message(message, self._now())
        try:
            with self._conversation() as server:
                server.send_message(wire)
        except smtplib.SMTPException as error:
            raise _refusal(error) from error
        except OSError as error:
            raise MailTemporaryError(
                f"The mail server cannot be reached: {one_line(str(error))}"
            ) from error

    @contextmanager
    def _conversation(self) -> Generator[smtplib.SMTP]:
        server = self._connected()
        try:
            if self._server.security == "starttls":
                server.starttls(context=self._trust)
            if self._server.user:
                server.login(self._server.user, self._server.password)
            yield server
        finally:
            # The letter is already taken or refused; how the line ends changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        to = self._server
        if to.security == "tls":
            return smtplib.SMTP_SSL(
                to.host,
                to.port,
                to.our_name,
                timeout=PATIENCE_SECONDS,
                context=self._trust,
            )
        return smtplib.SMTP(to.host, to.port, to.our_name, timeout=PATIENCE_SECONDS)


def as_message(letter: Letter, now: datetime) -> EmailMessage:
    """Return the letter as a MIME message that mail programs show as an invitation.

    Plain text, HTML and the calendar object are alternatives of one another
    (RFC 6047 section 2.4); the object comes a second time as a file, for programs
    that know files only.

    Raises:
        MailPermanentError: If an address cannot be one.
    """
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{one_line(letter.message_id, 250).strip('<>')}>"
    message["Date"] = format_datetime(now)
    message["From"] = _address(letter.sender, letter.sender_name)
    message["To"] = _address(letter.to)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.ics:
        _attach_calendar(message, letter)
    return message


def _attach_calendar(message: EmailMessage, letter: Letter) -> None:
    message.add_alternative(
        letter.ics,
        subtype="calendar",
        cte="base64",
        params={"method": one_line(letter.ics_method, 20)},
    )
    message.add_attachment(
        letter.ics.encode(),
        maintype="application",
        subtype="ics",
        filename="invite.ics",
    )


def _address(email: str, name: str = "") -> Address:
    try:
        return Address(one_line(name, 120), addr_spec=email)
    except (ValueError, IndexError, MessageError) as error:
        raise MailPermanentError("This is not an address mail can go to.") from error


def _refusal(error: smtplib.SMTPException) -> MailTemporaryError | MailPermanentError:
    code, said = _answer(error)
    if _is_final(error, code):
        return MailPermanentError(f"The mail server refused the mail: {said}")
    return MailTemporaryError(f"The mail server did not take the mail yet: {said}")


def _is_final(error: smtplib.SMTPException, code: int) -> bool:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "SMTPUTF8" in str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return code >= _FIRST_PERMANENT
    # Everything else is about us (greeting, sign-in, sender), which can be mended.
    return isinstance(error, smtplib.SMTPSenderRefused) and code == _TOO_LARGE


def _answer(error: smtplib.SMTPException) -> tuple[int, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        code, said = 0, str(error)
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return code, one_line(f"{code} {words}" if code else words)
