"""Convert errors of the mail server to sentences for administrators."""

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

_FIRST_PERMANENT = 500
_TOO_LARGE = 552
_CLOSING = 421
"""Reply code of a server that closes for now (RFC 5321 section 4.2.3)."""

_EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 10, 62, 64
_CERTIFICATES = {
    _EXPIRED: "it has expired. Have it renewed",
    _OTHER_NAME: "it is another server's. Enter the name that stands in it",
    _OTHER_ADDRESS: "it is another server's. Enter the name that stands in it",
}
"""Sentences about faults of a certificate, by OpenSSL's number."""


def unreached_mail_server_error(error: OSError, server: MailServer) -> MailServerError:
    """Return the error for a failed connection, with what to check."""
    if isinstance(error, TooMuchSaidError):
        return MailServerError(
            f"What {_place(server)} says is no mail server's. Check server and port."
        )
    return MailServerError(f"The mail server cannot be reached: {_why(error, server)}")


def late_mail_server_error(server: MailServer, seconds: float) -> MailServerError:
    """Return the error for a conversation that took too long."""
    return MailServerError(
        f"The mail server at {_place(server)} took longer than {seconds:.0f} seconds "
        "for one mail, so the connection was cut. Check the server and its load."
    )


def mail_refusal_error(
    error: smtplib.SMTPException, server: MailServer
) -> MailTemporaryError | MailPermanentError:
    """Return the error for a refusal, with whether the mail may be sent again."""
    if isinstance(error.__context__, TimeoutError | TooMuchSaidError):
        return unreached_mail_server_error(
            error.__context__, server
        )  # smtplib calls both "closed"
    code, text = _answer(error)
    if _is_final(error, code):
        return MailPermanentError(f"The mail server refused the mail: {text}")
    sentence = _not_yet(error, text)
    if _concerns_every_mail(error, code):
        return MailServerError(sentence)
    return MailTemporaryError(sentence)


def _place(server: MailServer) -> str:
    return f"{server.host}, port {server.port}"


def _concerns_every_mail(error: smtplib.SMTPException, code: int) -> bool:
    """Whether the error concerns the server or our account, not one mail."""
    return code == _CLOSING or isinstance(
        error,
        smtplib.SMTPServerDisconnected
        | smtplib.SMTPConnectError
        | smtplib.SMTPHeloError
        | smtplib.SMTPAuthenticationError
        | smtplib.SMTPNotSupportedError,
    )


def _why(error: OSError, server: MailServer) -> str:
    place = _place(server)
    if isinstance(error, PrivateHostError):
        return (
            f"{server.host} lies inside the own network. Enter a public server, or "
            "have the operator set INVO_ALLOW_PRIVATE_HOSTS."
        )
    if isinstance(error, ssl.SSLError):
        return _about_tls(error, place)
    if isinstance(error, socket.gaierror):
        return f"nobody knows the name {server.host}. Check how it is written."
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {place}. Check the port."
    if isinstance(error, TimeoutError):
        return f"{place} does not answer. Check server, port and firewall."
    return one_line_of_mail(str(error))


def _about_tls(error: ssl.SSLError, place: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        unknown = "no authority known here vouches for it. Have a trusted one sign it"
        wrong = _CERTIFICATES.get(error.verify_code, unknown)
        return f"its certificate cannot be trusted, for {wrong}."
    return f"{place} does not answer by TLS. Choose STARTTLS, or another port."


def _not_yet(error: smtplib.SMTPException, text: str) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"The mail server refused the user or the password: {text}"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"The mail server takes no mail from the sender address: {text}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _not_offered(error)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"The mail server hung up. Check port and security. {text}"
    return f"The mail server did not take the mail yet: {text}"


def _not_offered(error: smtplib.SMTPNotSupportedError) -> str:
    if "STARTTLS" in str(error):
        return "The mail server does not offer STARTTLS. Choose TLS, or another port."
    return (
        "The mail server lets nobody sign in over this connection. Choose STARTTLS or "
        "TLS, or leave the user empty."
    )


def _is_final(error: smtplib.SMTPException, code: int) -> bool:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "SMTPUTF8" in str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return code >= _FIRST_PERMANENT
    # Everything else is about us (greeting, sign-in, sender), which can be mended.
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
