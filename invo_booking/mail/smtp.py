"""Send mails over SMTP, one conversation for each mail."""

import hmac
import io
import smtplib
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from invo_booking.config import Config
from invo_booking.domain.clock import utc_now
from invo_booking.domain.errors import (
    MailAddressError,
    MailServerError,
    MailTemporaryError,
)
from invo_booking.mail.deadline import Deadline, ReplyReader
from invo_booking.mail.outgoing import OutgoingMail
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.mail.refusals import (
    late_mail_server_error,
    mail_refusal_error,
    unreached_mail_server_error,
)
from invo_booking.mail.server import MailServer, connect_to_mail_server
from invo_booking.texts import say

LETTER_SECONDS = 30.0
"""Longest duration of one conversation, including the name lookup."""

PATIENCE_SECONDS = 20.0
"""Longest wait for one reply of the mail server."""

PARTING_SECONDS = 2.0
"""Longest wait for the reply to QUIT, which comes after the mail was accepted or
refused."""


_CHALLENGE, _MOST_CHALLENGES = 334, 5
_SIGNED_IN = (235, 503)
"""Reply codes if the sign-in succeeds, or succeeded before (RFC 4954 section 6)."""

_SignIn = Callable[..., str | None]
"""One of smtplib's functions that return the response to a challenge."""


class SmtpMailer:
    """Sends mails to a mail server; in a demo, to the demo mailbox.

    Certificates are always verified. With ``starttls``, no mail and no password is sent
    before encryption, and a server without STARTTLS gets no mail.

    Args:
        config: Configuration of the operator's server and of the public URL, whose host
            is the name in EHLO.
        trust: Trusted certificates; the system's by default.
        now: Returns the current instant in UTC, for the Date header.
        seconds: Longest duration of a conversation.
    """

    def __init__(
        self,
        config: Config,
        *,
        trust: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = utc_now,
        seconds: float = LETTER_SECONDS,
    ) -> None:
        self._seconds = seconds
        self._server = MailServer.of(config)
        self._only_there = config.demo
        self._our_name = urlsplit(config.public_url).hostname or "localhost"
        self._trust = trust or ssl.create_default_context()
        self._now = now

    def send(self, message: OutgoingMail, server: MailServer | None = None) -> None:
        """Send one mail.

        Args:
            message: The mail.
            server: Server to use instead of the operator's; ignored in a demo.

        Raises:
            MailTemporaryError: If the server cannot be reached, refuses us, or replies
                with a temporary error (4xx); the mail may be sent again.
            MailPermanentError: If the recipient or the mail will never be accepted
                (5xx), or the address is invalid.
        """
        wire = mime_message(message, self._now())
        with self._explain_errors(server) as line:
            line.send_message(wire)

    def greet(self, server: MailServer | None = None) -> None:
        """Connect and sign in, without sending.

        Raises:
            MailTemporaryError: As for ``send``.
        """
        with self._explain_errors(server) as line:
            line.noop()

    @contextmanager
    def _explain_errors(self, server: MailServer | None) -> Generator[smtplib.SMTP]:
        to = self._server if server is None or self._only_there else server
        if not to.host:  # smtplib takes an empty name for this machine
            raise MailTemporaryError(say("mail.smtp.no_server"))
        deadline = Deadline(self._seconds)
        try:
            with self._conversation(to, deadline) as line:
                yield line
        except (smtplib.SMTPException, OSError) as error:
            if deadline.is_over:
                raise late_mail_server_error(to, self._seconds) from error
            if isinstance(error, smtplib.SMTPException):
                raise mail_refusal_error(error, to) from error
            raise unreached_mail_server_error(error, to) from error

    @contextmanager
    def _conversation(
        self, to: MailServer, deadline: Deadline
    ) -> Generator[smtplib.SMTP]:
        with ExitStack() as until_the_end:
            plain = connect_to_mail_server(
                to, min(PATIENCE_SECONDS, deadline.seconds_left()), deadline
            )
            until_the_end.callback(plain.close)
            until_the_end.enter_context(deadline.close_at_deadline(plain))
            with _refuse_unusable_values():
                line = self._open_greeted(to, plain)
                until_the_end.callback(line.close)
                until_the_end.callback(_part, line)
                self._sign_in(to, line)
            yield line

    def _open_greeted(self, to: MailServer, plain: socket.socket) -> smtplib.SMTP:
        if to.security == "tls":
            return _SealedLine(to, self._our_name, plain, self._trust)
        return _Line(to, self._our_name, plain)

    def _sign_in(self, to: MailServer, line: smtplib.SMTP) -> None:
        if to.security == "starttls":
            line.starttls(context=self._trust)
        line.ehlo_or_helo_if_needed()
        if to.user:
            line.login(to.user, to.password)


