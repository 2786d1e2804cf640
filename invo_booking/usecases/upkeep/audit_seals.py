"""Seal new entries of the audit log in a chain, and verify the chain."""

import logging
from dataclasses import dataclass
from datetime import datetime

from invo_booking.config import Config
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.audit import Misfit
from invo_booking.domain.errors import ConflictError
from invo_booking.persistence.audit.chain import AuditChain, ChainError, ChainHead
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.audit.log import AuditLog
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared.audit import OPERATOR
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import require_administrator
from invo_booking.usecases.shared.sealing import derived_key

SEALED_AT_ONCE = 1_000
MOST_BATCHES = 50
"""Maximum number of batches sealed by one call. The next run seals further entries."""

_DERIVED_FOR = b"invo-booking audit chain"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """The result of verifying the chain of seals.

    Attributes:
        waiting: Number of unsealed entries, which the next run will seal.
        misfits: Faults of the chain, in the chain's order, at most about twenty.
        problem: Why the chain cannot be verified, as a sentence; empty if verification
            is possible.
        unverifiable: Ids of missing secret keys. Entries that were sealed with a
            missing key are only checked for gaps and order.
        head: The newest seal of the chain; ``None`` if nothing was sealed yet.
    """

    total: int
    sealed: int
    waiting: int
    misfits: tuple[Misfit, ...]
    problem: str
    unverifiable: tuple[str, ...]
    head: ChainHead | None

    @property
    def broken_at(self) -> int | None:
        """Position of the first fault in the chain; ``None`` if there is no fault."""
        return min((misfit.place for misfit in self.misfits), default=None)

    @property
    def is_whole(self) -> bool:
        """Whether the chain could be verified and has no fault."""
        return not self.misfits and not self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFigures:
    """Facts about the chain that are known without verifying the whole chain."""

    head: ChainHead | None
    problem: str
    unverifiable: tuple[str, ...]
    waiting: int
    oldest_waiting: datetime | None


def audit_chain(config: Config, work: UnitOfWork) -> AuditChain:
    """Return access to the chain in a transaction, with this installation's keys."""
    keys = {
        key_id: derived_key(config, key_id, _DERIVED_FOR)
        for key_id in config.secret_keys
    }
    return AuditChain(work.session, keys)


def seal_audit_entries(deps: Deps) -> int:
    """Seal unsealed entries, and return how many were sealed.

    If the newest seal is not authentic, nothing is sealed, and an error is logged.
    """
    sealed = 0
    for _ in range(MOST_BATCHES):
        try:
            with deps.unit_of_work() as work:
                some = audit_chain(deps.config, work).seal(SEALED_AT_ONCE, deps.now())
        except ChainError as error:
            _log.error("audit entries are not sealed", extra={"why": str(error)})
            return sealed
        sealed += some
        if some < SEALED_AT_ONCE:
            break
    return sealed


def check_audit_chain(deps: Deps, expected: tuple[int, str] | None = None) -> SealState:
    """Verify the entire chain of the audit log by recomputing every seal.

    Args:
        expected: Position and hash of a seal that was recorded outside the database.
            The chain must contain this seal.
    """
    with deps.unit_of_work() as work:
        total, sealed = AuditLog(work.session).counts()
        seen = known_seal_figures(deps, work)
        chain = audit_chain(deps.config, work)
        misfits = [] if seen.problem else chain.misfits(deps.now(), expected)
        return SealState(
            total=total,
            sealed=sealed,
            waiting=total - sealed,
            misfits=tuple(misfits),
            problem=seen.problem,
            unverifiable=seen.unverifiable,
            head=seen.head,
        )


def check_audit_chain_as(deps: Deps, actor: Actor) -> SealState:
    """Verify the entire chain for an administrator. See ``check_audit_chain``.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    require_administrator(actor)
    return check_audit_chain(deps)


def seal_figures(deps: Deps) -> SealFigures:
    """Return the newest seal and facts about the chain, without verifying the chain."""
    with deps.unit_of_work() as work:
        return known_seal_figures(deps, work)


def log_audit_head(deps: Deps) -> None:
    """Write the newest seal to the process log, outside the database.

    A person who can change only the database cannot change the seal in the log.
    """
    seen = seal_figures(deps)
    if seen.head is None:
        _log.warning("audit head", extra={"place": 0, "problem": seen.problem})
        return
    _log.info(
        "audit head",
        extra={
            "place": seen.head.place,
            "hash": seen.head.hash,
            "keyed_from": seen.head.keyed_from,
            "waiting": seen.waiting,
        },
    )


def restart_audit_chain(deps: Deps) -> int:
    """Continue sealing although the newest seal is not authentic, and record this.

    Returns:
        The position in the chain that stays empty. Every later verification reports
        this gap.

    Raises:
        ConflictError: If the newest seal is authentic.
    """
    with deps.unit_of_work() as work:
        seen = known_seal_figures(deps, work)
        if not seen.problem:
            raise ConflictError(say("upkeep.audit_seals.nothing_to_repair"))
        gap = audit_chain(deps.config, work).restart(deps.now())
        thing, detail = ("audit", "chain"), {"gap": gap, "why": seen.problem[:200]}
        entry = AuditEntry.by(OPERATOR, "restarted", thing, deps.now(), detail)
        work.audit.add(entry)
    return gap


def audit_trouble(seals: SealFigures) -> str:
    """Return what is wrong with the keys or the newest seal; empty if all is well."""
    if seals.problem:
        return seals.problem
    if not seals.unverifiable:
        return ""
    return say("upkeep.audit_seals.key_missing", list=", ".join(seals.unverifiable))


def known_seal_figures(deps: Deps, work: UnitOfWork) -> SealFigures:
    """Return the facts of ``seal_figures``, inside a transaction."""
    chain, log = audit_chain(deps.config, work), AuditLog(work.session)
    head, problem, unverifiable = None, "", list[str]()
    try:
        head, unverifiable = chain.head(), chain.unverifiable()
    except ChainError as error:
        problem = str(error)
    waiting, oldest = log.count_unsealed()
    return SealFigures(
        head=head,
        problem=problem,
        unverifiable=tuple(unverifiable),
        waiting=waiting,
        oldest_waiting=oldest,
    )
