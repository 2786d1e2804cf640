"""Check and hash passwords."""

import re
import secrets
from base64 import b64encode
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn_rs_py import zxcvbn

from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.accounts.people import PersonAccount
from invo_booking.texts import say

SHORTEST, LONGEST = 12, 256
"""Bounds of a password's length in characters (NIST SP 800-63B)."""

DEMO_PASSWORD = "harbor-demo-2026"  # noqa: S105 - printed for everybody who tries it
"""Password of all people in the demo; not accepted outside a demo."""

PRODUCT = ("invo", "booking", "appointment", "appointments", "staff")
_JUDGED = 64
"""Number of characters of a password that are scored, to bound the time. Ignoring
further characters is safe, because they only make a password better."""

_STRONG = 3
"""Minimum zxcvbn score: guessing takes more than 100 million tries."""

MEMORY_KIB = 65_536
"""Memory used to hash a password, in KiB."""

MOST_AT_ONCE = 4
"""Maximum number of passwords a process hashes at the same time, to bound memory."""

_LEAST_OF_ITS_OWN = 6
_SHORTEST_WORD = 3
_HASHER = PasswordHasher(memory_cost=MEMORY_KIB)
_TURN = BoundedSemaphore(MOST_AT_ONCE)


def _unknown_hash() -> str:
    """Return a text that looks like the hash of a password, without hashing."""
    costs = f"m={MEMORY_KIB},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    sizes = _HASHER.salt_len, _HASHER.hash_len
    parts = [b64encode(secrets.token_bytes(it)).decode().rstrip("=") for it in sizes]
    return "$".join(["", "argon2id", "v=19", costs, *parts])


_NOBODY = _unknown_hash()
"""Hash with which a password is checked if there is no account, to take the same time.

The hash of a random password would serve too, but computing this hash would take 0.15 s
at the start of each process.
"""

RULE = "accounts.passwords.hint"


def hash_checked_password(
    password: str, words: Iterable[str], *, field: str, present: str = ""
) -> str:
    """Check a new password and return its hash.

    Args:
        password: The new password as typed.
        words: Names and addresses that must not make up most of the password.
        field: Name of the form field, for the error.
        present: Hash of the current password, from which the new password must differ;
            empty for none.

    Raises:
        InvalidInputError: With the reason, if the password is too short, too long, too
            easily guessed, or unchanged.
    """
    problem = password_problem(password, words)
    if not problem and present and is_matching_password(present, password):
        problem = say("accounts.passwords.unchanged")
    if problem:
        raise InvalidInputError({field: problem})
    return hash_password(password)


def password_problem(password: str, words: Iterable[str] = ()) -> str:
    """Return why a password cannot be used; empty if it can be.

    Checks the length, and rejects passwords that are easily guessed: common passwords,
    dictionary words, names, patterns and the owner's ``words``. Does not require a
    mixture of kinds of characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return say("accounts.passwords.length", shortest=SHORTEST, longest=LONGEST)
    if not password.strip():
        return say("accounts.passwords.only_spaces")
    around = sorted(_parts((*PRODUCT, *words)))
    if _is_mostly_of(around, password):
        return say("accounts.passwords.personal")
    judged = zxcvbn(password[:_JUDGED], around)
    if int(judged.score) >= _STRONG:
        return ""
    warning = judged.feedback.warning if judged.feedback else None
    why = str(warning) if warning else say("accounts.passwords.guessable")
    return say("accounts.passwords.weak", why=why)


def hash_password(password: str) -> str:
    """Return the hash of a password, without checking its quality."""
    with _TURN:
        return _HASHER.hash(password)


def is_account_password(account: PersonAccount | None, password: str) -> bool:
    """Whether this is the account's password.

    The check takes the same time if there is no account.
    """
    stored = account.password_hash if account and account.password_hash else _NOBODY
    return is_matching_password(stored, password) and stored is not _NOBODY


def is_matching_password(stored: str, password: str) -> bool:
    """Whether a password has this hash."""
    try:
        with _TURN:
            return _HASHER.verify(stored, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def _parts(words: Iterable[str]) -> set[str]:
    """Return words and their parts, case-folded, if at least three characters long."""
    parts = {
        part
        for word in words
        for part in (word.casefold(), *re.split(r"[\W_]+", word.casefold()))
    }
    return {part for part in parts if len(part) >= _SHORTEST_WORD}


def _is_mostly_of(around: Iterable[str], password: str) -> bool:
    """Whether a password consists mostly of its owner's words."""
    whole = password.casefold()
    rest = whole
    for word in sorted(around, key=len, reverse=True):
        rest = rest.replace(word, " ")
    letters = sum(character.isalpha() for character in rest)
    return rest != whole and letters < _LEAST_OF_ITS_OWN