@contextmanager
def _refuse_unusable_values() -> Generator[None]:
    """Convert errors about a user name or password that SMTP cannot send.

    The original message is not used, because it may contain the password.
    """
    try:
        yield
    except OSError:  # among them errors of certificates, which are value errors too
        raise
    except ValueError as error:
        raise MailServerError(say("mail.smtp.unusable_values")) from error


def _part(line: smtplib.SMTP) -> None:
    """Send QUIT and ignore the reply, since the mail is already accepted or refused."""
    with suppress(smtplib.SMTPException, OSError):
        if line.sock is not None:
            line.sock.settimeout(PARTING_SECONDS)
        line.quit()


class _Line(smtplib.SMTP):
    """An SMTP conversation over an open connection, with replies of limited size."""

    def __init__(self, to: MailServer, our_name: str, plain: socket.socket) -> None:
        self._plain = plain
        super().__init__(to.host, to.port, our_name, timeout=PATIENCE_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del host, port
        self._plain.settimeout(timeout)
        return self._plain

    def auth(
        self,
        mechanism: str,
        authobject: _SignIn,
        *,
        initial_response_ok: bool = True,
    ) -> tuple[int, bytes]:
        """Sign in with name and password in UTF-8; smtplib allows only ASCII.

        Source:
            RFC 4616 section 2, RFC 4954 section 4
        """
        first = authobject() if initial_response_ok else None
        words = mechanism if first is None else f"{mechanism} {_in_base64(first)}"
        self._auth_challenge_count = 0 if first is None else 1  # read by auth_login
        code, reply = self.docmd("AUTH", words)
        for _ in range(_MOST_CHALLENGES):
            if code != _CHALLENGE:
                break
            self._auth_challenge_count += 1
            code, reply = self.docmd(_in_base64(authobject(b64decode(reply))))
        if code in _SIGNED_IN:
            return code, reply
        raise smtplib.SMTPAuthenticationError(code, reply)

    def auth_cram_md5(  # pyright: ignore[reportIncompatibleMethodOverride] - stub
        self, challenge: bytes | None = None
    ) -> str | None:
        """Return the response to a challenge; ``None`` before there is a challenge.

        Source:
            RFC 2195 section 2
        """
        if challenge is None:
            return None
        digest = hmac.new(self.password.encode(), challenge, "md5").hexdigest()
        return f"{self.user} {digest}"

    def getreply(self) -> tuple[int, bytes]:
        """Return the next reply; see ``ReplyReader`` for the size limit of replies."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(ReplyReader(self.sock))
        return super().getreply()


def _in_base64(text: str | None) -> str:
    return b64encode((text or "").encode()).decode()


class _SealedLine(_Line):
    """An SMTP conversation that is encrypted from the start."""

    def __init__(
        self, to: MailServer, our_name: str, plain: socket.socket, trust: ssl.SSLContext
    ) -> None:
        self._trust = trust
        super().__init__(to, our_name, plain)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return self._trust.wrap_socket(plain, server_hostname=host)


def mime_message(mail: OutgoingMail, now: datetime) -> EmailMessage:
    """Return the mail as a MIME message that mail programs show as an invitation.

    Plain text, HTML and the calendar object are alternatives of one another (RFC 6047
    section 2.4). The calendar object is also attached as a file, for mail programs that
    do not show invitations.

    Raises:
        MailAddressError: If an address is invalid.
    """
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{one_line_of_mail(mail.message_id, 250).strip('<>')}>"
    message["Date"] = format_datetime(now)
    message["From"] = _address(mail.sender, mail.sender_name)
    message["To"] = _address(mail.to)
    if mail.reply_to:
        message["Reply-To"] = _address(mail.reply_to)
    message["Subject"] = one_line_of_mail(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.ics:
        _attach_calendar(message, mail)
    return message


def _attach_calendar(message: EmailMessage, mail: OutgoingMail) -> None:
    message.add_alternative(
        mail.ics,
        subtype="calendar",
        cte="base64",
        params={"method": one_line_of_mail(mail.ics_method, 20)},
    )
    message.add_attachment(
        mail.ics.encode(),
        maintype="application",
        subtype="ics",
        filename="invite.ics",
    )


def _address(email: str, name: str = "") -> Address:
    try:
        return Address(one_line_of_mail(name, 120), addr_spec=email)
    except (ValueError, IndexError, MessageError) as error:
        raise MailAddressError(say("mail.smtp.bad_address")) from error
