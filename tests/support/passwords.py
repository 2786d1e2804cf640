"""Passwords whose hash and check cost a test next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from argon2 import PasswordHasher

from invo_booking.usecases.accounts import passwords

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def stored(password: str) -> str:
    """Return what may be stored of a password.

    What is stored says itself how costly the check is, and the product goes by that;
    how costly it makes its own is in ``tests/usecases/test_passwords.py``.
    """
    return _QUICK.hash(password)


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Make what the product hashes quick, and its check where there is no account.

    At the product's own costs, a wrong password for an unknown address takes a tenth
    of a second of two processors, and some tests try hundreds.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", _QUICK)
        patch.setattr(passwords, "_NOBODY", stored("the password of nobody"))
        yield
