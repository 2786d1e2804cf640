"""What is typed is stored in one form and found again, at every interface."""

import pytest
from sqlmodel import select

from invo_booking.domain.access.roles import Role
from invo_booking.domain.contact import email_to_look_up
from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.outbox import LINKS
from invo_booking.persistence.tables.core import AppointmentRow, OutboxRow, PersonRow
from invo_booking.usecases.accounts import links, sessions
from invo_booking.usecases.admin import people, staffing
from invo_booking.usecases.admin.people import AccountDraft
from invo_booking.usecases.admin.staffing import PeopleFilter
from invo_booking.usecases.booking import manage
from invo_booking.usecases.shared.sealing import unseal
from tests.support.accounts import mailed_links, with_mail_server
from tests.support.bank import PASSWORD, at
from tests.usecases.test_booking import book

SEEN, TYPED = "ana@bank.example", "\u202aAna\uff20bank.exam\u00adple\u200b\u202c"


@pytest.mark.parametrize(
    ("zone", "locale"),
    [
        ("Etc/Unknown", "en-US@posix"),
        ("undefined", "en-US-u-ca-gregory-hc-h23-nu-latn"),
        ("+05:30", "x" * 500),
        ("", ""),
        ("\ud800", "\ud800"),
        ("../../etc/passwd", "<script>"),
    ],
)
def test_what_a_browser_says_is_never_refused(bank, zone, locale):
    bank.agent()

    customer = book(bank, at(10), time_zone=zone, locale=locale).appointment.customer

    assert (customer.time_zone, customer.locale) == ("America/Chicago", "en-US")


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("phone", "\u202d+1 (312) 555-0142\u202c", "+13125550142"),
        ("phone", "+1 312 555 0142\u200b", "+13125550142"),
        ("email", "ana@example.com\u200b", "ana@example.com"),
        ("email", "\u202aana@example.com\u202c", "ana@example.com"),
        ("email", "ana\uff20example.com", "ana@example.com"),
        ("name", "\u2068Ana\u00ad Rivera\ufeff", "Ana Rivera"),
    ],
)
def test_what_cannot_be_seen_is_dropped_and_found_again(bank, field, typed, stored):
    bank.agent()

    booked = book(bank, at(10), **{field: typed}).appointment

    assert getattr(booked.customer, field) == stored
    with bank.deps.unit_of_work() as work:
        found = work.appointments.live_of_contact(
            email_to_look_up("ana@example.com"), booked.customer.phone, bank.clock()
        )
    assert booked.id in {it.id for it in found} or field == "name"


def test_sign_in_and_forgotten_password_find_what_was_stored(bank, postbox):
    deps = with_mail_server(bank.deps)
    bank.agent(password=PASSWORD)

    assert sessions.sign_in(deps, TYPED, PASSWORD).actor.name == "Ana"
    links.ask_for_reset(deps, TYPED)

    assert len(mailed_links(deps, postbox)) == 1


def test_wrong_tries_count_for_one_account_however_it_is_written(bank):
    bank.agent(password=PASSWORD)
    with bank.deps.unit_of_work() as work:
        one, other = (
            sessions._guess(bank.deps, work, typed, None, "").account  # noqa: SLF001
            for typed in (SEEN, TYPED)
        )

    assert one == other


def test_operator_makes_a_person_who_is_found_by_any_form_of_the_address(bank):
    people.create_account(
        bank.deps,
        AccountDraft(
            name="\u2066Cy\u200b Ruiz\u2069", email=f" {TYPED}", roles=[Role.AGENT]
        ),
    )

    people.set_person_roles(bank.deps, TYPED, [Role.AGENT, Role.MANAGER])
    with bank.deps.unit_of_work() as work:
        person = work.session.exec(select(PersonRow)).one()
    assert (person.name, person.email) == ("Cy Ruiz", SEEN)
    with pytest.raises(InvalidInputError) as refused:
        people.create_account(
            bank.deps, AccountDraft(name="\u200b", email="cy", roles=[])
        )
    assert set(refused.value.fields) == {"name", "email"}


def test_links_are_mailed_to_the_address_that_was_stored(bank):
    bank.agent()
    booked = book(bank, at(10), email=TYPED).appointment

    manage.mail_links(bank.deps, f"{TYPED}\u2060")

    with bank.deps.unit_of_work() as work:
        stored = work.session.get(AppointmentRow, booked.id)
        wanted = select(OutboxRow).where(OutboxRow.kind == LINKS)
        promised = work.session.exec(wanted).one()
    assert stored.customer_email == SEEN
    sealed = promised.payload["sealed_address"]
    assert unseal(bank.deps.config, LINKS, sealed) == SEEN


def test_colleague_is_found_by_what_looks_like_the_name_or_address(bank):
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,))
    bank.agent("Ana")

    for typed in ("\u200bana ", "AN\u00adA", "ana\uff20bank"):
        everybody = staffing.people_overview(bank.deps, ada).people
        assert [it.name for it in PeopleFilter(name=typed).among(everybody)] == ["Ana"]
