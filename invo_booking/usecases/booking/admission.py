"""How much may be asked without a sign-in, through whichever interface.

Counted by the caller's network, and by the contact or appointment that is asked for;
everything asked is counted whatever becomes of it. Above what goes through as it is
nothing is refused: the caller's device has to do some work first. Only what could fill
somebody's mailbox ends at a number.
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
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import keyed_digest

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MOST_A_MINUTE = 5
MOST_A_DAY = 30
"""What one network may ask for before work is asked of it."""

MOST_MOVES = 10
"""Moves of one appointment a day by its customer."""

_NETWORK, _MOVE = "network", "move"
_OURSELVES = frozenset({Interface.BACKGROUND, Interface.COMMAND_LINE})


class Purpose(StrEnum):
    """What a proof of work is for."""

    REQUEST = "request"
    """Asking for an appointment."""

    LINKS = "links"
    """Having the links of appointments mailed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRequest:
    """What somebody wants to do, as far as it decides how much work it takes.

    Attributes:
        answer_id: For a request: what it is about.
    """

    purpose: Purpose
    answer_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionProof:
    """What the caller has done for it, and how it went about it.

    Attributes:
        proof: Challenge, a dot and a number; empty without one.
        is_suspicious: Whether a program seems to send it, so that work is asked of it
            in any case.
    """

    proof: str = ""
    is_suspicious: bool = False


NO_EFFORT = AdmissionProof()


def admit_request(
    deps: Deps, wish: AdmissionRequest, effort: AdmissionProof, *, used_for: str = ""
) -> None:
    """Count something asked, and let it through or ask for work first.

    Args:
        deps: The product's parts.
        wish: What is asked.
        effort: What was done for it.
        used_for: What may come again with the same proof, such as an idempotency key;
            empty if nothing may.

    Raises:
        ProofOfWorkRequiredError: If work is asked for and its proof is missing, used,
            too old, too easy, or made for another network or purpose.
    """
    if not _counts(deps):
        return
    now = deps.now()
    with deps.unit_of_work() as work:
        work.asked.commit_lightly()
        asked = work.asked.count(
            _network(deps), _NETWORK, now=now, within=DAY, most=MOST_A_DAY + 1
        )
        bits = _bits(work, wish, asked, now, is_suspicious=effort.is_suspicious)
        is_admitted = not bits or (
            proof_of_work.is_accepted_proof(
                _keys(deps), _bound_to(deps, wish), effort.proof, bits, now
            )
            and _spend(work, effort.proof, used_for, now)
        )
    if not is_admitted:
        raise ProofOfWorkRequiredError(_challenge(deps, wish, bits))


def expected_challenge(
    deps: Deps, wish: AdmissionRequest, *, is_suspicious: bool = False
) -> Challenge | None:
    """Return what would be asked of the caller, so that the work can begin early.

    Counts nothing and guarantees nothing: others of the same network may come first.
    """
    if not _counts(deps):
        return None
    now = deps.now()
    with deps.unit_of_work() as work:
        asked = [*work.asked.look(_network(deps), _NETWORK, now - DAY), now]
        bits = _bits(work, wish, asked, now, is_suspicious=is_suspicious)
    return _challenge(deps, wish, bits) if bits else None


def count_move(deps: Deps, work: UnitOfWork, appointment_id: UUID) -> None:
    """Count a move by the customer, who is written to about each.

    Raises:
        TooManyRequestsError: If it was moved too often today.
    """
    who = keyed_digest(deps, str(appointment_id))
    if _counts(deps) and not _is_within(deps, work, who, _MOVE, MOST_MOVES):
        raise TooManyRequestsError(
            "You have moved this appointment very often today, so it stays where it "
            "is. Move it tomorrow, or call us.",
            deps.now() + DAY,
        )


def forget_admissions(deps: Deps) -> None:
    """Forget what no limit looks at any more."""
    with deps.unit_of_work() as work:
        work.asked.forget(deps.now(), DAY)


def _counts(deps: Deps) -> bool:
    return deps.config.rate_limits and deps.caller.interface not in _OURSELVES


def _is_within(deps: Deps, work: UnitOfWork, who: str, what: str, most: int) -> bool:
    now = deps.now()
    asked = work.asked.count(who, what, now=now, within=DAY, most=most + 1)
    return len(asked) <= most


def _bits(
    work: UnitOfWork,
    wish: AdmissionRequest,
    asked: list[datetime],
    now: datetime,
    *,
    is_suspicious: bool,
) -> int:
    """Return how much work is due, with the present wish among what was asked."""
    answer = work.roster.answers.get(wish.answer_id) if wish.answer_id else None
    if answer and answer.queue_id in work.floods.current(now):
        return HARD_BITS
    lately = sum(instant > now - MINUTE for instant in asked)
    is_free = lately <= MOST_A_MINUTE and len(asked) <= MOST_A_DAY
    return 0 if is_free and not is_suspicious else ORDINARY_BITS


def _spend(work: UnitOfWork, proof: str, used_for: str, now: datetime) -> bool:
    spent = hashlib.sha256(proof.encode()).hexdigest()
    owner = used_for or secrets.token_hex(16)
    return work.asked.spend(spent, owner, now + proof_of_work.LASTS)


def _challenge(deps: Deps, wish: AdmissionRequest, bits: int) -> Challenge:
    random = secrets.token_hex(16)
    bound_to, key = _bound_to(deps, wish), deps.config.mail_link_key
    return proof_of_work.issue_challenge(key, bound_to, bits, deps.now(), random)


def _bound_to(deps: Deps, wish: AdmissionRequest) -> str:
    return f"{wish.purpose} {deps.caller.network}"


def _keys(deps: Deps) -> list[bytes]:
    return [key.get_secret_value() for key in deps.config.secret_keys.values()]


def _network(deps: Deps) -> str:
    return keyed_digest(deps, deps.caller.network)
