"""Change one entry of the catalogue under a lock, with audit and decisions."""

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
    """A transaction in which only one administrator changes entries of a kind."""

    def __init__(self, deps: Deps, work: UnitOfWork, actor: Actor, kind: str) -> None:
        self.work = work
        self._deps, self._actor, self._kind = deps, actor, kind
        self._before = effects.roster_snapshot(work)

    def check_seen(self, entry: object, name: str, *, is_seen: bool) -> None:
        """Refuse to change an entry that differs from what the actor saw.

        Raises:
            ConflictError: Unless ``is_seen``; the sentence says who changed ``name``.
        """
        if not is_seen:
            raise audit.collision_error(self.work, str(entry), name)

    def record(
        self, entry: object, before: audit.Facts, after: audit.Facts, action: str
    ) -> None:
        """Record the difference of an entry and publish the change."""
        what, detail = (self._kind, str(entry)), audit.audit_difference(before, after)
        audit.record_change(
            self.work, self._actor, self._deps.now(), action, what, detail
        )

    def settle(self, fates: Mapping[UUID, Disposition] | None) -> None:
        """Apply the decisions about appointments; see ``effects.settle_affected``."""
        effects.settle_affected(
            self._deps, self.work, self._actor, self._before, fates or {}
        )


@contextmanager
def edit_catalogue(deps: Deps, actor: Actor, kind: str) -> Generator[Editing]:
    """Yield an editor of entries of a kind, such as ``"queue"``.

    Raises:
        NotAllowedError: Unless the actor administers.
    """
    with administer_roster(deps, actor) as work:
        yield Editing(deps, work, actor, kind)
