"""Mails to administrators that were promised before something changed."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.admin import people
from invo_booking.usecases.shared import notices
from invo_booking.usecases.upkeep import delivery
from tests.support.accounts import with_mail_server


@pytest.fixture
def deps(deps):
    return with_mail_server(deps)


@pytest.fixture
def promised(bank, deps, clock):
    bank.agent("Root", roles=(Role.SUPER_ADMIN,))
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,))
    with deps.unit_of_work() as work:
        notices.notify_administrators(work, "Look at this", "It is secret.", clock())
    return ada


def told(deps, postbox):
    delivery.deliver_due_mails(deps)
    return {mail.to for mail in postbox.sent}


def test_administrators_are_told(deps, postbox, promised):
    assert told(deps, postbox) == {"root@bank.example", promised.email}


def test_who_was_disabled_meanwhile_is_told_nothing(deps, postbox, promised):
    people.disable_person(deps, promised.email)

    assert told(deps, postbox) == {"root@bank.example"}


def test_who_administers_no_more_is_told_nothing(deps, postbox, promised):
    people.set_person_roles(deps, promised.email, [Role.AGENT])

    assert told(deps, postbox) == {"root@bank.example"}


def test_another_address_since_is_the_one_that_is_written_to(deps, postbox, promised):
    with deps.unit_of_work() as work:
        work.people._update(promised.id, email="ada.new@bank.example")  # noqa: SLF001
        work.publish_roster_change()

    assert told(deps, postbox) == {"root@bank.example", "ada.new@bank.example"}
