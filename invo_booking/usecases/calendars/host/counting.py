"""Count what people changed in the host calendar at the same time.

If many events were moved or deleted at once, for example because a mailbox was restored
from a backup or a calendar was emptied, no appointment follows by itself and no
customer is mailed. Staff decide, and administrators are mailed.
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
"""Number of changed events up to which no number is considered unusual."""

MOST_DELETED = 100
"""Number of deleted events above which every number is considered unusual."""

MOST = 500
"""Number of changed events above which every number is considered unusual. People of a
large bank may move more than a hundred within an hour."""

SHARE = 5
"""Above ``FEW``, more than one in this many events is unusual."""

LATELY = timedelta(hours=1)
"""Changes that belong together are at most this far apart, as a calendar may be emptied
slowly."""

INCIDENT = "many events changed"


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many events were moved or deleted in the host calendar at the same time.

    Attributes:
        number: Number of the events.
        is_usual: Whether people may have decided about so many events one by one.
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
    """Return whether the number of changed events is usual.

    Events that are over do not count, nor do missing events that are written again
    anyway. Also counted are the changes that appointments followed within the last
    hour, and those that wait for staff because there were many.

    Args:
        deps: The product's parts.
        connection_id: The connection of the host calendar.
        missing: Events that are not listed any more; they count as deleted.
        moved: Events with another time.
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
    """Return whether people may have changed so many events one by one.

    Args:
        deletions: Number of deleted events, and of those that wait for a decision.
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
