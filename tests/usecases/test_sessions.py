from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.usecases.accounts import links, sessions
from invo_booking.usecases.admin import people
from tests.support.accounts import at_address
from tests.support.bank import PASSWORD

HOME = "203.0.113.7"


def enter(bank, password=PASSWORD, email="ana@bank.example", address=HOME):
    return sessions.sign_in(at_address(bank.deps, address), email, password)


def test_session_tells_who_it_belongs_to_until_sign_out(bank):
    ana = bank.agent(password=PASSWORD)
    token = enter(bank, email=" ANA@bank.example").token

    assert sessions.actor_of_session(bank.deps, token) == ana
    sessions.sign_out(bank.deps, token)
    assert sessions.actor_of_session(bank.deps, token) is None


def test_unknown_wrong_and_disabled_are_refused_in_the_same_words(bank):
    bank.agent(password=PASSWORD)
    bank.agent("Ben", password=PASSWORD)
    people.disable_person(bank.deps, "ben@bank.example")

    sentences = set()
    for email, password in (
        ("nobody@bank.example", PASSWORD),
        ("ana@bank.example", "wrong"),
        ("ben@bank.example", PASSWORD),
    ):
        with pytest.raises(NotAllowedError) as refused:
            enter(bank, password, email)
        sentences.add(str(refused.value))

    assert len(sentences) == 1


def test_person_without_a_password_cannot_sign_in(bank):
    bank.agent()

    with pytest.raises(NotAllowedError):
        enter(bank, "")


@pytest.mark.parametrize("away", [timedelta(minutes=61), timedelta(hours=13)])
def test_session_ends_by_itself(bank, clock, away):
    bank.agent(password=PASSWORD)
    token = enter(bank).token

    clock.advance(away)

    assert sessions.actor_of_session(bank.deps, token) is None


def test_session_in_use_goes_on_for_half_a_day_at_most(bank, clock):
    bank.agent(password=PASSWORD)
    token = enter(bank).token

    alive = 0
    while sessions.actor_of_session(bank.deps, token):
        alive += 1
        clock.advance(timedelta(minutes=30))

    assert alive == 25


def test_disabling_ends_every_session_at_once(bank):
    bank.agent(password=PASSWORD)
    token = enter(bank).token

    people.disable_person(bank.deps, "ana@bank.example")

    assert sessions.actor_of_session(bank.deps, token) is None


def test_roles_changed_in_an_open_session_hold_at_the_next_event(bank):
    bank.agent(password=PASSWORD)
    token = enter(bank).token

    people.set_person_roles(bank.deps, "ana@bank.example", [Role.MANAGER])

    actor = sessions.actor_of_session(bank.deps, token)
    assert actor is not None
    assert actor.roles == {Role.MANAGER}


def test_password_set_by_the_operator_ends_sessions_and_is_replaced_at_once(bank):
    bank.agent(password=PASSWORD)
    token = enter(bank).token

    people.reset_password(bank.deps, "ana@bank.example", "another good password")

    assert sessions.actor_of_session(bank.deps, token) is None
    entered = enter(bank, "another good password")
    assert isinstance(entered, sessions.OwnPasswordFirst)
    links.use_password_link(bank.deps, entered.link, "a third and private password")
    assert enter(bank, "a third and private password").token


def test_last_super_admin_cannot_leave(bank):
    bank.agent("Root", roles=(Role.SUPER_ADMIN,))

    with pytest.raises(InvalidInputError):
        people.disable_person(bank.deps, "root@bank.example")
    with pytest.raises(InvalidInputError):
        people.set_person_roles(bank.deps, "root@bank.example", [Role.AGENT])


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_account_made_by_the_operator_gets_a_password_of_its_owners(bank, password):
    draft = people.AccountDraft(
        name="Nia", email="Nia@bank.example", password=password, roles=[Role.AGENT]
    )
    people.create_account(bank.deps, draft)

    if password:
        link = enter(bank, email="nia@bank.example").link
    else:
        link = people.make_password_link(bank.deps, "nia@bank.example").rpartition("=")[
            2
        ]
    links.use_password_link(bank.deps, link, "words that only Nia knows")

    entered = enter(bank, "words that only Nia knows", "nia@bank.example")
    assert entered.actor.name == "Nia"
    with pytest.raises(InvalidInputError):
        people.create_account(bank.deps, draft)
    with pytest.raises(NotFoundError):
        people.disable_person(bank.deps, "nobody@bank.example")
