"""Read the idempotency key, by which a repeated request is recognized."""

from typing import Annotated

from fastapi import Depends, Header

KEY = Header(
    alias="Idempotency-Key",
    min_length=8,
    max_length=128,
    pattern=r"^[A-Za-z0-9_.:-]{8,128}$",
    description="Make one up for each thing (8 to 128 letters, digits, `_ . : -`): "
    "a retry with the same key and data gets the first answer and makes nothing "
    "twice; with other data it is refused, 409 `idempotency_mismatch`. Kept for "
    "seven days.",
)

FormKey = Annotated[str, KEY]
"""A required idempotency key; a request without it could create an object twice."""


async def submit_key_of_request(key: Annotated[str | None, KEY] = None) -> str:
    """Return the idempotency key of the request; empty if there is none."""
    return key or ""


SubmitKey = Annotated[str, Depends(submit_key_of_request)]
