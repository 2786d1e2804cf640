"""Requests and responses about programs and tokens."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from invo_booking.api.core.shapes import (
    IN_ORDER,
    Body,
    Id,
    InstantText,
    Name,
    ResponseModel,
    read_from,
)
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.usecases.accounts.programs import (
    LIFETIMES,
    OVERLAPS,
    UNTIL_REVOKED,
)

_MOST_QUEUES = 500
TokenKey = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Contact = Annotated[str, Field(max_length=400)]
Password = Annotated[str, Field(max_length=1_024)]
ScopeName = Annotated[TokenScope, Field(strict=False)]
Days = Annotated[int, Field(ge=0, le=365, json_schema_extra={"enum": list(LIFETIMES)})]
Overlap = Annotated[
    int, Field(ge=0, le=365, json_schema_extra={"enum": list(OVERLAPS)})
]


class ProgramBody(Body):
    """A new program.

    Attributes:
        contact: The person or team responsible for the program.
        days: Lifetime of the program's token in days: 30, 90 or 365; 0 means until
            revoked.
        all_queues: Whether the program may book in all queues, including later ones.
        queues: Ids of the queues the program may book in; at least one, unless
            `all_queues` is true. An empty list without `all_queues` is refused.
        password: Your current password, entered again.
    """

    name: Name
    contact: Contact
    scope: ScopeName
    days: Days = UNTIL_REVOKED
    all_queues: bool = False
    queues: Annotated[list[Id], Field(max_length=_MOST_QUEUES)] = Field(
        default_factory=list[UUID]
    )
    password: Password


class RenewalBody(Body):
    """A new token for a program.

    Attributes:
        days: Lifetime of the new token in days, as for a new program.
        overlap: Days the previous token stays valid: 0, 1, 7 or 30.
        password: Your current password, entered again.
    """

    days: Days = UNTIL_REVOKED
    overlap: Overlap
    password: Password


class ProgramTokenResponse(ResponseModel):
    """A token of a program, without its secret; a secret is shown only once."""

    created_at: InstantText
    expires_at: InstantText | None
    used_at: InstantText | None


class ProgramResponse(ResponseModel):
    """A program; `revoked_at` is set if it was revoked.

    Attributes:
        queues: Ids of the queues the program may book in; empty if `all_queues` is
            true.
    """

    id: UUID = read_from("account", "id")
    name: str = read_from("account", "name")
    contact: str = read_from("account", "contact")
    scope: TokenScope = read_from("account", "scope")
    all_queues: bool = read_from("account", "has_all_queues")
    queues: Annotated[tuple[UUID, ...], IN_ORDER] = read_from("account", "queues")
    created_at: InstantText = read_from("account", "created_at")
    created_by: str = read_from("account", "created_by")
    revoked_at: InstantText | None = read_from("account", "revoked_at")
    tokens: tuple[ProgramTokenResponse, ...]


class NewProgramTokenResponse(ResponseModel):
    """A new token, which is shown once."""

    id: UUID = read_from("program", "id")
    name: str = read_from("program", "name")
    token: str = read_from("secret")
    expires_at: InstantText | None = read_from("token", "expires_at")


class TokenResponse(ResponseModel):
    """A token that acts for a person; `key` is its id, not its secret."""

    key: str
    name: str
    scope: TokenScope
    created_at: InstantText
    expires_at: InstantText
    used_at: InstantText | None


class OwnedTokenResponse(TokenResponse):
    """A token and its owner."""

    owner_id: UUID = read_from("person_id")
    owner: str
