"""Limit how often administrators try connections to other servers."""

from dataclasses import dataclass
from datetime import timedelta

from invo_booking.domain.errors import TooManyRequestsError
from invo_booking.domain.waits import wait_in_words
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import keyed_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLimit:
    """A limit on how many trials of a connection are allowed within a period.

    Attributes:
        what: Name under which trials are counted, up to 12 characters.
        most: Number of trials, successful or not, that are allowed in the period
            ``within``.
        refusal: Key of the error message in the catalogue. The time until the next
            trial is allowed is added to the message.
    """

    what: str
    most: int
    within: timedelta
    refusal: str


def count_trial(deps: Deps, work: UnitOfWork, who: str, limit: TrialLimit) -> None:
    """Count a trial, and refuse a trial above the limit.

    Args:
        work: The transaction; the trial is counted only if the transaction commits.
        who: Text that identifies whose trials are counted; only its keyed digest is
            stored.
        limit: The limit.

    Raises:
        TooManyRequestsError: If there were too many trials; the message says when the
            next trial is allowed.
    """
    now = deps.now()
    counted = work.request_counts.count(
        keyed_digest(deps, who),
        limit.what,
        now=now,
        within=limit.within,
        most=limit.most + 1,
    )
    if len(counted) > limit.most:
        retry_at = counted[0] + limit.within
        wait = wait_in_words(retry_at - now)
        raise TooManyRequestsError(
            say(
                "refusals.trials.wait",
                refusal=say(limit.refusal, most=limit.most),
                wait=wait,
            ),
            retry_at=retry_at,
        )
