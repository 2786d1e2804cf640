"""The demo's institution on a real database, as people then meet it."""

import random
from datetime import date, timedelta

import pytest
from sqlmodel import select

from invo_booking.config import ConfigError
from invo_booking.demo.bank import demo_bank
from invo_booking.demo.institution import (
    DEMO_PASSWORD,
    DEMO_SIGN_INS,
    SEED,
    create_demo,
)
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import LIVE, Status
from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import AppointmentRow, OutboxRow
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.booking import booking, request_mail
from invo_booking.usecases.shared.links import token_of
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import confirm
from tests.usecases.conftest import TUESDAY_NOON

FORTNIGHT = Interval(TUESDAY_NOON, TUESDAY_NOON + timedelta(days=14))


def rows(deps, table) -> list:
    with deps.unit_of_work() as work:
        return list(work.session.exec(select(table)))


def test_an_empty_database_is_not_filled_where_this_is_no_demo(deps):
    with pytest.raises(ConfigError, match="invo-booking institution") as caught:
        create_demo(deps)

    assert "INVO_DEMO" in str(caught.value)
    with deps.unit_of_work() as work:
        assert not work.is_set_up


def test_demo_is_made_once_and_promises_no_mail(demo):
    before = len(rows(demo, AppointmentRow))

    assert create_demo(demo) is False

    assert len(rows(demo, AppointmentRow)) == before > 200
    assert rows(demo, OutboxRow) == []


def test_roster_reads_back_as_it_was_written(demo):
    written = demo_bank(TUESDAY_NOON, random.Random(SEED))  # noqa: S311 - the same demo

    with demo.unit_of_work() as work:
        read = work.roster

    assert read.queues == written.queues
    assert read.answers == written.answers
    assert read.people == written.people
    assert read.holidays == written.holidays
    assert read.institution.zone == written.institution.zone


def test_every_role_can_sign_in(demo):
    assert {known.role for known in DEMO_SIGN_INS} == set(Role)

    for known in DEMO_SIGN_INS:
        signed_in = sessions.sign_in(demo, known.email, DEMO_PASSWORD)
        assert signed_in.actor.roles == {known.role}
        assert signed_in.actor.name == known.name


def test_public_finds_free_times_for_every_topic_in_every_language(demo):
    site = booking.public_site(demo)

    assert site.scheduling_on
    assert len(site.answers) == 8
    for answer in site.answers:
        for language in answer.languages:
            offer = booking.offer_slots(demo, answer.id, language, FORTNIGHT)
            assert offer.slots
            assert "Thanksgiving" in offer.closed_days[date(2026, 11, 26)]


def test_customers_link_opens_and_confirms_the_request(demo):
    with demo.unit_of_work() as work:
        live = work.appointments.live_between(FORTNIGHT)
    assert {one.status for one in live} == LIVE

    request = next(one for one in live if one.status is Status.REQUESTED)
    request_mail.resend_request_mail(demo, token_of(demo, request))
    delivery.deliver_due_mails(demo)
    confirmed = confirm(demo, token_of(demo, request))

    assert confirmed.appointment.status is Status.CONFIRMED
