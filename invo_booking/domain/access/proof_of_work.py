"""Issue challenges and verify proofs of work; verifying a proof takes one hash.

A challenge is a text. The proof is the same text followed by a dot and a number, chosen
so that the SHA-256 of the proof begins with enough zero bits. A challenge contains its
expiry and is signed for one purpose and one network, so the server stores nothing until
a proof is used.

A challenge is 63 characters long. The challenge and the dot fill the first 64-byte
block of SHA-256, so a device hashes one further block for each number it tries.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ORDINARY_BITS = 19
"""Zero bits of an ordinary proof: about 520,000 tries, 1 or 2 seconds on a phone."""

HARD_BITS = 22
"""Zero bits of a hard proof: eight times as many tries, some 10 seconds on a phone."""

LASTS = timedelta(minutes=30)
LONGEST_PROOF = 100
_RANDOM_DIGITS = 18
_MARK_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A task that a device must solve before its request is accepted.

    Attributes:
        text: The text that the device extends with a dot and a number.
        bits: Number of zero bits the hash of a proof must begin with.
        expires_at: Proofs are accepted until this instant, in UTC.
    """

    text: str
    bits: int
    expires_at: datetime


def issue_challenge(
    key: bytes, bound_to: str, bits: int, now: datetime, random: str
) -> Challenge:
    """Return a new challenge.

    Args:
        key: Secret that signs the challenge.
        bound_to: The only purpose and network for which a proof is accepted.
        bits: Number of zero bits the hash of a proof must begin with, 10 to 99.
        random: 18 unpredictable hexadecimal digits.
    """
    expires_at = now + LASTS
    head = f"{bits}-{int(expires_at.timestamp()):08x}-{random[:_RANDOM_DIGITS]}"
    text = f"{head}-{_mark(key, bound_to, head)}"
    return Challenge(text=text, bits=bits, expires_at=expires_at)


def read_challenge(keys: Iterable[bytes], bound_to: str, text: str) -> Challenge | None:
    """Return the challenge in a text; ``None`` if it was not issued for ``bound_to``.

    Does not check whether the challenge has expired.
    """
    head, _, mark = text.rpartition("-")
    parts = head.split("-")
    is_genuine = any(
        hmac.compare_digest(_mark(key, bound_to, head).encode(), mark.encode())
        for key in keys
    )
    if not is_genuine:
        return None
    expires_at = datetime.fromtimestamp(int(parts[1], 16), UTC)
    return Challenge(text=text, bits=int(parts[0]), expires_at=expires_at)


def is_accepted_proof(
    keys: Iterable[bytes], bound_to: str, proof: str, bits: int, now: datetime
) -> bool:
    """Whether a proof solves an unexpired challenge for this purpose and network.

    The challenge must ask for at least ``bits`` zero bits. Does not check whether the
    proof was used before.
    """
    text, _, number = proof.rpartition(".")
    if len(proof) > LONGEST_PROOF or not (number.isascii() and number.isdigit()):
        return False
    challenge = read_challenge(keys, bound_to, text)
    if challenge is None or challenge.bits < bits or challenge.expires_at <= now:
        return False
    return count_zero_bits(proof) >= challenge.bits


def count_zero_bits(proof: str) -> int:
    """Return how many zero bits the SHA-256 of a proof begins with."""
    digest = hashlib.sha256(proof.encode()).digest()
    return len(digest) * 8 - int.from_bytes(digest).bit_length()


def _mark(key: bytes, bound_to: str, head: str) -> str:
    signed = f"proof of work\n{bound_to}\n{head}".encode()
    return hmac.digest(key, signed, "sha256").hex()[:_MARK_DIGITS]
