"""What becomes of the demo's accounts when the installation is a demo no more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.config import ConfigError
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.domain.roles import Role
from invo_booking.domain.scopes import TokenScope
from invo_booking.usecases import demo_people, people, sessions, tokens
from invo_booking.usecases.demo import DEMO_SIGN_INS, create_demo
from invo_booking.usecases.passwords import DEMO_PASSWORD
from invo_booking.usecases.tokens import TokenDraft

GRACE = "grace@harbor.example"
HOME = "127.0.0.1"


def with_config(deps, **changes):
    return replace(deps, config=deps.config.model_copy(update=changes))


@pytest.fixture
def demo(deps):
    demo = with_config(deps, demo=True)
    assert create_demo(demo)
    return demo


@pytest.fixture
def real(demo):
    """The same database, started without INVO_DEMO."""
    return with_config(demo, demo=False)


def _token(demo, actor):
    wanted = TokenDraft(name="from the demo", scope=TokenScope.READ, days=30)
    return tokens.make(demo, actor, wanted, DEMO_PASSWORD).secret


def test_published_password_opens_nothing_outside_a_demo(demo, real):
    for known in DEMO_SIGN_INS:
        assert sessions.sign_in(demo, known.email, DEMO_PASSWORD)
        with pytest.raises(NotAllowedError):
            sessions.sign_in(real, known.email, DEMO_PASSWORD)


def test_sessions_and_tokens_from_the_demo_end_when_it_is_one_no_more(demo, real):
    opened = sessions.sign_in(demo, GRACE, DEMO_PASSWORD)
    token = _token(demo, opened.actor)
    demo_people.shut_out(demo)
    assert sessions.actor_of(demo, opened.token)

    left = demo_people.shut_out(real)

    assert GRACE in left
    assert sessions.actor_of(real, opened.token) is None
    assert tokens.actor_of(real, token) is None


def test_start_where_strangers_come_is_refused_while_they_are_left(real):
    public = with_config(real, public_url="https://booking.bank.com")

    demo_people.require_none_in_public(real)
    with pytest.raises(ConfigError, match="people of the demo are still here"):
        demo_people.require_none_in_public(public)

    nia = people.PersonDraft(
        name="Nia",
        email="nia@bank.com",
        password="copper lantern pivot quilt",
        roles=[Role.SUPER_ADMIN],
    )
    people.create(real, nia)
    left = demo_people.with_published_password(real)
    assert demo_people.disable_all(real) == left
    assert demo_people.shut_out(public) == ()
    demo_people.require_none_in_public(public)


def test_last_super_admin_of_the_demo_stays_until_there_is_another(real):
    with pytest.raises(InvalidInputError):
        demo_people.disable_all(real)


def test_who_has_another_password_by_now_is_let_in(real, clock):
    people.reset_password(real, GRACE, "copper lantern pivot quilt")
    clock.advance(timedelta(minutes=1))

    assert GRACE not in demo_people.with_published_password(real)
    assert sessions.sign_in(real, GRACE, "copper lantern pivot quilt")


def test_empty_database_has_none(deps):
    assert demo_people.shut_out(deps) == ()
