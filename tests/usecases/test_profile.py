"""One's own account: where one is signed in, and the password."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.guessing import ACCOUNT
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    TooManyRequestsError,
)
from invo_booking.settings import general
from invo_booking.usecases.accounts import profile, sessions
from invo_booking.usecases.shared.links import hash_secret
from tests.support.accounts import at_address
from tests.support.bank import PASSWORD

NEW = "another long password"


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def sign_in(deps, actor, password=PASSWORD, address="10.0.0.7"):
    return sessions.sign_in(at_address(deps, address), actor.email, password).token


def change(deps, actor, session, current=PASSWORD, new=NEW):
    profile.change_password(deps, actor, hash_secret(session), (current, new))


def test_every_browser_one_is_signed_in_with_is_listed(deps, clock, ana):
    sign_in(deps, ana, address="10.0.0.8")
    clock.advance(timedelta(minutes=5))
    here = sign_in(deps, ana)

    found = profile.own_profile(deps, ana, hash_secret(here)).browsers

    assert [(it.address, it.is_this) for it in found] == [
        ("10.0.0.7", True),
        ("10.0.0.8", False),
    ]


def test_session_that_was_idle_for_too_long_is_not_listed(deps, clock, ana):
    sign_in(deps, ana)
    clock.advance(general.SESSION_IDLE.default + timedelta(seconds=1))
    here = sign_in(deps, ana)

    assert len(profile.own_profile(deps, ana, hash_secret(here)).browsers) == 1


def test_another_browser_can_be_signed_out(deps, ana):
    other, here = sign_in(deps, ana), sign_in(deps, ana)
    (key,) = (
        it.key
        for it in profile.own_profile(deps, ana, hash_secret(here)).browsers
        if not it.is_this
    )

    profile.sign_out_browser(deps, ana, key)

    assert sessions.actor_of_session(deps, other) is None
    assert sessions.actor_of_session(deps, here) == ana


def test_nobody_signs_somebody_else_out(deps, bank, ana):
    ben = bank.agent("Ben", password=PASSWORD)
    theirs, here = sign_in(deps, ben), sign_in(deps, ana)
    (key,) = (
        it.key for it in profile.own_profile(deps, ben, hash_secret(theirs)).browsers
    )

    with pytest.raises(NotFoundError):
        profile.sign_out_browser(deps, ana, key)

    assert sessions.actor_of_session(deps, theirs) == ben
    assert sessions.actor_of_session(deps, here) == ana


def test_all_others_can_be_signed_out_at_once(deps, bank, ana):
    ben = bank.agent("Ben", password=PASSWORD)
    others, here = [sign_in(deps, ana) for _ in range(3)], sign_in(deps, ana)
    theirs = sign_in(deps, ben)

    profile.sign_out_others(deps, ana, hash_secret(here))

    assert [sessions.actor_of_session(deps, it) for it in others] == [None] * 3
    assert sessions.actor_of_session(deps, here) == ana
    assert sessions.actor_of_session(deps, theirs) == ben


def test_new_password_works_and_signs_out_all_other_browsers(deps, ana):
    other, here = sign_in(deps, ana), sign_in(deps, ana)

    change(deps, ana, here)

    assert sessions.actor_of_session(deps, other) is None
    assert sessions.actor_of_session(deps, here) == ana
    assert sign_in(deps, ana, NEW)
    with pytest.raises(NotAllowedError):
        sign_in(deps, ana)


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [("wrong", NEW, "current"), (PASSWORD, "short", "new"), ("", "", "current")],
)
def test_wrong_or_short_password_changes_nothing(deps, ana, current, new, field):
    here = sign_in(deps, ana)

    with pytest.raises(InvalidInputError) as refused:
        change(deps, ana, here, current, new)

    assert list(refused.value.fields) == [field]
    assert sign_in(deps, ana)


def test_present_password_cannot_be_guessed_for_ever(deps, ana):
    here = sign_in(deps, ana)
    for _ in range(ACCOUNT.free):
        with pytest.raises(InvalidInputError):
            change(deps, ana, here, "wrong")

    with pytest.raises(TooManyRequestsError):
        change(deps, ana, here)
