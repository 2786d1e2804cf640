"""What may be a password, and what is stored of one."""

import re
import secrets
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn_rs_py import zxcvbn

from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.accounts.people import PersonAccount

SHORTEST, LONGEST = 12, 256
"""Characters of a password (NIST SP 800-63B)."""

DEMO_PASSWORD = "harbor-demo-2026"  # noqa: S105 - printed for everybody who tries it
"""Of everybody in the demo; outside a demo it opens nothing."""

PRODUCT = ("invo", "booking", "appointment", "appointments", "staff")
_JUDGED = 64
"""Characters that are judged; the rest can only make it better, and time is bounded."""

_STRONG = 3
"""Score of zxcvbn from which guessing takes more than 100 million tries."""

MEMORY_KIB = 65_536
"""Memory that hashing a password takes."""

MOST_AT_ONCE = 4
"""Passwords hashed at the same time in one process: tries that come from everywhere at
once must not take all the memory there is."""

_LEAST_OF_ITS_OWN = 6
_SHORTEST_WORD = 3
_HASHER = PasswordHasher(memory_cost=MEMORY_KIB)
_TURN = BoundedSemaphore(MOST_AT_ONCE)
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked where there is no such account, so that both take the same time."""

RULE = (
    "12 characters or more. Four words nobody would expect together are good; common "
    "passwords and names from around you are refused."
)


def hash_checked_password(
    password: str, words: Iterable[str], *, field: str, present: str = ""
) -> str:
    """Return what is stored of a new password.

    Args:
        password: As typed.
        words: What belongs to its owner: names and addresses.
        field: Where the sentence is shown if it cannot be used.
        present: What is stored of the present one; the new one has to differ.

    Raises:
        InvalidInputError: If it is too short or too easily guessed; says why.
    """
    problem = password_problem(password, words)
    if not problem and present and is_matching_password(present, password):
        problem = "This is the password you have already. Choose another one."
    if problem:
        raise InvalidInputError({field: problem})
    return hash_password(password)


def password_problem(password: str, words: Iterable[str] = ()) -> str:
    """Return why a password cannot be used; empty if it can.

    It is judged by length, by lists of common passwords, words, names and patterns,
    and by the words around its owner. No mixture of characters is asked for.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters."
    if not password.strip():
        return "Blanks alone are no password. Add words that only you would think of."
    around = sorted(_parts((*PRODUCT, *words)))
    if _is_mostly_of(around, password):
        return (
            "This is made of your name, your address or the institution's name, which "
            "is tried first. Choose words that have nothing to do with you."
        )
    judged = zxcvbn(password[:_JUDGED], around)
    if int(judged.score) >= _STRONG:
        return ""
    warning = judged.feedback.warning if judged.feedback else None
    why = str(warning) if warning else "This is easy to guess."
    return f"{why} Choose something longer or less common, such as four random words."


def hash_password(password: str) -> str:
    """Return what is stored of a password; whether it is a good one is not asked."""
    with _TURN:
        return _HASHER.hash(password)


def is_account_password(account: PersonAccount | None, password: str) -> bool:
    """Whether a password is the account's. Takes the same time without an account."""
    stored = account.password_hash if account and account.password_hash else _NOBODY
    return is_matching_password(stored, password) and stored is not _NOBODY


def is_matching_password(stored: str, password: str) -> bool:
    """Whether a password is the one of which this is stored."""
    try:
        with _TURN:
            return _HASHER.verify(stored, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def _parts(words: Iterable[str]) -> set[str]:
    """Return the words themselves and what they are made of, in small letters."""
    found = {
        part
        for word in words
        for part in (word.casefold(), *re.split(r"[\W_]+", word.casefold()))
    }
    return {part for part in found if len(part) >= _SHORTEST_WORD}


def _is_mostly_of(around: Iterable[str], password: str) -> bool:
    """Whether little is left of a password without the words around its owner."""
    whole = password.casefold()
    rest = whole
    for word in sorted(around, key=len, reverse=True):
        rest = rest.replace(word, " ")
    letters = sum(character.isalpha() for character in rest)
    return rest != whole and letters < _LEAST_OF_ITS_OWN
