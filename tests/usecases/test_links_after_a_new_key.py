"""With a new secret key every link still opens, and both meet in one room."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.config import load_config
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.errors import MailTemporaryError
from invo_booking.usecases.accounts import links
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.booking import booking, joining, manage, program_appointments
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.joining import enter_room_as_staff
from invo_booking.usecases.upkeep import delivery
from invo_booking.usecases.upkeep.keys import rotate_keys
from tests.support.accounts import mailed_links, with_password_given
from tests.support.bank import PASSWORD, at
from tests.usecases.test_appointments import requested
from tests.usecases.test_programs import book, called_by, make
from tests.usecases.test_staffing import draft

TOKEN = re.compile(r"/a/([\w-]{32})")


def with_keys(deps, keys):
    config = load_config(
        {"INVO_DATA_DIR": str(deps.config.data_dir), "INVO_SECRET_KEYS": keys}
    )
    return replace(deps, config=config)


@pytest.fixture
def old(bank):
    """A bank with one key."""
    bank.deps = with_keys(bank.deps, "old:" + "5e" * 32)
    return bank.deps


@pytest.fixture
def both(deps):
    return with_keys(deps, "new:" + "a1" * 32 + ",old:" + "5e" * 32)


@pytest.fixture
def new(deps):
    return with_keys(deps, "new:" + "a1" * 32)


@pytest.fixture
def ana(bank):
    return bank.agent("Ana")


@pytest.fixture
def booked(bank, old, ana):
    assert old is bank.deps
    booked = requested(bank, at(10))
    max_ = bank.manager("Max")
    appointments.assign_appointment(bank.deps, max_, booked.appointment.id, ana.id)
    return booked


def opens(deps, token, booked):
    return manage.read_visit(deps, token).appointment.id == booked.appointment.id


def test_link_in_a_calendar_file_opens(both, booked):
    text = manage.calendar_file(both, booked.token).decode().replace("\r\n ", "")

    tokens = {*TOKEN.findall(text)}
    assert tokens
    assert tokens != {booked.token}
    assert all(opens(both, token, booked) for token in tokens)


def test_address_of_the_room_opens(both, booked, clock):
    clock.now = at(9, 58)

    address = manage.read_visit(both, booked.token).join_url

    (token,) = TOKEN.findall(address)
    assert joining.enter_room(both, token).startswith("https://meet.bank.example/")


def test_repeated_submission_gets_a_link_that_opens(bank, old, both, ana):
    assert ana
    wanted = bank.request(at(10))
    first = booking.request_appointment(old, wanted, idempotency_key="k" * 22)

    again = booking.request_appointment(both, wanted, idempotency_key="k" * 22)

    assert again.appointment.id == first.appointment.id
    assert opens(both, again.token, first)
    assert opens(both, first.token, first)


def test_programs_still_change_what_they_made(bank, old, both, ana):
    assert ana
    ada = bank.agent(
        "Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD
    )
    secret = make(old, ada).secret
    made = book(bank, secret, at(10))
    later, program = called_by(both, secret)

    seen = program_appointments.cancel_for_program(
        later, program, made.appointment.id, ""
    )

    assert seen.can_cancel is False
    assert seen.appointment.status is Status.CANCELLED


def test_both_meet_in_one_room_whatever_key_comes_first(old, both, ana, booked, clock):
    clock.now = at(9, 58)
    first = joining.enter_room(old, booked.token)

    assert enter_room_as_staff(both, ana, booked.appointment.id) == first
    assert joining.enter_room(both, booked.token) == first


def test_room_that_nobody_entered_follows_the_first_key_there_is(
    old, new, both, ana, booked, clock
):
    clock.now = at(9, 58)
    first = joining.enter_room(new, booked.token)

    assert enter_room_as_staff(both, ana, booked.appointment.id) == first
    assert joining.enter_room(old, booked.token) != first


def with_mail(deps):
    named = {"smtp_host": "mail.bank.example", "mail_from": "bank@bank.example"}
    return replace(deps, config=deps.config.model_copy(update=named))


@pytest.fixture
def bea(bank, old):
    assert old is bank.deps
    return with_password_given(bank.agent("Bea", roles=(Role.ADMINISTRATOR,)))


def test_invitation_that_waits_for_its_mail_opens(old, both, bea, postbox):
    staffing.create_person(with_mail(old), bea, draft())

    (link,) = mailed_links(with_mail(both), postbox)

    assert links.read_password_link(both, link).purpose == links.INVITATION
    links.use_password_link(both, link, "purple ladders eat at noon")


def test_invitation_whose_key_is_gone_gets_another_secret(old, new, bea, postbox):
    staffing.create_person(with_mail(old), bea, draft())

    (link,) = mailed_links(with_mail(new), postbox)

    assert links.read_password_link(new, link).purpose == links.INVITATION


def test_whoever_forgot_the_password_before_gets_a_link_all_the_same(
    old, both, bea, postbox
):
    links.ask_for_reset(with_mail(old), bea.email)

    (link,) = mailed_links(with_mail(both), postbox)

    assert links.read_password_link(both, link).email == bea.email


def test_reset_mail_that_is_sent_twice_has_one_link(old, both, bea, postbox, clock):
    links.ask_for_reset(with_mail(old), bea.email)
    postbox.refusal = MailTemporaryError("Not now.")
    delivery.deliver_due_mails(with_mail(old))
    postbox.refusal = None
    clock.advance(timedelta(minutes=2))

    (link,) = mailed_links(with_mail(both), postbox)

    assert links.read_password_link(both, link).email == bea.email


def test_mail_with_links_that_waits_for_its_turn_opens_once_the_old_key_is_gone(
    old, both, new, booked, postbox
):
    address = booked.appointment.customer.email
    delivery.deliver_due_mails(with_mail(old))
    postbox.sent.clear()
    manage.mail_links(with_mail(old), address)

    rotation = rotate_keys(both)
    delivery.deliver_due_mails(with_mail(new))

    (mail,) = postbox.sent
    assert mail.to == address
    assert rotation.resealed == ("address of a mail with links",)
    assert rotate_keys(both).resealed == ()


def test_mail_with_links_whose_key_is_gone_is_named_in_the_log(
    old, new, booked, postbox, caplog
):
    delivery.deliver_due_mails(with_mail(old))
    postbox.sent.clear()
    manage.mail_links(with_mail(old), booked.appointment.customer.email)

    assert rotate_keys(new).resealed == ()
    delivery.deliver_due_mails(with_mail(new))

    assert postbox.sent == []
    assert "a mail with links is not sent" in caplog.text
