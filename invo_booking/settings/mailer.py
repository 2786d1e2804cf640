"""Mailer: whom the institution's mail comes from."""

from invo_booking.settings.parsers import email, line
from invo_booking.settings.spec import Page, Setting

SENDER_NAME = Setting(
    key="mailer.sender_name",
    page=Page.MAILER,
    label="Sender name",
    help="The name customers see as the sender; empty means the institution's name.",
    default="",
    field=line(80),
)
REPLY_TO = Setting(
    key="mailer.reply_to",
    page=Page.MAILER,
    label="Reply-to address",
    help="Where a customer's reply goes; empty means the sender's address.",
    default="",
    field=email(),
)

ENTRIES = (SENDER_NAME, REPLY_TO)
