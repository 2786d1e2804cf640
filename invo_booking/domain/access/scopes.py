"""Define the scopes of bearer tokens and the programs that have them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class TokenScope(StrEnum):
    """Scopes of tokens, weakest first; each includes the previous ones."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, needed: "TokenScope") -> bool:
        """Whether this scope allows what requires another one."""
        order = tuple(TokenScope)
        return order.index(self) >= order.index(needed)


PROGRAM_SCOPES = (TokenScope.READ, TokenScope.WRITE)
"""Scopes a program may have; programs never administer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A system of the bank that identified itself by its token.

    Attributes:
        token: Id of the token that was sent, for limits; not the token itself.
        queues: Queues the program may book in; empty for all of them.
        most_per_minute: Requests that each of its tokens may send within a minute.
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
        """Name of the program in the audit log; a person may have the same name."""
        return f"program {self.name}"
