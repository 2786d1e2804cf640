"""What administrators' browsers and we tell each other about programs and tokens."""

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Path
from pydantic import Field

from invo_booking.api.core.shapes import Answer, Body, Id, InstantText, Name
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.persistence.accounts.programs import ProgramToken
from invo_booking.persistence.accounts.tokens import ApiToken
from invo_booking.usecases.accounts.programs import (
    LIFETIMES,
    OVERLAPS,
    UNTIL_REVOKED,
    MadeProgram,
    ManagedProgram,
    ProgramDraft,
    Renewal,
)
from invo_booking.usecases.accounts.tokens import OwnedToken

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
        contact: Who answers for it.
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

    def as_draft(self) -> ProgramDraft:
        """Return it as the use case takes it."""
        return ProgramDraft(
            name=self.name,
            contact=self.contact,
            scope=self.scope,
            days=self.days,
            queues=frozenset(self.queues),
        )


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

    def as_renewal(self) -> Renewal:
        """Return it as the use case takes it."""
        return Renewal(days=self.days, overlap=self.overlap)


class ProgramTokenOut(Answer):
    """A token of a program; the token itself is shown once, when it is made."""

    created_at: InstantText
    expires_at: InstantText | None
    used_at: InstantText | None

    @classmethod
    def of(cls, token: ProgramToken) -> Self:
        """Return it as told."""
        return cls(
            created_at=token.created_at,
            expires_at=token.expires_at,
            used_at=token.used_at,
        )


class ProgramOut(Answer):
    """A program; `revoked_at` if it is out of use for good."""

    id: UUID
    name: str
    contact: str
    scope: TokenScope
    queues: tuple[UUID, ...]
    created_at: InstantText
    created_by: str
    revoked_at: InstantText | None
    tokens: tuple[ProgramTokenOut, ...]

    @classmethod
    def of(cls, program: ManagedProgram) -> Self:
        """Return it as told."""
        account = program.account
        return cls(
            id=account.id,
            name=account.name,
            contact=account.contact,
            scope=account.scope,
            queues=tuple(sorted(account.queues)),
            created_at=account.created_at,
            created_by=account.created_by,
            revoked_at=account.revoked_at,
            tokens=tuple(map(ProgramTokenOut.of, program.tokens)),
        )


class NewProgramTokenOut(Answer):
    """A new token, told this once."""

    id: UUID
    name: str
    token: str
    expires_at: InstantText | None

    @classmethod
    def of(cls, made: MadeProgram) -> Self:
        """Return it as told."""
        return cls(
            id=made.program.id,
            name=made.program.name,
            token=made.secret,
            expires_at=made.token.expires_at,
        )


class TokenOut(Answer):
    """A token that acts for a person; `key` names it and is not the token."""

    key: str
    name: str
    scope: TokenScope
    created_at: InstantText
    expires_at: InstantText
    used_at: InstantText | None

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        """Return it as told."""
        return cls(**_told(token))


class OwnedTokenOut(TokenOut):
    """A token and whose it is."""

    owner_id: UUID
    owner: str

    @classmethod
    def of_owner(cls, owned: OwnedToken) -> Self:
        """Return it as told."""
        owner_id = owned.token.person_id
        return cls(**_told(owned.token), owner_id=owner_id, owner=owned.owner)


def _told(token: ApiToken) -> dict[str, Any]:
    return {
        "key": token.key,
        "name": token.name,
        "scope": token.scope,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }
