"""Bearer tokens that act for members of staff."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.usecases.accounts import profile, sessions, tokens
from invo_booking.usecases.accounts.tokens import TokenDraft
from invo_booking.usecases.admin import people, staffing
from tests.support.accounts import with_password_given
from tests.support.bank import PASSWORD


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def make(deps, actor, name="Nightly report", days=30):
    return tokens.make_api_token(
        deps, actor, TokenDraft(name=name, scope=TokenScope.WRITE, days=days), PASSWORD
    )


def acting(actor, scope=TokenScope.WRITE):
    return replace(actor, scope=scope)


def test_token_acts_for_whoever_made_it(deps, ana):
    made = make(deps, ana)

    assert tokens.actor_of_api_token(deps, made.secret) == acting(ana)
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
    before = tokens.actor_of_api_token(deps, made.secret)
    clock.advance(timedelta(seconds=1))

    assert before == acting(ana)
    assert tokens.actor_of_api_token(deps, made.secret) is None


def test_revoked_token_is_refused_at_once(deps, ana):
    made = make(deps, ana)

    tokens.revoke_own_api_token(deps, ana, made.token.key)

    assert tokens.actor_of_api_token(deps, made.secret) is None
    assert tokens.own_api_tokens(deps, ana) == ()
    with pytest.raises(NotFoundError):
        tokens.revoke_own_api_token(deps, ana, made.token.key)


def test_nobody_revokes_somebody_elses_token(deps, bank, ana):
    made = make(deps, ana)
    ben = bank.agent("Ben")

    with pytest.raises(NotFoundError):
        tokens.revoke_own_api_token(deps, ben, made.token.key)

    assert tokens.actor_of_api_token(deps, made.secret) == acting(ana)


def test_token_of_a_disabled_person_is_refused(deps, ana):
    made = make(deps, ana)

    people.disable_person(deps, ana.email)

    assert tokens.actor_of_api_token(deps, made.secret) is None


def test_token_of_a_session_is_no_token_of_a_program(deps, ana):
    session = sessions.sign_in(deps, ana.email, PASSWORD).token
    made = make(deps, ana)

    assert tokens.actor_of_api_token(deps, session) is None
    assert sessions.actor_of_session(deps, made.secret) is None


def test_last_use_is_remembered_to_the_minute(deps, clock, ana):
    made = make(deps, ana)
    assert tokens.own_api_tokens(deps, ana)[0].used_at is None

    tokens.actor_of_api_token(deps, made.secret)
    first = clock()
    clock.advance(timedelta(seconds=30))
    tokens.actor_of_api_token(deps, made.secret)

    assert tokens.own_api_tokens(deps, ana)[0].used_at == first


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


@pytest.fixture
def root(bank):
    return bank.agent("Root", roles=(Role.SUPER_ADMIN,), password=PASSWORD)


def set_active(deps, root, person, *, active):
    root = with_password_given(root)
    version = staffing.person_file(deps, root, person.id).person.version
    staffing.set_person_active(deps, root, person.id, active=active, version=version)


def set_roles(deps, root, person, *roles):
    root = with_password_given(root)
    held = staffing.person_file(deps, root, person.id)
    draft = replace(held.draft, roles=frozenset(roles))
    staffing.save_person(deps, root, person.id, draft, version=held.person.version)


ENDS = {
    "reset on the command line": lambda deps, _, ana: people.reset_password(
        deps, ana.email, "copper lantern pivot quilt"
    ),
    "own new password": lambda deps, _, ana: profile.change_password(
        deps, ana, "", (PASSWORD, "copper lantern pivot quilt")
    ),
    "disabled on the command line": lambda deps, _, ana: people.disable_person(
        deps, ana.email
    ),
    "disabled by an administrator": lambda deps, root, ana: set_active(
        deps, root, ana, active=False
    ),
    "role taken away on the command line": lambda deps, _, ana: people.set_person_roles(
        deps, ana.email, [Role.MANAGER]
    ),
    "role taken away by an administrator": lambda deps, root, ana: set_roles(
        deps, root, ana, Role.MANAGER
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_token_ends_for_good_with_the_trust_it_was_made_under(deps, root, ana, end):
    made = make(deps, ana)

    end(deps, root, ana)

    assert tokens.own_api_tokens(deps, ana) == ()
    if not staffing.person_file(deps, root, ana.id).person.active:
        set_active(deps, root, ana, active=True)
    set_roles(deps, root, ana, Role.AGENT, Role.MANAGER)
    assert tokens.actor_of_api_token(deps, made.secret) is None


def test_token_outlives_a_role_that_is_added(deps, root, ana):
    made = make(deps, ana)

    set_roles(deps, root, ana, Role.AGENT, Role.MANAGER)

    acts_for = tokens.actor_of_api_token(deps, made.secret)
    assert acts_for is not None
    assert acts_for.roles == {Role.AGENT, Role.MANAGER}


def test_making_a_token_needs_the_current_password(deps, ana):
    draft = TokenDraft(name="Report", scope=TokenScope.READ, days=30)

    with pytest.raises(InvalidInputError) as refused:
        tokens.make_api_token(deps, ana, draft, "a wrong password")

    assert list(refused.value.fields) == ["password"]
    assert tokens.own_api_tokens(deps, ana) == ()


def test_token_makes_and_revokes_no_token(deps, root):
    draft = TokenDraft(name="More", scope=TokenScope.ADMIN, days=30)
    made = tokens.make_api_token(deps, root, draft, PASSWORD)
    acting_for = tokens.actor_of_api_token(deps, made.secret)

    for attempt in (
        lambda: tokens.make_api_token(deps, acting_for, draft, PASSWORD),
        lambda: tokens.revoke_own_api_token(deps, acting_for, made.token.key),
        lambda: tokens.revoke_any_api_token(deps, acting_for, made.token.key),
    ):
        with pytest.raises(NotAllowedError, match="browser"):
            attempt()


def test_scope_goes_no_further_than_the_role(deps, root, ana):
    draft = TokenDraft(name="All of it", scope=TokenScope.ADMIN, days=30)

    with pytest.raises(InvalidInputError) as refused:
        tokens.make_api_token(deps, ana, draft, PASSWORD)

    assert list(refused.value.fields) == ["scope"]
    assert tokens.make_api_token(deps, root, draft, PASSWORD)


def test_administrators_see_and_revoke_everybodys_tokens_and_nobody_else_does(
    deps, root, ana
):
    made = make(deps, ana)

    (listed,) = tokens.all_api_tokens(deps, root)
    with pytest.raises(NotAllowedError):
        tokens.all_api_tokens(deps, ana)
    with pytest.raises(NotAllowedError):
        tokens.revoke_any_api_token(deps, ana, made.token.key)
    tokens.revoke_any_api_token(deps, root, made.token.key)

    assert (listed.owner, listed.token.name) == ("Ana", "Nightly report")
    assert tokens.actor_of_api_token(deps, made.secret) is None
    with deps.unit_of_work() as work:
        last = work.audit.history(str(ana.id))[-1]
    assert (last.actor, last.action) == ("Root", "API token revoked")
