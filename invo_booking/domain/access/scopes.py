"""What bearer tokens may do: a token's scope, and the programs that hold some."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class TokenScope(StrEnum):
    """What a token allows, least powerful first; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, needed: "TokenScope") -> bool:
        """Whether a token of this scope may do what needs another one."""
        order = tuple(TokenScope)
        return order.index(self) >= order.index(needed)


PROGRAM_SCOPES = (TokenScope.READ, TokenScope.WRITE)
"""Scopes a program may have: it never administers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A digital channel of the bank that identified itself by its token.

    Attributes:
        token: Names the token that was sent, for limits; not the token itself.
        queues: Queues it may book in; empty for all of them.
        most_per_minute: Requests each of its tokens may send within a minute.
    """

    id: UUID
    name: str
    scope: TokenScope
    token: str
    most_per_minute: int
    queues: frozenset[UUID] = frozenset()

    def may_book(self, queue_id: UUID) -> bool:
        """Whether it may book in a queue."""
        return not self.queues or queue_id in self.queues

    @property
    def actor_name(self) -> str:
        """What the audit log calls it; a person may have the same name."""
        return f"program {self.name}"
