"""What administrators' browsers and we tell each other about programs and tokens."""

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
        contact: Who is responsible for it.
        days: How long its token works: 30, 90 or 365; 0 until it is revoked.
        queues: Queues it may book in; none for all of them.
        password: Your own current one, asked again.
    """

    name: Name
    contact: Contact
    scope: ScopeName
    days: Days = UNTIL_REVOKED
    queues: Annotated[list[Id], Field(max_length=_MOST_QUEUES)] = Field(
        default_factory=list[UUID]
    )
    password: Password


class RenewalBody(Body):
    """A new token for a program.

    Attributes:
        days: As for a new program.
        overlap: Days the former token goes on working: 0, 1, 7 or 30.
        password: Your own current one, asked again.
    """

    days: Days = UNTIL_REVOKED
    overlap: Overlap
    password: Password


class ProgramTokenResponse(ResponseModel):
    """A token of a program; the token itself is shown once, when it is made."""

    created_at: InstantText
    expires_at: InstantText | None
    used_at: InstantText | None


class ProgramResponse(ResponseModel):
    """A program; `revoked_at` if it is out of use for good."""

    id: UUID = read_from("account", "id")
    name: str = read_from("account", "name")
    contact: str = read_from("account", "contact")
    scope: TokenScope = read_from("account", "scope")
    queues: Annotated[tuple[UUID, ...], IN_ORDER] = read_from("account", "queues")
    created_at: InstantText = read_from("account", "created_at")
    created_by: str = read_from("account", "created_by")
    revoked_at: InstantText | None = read_from("account", "revoked_at")
    tokens: tuple[ProgramTokenResponse, ...]


class NewProgramTokenResponse(ResponseModel):
    """A new token, shown this once."""

    id: UUID = read_from("program", "id")
    name: str = read_from("program", "name")
    token: str = read_from("secret")
    expires_at: InstantText | None = read_from("token", "expires_at")


class TokenResponse(ResponseModel):
    """A token that acts for a person; `key` names it and is not the token."""

    key: str
    name: str
    scope: TokenScope
    created_at: InstantText
    expires_at: InstantText
    used_at: InstantText | None


class OwnedTokenResponse(TokenResponse):
    """A token and whose it is."""

    owner_id: UUID = read_from("person_id")
    owner: str
