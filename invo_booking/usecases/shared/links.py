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
"""Purpose of the link that opens the appointment as long as the appointment is
stored."""

CONFIRM = "confirm"
"""Purpose of the link that confirms the appointment and verifies the mailbox. The link
is only mailed, never shown on a page."""

PROOF = "proof"
"""Purpose of the link for choosing another appointment to cancel. The link is only
mailed, never shown on a page."""

ROOM = "room"
"""Purpose of the stored hash of the room's name, which is added when somebody enters
the room for the first time. This hash opens no page.
"""

SCHEDULER = "/schedule"
MAILED = (CONFIRM, PROOF)
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
TOKEN_BYTES = 24


def token_of(deps: Deps, appointment: Appointment) -> str:
    """Return the 192-bit secret of the link to a status page, without storing the link.

    ``issue_link`` stores the link. The secret is derived from the installation's key,
    so that later mails can contain the same link although the database contains only a
    hash. Each generation of an appointment's links has different secrets.
    """
    return _derive_secret(
        deps, f"{STATUS}:{appointment.id}{link_generation_suffix(appointment)}"
    )


def mailed_token(deps: Deps, appointment: Appointment, purpose: str) -> str:
    """Return the secret of a link that is only mailed.

    The secret is different for each purpose and each e-mail address of an appointment.
    """
    address = appointment.customer.email
    message = (
        f"{purpose}:{appointment.id}:{address}{link_generation_suffix(appointment)}"
    )
    return _derive_secret(deps, message)


def status_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the URL of an appointment's status page, and store the link to the page.

    The link is stored at each call, because the stored link may have been made with an
    earlier secret key.
    """
    return page_url(deps, appointment, issue_link(deps, work, appointment))


def mail_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the link for a mail: the status page, or a confirmation link.

    A mail contains the confirmation link until the customer's contact is verified.
    """
    if appointment.is_proven:
        return status_url(deps, work, appointment)
    token = issue_mailed_link(deps, work, appointment, CONFIRM)
    return page_url(deps, appointment, token)


def limit_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the URL of the page for choosing another appointment to cancel."""
    token = issue_mailed_link(deps, work, appointment, PROOF)
    return f"{page_url(deps, appointment, token)}/limit"


def again_url(deps: Deps, appointment: Appointment) -> str:
    """Return the URL of the scheduler with the appointment's choices filled in."""
    language = language_of_locale(appointment.customer.locale)
    page = in_language(again_path(appointment), language)
    return f"{deps.config.public_url.rstrip('/')}{page}"


def again_path(appointment: Appointment) -> str:
    """Return the path of ``again_url`` on the English pages."""
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
    """Store the link to an appointment's status page and return its secret. Idempotent.

    Args:
        appointment: The appointment.
        mailed: Purposes of further links to store, which are only mailed.
    """
    token = token_of(deps, appointment)
    hashes = _mailed_hashes(deps, appointment, mailed)
    work.links.add(appointment.id, hashes | {STATUS: hash_secret(token)}, deps.now())
    return token


def replace_links(deps: Deps, work: UnitOfWork, appointment: Appointment) -> None:
    """Invalidate an appointment's links, and store the links of its new generation.

    An appointment that is held because of a limit stays held: its ``PROOF`` link is
    replaced too.
    """
    is_held = is_over_limit(work, appointment)
    work.links.revoke(appointment.id, (STATUS, *MAILED, ROOM))
    mailed = (PROOF,) if is_held and appointment.customer.email else ()
    issue_link(deps, work, appointment, *mailed)


def is_over_limit(work: UnitOfWork, appointment: Appointment) -> bool:
    """Whether an appointment is or was held because the customer was at a limit."""
    return bool(work.links.owners([appointment.id], PROOF))


def issue_mailed_link(
    deps: Deps, work: UnitOfWork, appointment: Appointment, purpose: str
) -> str:
    """Store a link that is only mailed, and return its secret. Idempotent."""
    token = mailed_token(deps, appointment, purpose)
    work.links.add(appointment.id, {purpose: hash_secret(token)}, deps.now())
    return token


def _mailed_hashes(
    deps: Deps, appointment: Appointment, purposes: Iterable[str]
) -> dict[str, str]:
    return {it: hash_secret(mailed_token(deps, appointment, it)) for it in purposes}


def open_link(work: UnitOfWork, token: str, *purposes: str) -> Appointment:
    """Return the appointment whose link has this secret and one of these purposes.

    Without purposes, any link to the status page is accepted: ``STATUS`` or
    ``CONFIRM``.

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
    """Whether this is a confirmation link, whose holder reads the customer's mail."""
    return _owner(work, token, CONFIRM) is not None


def _owner(work: UnitOfWork, token: str, purpose: str) -> UUID | None:
    return (
        work.links.opens(hash_secret(token), purpose)
        if TOKEN.fullmatch(token)
        else None
    )


def link_generation_suffix(appointment: Appointment) -> str:
    """Return a suffix for each generation of links; empty for the first generation."""
    generation = appointment.link_generation
    return f":{generation}" if generation else ""


def _derive_secret(deps: Deps, message: str) -> str:
    key = deps.config.mail_link_key
    digest = hmac.new(key, message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def page_url(deps: Deps, appointment: Appointment, token: str) -> str:
    """Return the URL of the page that a link opens, in the language of the mails."""
    language = language_of_locale(appointment.customer.locale)
    page = in_language(f"/a/{token}", language)
    return f"{deps.config.public_url.rstrip('/')}{page}"


def keyed_digest(deps: Deps, text: str) -> str:
    """Return a digest of an address, made with the current secret key."""
    return digest_of(deps.config.mail_link_key, text)


def keyed_digests(deps: Deps, text: str) -> frozenset[str]:
    """Return the digests of an address, one for each secret key.

    A stored digest may have been made with any of these keys.
    """
    return frozenset(digest_of(key, text) for key in deps.config.link_keys)


def hash_secret(secret: str) -> str:
    """Return the stored hash of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
