"""Staff sign in and out; the server alone knows who is behind a cookie."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain import contact
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import NotAllowedError, NotSetUpError
from invo_booking.persistence.accounts.guesses import Guess
from invo_booking.persistence.accounts.people import LiveSession, PersonAccount
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.settings.spec import Values
from invo_booking.usecases.accounts import guessing, links, passwords
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret, keyed_digest

TOUCH_EVERY = timedelta(minutes=1)
NOT_RIGHT = "The e-mail address or the password is not right."
_NO_PERSON = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session; its secrets go into cookies and nowhere else.

    Attributes:
        token: Of the session.
        browser: By which the browser is known when the person comes back.
        lasts: After how long the session ends at the latest.
    """

    token: str
    browser: str
    actor: Actor
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasswordFirst:
    """Nobody is signed in yet: somebody else knows the password.

    Attributes:
        link: Secret of a link by which the person sets one of their own.
        browser: By which the browser is known when the person comes back.
    """

    link: str
    browser: str


def sign_in(
    deps: Deps, email: str, password: str, *, browser: str = ""
) -> SignedIn | OwnPasswordFirst:
    """Open a session for a person who knows the password.

    Args:
        deps: The product's parts.
        email: In any case.
        password: As typed.
        browser: What the browser's cookie says it is known by; empty if it is new.

    Returns:
        The session, or a link by which a password is set first.

    Raises:
        NotAllowedError: The same for an unknown person, a wrong password and a
            disabled account.
        NotSetUpError: If there is no institution, and so nobody who could sign in.
        TooManyRequestsError: If the try comes too early.
    """
    account = check_password(deps, email, password, browser=browser)
    now, known = deps.now(), browser or secrets.token_urlsafe(32)
    with deps.unit_of_work() as work:
        hold_password(work, account)
        work.guesses.remember(hash_secret(known), account.id, now)
        if account.must_change_password:
            link = links.make_first_link_secret(deps, work, account.id)
            return OwnPasswordFirst(link=link, browser=known)
        actor = work.roster.people[account.id].as_actor()
        token = secrets.token_urlsafe(32)
        work.sessions.add(hash_secret(token), account.id, now, deps.caller.address)
        work.audit.add(account_audit_entry(now, actor, "signed in"))
        lasts = work.settings[general.SESSION_LONGEST]
    return SignedIn(token=token, browser=known, actor=actor, lasts=lasts)


def check_password(
    deps: Deps, email: str, password: str, *, browser: str = ""
) -> PersonAccount:
    """Return the account of somebody who knows its password. See ``sign_in``.

    Every place that asks for a password asks here, so that all share one count.

    Raises:
        NotAllowedError: If it is not known; the failure is counted and written down.
        NotSetUpError: If there is no institution.
        TooManyRequestsError: If the try comes too early; it is not looked at.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        _require_institution(work)
        account = work.people.account(email)
        guess = _guess(deps, work, email, account, browser)
        number, ready_at = guessing.begin_guess(work, guess, now)
    if number is None:
        raise guessing.too_early_error(ready_at or now, now)
    is_right = passwords.is_account_password(account, password) and (
        deps.config.demo or password != passwords.DEMO_PASSWORD
    )
    with deps.unit_of_work() as work:
        if is_right and account is not None and account.active:
            work.guesses.take_back(number)
            return account
        guessing.record_wrong_password(deps, work, guess, account)
    raise NotAllowedError(NOT_RIGHT)


def hold_password(work: UnitOfWork, account: PersonAccount) -> None:
    """Go on only while the password that was given is the account's; until the commit.

    So nothing that is made with an old password outlives the new one.

    Raises:
        NotAllowedError: If the password was changed or the account disabled since.
    """
    held = work.people.lock(account.id)
    if held is None or not held.active or held.password_hash != account.password_hash:
        raise NotAllowedError(NOT_RIGHT)


def require_institution(deps: Deps) -> None:
    """Tell who opens nothing with what they sent why that is, if it is not their fault.

    Raises:
        NotSetUpError: If there is no institution, and so nobody is known here.
    """
    with deps.unit_of_work() as work:
        _require_institution(work)


def _require_institution(work: UnitOfWork) -> None:
    if not work.is_set_up:
        raise NotSetUpError


def actor_of_session(deps: Deps, token: str, *, touch: bool = True) -> Actor | None:
    """Return who a good session belongs to. See ``actor_of_session_key``."""
    return (
        actor_of_session_key(deps, hash_secret(token), touch=touch) if token else None
    )


def actor_of_session_key(deps: Deps, key: str, *, touch: bool = True) -> Actor | None:
    """Return who a session belongs to, by its hash; asked on every event of a page.

    Pages know the hash alone, so that no session can be taken from where their state
    is kept.

    Args:
        deps: The product's parts.
        key: Hash of what the cookie carries.
        touch: Whether the person did something, so that the idle time begins again.
            What a page asks by itself, without a press, must not keep it open.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        found = work.sessions.find(key)
        if found is None or is_session_over(work.settings, found, now):
            return None
        person = work.roster.people.get(found.person_id)
        if person is None or not person.active:
            return None
        if touch and now - found.seen_at > TOUCH_EVERY:
            work.sessions.touch(key, now)
        return person.as_actor()


def sign_out(deps: Deps, token: str) -> None:
    """Close a session. Closing it twice changes nothing."""
    key = hash_secret(token)
    with deps.unit_of_work() as work:
        found = work.sessions.find(key)
        work.sessions.end(key)
        person = work.roster.people.get(found.person_id) if found else None
        if person is not None:
            work.audit.add(
                account_audit_entry(deps.now(), person.as_actor(), "signed out")
            )


def is_session_over(settings: Values, session: LiveSession, now: datetime) -> bool:
    """Whether a session has been idle, or open, for longer than is set."""
    return (
        now - session.created_at > settings[general.SESSION_LONGEST]
        or now - session.seen_at > settings[general.SESSION_IDLE]
    )


def session_over_at(settings: Values, session: LiveSession) -> datetime:
    """Return the last instant at which a session that is left alone is good."""
    return min(
        session.created_at + settings[general.SESSION_LONGEST],
        session.seen_at + settings[general.SESSION_IDLE],
    )


def _guess(
    deps: Deps,
    work: UnitOfWork,
    email: str,
    account: PersonAccount | None,
    browser: str,
) -> Guess:
    mark = hash_secret(browser) if browser else ""
    known = work.guesses.knows(mark, account.id if account else _NO_PERSON)
    return Guess(
        account=keyed_digest(deps, contact.email_to_look_up(email)),
        network=keyed_digest(deps, deps.caller.network),
        browser=mark if known else "",
    )


def account_audit_entry(now: datetime, actor: Actor, action: str) -> AuditEntry:
    """Return what the audit log says that somebody did with the own account."""
    return AuditEntry.by(actor, action, ("person", str(actor.id)), now)
