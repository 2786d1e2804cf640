"""Count what people changed in the host calendar at the same time.

If many events were moved or deleted at once, for example because a mailbox was restored
from a backup or a calendar was emptied, no appointment is moved or cancelled
automatically and no customer is mailed. Instead, staff decide, and administrators are
mailed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.host_events import NEEDS_DECISION, StoredEvent
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

FEW = 10
"""Up to this number of changed events, the number always counts as usual."""

MOST_DELETED = 100
"""Above this number of deleted events, the number always counts as unusual."""

MOST = 500
"""Above this number of changed events, the number always counts as unusual. The people
of a large bank may move more than a hundred events within an hour."""

SHARE = 5
"""Above ``FEW``, the number also counts as unusual if more than one in this many future
events was changed."""

LATELY = timedelta(hours=1)
"""Changes within this time are counted together, because a calendar may be emptied
slowly."""

INCIDENT = "many events changed"


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many events were moved or deleted in the host calendar at the same time.

    Attributes:
        number: Number of moved and deleted events.
        is_usual: Whether people may have changed so many events one by one.
    """

    number: int
    is_usual: bool


def count_changes(
    deps: Deps,
    connection_id: UUID,
    *,
    missing: Iterable[StoredEvent] = (),
    moved: Iterable[StoredEvent] = (),
) -> ChangeCount:
    """Return the number of changed events, and whether this number is usual.

    Events that are over do not count, and neither do missing events that will be
    written again anyway. Earlier changes also count if they were applied to their
    appointments within the last hour, or if they wait for a decision of staff because
    many events were changed.

    Args:
        connection_id: The connection of the host calendar.
        missing: Events that are not listed any more; they count as deleted.
        moved: Events whose time was changed.
    """
    now = deps.now()
    deletions = _count_new((it for it in missing if it.digest), now)
    moves = _count_new(moved, now)
    with deps.unit_of_work() as work:
        cancelled = work.host_changes.count_cancelled(connection_id, now - LATELY)
        deletions += cancelled
        deletions += work.host_changes.count_changed_at_once(connection_id)
        moves += work.host_changes.count_followed_moves(connection_id, now - LATELY)
        ahead = work.host_changes.count_ahead(connection_id, now) + cancelled
    is_usual = is_usual_number(deletions, moves, ahead)
    return ChangeCount(deletions + moves, is_usual)


def _count_new(changed: Iterable[StoredEvent], now: datetime) -> int:
    return sum(it.state not in NEEDS_DECISION and it.period.end > now for it in changed)


def is_usual_number(deletions: int, moves: int, ahead: int) -> bool:
    """Return whether people probably changed so many events one by one.

    Args:
        deletions: Number of deleted events, including all changes that wait for a
            decision.
        moves: Number of moved events.
        ahead: Number of all events that are not over.
    """
    number = deletions + moves
    if number <= FEW:
        return True
    return deletions <= MOST_DELETED and number <= MOST and number * SHARE <= ahead


def alarm_administrators(
    deps: Deps, work: UnitOfWork, number: int, now: datetime
) -> None:
    """Mail administrators that many events were changed, once for each incident."""
    if not work.incidents.record(INCIDENT, now, LATELY):
        return
    address = f"{deps.config.public_url.rstrip('/')}/dashboard"
    text = say("connections.pull.many_changed_body", number=number, page=address)
    subject = say("connections.pull.many_changed_subject")
    notices.notify_administrators(work, subject, text, now)
