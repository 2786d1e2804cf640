"""Administrators change one entry: locked, as it was seen, recorded and settled."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.admin import effects
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.shared import audit
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer_roster


class Editing:
    """A transaction in which an administrator alone changes entries of one kind."""

    def __init__(self, deps: Deps, work: UnitOfWork, actor: Actor, kind: str) -> None:
        self.work = work
        self._deps, self._actor, self._kind = deps, actor, kind
        self._before = effects.roster_snapshot(work)

    def check_seen(self, entry: object, name: str, *, is_seen: bool) -> None:
        """Refuse to change an entry that is not as the actor saw it.

        Raises:
            ConflictError: Unless ``is_seen``; says who changed what ``name`` names.
        """
        if not is_seen:
            raise audit.collision_error(self.work, str(entry), name)

    def record(
        self, entry: object, before: audit.Facts, after: audit.Facts, action: str
    ) -> None:
        """Record what differs of an entry, and make every process obey it."""
        what, detail = (self._kind, str(entry)), audit.audit_difference(before, after)
        audit.record_change(
            self.work, self._actor, self._deps.now(), action, what, detail
        )

    def settle(self, fates: Mapping[UUID, Disposition] | None) -> None:
        """Do with appointments as was decided; see ``effects.settle_affected``."""
        effects.settle_affected(
            self._deps, self.work, self._actor, self._before, fates or {}
        )


@contextmanager
def edit_catalogue(deps: Deps, actor: Actor, kind: str) -> Generator[Editing]:
    """Yield what changes entries of a kind, such as ``"queue"``.

    Raises:
        NotAllowedError: Unless the actor administers.
    """
    with administer_roster(deps, actor) as work:
        yield Editing(deps, work, actor, kind)
