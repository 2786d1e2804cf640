"""Recognize repeated submissions of a booking form, so that nothing is booked twice."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from invo_booking.domain.access.scopes import Program
from invo_booking.domain.errors import InvalidInputError
from invo_booking.texts import say
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingSubmission:
    """One submission of a booking form.

    Attributes:
        key: Hash of the idempotency key. Keys of different programs are independent.
        fingerprint: Hash of the submitted data.
        proven_by: The program that has identified the customer, if any.
    """

    key: str
    fingerprint: str
    proven_by: Program | None


def booking_submission(
    deps: Deps, fields: Iterable[object], key: str, proven_by: Program | None
) -> BookingSubmission:
    """Return the hashes by which a repeated submission is recognized.

    Raises:
        InvalidInputError: If the key is empty, too long or not printable ASCII.
    """
    program = deps.caller.program
    checked = _check_key(key)
    data = [str(value) for value in fields]
    if proven_by is not None:
        data.append("identified")
    return BookingSubmission(
        key=links.hash_secret(f"{program.id} {checked}") if program else checked,
        fingerprint=links.hash_secret(json.dumps(data)),
        proven_by=proven_by,
    )


def _check_key(key: str) -> str:
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInputError({"idempotency_key": say("refusals.submit_key")})
    return links.hash_secret(key)
