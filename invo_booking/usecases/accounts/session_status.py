"""Check whether sessions are valid, without extending them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from invo_booking.domain.access.roles import Actor
from invo_booking.usecases.accounts.sessions import is_session_over, session_over_at
from invo_booking.usecases.shared.deps import Deps


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStatus:
    """The state of a valid session.

    Attributes:
        actor: The signed-in person with current rights.
        over_at: When the session ends if the person does nothing, in UTC.
    """

    actor: Actor
    over_at: datetime


def session_status(deps: Deps, key: str) -> SessionStatus | None:
    """Return the state of the session with this hash; ``None`` if it has ended."""
    return session_statuses(deps, [key]).get(key)


def session_statuses(deps: Deps, keys: Collection[str]) -> dict[str, SessionStatus]:
    """Return the states of the sessions in ``keys`` that are valid, by hash.

    Does not count as activity of the person, and extends no session.

    Args:
        keys: Hashes of sessions.
    """
    if not keys:
        return {}
    now, statuses = deps.now(), dict[str, SessionStatus]()
    with deps.unit_of_work() as work:
        for key, session in work.sessions.find_all(keys).items():
            person = work.roster.people.get(session.person_id)
            if person is None or not person.active:
                continue
            if not is_session_over(work.settings, session, now):
                ends = session_over_at(work.settings, session)
                statuses[key] = SessionStatus(actor=person.as_actor(), over_at=ends)
    return statuses
