"""Mailer: whom the institution's mail comes from, and the server it goes to."""

from invo_booking.settings.parsers import email, line, one_of, secret, whole_number
from invo_booking.settings.provider_fields import host_name
from invo_booking.settings.spec import Page, Setting

UNPROTECTED, STARTTLS, TLS = "none", "starttls", "tls"

SENDER_NAME = Setting(
    key="mailer.sender_name",
    page=Page.MAILER,
    label="Sender name",
    help="The name customers see as the sender; empty means the institution's name.",
    default="",
    field=line(80),
)
SENDER_ADDRESS = Setting(
    key="mailer.sender_address",
    page=Page.MAILER,
    label="Sender address",
    help="The address all mail to customers comes from; empty means the one the "
    "operator has set.",
    default="",
    field=email(),
)
REPLY_TO = Setting(
    key="mailer.reply_to",
    page=Page.MAILER,
    label="Reply-to address",
    help="Where a customer's reply goes; empty means the sender's address.",
    default="",
    field=email(),
)
SERVER = Setting(
    key="mailer.server",
    page=Page.MAILER,
    label="SMTP server",
    help="Name of the mail server; empty means the one the operator has set, and then "
    "the fields below do not count.",
    default="",
    field=host_name(),
)
PORT = Setting(
    key="mailer.port",
    page=Page.MAILER,
    label="Port",
    help="Port of the SMTP server: mostly 587 with STARTTLS, 465 with TLS.",
    default=587,
    field=whole_number(1, 65535),
)
SECURITY = Setting(
    key="mailer.security",
    page=Page.MAILER,
    label="Security",
    help="How the connection to the SMTP server is protected. Its certificate is "
    "always checked.",
    default=STARTTLS,
    field=one_of({STARTTLS: "STARTTLS", TLS: "TLS", UNPROTECTED: "None"}),
)
USER = Setting(
    key="mailer.user",
    page=Page.MAILER,
    label="User",
    help="Whom to sign in as at the SMTP server; empty means without signing in.",
    default="",
    field=line(254),
)
PASSWORD = Setting(
    key="mailer.password",
    page=Page.MAILER,
    label="Password",
    help="Of the same user at the SMTP server. It is asked for again when server, "
    "port, security or user change.",
    default="",
    field=secret(500),
    bound_to=(SERVER, PORT, SECURITY, USER),
)
