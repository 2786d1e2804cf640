"""Stored passwords whose check costs a test next to nothing."""

from functools import cache

from argon2 import PasswordHasher

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def stored(password: str) -> str:
    """Return what may be stored of a password.

    What is stored says itself how costly the check is, and the product goes by that;
    how costly it makes its own is in ``tests/usecases/test_passwords.py``.
    """
    return _QUICK.hash(password)
