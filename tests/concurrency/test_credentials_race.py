"""Ways in that are made at the moment in which a limit or a password changes."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.persistence.accounts.people import People
from invo_booking.persistence.accounts.tokens import ApiToken, ApiTokens
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.accounts import profile, sessions, tokens
from invo_booking.usecases.accounts.passwords import hash_password
from invo_booking.usecases.accounts.tokens import TokenDraft
from invo_booking.usecases.admin import people
from tests.concurrency.racing import PATIENCE, race, refusals, winners, working_with
from tests.support.bank import PASSWORD

NEW = "copper lantern pivot quilt"
HASH = hash_password(PASSWORD)
DRAFT = TokenDraft(name="Report", scope=TokenScope.READ, days=30)


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def hold_all_but_one(deps, clock, ana):
    with deps.unit_of_work() as work:
        for number in range(tokens.MOST - 1):
            token = ApiToken(
                key=f"{number:064}",
                person_id=ana.id,
                name="Report",
                scope=TokenScope.READ,
                created_at=clock(),
                expires_at=clock() + timedelta(days=30),
                used_at=None,
            )
            work.tokens.add(token)


def test_of_tokens_made_at_the_same_moment_no_more_are_kept_than_are_allowed(
    deps, clock, ana
):
    hold_all_but_one(deps, clock, ana)

    outcomes = race(*[lambda: tokens.make_api_token(deps, ana, DRAFT, PASSWORD)] * 4)

    assert (len(winners(outcomes)), refusals(outcomes)) == (1, {InvalidInputError})
    assert len(tokens.own_api_tokens(deps, ana)) == tokens.MOST


class _Unlocked(People):
    def lock(self, person_id):
        return self.account_of(person_id)


class _Meeting(ApiTokens):
    def __init__(self, session, line):
        super().__init__(session)
        self._line = line

    def add(self, token):
        self._line.wait()
        super().add(token)


def test_without_the_lock_more_tokens_are_kept(deps, clock, ana):
    """Shows that the test above can fail."""
    hold_all_but_one(deps, clock, ana)
    line = Barrier(2, timeout=PATIENCE)

    def unlock(work, session):
        work.people, work.tokens = _Unlocked(session), _Meeting(session, line)

    with working_with(deps, UnitOfWork, unlock) as parts:
        outcomes = race(
            *[lambda: tokens.make_api_token(parts, ana, DRAFT, PASSWORD)] * 2
        )

    assert len(winners(outcomes)) == 2
    assert len(tokens.own_api_tokens(deps, ana)) == tokens.MOST + 1


def overtaken(deps, deed, number):
    """Return parts with which a deed comes before the transaction of that number."""
    begun = []

    @contextmanager
    def begin(caller):
        begun.append(caller)
        if len(begun) == number:
            deed()
        with deps.begin(caller) as work:
            yield work

    return replace(deps, begin=begin), begun


def change_own(deps, ana):
    return profile.change_password(deps, ana, "", (PASSWORD, "no words of anybody 7"))


WAYS_IN = {
    "session": lambda deps, ana: sessions.sign_in(deps, ana.email, PASSWORD),
    "token": lambda deps, ana: tokens.make_api_token(deps, ana, DRAFT, PASSWORD),
    "own password": change_own,
}
DEEDS = {
    "new password": lambda deps, ana: people.reset_password(deps, ana.email, NEW),
    "disabled": lambda deps, ana: people.disable_person(deps, ana.email),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
@pytest.mark.parametrize("way", WAYS_IN.values(), ids=WAYS_IN)
def test_nothing_made_with_an_old_password_outlives_the_new_one(deps, ana, way, deed):
    parts, begun = overtaken(deps, lambda: None, 0)
    way(parts, ana)
    steps = len(begun)

    for number in range(1, steps + 1):
        people.reset_password(deps, ana.email, NEW)
        enable(deps, ana)
        parts, _ = overtaken(deps, lambda: deed(deps, ana), number)
        with pytest.raises((NotAllowedError, InvalidInputError)):
            way(parts, ana)
        with deps.unit_of_work() as work:
            assert work.sessions.of(ana.id) == []
            assert work.tokens.of(ana.id) == []


def enable(deps, ana):
    """Let somebody in again with the first password."""
    with deps.unit_of_work() as work:
        work.people.set_active(ana.id, active=True)
        work.people.set_password(ana.id, HASH)
        work.publish_roster_change()
