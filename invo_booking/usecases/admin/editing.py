"""Change entries of the catalogue under the roster's lock.

The change, its audit entries and the decisions about affected appointments are stored
in one transaction.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.admin import settling
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.shared import audit, submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer_roster

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewEntry(Generic[T]):
    """A new entry of the catalogue, with its fields for the audit log."""

    id: object
    facts: audit.Facts
    entry: T


class Editing:
    """A transaction in which an administrator changes entries of one kind."""

    def __init__(self, deps: Deps, work: UnitOfWork, actor: Actor, kind: str) -> None:
        self.work = work
        self._deps, self._actor, self._kind = deps, actor, kind
        self._before = settling.state_before(deps, work)

    def check_seen(self, entry: object, name: str, *, is_seen: bool) -> None:
        """Refuse to change an entry that was changed after the actor saw it.

        Raises:
            ConflictError: If ``is_seen`` is false; the message says who changed the
                entry, which it calls ``name``.
        """
        if not is_seen:
            raise audit.collision_error(self.work, str(entry), name)

    def create_once(
        self,
        key: str,
        data: object,
        create: Callable[[], NewEntry[T]],
        read: Callable[[str], T],
    ) -> T:
        """Create and record an entry, unless an earlier call with this key did so.

        Args:
            key: Idempotency key; if empty, each call creates an entry.
            data: The entry's data as sent, in immutable objects; compared if the key is
                used again.
            create: Stores the new entry and returns it.
            read: Returns the entry with an id; used if an earlier call with the key
                created the entry.

        Raises:
            IdempotencyMismatchError: If the key was used with different data.
        """
        submit = submits.begin_submission(self.work, self._actor, key, self._kind, data)
        if submit.made:
            return read(submit.made)
        new = create()
        self.record(new.id, {}, new.facts, "created")
        submits.keep_submission(self._deps, self.work, submit, str(new.id))
        return new.entry

    def save_difference(
        self,
        entry: object,
        name: str,
        facts: tuple[audit.Facts, audit.Facts],
        save: Callable[[], bool],
    ) -> bool:
        """Save and record an entry if its fields change; return whether they change.

        Args:
            entry: Id of the entry.
            name: The entry's name for people.
            facts: The entry's fields for the audit log, before and after the change.
            save: Stores the entry, unless somebody changed it after the actor saw it;
                returns whether it was stored.

        Raises:
            ConflictError: If another person changed the entry in the meantime.
        """
        before, after = facts
        if before == after:
            return False
        self.check_seen(entry, name, is_seen=save())
        self.record(entry, before, after, "changed")
        return True

    def record(
        self, entry: object, before: audit.Facts, after: audit.Facts, action: str
    ) -> None:
        """Record how an entry changed, and notify all processes of the change."""
        what, detail = (self._kind, str(entry)), audit.audit_difference(before, after)
        audit.record_change(
            self.work, self._actor, self._deps.now(), action, what, detail
        )

    def settle(self, dispositions: Mapping[UUID, Disposition] | None) -> None:
        """Apply the decisions about appointments; see ``settling.settle_change``."""
        settling.settle_change(
            self._deps, self.work, self._actor, self._before, dispositions or {}
        )


@contextmanager
def edit_catalogue(deps: Deps, actor: Actor, kind: str) -> Generator[Editing]:
    """Yield an editor of entries of a kind, such as ``"queue"``.

    When the block ends, the worker is woken to send the mails that the change causes.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer_roster(deps, actor) as work:
        yield Editing(deps, work, actor, kind)
    deps.wake()
