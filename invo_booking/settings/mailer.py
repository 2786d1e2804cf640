"""Define the settings of the page Mailer: sender and mail server."""

from invo_booking.settings.parsers import (
    choice_setting_field,
    email_setting_field,
    line_setting_field,
    secret_setting_field,
    whole_number_setting_field,
)
from invo_booking.settings.provider_fields import host_name_setting_field
from invo_booking.settings.spec import Page, Setting

UNPROTECTED, STARTTLS, TLS = "none", "starttls", "tls"

SENDER_NAME = Setting(
    key="mailer.sender_name",
    page=Page.MAILER,
    label="Sender name",
    help="Customers see this name as the sender of mail. If empty, they see the "
    "institution's name.",
    default="",
    field=line_setting_field(80),
)
SENDER_ADDRESS = Setting(
    key="mailer.sender_address",
    page=Page.MAILER,
    label="Sender address",
    help="All mail to customers comes from this address. If empty, the operator's "
    "INVO_MAIL_FROM is used.",
    default="",
    field=email_setting_field(),
)
REPLY_TO = Setting(
    key="mailer.reply_to",
    page=Page.MAILER,
    label="Reply-to address",
    help="Customers' replies go to this address. If empty, they go to the sender "
    "address.",
    default="",
    field=email_setting_field(),
)
SERVER = Setting(
    key="mailer.server",
    page=Page.MAILER,
    label="SMTP server",
    help="Mail is sent through this server, such as smtp.bank.example. If empty, the "
    "operator's server is used and the fields below are ignored.",
    default="",
    field=host_name_setting_field(),
)
PORT = Setting(
    key="mailer.port",
    page=Page.MAILER,
    label="Port",
    help="Port of the SMTP server, usually 587 with STARTTLS and 465 with TLS.",
    default=587,
    field=whole_number_setting_field(1, 65535),
)
SECURITY = Setting(
    key="mailer.security",
    page=Page.MAILER,
    label="Security",
    help="Encryption of the connection to the SMTP server. The server's certificate is "
    "always checked.",
    default=STARTTLS,
    field=choice_setting_field({STARTTLS: "STARTTLS", TLS: "TLS", UNPROTECTED: "None"}),
)
USER = Setting(
    key="mailer.user",
    page=Page.MAILER,
    label="User",
    help="User name for the SMTP server. If empty, mail is sent without signing in.",
    default="",
    field=line_setting_field(254),
)
PASSWORD = Setting(
    key="mailer.password",
    page=Page.MAILER,
    label="Password",
    help="Password of this user. You must enter it again after a change of server, "
    "port, security or user.",
    default="",
    field=secret_setting_field(500),
    bound_to=(SERVER, PORT, SECURITY, USER),
)
