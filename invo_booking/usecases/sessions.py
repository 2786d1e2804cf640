"""Staff sign in and out; the server alone knows who is behind a cookie."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from invo_booking.domain.errors import NotAllowedError, TooManyRequestsError
from invo_booking.domain.roles import Actor
from invo_booking.persistence.audit import AuditEntry
from invo_booking.persistence.people import Account
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.links import hashed

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)

MEMORY = timedelta(minutes=15)
MOST_TRIES = 8
"""Failed tries of one account from one address within ``MEMORY``."""
MOST_TRIES_FROM_ADDRESS = 60
LONGEST_PASSWORD = 256
DEMO_PASSWORD = "harbor-demo-2026"  # noqa: S105 - printed for everybody who tries it
"""Of everybody in the demo; outside a demo it opens nothing."""

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked where there is no such account, so that both take the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session; ``token`` goes into the cookie and nowhere else."""

    token: str
    actor: Actor


def sign_in(deps: Deps, email: str, password: str, *, address: str) -> SignedIn:
    """Open a session for a person who knows the password.

    Args:
        deps: The product's parts.
        email: In any case.
        password: As typed.
        address: Where the request comes from, to slow guessing down per address.

    Raises:
        NotAllowedError: The same for an unknown person, a wrong password and a
            disabled account.
        TooManyRequestsError: After too many failures; it passes by itself.
    """
    account, now = check_password(deps, email, password, address=address), deps.now()
    with deps.unit_of_work() as work:
        actor = work.roster.people[account.id].as_actor()
        token = secrets.token_urlsafe(32)
        work.sessions.add(hashed(token), account.id, now, address)
        work.audit.add(entry(now, actor, "signed in"))
    return SignedIn(token=token, actor=actor)


def check_password(deps: Deps, email: str, password: str, *, address: str) -> Account:
    """Return the account of somebody who knows its password. See ``sign_in``.

    Raises:
        NotAllowedError: If it is not known, and the failure is counted.
        TooManyRequestsError: After too many failures; it passes by itself.
    """
    now, key = deps.now(), hashed(email.strip().lower())
    with deps.unit_of_work() as work:
        _slow_down(work, key, address, now)
        account = work.people.account(email.strip())
    is_good = _matches(account, password) and (
        deps.config.demo or password != DEMO_PASSWORD
    )
    if is_good and account is not None and account.active:
        return account
    with deps.unit_of_work() as work:
        work.sessions.add_failure(key, address, now)
    raise NotAllowedError("The e-mail address or the password is not right.")


def actor_of(deps: Deps, token: str, *, touch: bool = True) -> Actor | None:
    """Return who a session belongs to, if it is still good. See ``actor_with_key``."""
    return actor_with_key(deps, hashed(token), touch=touch) if token else None


def actor_with_key(deps: Deps, key: str, *, touch: bool = True) -> Actor | None:
    """Return who a session belongs to, by its hash; asked on every event of a page.

    Pages know the hash alone, so that no session can be taken from where their state
    is kept.

    Args:
        deps: The product's parts.
        key: Hash of what the cookie carries.
        touch: Whether the person did something, so that the idle time begins anew.
            What a page asks by itself, without a press, must not keep it open.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        found = work.sessions.find(key)
        if found is None or is_over(found.created_at, found.seen_at, now):
            return None
        person = work.roster.people.get(found.person_id)
        if person is None or not person.active:
            return None
        if touch and now - found.seen_at > TOUCH_EVERY:
            work.sessions.touch(key, now)
        return person.as_actor()


def sign_out(deps: Deps, token: str) -> None:
    """Close a session. Closing it twice changes nothing."""
    key = hashed(token)
    with deps.unit_of_work() as work:
        found = work.sessions.find(key)
        work.sessions.end(key)
        person = work.roster.people.get(found.person_id) if found else None
        if person is not None:
            work.audit.add(entry(deps.now(), person.as_actor(), "signed out"))


def hash_password(password: str) -> str:
    """Return what is stored of a password.

    Raises:
        ValueError: If it is too short or too long to be one.
    """
    if not 12 <= len(password) <= LONGEST_PASSWORD:  # noqa: PLR2004  (NIST SP 800-63B)
        raise ValueError("A password has 12 to 256 characters.")
    return _HASHER.hash(password)


def opens(stored: str, password: str) -> bool:
    """Whether a password is the one of which this is stored."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has been idle, or open, for too long."""
    return now - created_at > LONGEST or now - seen_at > IDLE


def over_at(created_at: datetime, seen_at: datetime) -> datetime:
    """Return the last instant at which a session that is left alone is good."""
    return min(created_at + LONGEST, seen_at + IDLE)


def _slow_down(work: UnitOfWork, key: str, address: str, now: datetime) -> None:
    since = now - MEMORY
    tries = work.sessions.failures(key, address, since)
    if tries >= MOST_TRIES or (
        work.sessions.failures_from(address, since) >= MOST_TRIES_FROM_ADDRESS
    ):
        raise TooManyRequestsError(
            "Too many failed tries. Wait fifteen minutes, then try again.", now + MEMORY
        )


def _matches(account: Account | None, password: str) -> bool:
    stored = account.password_hash if account and account.password_hash else _NOBODY
    try:
        _HASHER.verify(stored, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not _NOBODY


def entry(now: datetime, actor: Actor, action: str) -> AuditEntry:
    """Return what the audit trail says that somebody did with the own account."""
    return AuditEntry.by(actor, action, ("person", str(actor.id)), now)
