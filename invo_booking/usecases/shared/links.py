"""Make and open customers' secret links."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from invo_booking.domain.access.digests import digest_of
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.contact import language_of_locale
from invo_booking.domain.errors import NotFoundError, PurgedError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import in_language, say
from invo_booking.usecases.shared.deps import Deps

STATUS = "status"
"""Opens the appointment for as long as it is stored."""

CONFIRM = "confirm"
"""Opens and confirms the appointment, and verifies the mailbox. Only mailed."""

PROOF = "proof"
"""Opens the choice of an appointment to cancel instead. Only mailed."""

ROOM = "room"
"""Opens nothing: the hash of the room's name, from when it was first entered."""

SCHEDULER = "/schedule"
MAILED = (CONFIRM, PROOF)
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
TOKEN_BYTES = 24


def token_of(deps: Deps, appointment: Appointment) -> str:
    """Return the secret of an appointment's link, 192 bits; ``issue_link`` adds it.

    The secret is derived from the installation's key, so that later mails can contain
    the same link while the database contains only a hash. Each generation of links has
    its own.
    """
    return _derive_secret(
        deps, f"{STATUS}:{appointment.id}{link_generation_suffix(appointment)}"
    )


def mailed_token(deps: Deps, appointment: Appointment, purpose: str) -> str:
    """Return a secret that is only mailed; each address has its own."""
    address = appointment.customer.email
    message = (
        f"{purpose}:{appointment.id}:{address}{link_generation_suffix(appointment)}"
    )
    return _derive_secret(deps, message)


def status_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the address of an appointment's status page, which opens it from now on.

    The database may contain only the link of an earlier secret key.
    """
    return page_url(deps, appointment, issue_link(deps, work, appointment))


def mail_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the link for a mail; it confirms until the contact is verified."""
    if appointment.is_proven:
        return status_url(deps, work, appointment)
    token = issue_mailed_link(deps, work, appointment, CONFIRM)
    return page_url(deps, appointment, token)


def limit_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the address of the page to make room for a held appointment."""
    token = issue_mailed_link(deps, work, appointment, PROOF)
    return f"{page_url(deps, appointment, token)}/limit"


def again_url(deps: Deps, appointment: Appointment) -> str:
    """Return where the same can be booked again; what was chosen is filled in."""
    language = language_of_locale(appointment.customer.locale)
    page = in_language(again_path(appointment), language)
    return f"{deps.config.public_url.rstrip('/')}{page}"


def again_path(appointment: Appointment) -> str:
    """Return the English page where the same can be booked again."""
    if appointment.answer_id is None:
        return SCHEDULER
    choice = {
        "answer": str(appointment.answer_id),
        "language": appointment.language,
        "channel": appointment.channel.value,
        "branch": str(appointment.branch_id or ""),
        "agent": str(appointment.preferred_agent_id or ""),
    }
    return f"{SCHEDULER}?{urlencode({key: it for key, it in choice.items() if it})}"


def issue_link(
    deps: Deps, work: UnitOfWork, appointment: Appointment, *mailed: str
) -> str:
    """Add an appointment's link and return its secret. Idempotent.

    Args:
        appointment: The appointment.
        mailed: Purposes of further links, which are only mailed.
    """
    token = token_of(deps, appointment)
    hashes = _mailed_hashes(deps, appointment, mailed)
    work.links.add(appointment.id, hashes | {STATUS: hash_secret(token)}, deps.now())
    return token


def replace_links(deps: Deps, work: UnitOfWork, appointment: Appointment) -> None:
    """Add the links of a new generation and invalidate earlier ones.

    An appointment held above a limit stays held: its owner gets a mail to make room.
    """
    is_held = is_over_limit(work, appointment)
    work.links.revoke(appointment.id, (STATUS, *MAILED, ROOM))
    mailed = (PROOF,) if is_held and appointment.customer.email else ()
    issue_link(deps, work, appointment, *mailed)


def is_over_limit(work: UnitOfWork, appointment: Appointment) -> bool:
    """Whether an appointment is or was held above a limit."""
    return bool(work.links.owners([appointment.id], PROOF))


def issue_mailed_link(
    deps: Deps, work: UnitOfWork, appointment: Appointment, purpose: str
) -> str:
    """Add a link that is only mailed and return its secret. Idempotent."""
    token = mailed_token(deps, appointment, purpose)
    work.links.add(appointment.id, {purpose: hash_secret(token)}, deps.now())
    return token


def _mailed_hashes(
    deps: Deps, appointment: Appointment, purposes: Iterable[str]
) -> dict[str, str]:
    return {it: hash_secret(mailed_token(deps, appointment, it)) for it in purposes}


def open_link(work: UnitOfWork, token: str, *purposes: str) -> Appointment:
    """Return the appointment that a link opens for one of these purposes.

    Without purposes: for actions that need no verification.

    Raises:
        PurgedError: If the appointment was purged.
        NotFoundError: If the link never existed or was replaced.
    """
    for purpose in purposes or (STATUS, CONFIRM):
        if owner := _owner(work, token, purpose):
            return work.appointments.get(owner)
    if TOKEN.fullmatch(token) and work.links.has_ended(hash_secret(token)):
        raise PurgedError(say("customer.purged.lead"))
    raise NotFoundError(say("refusals.links.unknown"))


def is_from_mail(work: UnitOfWork, token: str) -> bool:
    """Whether a link verifies that its holder reads the customer's mail."""
    return _owner(work, token, CONFIRM) is not None


def _owner(work: UnitOfWork, token: str, purpose: str) -> UUID | None:
    return (
        work.links.opens(hash_secret(token), purpose)
        if TOKEN.fullmatch(token)
        else None
    )


def link_generation_suffix(appointment: Appointment) -> str:
    """Return what sets secrets of replaced links apart; empty for the first ones."""
    generation = appointment.link_generation
    return f":{generation}" if generation else ""


def _derive_secret(deps: Deps, message: str) -> str:
    key = deps.config.mail_link_key
    digest = hmac.new(key, message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def page_url(deps: Deps, appointment: Appointment, token: str) -> str:
    """Return the address of a link's page, in the language of the customer's mail."""
    language = language_of_locale(appointment.customer.locale)
    page = in_language(f"/a/{token}", language)
    return f"{deps.config.public_url.rstrip('/')}{page}"


def keyed_digest(deps: Deps, text: str) -> str:
    """Return a keyed digest of an address."""
    return digest_of(deps.config.mail_link_key, text)


def keyed_digests(deps: Deps, text: str) -> frozenset[str]:
    """Return the digests of an address under all keys, of which one may be stored."""
    return frozenset(digest_of(key, text) for key in deps.config.link_keys)


def hash_secret(secret: str) -> str:
    """Return the stored hash of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
