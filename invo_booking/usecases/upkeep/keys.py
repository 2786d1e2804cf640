"""Encrypt all secrets again with the newest key, so that older keys can be removed."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.outbox import LINKS, SEALED_ADDRESS
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import registry
from invo_booking.settings.spec import Setting
from invo_booking.texts import say
from invo_booking.usecases.calendars import granting
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared.audit import OPERATOR
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import (
    SealBrokenError,
    open_secret,
    seal,
    sealing_key_id,
    unseal,
)
from invo_booking.usecases.upkeep import audit_seals


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotation:
    """The result of encrypting all secrets with the first secret key.

    Attributes:
        key_id: Id of the first secret key. All secrets except the lost secrets are now
            encrypted with this key.
        resealed: Labels of the settings, sign-ins and waiting mails that were encrypted
            with another key before.
        lost: Labels of the settings and sign-ins that no key can open.
    """

    key_id: str
    resealed: tuple[str, ...]
    lost: tuple[str, ...]


def rotate_keys(deps: Deps) -> KeyRotation:
    """Encrypt all secrets again with the newest key, which is the first. Idempotent."""
    resealed: list[str] = []
    lost: list[str] = []
    key_id = next(iter(deps.config.secret_keys))
    with deps.unit_of_work() as work:
        work.lock_roster()
        for entry in _secrets_of_other_keys(work, key_id):
            moved = _reseal(deps, work, entry)
            (resealed if moved else lost).append(entry.label)
        for connection in work.connections.with_grant():
            if sealing_key_id(connection.sealed_grant) != key_id:
                moved = _reseal_grant(deps, work, connection.id)
                (resealed if moved else lost).append(_sign_in(connection))
        mails = _reseal_link_mails(deps, work, key_id)
        resealed.extend([say("upkeep.keys.mail")] * mails)
        if resealed:
            work.publish_roster_change()
            work.audit.add(_rotation_entry(deps, key_id, resealed))
    audit_seals.seal_audit_entries(
        deps
    )  # so that the chain's head no longer needs the old key
    return KeyRotation(key_id=key_id, resealed=tuple(resealed), lost=tuple(lost))


def _secrets_of_other_keys(work: UnitOfWork, key_id: str) -> list[Setting[str]]:
    secrets = [entry for entry in registry.ENTRIES if entry.is_secret]
    return [
        entry
        for entry in secrets
        if work.settings.is_set(entry)
        and sealing_key_id(work.settings[entry]) != key_id
    ]


def _reseal(deps: Deps, work: UnitOfWork, entry: Setting[str]) -> bool:
    try:
        text = open_secret(deps.config, work.settings, entry)
    except SealBrokenError:
        return False
    before = work.stored_settings.all()[entry.key]
    sealed = seal(deps.config, entry.key, text)
    work.stored_settings.put(entry.key, sealed, before.changed_by, before.changed_at)
    return True


def _reseal_grant(deps: Deps, work: UnitOfWork, connection_id: UUID) -> bool:
    """Reseal a connection's current tokens, which may have been renewed meanwhile."""
    try:
        grant = granting.open_grant(
            deps.config, work.connections.get_for_update(connection_id)
        )
    except ReconnectError:
        return False
    sealed = granting.seal_grant(deps.config, connection_id, grant)
    work.connections.keep_grant(connection_id, sealed)
    return True


def _reseal_link_mails(deps: Deps, work: UnitOfWork, key_id: str) -> int:
    """Reseal the addresses of waiting mails with links; return how many were resealed.

    A mail is left unchanged if no key can decrypt its address. Only the customer can
    request another mail.
    """
    resealed = 0
    for number, payload in work.outbox.lock_open_payloads(LINKS).items():
        sealed = payload.get(SEALED_ADDRESS, "")
        if sealing_key_id(sealed) == key_id:
            continue
        with suppress(SealBrokenError):
            again = seal(deps.config, LINKS, unseal(deps.config, LINKS, sealed))
            work.outbox.replace_payload(number, {**payload, SEALED_ADDRESS: again})
            resealed += 1
    return resealed


def _sign_in(connection: Connection) -> str:
    return say(
        "upkeep.keys.sign",
        account=connection.account,
        provider=provider_label(connection.provider),
    )


def _rotation_entry(deps: Deps, key_id: str, resealed: list[str]) -> AuditEntry:
    thing, detail = (say("upkeep.keys.name"), key_id[:80]), {"resealed": resealed}
    return AuditEntry.by(OPERATOR, "sealed anew", thing, deps.now(), detail)
