"""Doing the work that is asked of a device."""

from itertools import count

from invo_booking.domain.access.proof_of_work import count_zero_bits


def proof_of(challenge: str, bits: int | None = None) -> str:
    """Return the proof of a challenge, worth as much as it says or so many bits."""
    wanted = int(challenge.partition("-")[0]) if bits is None else bits
    tries = (f"{challenge}.{number}" for number in count())
    return next(proof for proof in tries if count_zero_bits(proof) >= wanted)
