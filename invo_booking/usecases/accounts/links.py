"""Make and use links that set passwords: invitation, reset, first password.

Opening a link changes nothing. Setting the password makes the link invalid. The secret
of a link is derived from the installation's key. So the outbox contains no secret, and
a mail that is sent again has the same link. Only a hash of the secret is stored.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from invo_booking.domain.contact import email_to_look_up
from invo_booking.domain.errors import NotFoundError, TooManyRequestsError
from invo_booking.domain.institution import Person
from invo_booking.persistence.accounts.links import AccountLink
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.accounts import passwords
from invo_booking.usecases.accounts.credentials import (
    mail_password_change,
    revoke_access,
)
from invo_booking.usecases.shared import audit
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import (
    TOKEN,
    TOKEN_BYTES,
    hash_secret,
    keyed_digest,
)

INVITATION, RESET, FIRST = "invitation", "reset", "first"
"""Purposes of links. An administrator sends an invitation; the person requests a reset;
a first link follows a sign-in with an initial password that others know."""

LIFETIMES = {
    INVITATION: timedelta(hours=72),
    RESET: timedelta(minutes=30),
    FIRST: timedelta(minutes=30),
}
PAGE = "/session/set-password"
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
MOST_FOR_ACCOUNT = 5
"""Maximum number of requested links per day for one account."""

MOST_FROM_NETWORK = 20
"""Maximum number of requested links per hour from one IPv4 address or IPv6 /64
network."""

KEPT = timedelta(days=7)
"""How long a link is stored after its end, so that a mail sent late does not make the
link valid again."""

GONE = "accounts.links.ended"
_HOW = {
    INVITATION: "accounts.links.set_by_sent_link",
    RESET: "accounts.links.set_by_requested_link",
    FIRST: "accounts.links.first_replaced",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordLink:
    """A valid link, and the person whose password it sets."""

    name: str
    email: str
    institution: str
    purpose: str


def make_account_link(
    deps: Deps,
    work: UnitOfWork,
    person_id: UUID,
    purpose: str,
    *,
    link_id: UUID | None = None,
) -> AccountLink:
    """Store a link that sets a person's password. Idempotent for the same id."""
    now, link_id = deps.now(), link_id or uuid4()
    link = AccountLink(
        id=link_id,
        hash=hash_secret(account_link_secret(deps, link_id)),
        purpose=purpose,
        person_id=person_id,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    work.account_links.add(link)
    return link


def make_first_link_secret(deps: Deps, work: UnitOfWork, person_id: UUID) -> str:
    """Store a link for a person whose password others know; return its secret."""
    return account_link_secret(deps, make_account_link(deps, work, person_id, FIRST).id)


def account_link_secret(deps: Deps, link_id: UUID) -> str:
    """Return the 192-bit secret of a new link."""
    return _link_secret(deps.config.mail_link_key, link_id)


def account_link_address(deps: Deps, work: UnitOfWork, link_id: UUID) -> str:
    """Return the URL of a stored link.

    The URL stays the same as long as the installation has the secret key with which the
    link was made. If this key was removed, the link gets a new secret.
    """
    secrets = [_link_secret(key, link_id) for key in deps.config.link_keys]
    stored = work.account_links.hash_of(link_id)
    secret = next((it for it in secrets if hash_secret(it) == stored), secrets[0])
    work.account_links.replace_hash(link_id, hash_secret(secret))
    return f"{deps.config.public_url.rstrip('/')}{PAGE}?link={secret}"


def _link_secret(key: bytes, link_id: UUID) -> str:
    digest = hmac.new(key, f"account:{link_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def ask_for_reset(deps: Deps, email: str) -> None:
    """Queue a mail with a link to set a password, for the person with this address.

    Known and unknown addresses are stored in the same way, and the account is looked up
    only when the mail is sent. So neither the result of this call nor its timing
    reveals who works here.

    Raises:
        TooManyRequestsError: After 5 requests within a day for one address, known or
            unknown, or 20 from one network within an hour.
    """
    now, account = deps.now(), keyed_digest(deps, email_to_look_up(email))
    network = keyed_digest(deps, deps.caller.network)
    with deps.unit_of_work() as work:
        links = work.account_links
        links.lock_requests(account, network)
        sentence = say("accounts.links.too_many")
        if links.count_requests_for(account, now - DAY) >= MOST_FOR_ACCOUNT:
            raise TooManyRequestsError(sentence, now + DAY)
        if links.count_requests_from(network, now - HOUR) >= MOST_FROM_NETWORK:
            raise TooManyRequestsError(sentence, now + HOUR)
        links.ask(account, network, now)
        until = now + LIFETIMES[RESET]
        work.outbox.add(NOTICE, {"account": account}, now=now, useful_until=until)
    deps.wake()


def read_password_link(deps: Deps, secret: str) -> PasswordLink:
    """Return whose password a link sets. Changes nothing.

    Raises:
        NotFoundError: If the link is unknown, used, replaced or expired, or the person
            is disabled.
    """
    with deps.unit_of_work() as work:
        link, person = _open_account_link(deps, work, secret)
        return PasswordLink(
            name=person.name,
            email=person.email,
            institution=work.roster.institution.name,
            purpose=link.purpose,
        )


def use_password_link(
    deps: Deps, secret: str, password: str, *, browser: str = ""
) -> None:
    """Set the password of the person the link is for, and make the link invalid.

    Ends all access that the person got with earlier credentials, and mails the person.

    Args:
        secret: Secret of the link.
        password: The new password as typed.
        browser: Secret in the cookie that makes this browser a known browser; empty for
            none.

    Raises:
        NotFoundError: If the link is not valid.
        InvalidInputError: If the password cannot be used; then the link stays valid.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        link, person = _open_account_link(deps, work, secret)
        account = work.people.account_of(person.id)
        present = account.password_hash if account else ""
        words = words_about_person(work, person)
        stored = passwords.hash_checked_password(
            password, words, field="password", present=present
        )
        if not work.account_links.use(link.hash, now):
            raise NotFoundError(say(GONE))
        work.people.set_password(person.id, stored)
        revoke_access(work, person.id, now)
        if browser:
            work.guesses.remember(hash_secret(browser), person.id, now)
        mail_password_change(deps, work, person.id, say(_HOW[link.purpose]))
        what = ("person", str(person.id))
        audit.record_change(
            work, person.as_actor(), now, "password set", what, {"by": link.purpose}
        )
    deps.wake()


def words_about_person(work: UnitOfWork, person: Person) -> tuple[str, ...]:
    """Return names and addresses that must not make up most of a person's password."""
    return (person.name, person.email, work.roster.institution.name)


def _open_account_link(
    deps: Deps, work: UnitOfWork, secret: str
) -> tuple[AccountLink, Person]:
    key = hash_secret(secret) if TOKEN.fullmatch(secret) else ""
    link = work.account_links.find(key, deps.now())
    person = work.roster.people.get(link.person_id) if link else None
    if link is None or person is None or not person.active:
        raise NotFoundError(say(GONE))
    return link, person
