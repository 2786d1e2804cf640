"""A bank that has not said whom its mail comes from, or where it goes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.config import load_config
from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import MailTemporaryError
from invo_booking.mail.smtp import SmtpMailer
from invo_booking.settings import mailer
from invo_booking.usecases.admin.settings_saving import SettingEdit, save_settings
from invo_booking.usecases.shared import mailing
from invo_booking.usecases.upkeep import delivery, health
from tests.obeyed.conftest import book
from tests.support.bank import at

BARE = {"sender": {"mail_from": ""}, "server": {"smtp_host": ""}}


@pytest.fixture(params=["sender", "server"])
def lacks(request):
    return request.param


@pytest.fixture
def bare(bank, deps, lacks):
    """The product's parts, without a sender or without a server."""
    bank.agent()
    bank.deps = replace(deps, config=deps.config.model_copy(update=BARE[lacks]))
    return bank.deps


@pytest.fixture
def simone(bank, bare):
    assert bare
    return bank.agent("Simone", roles=(Role.SUPER_ADMIN,))


def mail_check(deps):
    (check,) = (it for it in health.health_checks(deps) if it.name == "mail")
    return check


def why_waiting(deps, booked):
    with deps.unit_of_work() as work:
        return work.outbox.trouble(booked.appointment.id)


def promise(deps, now):
    """Promise a mail that is useful for ever."""
    said = {"to": "simone@bank.example", "subject": "Read this", "text": "Now."}
    with deps.unit_of_work() as work:
        work.outbox.add("notice", said, now=now)


def test_nothing_goes_out_in_the_demos_name():
    assert load_config({"INVO_SECRET_KEYS": "a:" + "5e" * 32}).sender == ""
    demo = load_config({"INVO_SECRET_KEYS": "a:" + "5e" * 32, "INVO_DEMO": "1"})
    assert demo.sender == "appointments@harbor.example"


def test_mail_waits_for_weeks_says_why_and_goes_out_once_it_can(
    bare, clock, postbox, simone, lacks
):
    promise(bare, clock())
    for _ in range(20):
        assert delivery.deliver_due_mails(bare).sent == 0
        clock.advance(timedelta(days=1))
    with bare.unit_of_work() as work:
        assert (work.outbox.count("open"), work.outbox.count("failed")) == (1, 0)
    assert postbox.sent == []

    chosen = {
        "sender": {mailer.SENDER_ADDRESS.key: SettingEdit(text="hello@bank.example")},
        "server": {mailer.SERVER.key: SettingEdit(text="smtp.bank.example")},
    }
    save_settings(bare, simone, chosen[lacks])
    clock.advance(delivery.HOLD)

    assert delivery.deliver_due_mails(bare).sent == len(postbox.sent) == 1


def test_what_was_held_for_a_week_is_not_given_up_at_the_first_refusal(
    bare, clock, postbox, simone, lacks
):
    promise(bare, clock())
    delivery.deliver_due_mails(bare)
    clock.advance(timedelta(days=6))
    setting = {"sender": mailer.SENDER_ADDRESS, "server": mailer.SERVER}[lacks]
    text = {"sender": "hello@bank.example", "server": "smtp.bank.example"}[lacks]
    save_settings(bare, simone, {setting.key: SettingEdit(text=text)})
    postbox.refusal = MailTemporaryError("Not now.")

    delivery.deliver_due_mails(bare)

    with bare.unit_of_work() as work:
        assert (work.outbox.count("open"), work.outbox.count("failed")) == (1, 0)


def test_staff_read_at_the_appointment_why_its_mail_waits(bank, bare):
    booked = book(bank, at(10))

    delivery.deliver_due_mails(bare)

    assert why_waiting(bare, booked).startswith("Mail waits because no ")


def test_health_the_mailer_page_and_a_test_mail_say_so(bare, simone, postbox):
    assert not mail_check(bare).ok
    assert not mail_check(bare).needed
    assert mail_check(bare).sentence.startswith("Mail waits because no ")
    assert mailing.mail_settings_sentence(bare, simone).startswith(
        "Mail waits because no "
    )
    with pytest.raises(MailTemporaryError, match="Mail waits because no "):
        mailing.send_test_mail(bare, simone)
    assert postbox.sent == []


def test_mailer_page_shows_who_writes_and_through_which_server(deps, bank):
    simone = bank.agent("Simone", roles=(Role.SUPER_ADMIN,))
    said = mailing.mail_settings_sentence(deps, simone)

    assert said == (
        "Mail goes out as Test Bank <appointments@harbor.example>, through "
        "smtp.bank.example."
    )
    assert mail_check(deps).ok


def test_mailer_without_a_server_does_not_turn_to_this_machine():
    config = load_config({"INVO_SECRET_KEYS": "a:" + "5e" * 32})

    with pytest.raises(MailTemporaryError, match="No mail server"):
        SmtpMailer(config).greet()
