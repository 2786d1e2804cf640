"""Sealing everything anew with the first secret key, so that older ones can go."""

from dataclasses import dataclass

from invo_booking.persistence.audit import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import registry
from invo_booking.settings.spec import Setting
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.people import OPERATOR
from invo_booking.usecases.sealing import SealBrokenError, opened, seal, sealed_with


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What came of it.

    Attributes:
        key_id: The key everything is sealed with now.
        resealed: Labels of the settings that were sealed with another.
        lost: Labels of those that no key opens.
    """

    key_id: str
    resealed: tuple[str, ...]
    lost: tuple[str, ...]


def rotate_keys(deps: Deps) -> Rotation:
    """Seal every secret with the first key. Safe to repeat; nothing is lost by it."""
    resealed: list[str] = []
    lost: list[str] = []
    key_id = next(iter(deps.config.secret_keys))
    with deps.unit_of_work() as work:
        work.lock_roster()
        for entry in _sealed_otherwise(work, key_id):
            moved = _reseal(deps, work, entry)
            (resealed if moved else lost).append(entry.label)
        if resealed:
            work.roster_changed()
            work.audit.add(_told(deps, key_id, resealed))
    return Rotation(key_id=key_id, resealed=tuple(resealed), lost=tuple(lost))


def _sealed_otherwise(work: UnitOfWork, key_id: str) -> list[Setting[str]]:
    secrets = [entry for entry in registry.ENTRIES if entry.is_secret]
    return [
        entry
        for entry in secrets
        if work.settings.is_set(entry) and sealed_with(work.settings[entry]) != key_id
    ]


def _reseal(deps: Deps, work: UnitOfWork, entry: Setting[str]) -> bool:
    try:
        text = opened(deps.config, work.settings, entry)
    except SealBrokenError:
        return False
    before = work.stored_settings.all()[entry.key]
    sealed = seal(deps.config, entry.key, text)
    work.stored_settings.put(entry.key, sealed, before.changed_by, before.changed_at)
    return True


def _told(deps: Deps, key_id: str, resealed: list[str]) -> AuditEntry:
    return AuditEntry(
        at=deps.now(),
        actor=OPERATOR,
        action="sealed anew",
        object_kind="secret key",
        object_id=key_id[:80],
        detail={"settings": resealed},
    )
