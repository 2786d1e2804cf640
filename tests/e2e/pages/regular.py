"""Somebody with as many appointments on one day as allowed."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tests.e2e.pages.bank import Bank, somebody

TOPIC = "Mortgage advice"
AS_MANY_AS_ALLOWED = 3


@dataclass(frozen=True)
class Regular:
    """A customer, the confirmed appointments there are, and one more free start."""

    name: str
    email: str
    tokens: list[str]
    free: datetime


def full_day(bank: Bank) -> Regular:
    """Fill the first day on which somebody can have that many and one more."""
    name, email = somebody()
    *starts, free = _far_apart(bank.open_starts(TOPIC))
    tokens = [bank.request(TOPIC, it, name=name, email=email) for it in starts]
    for token in tokens:
        bank.confirm(token)
    return Regular(name, email, tokens, free)


def _far_apart(starts: list[datetime]) -> list[datetime]:
    """Return one start more than allowed, on one day; the first there is stays free."""
    for _, day in groupby(starts, key=lambda start: start.date()):
        apart = list(day)[1::4]
        if len(apart) > AS_MANY_AS_ALLOWED:
            return apart[: AS_MANY_AS_ALLOWED + 1]
    raise AssertionError("no day has enough free times")
