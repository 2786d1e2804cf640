"""What tokens and the programs that hold them may do."""

from datetime import timedelta
from uuid import UUID

import pytest

from invo_booking.domain.access.scopes import Program, TokenScope
from invo_booking.domain.access.tokens import ProgramToken
from tests.support.bank import MONDAY

MORTGAGES, CARDS = UUID(int=1), UUID(int=2)
READ, WRITE, ADMIN = TokenScope
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("scope", "included"),
    [(READ, {READ}), (WRITE, {READ, WRITE}), (ADMIN, {READ, WRITE, ADMIN})],
)
def test_scope_includes_itself_and_every_less_powerful_one(scope, included):
    assert {it for it in TokenScope if scope.includes(it)} == included


@pytest.mark.parametrize(
    ("queues", "may_book"),
    [({MORTGAGES}, True), ({CARDS}, False), ({CARDS, MORTGAGES}, True), ((), True)],
)
def test_program_books_in_its_own_queues_and_without_any_in_all(queues, may_book):
    program = Program(
        id=UUID(int=9),
        name="Chat",
        scope=WRITE,
        token="4f",
        most_per_minute=60,
        queues=frozenset(queues),
    )

    assert program.may_book(MORTGAGES) is may_book


@pytest.mark.parametrize(
    ("expires_at", "is_over"),
    [
        (None, False),
        (MONDAY + INSTANT, False),
        (MONDAY, True),
        (MONDAY - INSTANT, True),
    ],
)
def test_token_of_a_program_is_over_from_the_instant_it_expires(expires_at, is_over):
    token = ProgramToken(
        key="4f", program_id=UUID(int=9), created_at=MONDAY, expires_at=expires_at
    )

    assert token.is_over(MONDAY) is is_over
