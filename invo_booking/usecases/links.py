"""The customer's one secret link, and the one that only their mailbox gets."""

import base64
import hashlib
import hmac
import re
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import NotFoundError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.deps import Deps

STATUS = "status"
PROOF = "proof"
"""Opens what is shown only to whoever reads the mailbox; never told by the pages."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
TOKEN_BYTES = 24


def token_of(deps: Deps, appointment_id: UUID, purpose: str = STATUS) -> str:
    """Return the secret of an appointment's link, 192 bits.

    It is derived from the deployment's key rather than drawn at random, so that
    every later mail can carry the same link while the database holds only a hash.
    """
    message = f"{purpose}:{appointment_id}".encode()
    digest = hmac.new(deps.config.mail_link_key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def status_url(deps: Deps, appointment_id: UUID) -> str:
    """Return the address of an appointment's status page."""
    return f"{deps.config.public_url.rstrip('/')}/a/{token_of(deps, appointment_id)}"


def limit_url(deps: Deps, appointment_id: UUID) -> str:
    """Return where the owner of the mailbox makes room for a held appointment."""
    token = token_of(deps, appointment_id, PROOF)
    return f"{deps.config.public_url.rstrip('/')}/a/{token}/limit"


def issue(
    deps: Deps, work: UnitOfWork, appointment_id: UUID, purpose: str = STATUS
) -> str:
    """Make an appointment's link valid and return its secret. Safe to repeat."""
    token = token_of(deps, appointment_id, purpose)
    work.links.add(hashed(token), purpose, appointment_id, deps.now())
    return token


def open_link(work: UnitOfWork, token: str, purpose: str = STATUS) -> Appointment:
    """Return the appointment a link opens.

    Raises:
        NotFoundError: The same for a link that never was and one that is gone.
    """
    owner = work.links.opens(hashed(token), purpose) if TOKEN.fullmatch(token) else None
    if owner is None:
        raise NotFoundError(
            "We cannot find this appointment. Check that the whole link was copied."
        )
    return work.appointments.get(owner)


def hashed(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
