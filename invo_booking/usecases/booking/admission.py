"""Limit the requests of callers who are not signed in, through all interfaces.

Requests are counted by the caller's network, successful or not. A network that has used
up its free requests is not refused, but must solve a proof of work for each further
request. Only actions that cause mails or history entries, such as moves, have a hard
limit for each appointment.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from invo_booking.domain.access import proof_of_work
from invo_booking.domain.access.caller import Interface
from invo_booking.domain.access.proof_of_work import HARD_BITS, ORDINARY_BITS, Challenge
from invo_booking.domain.errors import (
    ProofOfWorkRequiredError,
    TooManyRequestsError,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import keyed_digest

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MOST_A_MINUTE = 5
MOST_A_DAY = 30
"""Number of requests per day that one network may make without a proof of work."""

MOST_MOVES = 10
"""Maximum number of times a day that a customer may move one appointment."""

MOST_LATE_REPORTS = 10
"""Maximum number of reports of lateness, and withdrawals of such reports, per day and
appointment."""

_NETWORK, _MOVE, _LATE = "network", "move", "late"
_OURSELVES = frozenset({Interface.BACKGROUND, Interface.COMMAND_LINE})


class Purpose(StrEnum):
    """The kind of request that a proof of work is for."""

    REQUEST = "request"
    """A request for an appointment."""

    LINKS = "links"
    """A request for a mail with links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRequest:
    """The facts about a request that determine how much proof of work it needs.

    Attributes:
        answer_id: The requested Answer; ``None`` if no appointment is requested.
    """

    purpose: Purpose
    answer_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionProof:
    """The caller's proof of work, and whether the request seems automated.

    Attributes:
        proof: The challenge, a dot, and the number that solves it; empty if there is
            none.
        is_suspicious: Whether the request seems automated; then it always needs a proof
            of work.
    """

    proof: str = ""
    is_suspicious: bool = False


NO_EFFORT = AdmissionProof()


def admit_request(
    deps: Deps, request: AdmissionRequest, effort: AdmissionProof, *, used_for: str = ""
) -> None:
    """Count a request, and refuse the request if a required proof of work is missing.

    Args:
        request: The request.
        effort: The caller's proof of work, if any.
        used_for: Key with which the same proof is accepted again, such as an
            idempotency key; empty to accept the proof only once.

    Raises:
        ProofOfWorkRequiredError: If a proof of work is required, and the proof is
            missing or not valid: used, expired, too easy, or made for another network
            or purpose.
    """
    if not _counts(deps):
        return
    now = deps.now()
    with deps.unit_of_work() as work:
        work.request_counts.commit_lightly()
        count = work.request_counts.count(
            _network(deps), _NETWORK, now=now, within=DAY, most=MOST_A_DAY + 1
        )
        bits = _bits(work, request, count, now, is_suspicious=effort.is_suspicious)
        is_admitted = not bits or (
            proof_of_work.is_accepted_proof(
                _keys(deps), _bound_to(deps, request), effort.proof, bits, now
            )
            and _spend(work, effort.proof, used_for, now)
        )
    if not is_admitted:
        raise ProofOfWorkRequiredError(_challenge(deps, request, bits))


def expected_challenge(
    deps: Deps, request: AdmissionRequest, *, is_suspicious: bool = False
) -> Challenge | None:
    """Return the challenge that the caller's next request will have to solve, if any.

    So the browser can solve the challenge before it sends the request. This call itself
    is not counted as a request. Other requests from the same network may change the
    challenge.
    """
    if not _counts(deps):
        return None
    now = deps.now()
    with deps.unit_of_work() as work:
        times = [*work.request_counts.look(_network(deps), _NETWORK, now - DAY), now]
        bits = _bits(work, request, times, now, is_suspicious=is_suspicious)
    return _challenge(deps, request, bits) if bits else None


def count_move(deps: Deps, work: UnitOfWork, appointment_id: UUID) -> None:
    """Count a move by the customer; moves are limited because each move causes a mail.

    Raises:
        TooManyRequestsError: If the customer moved the appointment too often within a
            day.
    """
    who = keyed_digest(deps, str(appointment_id))
    if _counts(deps) and not _is_within(deps, work, who, _MOVE, MOST_MOVES):
        raise TooManyRequestsError(
            say("refusals.moved_often"),
            deps.now() + DAY,
        )


def count_late_report(deps: Deps, work: UnitOfWork, appointment_id: UUID) -> None:
    """Count a customer's report of being late, or the withdrawal of such a report.

    Reports are limited because each is stored in the appointment's history.

    Raises:
        TooManyRequestsError: If the customer reported too often within a day.
    """
    who = keyed_digest(deps, str(appointment_id))
    if _counts(deps) and not _is_within(deps, work, who, _LATE, MOST_LATE_REPORTS):
        raise TooManyRequestsError(say("refusals.late_often"), deps.now() + DAY)


def forget_admissions(deps: Deps) -> None:
    """Delete stored counts of requests that are too old for all limits."""
    with deps.unit_of_work() as work:
        work.request_counts.forget(deps.now(), DAY)


def _counts(deps: Deps) -> bool:
    return deps.config.rate_limits and deps.caller.interface not in _OURSELVES


def _is_within(deps: Deps, work: UnitOfWork, who: str, what: str, most: int) -> bool:
    now = deps.now()
    count = work.request_counts.count(who, what, now=now, within=DAY, most=most + 1)
    return len(count) <= most


def _bits(
    work: UnitOfWork,
    request: AdmissionRequest,
    times: list[datetime],
    now: datetime,
    *,
    is_suspicious: bool,
) -> int:
    """Return the difficulty of the required proof in bits; 0 if none is required.

    ``times`` are the times of the network's requests within a day, including the
    current request.
    """
    if request.answer_id and _is_flooded(work, request.answer_id, now):
        return HARD_BITS
    lately = sum(instant > now - MINUTE for instant in times)
    is_free = lately <= MOST_A_MINUTE and len(times) <= MOST_A_DAY
    return 0 if is_free and not is_suspicious else ORDINARY_BITS


def _is_flooded(work: UnitOfWork, answer_id: UUID, now: datetime) -> bool:
    """Whether the queue of an Answer is being filled up with requests."""
    flooded = work.floods.current(now)
    answer = work.roster.answers.get(answer_id) if flooded else None
    return answer is not None and answer.queue_id in flooded


def _spend(work: UnitOfWork, proof: str, used_for: str, now: datetime) -> bool:
    spent = hashlib.sha256(proof.encode()).hexdigest()
    owner = used_for or secrets.token_hex(16)
    return work.request_counts.spend(spent, owner, now + proof_of_work.LASTS)


def _challenge(deps: Deps, request: AdmissionRequest, bits: int) -> Challenge:
    random = secrets.token_hex(16)
    bound_to, key = _bound_to(deps, request), deps.config.mail_link_key
    return proof_of_work.issue_challenge(key, bound_to, bits, deps.now(), random)


def _bound_to(deps: Deps, request: AdmissionRequest) -> str:
    return f"{request.purpose} {deps.caller.network}"


def _keys(deps: Deps) -> list[bytes]:
    return [key.get_secret_value() for key in deps.config.secret_keys.values()]


def _network(deps: Deps) -> str:
    return keyed_digest(deps, deps.caller.network)
