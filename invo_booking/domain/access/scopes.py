"""Define the scopes of bearer tokens and the programs that have them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class TokenScope(StrEnum):
    """Scopes of bearer tokens; each includes everything that earlier scopes allow."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, needed: "TokenScope") -> bool:
        """Whether a token of this scope is allowed actions that require ``needed``."""
        order = tuple(TokenScope)
        return order.index(self) >= order.index(needed)


PROGRAM_SCOPES = (TokenScope.READ, TokenScope.WRITE)
"""Scopes that a program can have; programs are never allowed to administer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Another system of the bank that identified itself with a token.

    Attributes:
        token: Id of the token, not the token itself; rate limits count by this id.
        queues: Queues the program may book in; empty for all queues.
        most_per_minute: Most requests within a minute with one token of the program.
    """

    id: UUID
    name: str
    scope: TokenScope
    token: str
    most_per_minute: int
    queues: frozenset[UUID] = frozenset()

    def may_book(self, queue_id: UUID) -> bool:
        """Whether the program may book in a queue."""
        return not self.queues or queue_id in self.queues

    @property
    def actor_name(self) -> str:
        """The program's name in the audit log, with the prefix ``program``."""
        return f"program {self.name}"
