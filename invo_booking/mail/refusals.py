"""Convert errors of the mail server to our errors, with messages for administrators."""

import smtplib
import socket
import ssl

from invo_booking.domain.errors import (
    MailPermanentError,
    MailServerError,
    MailTemporaryError,
)
from invo_booking.mail.deadline import TooMuchSaidError
from invo_booking.mail.plain import one_line_of_mail
from invo_booking.mail.server import MailServer, PrivateHostError
from invo_booking.texts import say

_FIRST_PERMANENT = 500
_TOO_LARGE = 552
_CLOSING = 421
"""Reply code of a server that closes the connection (RFC 5321 section 4.2.3)."""

_EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 10, 62, 64
_CERTIFICATES = {
    _EXPIRED: "mail.refusals.certificate_expired",
    _OTHER_NAME: "mail.refusals.certificate_of_other_server",
    _OTHER_ADDRESS: "mail.refusals.certificate_of_other_server",
}
"""Keys of messages about faults of a certificate, by OpenSSL's error number."""


def unreached_mail_server_error(error: OSError, server: MailServer) -> MailServerError:
    """Return the error for a failed connection; the message says what to check."""
    if isinstance(error, TooMuchSaidError):
        return MailServerError(
            say("mail.refusals.no_mail_server", place=_place(server))
        )
    return MailServerError(say("mail.refusals.unreachable", why=_why(error, server)))


def late_mail_server_error(server: MailServer, seconds: float) -> MailServerError:
    """Return the error for a conversation that took too long."""
    return MailServerError(
        say(
            "mail.refusals.too_slow",
            place=_place(server),
            seconds=f"{seconds:.0f}",
        )
    )


def mail_refusal_error(
    error: smtplib.SMTPException, server: MailServer
) -> MailTemporaryError | MailPermanentError:
    """Return the error for a refusal: temporary if the mail may be sent again."""
    if isinstance(error.__context__, TimeoutError | TooMuchSaidError):
        return unreached_mail_server_error(
            error.__context__, server
        )  # smtplib reports both as a closed connection
    code, text = _answer(error)
    if _is_final(error, code):
        return MailPermanentError(say("mail.refusals.refused", text=text))
    sentence = _not_yet(error, text)
    if _concerns_every_mail(error, code):
        return MailServerError(sentence)
    return MailTemporaryError(sentence)


def _place(server: MailServer) -> str:
    return say("mail.refusals.port", host=server.host, port=server.port)


def _concerns_every_mail(error: smtplib.SMTPException, code: int) -> bool:
    """Whether the error concerns the server or our account, not one mail."""
    return (
        code == _CLOSING
        or _no_common_way(error)
        or isinstance(
            error,
            smtplib.SMTPServerDisconnected
            | smtplib.SMTPConnectError
            | smtplib.SMTPHeloError
            | smtplib.SMTPAuthenticationError
            | smtplib.SMTPNotSupportedError,
        )
    )


def _no_common_way(error: smtplib.SMTPException) -> bool:
    """Whether the server offers no way to sign in that smtplib knows."""
    return type(error) is smtplib.SMTPException


def _why(error: OSError, server: MailServer) -> str:
    place = _place(server)
    if isinstance(error, PrivateHostError):
        return say("mail.refusals.internal_network", host=server.host)
    if isinstance(error, ssl.SSLError):
        return _about_tls(error, place)
    if isinstance(error, socket.gaierror):
        return say("mail.refusals.unknown_host", host=server.host)
    if isinstance(error, ConnectionRefusedError):
        return say("mail.refusals.port_closed", place=place)
    if isinstance(error, TimeoutError):
        return say("mail.refusals.no_answer", place=place)
    return one_line_of_mail(str(error))


def _about_tls(error: ssl.SSLError, place: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        unknown = "mail.refusals.certificate_unknown_authority"
        wrong = say(_CERTIFICATES.get(error.verify_code, unknown))
        return say("mail.refusals.certificate", wrong=wrong)
    return say("mail.refusals.no_tls", place=place)


def _not_yet(error: smtplib.SMTPException, text: str) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return say("mail.refusals.wrong_password", text=text)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return say("mail.refusals.sender_refused", text=text)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _not_offered(error)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return say("mail.refusals.closed", text=text)
    if _no_common_way(error):
        return say("mail.refusals.no_password_sign_in")
    return say("mail.refusals.deferred", text=text)


def _not_offered(error: smtplib.SMTPNotSupportedError) -> str:
    if "STARTTLS" in str(error):
        return say("mail.refusals.no_starttls")
    return say("mail.refusals.no_sign_in")


def _is_final(error: smtplib.SMTPException, code: int) -> bool:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "SMTPUTF8" in str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return code >= _FIRST_PERMANENT
    # Other refusals concern our greeting, sign-in or sender, which we can correct.
    return isinstance(error, smtplib.SMTPSenderRefused) and code == _TOO_LARGE


def _answer(error: smtplib.SMTPException) -> tuple[int, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        code, text = 0, str(error)
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return code, one_line_of_mail(f"{code} {words}" if code else words)
