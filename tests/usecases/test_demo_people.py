"""What becomes of the demo's accounts when the installation is a demo no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.config import ConfigError
from invo_booking.demo import accounts
from invo_booking.demo.institution import DEMO_SIGN_INS
from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.usecases.accounts import sessions, tokens
from invo_booking.usecases.accounts.passwords import DEMO_PASSWORD
from invo_booking.usecases.accounts.tokens import TokenDraft
from invo_booking.usecases.admin import people

GRACE = "grace@harbor.example"
HOME = "127.0.0.1"


def with_config(deps, **changes):
    return replace(deps, config=deps.config.model_copy(update=changes))


@pytest.fixture
def real(demo):
    """The same database, started without INVO_DEMO."""
    return with_config(demo, demo=False)


def _token(demo, actor):
    wanted = TokenDraft(name="from the demo", scope=TokenScope.READ, days=30)
    return tokens.make_api_token(demo, actor, wanted, DEMO_PASSWORD).secret


def test_published_password_opens_nothing_outside_a_demo(demo, real):
    for known in DEMO_SIGN_INS:
        assert sessions.sign_in(demo, known.email, DEMO_PASSWORD)
        with pytest.raises(NotAllowedError):
            sessions.sign_in(real, known.email, DEMO_PASSWORD)


def test_sessions_and_tokens_from_the_demo_end_when_it_is_one_no_more(demo, real):
    opened = sessions.sign_in(demo, GRACE, DEMO_PASSWORD)
    token = _token(demo, opened.actor)
    accounts.end_demo_access(demo)
    assert sessions.actor_of_session(demo, opened.token)

    left = accounts.end_demo_access(real)

    assert GRACE in left
    assert sessions.actor_of_session(real, opened.token) is None
    assert tokens.actor_of_api_token(real, token) is None


def test_start_where_strangers_come_is_refused_while_they_are_left(real):
    public = with_config(real, public_url="https://booking.bank.com")

    accounts.require_no_demo_people_in_public(real)
    with pytest.raises(
        ConfigError, match="people of the demo still have its published password"
    ):
        accounts.require_no_demo_people_in_public(public)

    nia = people.AccountDraft(
        name="Nia",
        email="nia@bank.com",
        password="copper lantern pivot quilt",
        roles=[Role.SUPER_ADMIN],
    )
    people.create_account(real, nia)
    left = accounts.people_with_published_password(real)
    assert accounts.disable_demo_people(real) == left
    assert accounts.end_demo_access(public) == ()
    accounts.require_no_demo_people_in_public(public)


def test_last_super_admin_of_the_demo_stays_until_there_is_another(real):
    with pytest.raises(InvalidInputError):
        accounts.disable_demo_people(real)


def test_who_has_another_password_by_now_is_let_in(real, clock):
    people.reset_password(real, GRACE, "copper lantern pivot quilt")
    clock.advance(timedelta(minutes=1))

    assert GRACE not in accounts.people_with_published_password(real)
    assert sessions.sign_in(real, GRACE, "copper lantern pivot quilt")


def test_empty_database_has_none(deps):
    assert accounts.end_demo_access(deps) == ()
