"""General Configurations, each under two values."""

import asyncio
from datetime import timedelta

import pytest

from invo_booking.domain.errors import (
    InvalidInputError,
    LimitReachedError,
    PublicSchedulingOffError,
)
from invo_booking.settings import general
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.booking import manage
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.upkeep import delivery, periodic
from invo_booking.usecases.upkeep.purge import purge_outdated
from invo_booking.web.landing.state import LandingState
from tests.obeyed.conftest import book, offered, refused
from tests.support.bank import PASSWORD, at, confirm
from tests.web_staff.conftest import Client


@pytest.mark.obeys("general.public_scheduling")
def test_public_books_only_while_it_is_allowed_to(bank, product, decide, api):
    bank.agent()
    visitor = Client()

    def landing():
        asyncio.run(visitor.send(LandingState, "open_page", at="/"))
        return asyncio.run(visitor.see(LandingState)).site.is_open

    assert product is bank.deps
    assert landing()
    assert offered(bank)

    decide({"general.public_scheduling": "off"})

    assert not landing()
    assert isinstance(refused(book, bank, at(12)), PublicSchedulingOffError)
    assert isinstance(refused(offered, bank), PublicSchedulingOffError)
    assert api.get("/api/v1/answers").json()["scheduling_on"] is False

    decide({"general.public_scheduling": "on"})
    assert landing()
    assert book(bank, at(12))


CONTACTS = {
    "email": {"email": "rosa@example.com", "phone": ""},
    "phone": {"email": "", "phone": "+13125550142"},
    "neither": {"email": "", "phone": ""},
    "both": {"email": "rosa@example.com", "phone": "+13125550142"},
}


@pytest.mark.obeys("general.contact_requirement")
@pytest.mark.parametrize(
    ("requirement", "enough"),
    [
        ("email", {"email", "both"}),
        ("phone", {"phone", "both"}),
        ("both", {"both"}),
        ("neither", {"email", "phone", "both", "neither"}),
    ],
)
def test_customer_leaves_what_is_required(bank, decide, requirement, enough):
    bank.agent()
    book(bank, at(9), email="early@example.com")
    decide({"general.contact_requirement": requirement})

    for hour, (left, contact) in enumerate(CONTACTS.items(), start=11):
        if left in enough:
            assert book(bank, at(hour), **contact)
        else:
            problems = refused(book, bank, at(hour), **contact)
            assert isinstance(problems, InvalidInputError)
            assert set(problems.fields) <= {"email", "phone"}


PHONE_ONLY = {"email": "", "phone": "+13125550143"}
"""Without an address nothing is held above a limit, so that it refuses at once."""


def confirmed(bank, starts_at):
    """Book and confirm as the same customer; return the secret of the link."""
    token = book(bank, starts_at, **PHONE_ONLY).token
    confirm(bank.deps, token)
    return token


@pytest.mark.obeys("general.most_per_day")
def test_customer_has_only_so_many_appointments_a_day(bank, decide):
    bank.agent()
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    decide({"general.most_per_day": "1"})
    confirmed(bank, at(10))
    assert isinstance(refused(confirmed, bank, at(12)), LimitReachedError)
    manage.cancel_by_link(bank.deps, confirmed(bank, at(10, days=1)))

    decide({"general.most_per_day": "2"})
    assert confirmed(bank, at(12))
    assert isinstance(refused(confirmed, bank, at(14)), LimitReachedError)


@pytest.mark.obeys("general.most_in_total")
def test_customer_has_only_so_many_appointments_altogether(bank, decide):
    bank.agent()
    bank.set(general.CONTACT_REQUIREMENT, "phone")
    confirmed(bank, at(10))
    decide({"general.most_in_total": "1"})
    assert isinstance(refused(confirmed, bank, at(10, days=2)), LimitReachedError)

    decide({"general.most_in_total": "0"})
    assert confirmed(bank, at(10, days=2))


@pytest.mark.obeys("general.show_unassigned")
def test_agents_see_and_take_what_nobody_has_only_while_it_is_shown(bank, decide):
    ana = bank.agent("Ana", password=PASSWORD)
    manager = bank.manager()
    made = book(bank, at(12)).appointment
    assert len(calendar.own_dashboard(bank.deps, ana).unassigned) == 1

    decide({"general.show_unassigned": "off"})

    assert calendar.own_dashboard(bank.deps, ana).unassigned == ()
    assert len(calendar.own_dashboard(bank.deps, manager).unassigned) == 1
    assert refused(appointments.take_appointment, bank.deps, ana, made.id)

    decide({"general.show_unassigned": "on"})
    assert len(calendar.own_dashboard(bank.deps, ana).unassigned) == 1
    assert appointments.take_appointment(bank.deps, ana, made.id).agent_id == ana.id


@pytest.mark.obeys("general.purge_outdated")
def test_what_is_over_is_forgotten_only_while_it_should_be(bank, decide, clock):
    bank.agent()
    booked = book(bank, at(12))
    confirm(bank.deps, booked.token)
    delivery.deliver_due_mails(bank.deps)
    clock.advance(timedelta(days=2))
    periodic.complete_past(bank.deps)
    assert purge_outdated(bank.deps) == 0
    assert manage.read_visit(bank.deps, booked.token)

    decide({"general.purge_outdated": "on"})
    assert purge_outdated(bank.deps) == 0
    clock.advance(timedelta(days=1))

    assert purge_outdated(bank.deps) == 1
    assert refused(manage.read_visit, bank.deps, booked.token).code == "gone"


def test_limit_is_about_live_appointments_of_one_contact(bank, decide):
    bank.agent()
    decide({"general.most_per_day": "1"})
    first = book(bank, at(10))
    book(bank, at(11), email="somebody.else@example.com")
    manage.cancel_by_link(bank.deps, first.token)

    assert book(bank, at(12))


@pytest.mark.obeys("general.session_idle")
def test_who_does_nothing_is_signed_out_after_the_time_that_is_set(bank, decide, clock):
    ana = bank.agent("Ana", password=PASSWORD)
    token = sessions.sign_in(bank.deps, ana.email, PASSWORD).token
    clock.advance(timedelta(minutes=6))
    assert sessions.actor_of_session(bank.deps, token) == ana
    clock.advance(timedelta(minutes=6))

    decide({"general.session_idle": "5"})

    assert sessions.actor_of_session(bank.deps, token) is None


@pytest.mark.obeys("general.session_longest")
def test_everybody_is_signed_out_after_the_time_that_is_set(bank, decide, clock):
    ana = bank.agent("Ana", password=PASSWORD)
    signed_in = sessions.sign_in(bank.deps, ana.email, PASSWORD)
    assert signed_in.lasts == timedelta(hours=12)
    clock.advance(timedelta(minutes=59))
    assert sessions.actor_of_session(bank.deps, signed_in.token) == ana
    clock.advance(timedelta(minutes=2))

    decide({"general.session_longest": "60"})

    assert sessions.actor_of_session(bank.deps, signed_in.token) is None
    again = sessions.sign_in(bank.deps, ana.email, PASSWORD)
    assert again.lasts == timedelta(minutes=60)


def test_idle_time_longer_than_the_longest_is_refused(bank, decide):
    assert bank
    texts = {"general.session_idle": "120", "general.session_longest": "60"}

    assert isinstance(refused(decide, texts), InvalidInputError)
