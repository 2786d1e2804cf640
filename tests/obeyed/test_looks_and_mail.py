"""UX Preferences and Mailer, each under two values."""

import asyncio

import pytest

from invo_booking.api.public.facts import head_of_facts, institution_facts
from invo_booking.usecases.booking.manage import calendar_file
from invo_booking.usecases.upkeep import delivery
from invo_booking.web.scheduler.state import ScheduleState
from tests.obeyed.conftest import book, refused
from tests.support.bank import at
from tests.web_staff.conftest import Client


@pytest.mark.obeys("ux.slot_text", "ux.slot_available", "ux.slot_selected")
@pytest.mark.parametrize("part", ["slot_text", "slot_available", "slot_selected"])
def test_scheduler_is_drawn_in_the_colors_chosen(product, bank, decide, part):
    assert product is bank.deps
    visitor = Client()

    def color() -> str:
        asyncio.run(visitor.send(ScheduleState, "open_page", at="/schedule"))
        return getattr(asyncio.run(visitor.see(ScheduleState)).site, part)

    assert color() == "inherit", "the style sheet's own, light or dark"
    decide({f"ux.{part}": "#FFE8A3"})
    assert color() == "#ffe8a3"
    assert refused(decide, {f"ux.{part}": "red; background: url(x)"}).fields


@pytest.mark.obeys("ux.brand")
def test_public_pages_are_drawn_in_the_color_of_the_brand(bank, decide):
    def head() -> str:
        return head_of_facts(institution_facts(bank.deps) or {})

    assert "<style>" not in head(), "the style sheet's own"
    decide({"ux.brand": "#7A0019"})
    assert "--btn:#7a0019" in head()
    assert refused(decide, {"ux.brand": "red}body{display:none"}).fields


class Mails:
    """Books one after another and looks at the mail about each."""

    def __init__(self, bank, postbox) -> None:
        self._bank = bank
        self._postbox = postbox
        self._hour = 9

    def next(self):
        """Return the next mail and the server it was handed to."""
        self._hour += 1
        self.booked = book(
            self._bank, at(self._hour), email=f"rosa{self._hour}@example.com"
        )
        assert delivery.deliver_due_mails(self._bank.deps).sent == 1
        return self._postbox.sent[-1], self._postbox.servers[-1]


@pytest.fixture
def mails(bank, postbox) -> Mails:
    bank.agent()
    return Mails(bank, postbox)


@pytest.mark.obeys("mailer.sender_name")
def test_mail_bears_the_senders_name(mails, decide):
    assert mails.next()[0].sender_name == "Test Bank"

    decide({"mailer.sender_name": "Your bank"})
    assert mails.next()[0].sender_name == "Your bank"


@pytest.mark.obeys("mailer.sender_address")
def test_mail_and_invitation_come_from_the_senders_address(mails, decide, deps):
    assert mails.next()[0].sender == "appointments@harbor.example"

    decide({"mailer.sender_address": "Hello@Bank.example"})
    assert mails.next()[0].sender == "hello@bank.example"
    file = calendar_file(deps, mails.booked.token).decode().replace("\r\n ", "")
    assert "mailto:hello@bank.example" in file
    assert refused(decide, {"mailer.sender_address": "a@b.example, c@d.example"})


@pytest.mark.obeys("mailer.reply_to")
def test_answers_go_where_they_should(mails, decide):
    assert mails.next()[0].reply_to == ""

    decide({"mailer.reply_to": "help@bank.example"})
    assert mails.next()[0].reply_to == "help@bank.example"


@pytest.mark.obeys(
    "mailer.server", "mailer.port", "mailer.security", "mailer.user", "mailer.password"
)
def test_next_mail_is_handed_to_the_server_just_chosen(mails, decide):
    assert mails.next()[1] is None, "the operator's server"

    decide({"mailer.server": "smtp.bank.example"})
    server = mails.next()[1]
    assert (server.host, server.port) == ("smtp.bank.example", 587)
    assert (server.security, server.user, server.password) == ("starttls", "", "")
    assert server.anywhere is False

    decide(
        {
            "mailer.port": "465",
            "mailer.security": "tls",
            "mailer.user": "booking",
            "mailer.password": "hidden words",
        }
    )
    server = mails.next()[1]
    assert (server.port, server.security) == (465, "tls")
    assert (server.user, server.password) == ("booking", "hidden words")
    assert "hidden" not in repr(server)

    decide({"mailer.server": "", "mailer.password": ""})
    assert mails.next()[1] is None


def test_password_never_travels_over_an_open_line(decide):
    decide({"mailer.server": "smtp.bank.example", "mailer.user": "booking"})

    problem = refused(decide, {"mailer.security": "none"})

    assert "unencrypted" in problem.fields["mailer.security"]
