"""Tokens by which programs act for staff."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.usecases import people, sessions, tokens
from tests.support.bank import PASSWORD


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def make(deps, actor, name="Nightly report", days=30):
    return tokens.make(deps, actor, name, days)


def test_token_acts_for_whoever_made_it(deps, ana):
    made = make(deps, ana)

    assert tokens.actor_of(deps, made.secret) == ana
    assert made.secret.startswith("invo_")


def test_database_holds_no_part_of_a_token(deps, ana):
    made = make(deps, ana)

    with deps.unit_of_work() as work:
        stored = work.session.connection().execute(text("SELECT * FROM api_token"))
        told = str(stored.all())
    assert made.secret not in told
    assert made.secret.removeprefix("invo_")[:8] not in told


@pytest.mark.parametrize("days", tokens.LIFETIMES)
def test_token_works_as_long_as_said_and_not_longer(deps, clock, ana, days):
    made = make(deps, ana, days=days)

    clock.advance(timedelta(days=days) - timedelta(seconds=1))
    before = tokens.actor_of(deps, made.secret)
    clock.advance(timedelta(seconds=1))

    assert before == ana
    assert tokens.actor_of(deps, made.secret) is None


def test_revoked_token_is_refused_at_once(deps, ana):
    made = make(deps, ana)

    tokens.revoke(deps, ana, made.token.key)

    assert tokens.actor_of(deps, made.secret) is None
    assert tokens.of(deps, ana) == ()
    with pytest.raises(NotFoundError):
        tokens.revoke(deps, ana, made.token.key)


def test_nobody_revokes_somebody_elses_token(deps, bank, ana):
    made = make(deps, ana)
    ben = bank.agent("Ben")

    with pytest.raises(NotFoundError):
        tokens.revoke(deps, ben, made.token.key)

    assert tokens.actor_of(deps, made.secret) == ana


def test_token_of_a_disabled_person_is_refused(deps, ana):
    made = make(deps, ana)

    people.disable(deps, ana.email)

    assert tokens.actor_of(deps, made.secret) is None


def test_token_of_a_session_is_no_token_of_a_program(deps, ana):
    session = sessions.sign_in(deps, ana.email, PASSWORD).token
    made = make(deps, ana)

    assert tokens.actor_of(deps, session) is None
    assert sessions.actor_of(deps, made.secret) is None


def test_last_use_is_remembered_to_the_minute(deps, clock, ana):
    made = make(deps, ana)
    assert tokens.of(deps, ana)[0].used_at is None

    tokens.actor_of(deps, made.secret)
    first = clock()
    clock.advance(timedelta(seconds=30))
    tokens.actor_of(deps, made.secret)

    assert tokens.of(deps, ana)[0].used_at == first


@pytest.mark.parametrize(
    ("name", "days", "field"),
    [
        ("", 30, "name"),
        (" \u200b", 30, "name"),
        ("x" * 81, 30, "name"),
        ("x", 7, "days"),
    ],
)
def test_token_without_a_name_or_with_another_lifetime_is_refused(
    deps, ana, name, days, field
):
    with pytest.raises(InvalidInputError) as refused:
        make(deps, ana, name, days)

    assert list(refused.value.fields) == [field]


def test_twenty_tokens_are_enough(deps, ana):
    for _ in range(tokens.MOST):
        make(deps, ana)

    with pytest.raises(InvalidInputError, match="Revoke one"):
        make(deps, ana)


def test_new_password_takes_the_tokens_with_it(deps, ana):
    made = make(deps, ana)

    people.reset_password(deps, ana.email, "another good password")

    assert tokens.actor_of(deps, made.secret) is None
