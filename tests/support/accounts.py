"""People at places, and the links they find in their mail."""

import re
from dataclasses import replace

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.upkeep import delivery

LINK = re.compile(r"/session/set-password\?link=([\w-]{32})")


def at_address(deps, address):
    """Return the parts as a request from an address gets them."""
    return deps.for_caller(Caller(interface=Interface.API, address=address))


def with_password_given(person):
    """Return an administrator who gave the own password for what comes next."""
    return replace(person, gave_password=True)


def with_mail_server(deps):
    """Return the parts of an operator who has named a mail server."""
    named = deps.config.model_copy(update={"smtp_host": "mail.bank.example"})
    return replace(deps, config=named)


def try_in_vain(deps, email, address, *, browser=""):
    """Try a wrong password; return the refusal's name."""
    try:
        sessions.sign_in(at_address(deps, address), email, "wrong", browser=browser)
    except Exception as error:  # noqa: BLE001  # its kind is what is asked for
        return type(error).__name__
    raise AssertionError("a wrong password was taken")


def mailed_links(deps, postbox):
    """Send what is due; return the secrets of the links in the mails, oldest first."""
    delivery.deliver_due_mails(deps)
    return [found for mail in postbox.sent for found in LINK.findall(mail.text)]
