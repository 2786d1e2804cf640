"""Sign staff in and out, and identify the person of a session."""

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
from invo_booking.texts import say
from invo_booking.usecases.accounts import guessing, links, passwords
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret, keyed_digest

TOUCH_EVERY = timedelta(minutes=1)
NOT_RIGHT = "accounts.sessions.wrong"
_NO_PERSON = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session, whose secrets are stored only in cookies.

    Attributes:
        token: Secret of the session.
        browser: Secret of the cookie that makes the browser a known browser.
        lasts: Maximum lifetime of the session.
    """

    token: str
    browser: str
    actor: Actor
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasswordFirst:
    """The result of a sign-in with a password that must be replaced.

    This is a password that other people know, such as an initial password.

    Attributes:
        link: Secret of a link to set a password.
        browser: Secret of the cookie that makes the browser a known browser.
    """

    link: str
    browser: str


def sign_in(
    deps: Deps, email: str, password: str, *, browser: str = ""
) -> SignedIn | OwnPasswordFirst:
    """Start a session for a person who gives the right password.

    Args:
        email: E-mail address, in upper or lower case.
        password: As typed.
        browser: Secret in the known-browser cookie; empty if the browser has none.

    Returns:
        The session; or, if others know the password, a link to set a new password
        first.

    Raises:
        NotAllowedError: For an unknown person, a wrong password or a disabled account,
            with the same message.
        NotSetUpError: If there is no institution yet.
        TooManyRequestsError: If the try comes too early after wrong passwords.
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
    """Return the account if the password is right; count wrong passwords.

    All code that asks for a password uses this function, so that all tries are counted.
    See ``sign_in`` for the arguments.

    Raises:
        NotAllowedError: If the password is wrong, or the account is unknown or
            disabled.
        NotSetUpError: If there is no institution yet.
        TooManyRequestsError: If the try comes too early; the password is not verified
            then.
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
    raise NotAllowedError(say(NOT_RIGHT))


def hold_password(work: UnitOfWork, account: PersonAccount) -> None:
    """Lock an account, and check that its password has not changed since the read.

    So a session or token created with an old password cannot outlive the change of the
    password.

    Raises:
        NotAllowedError: If the password was changed or the account disabled since.
    """
    person = work.people.lock(account.id)
    if (
        person is None
        or not person.active
        or person.password_hash != account.password_hash
    ):
        raise NotAllowedError(say(NOT_RIGHT))


def require_institution(deps: Deps) -> None:
    """Raise an error if there is no institution yet, because then no account exists.

    Raises:
        NotSetUpError: If there is no institution yet.
    """
    with deps.unit_of_work() as work:
        _require_institution(work)


def _require_institution(work: UnitOfWork) -> None:
    if not work.is_set_up:
        raise NotSetUpError


def actor_of_session(deps: Deps, token: str, *, touch: bool = True) -> Actor | None:
    """Return the person of the session with this secret; ``None`` if the session ended.

    See ``actor_of_session_key``.
    """
    return (
        actor_of_session_key(deps, hash_secret(token), touch=touch) if token else None
    )


def actor_of_session_key(deps: Deps, key: str, *, touch: bool = True) -> Actor | None:
    """Return the person of a session, given its hash; ``None`` if the session ended.

    Called on every event of a page. The state of pages contains only the hash, so that
    nobody who reads the state can use the session.

    Args:
        key: Hash of the cookie's secret.
        touch: Whether the person did something, so that the idle time starts again.
            False for automatic events of a page.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        session = work.sessions.find(key)
        if session is None or is_session_over(work.settings, session, now):
            return None
        person = work.roster.people.get(session.person_id)
        if person is None or not person.active:
            return None
        if touch and now - session.seen_at > TOUCH_EVERY:
            work.sessions.touch(key, now)
        return person.as_actor()


def sign_out(deps: Deps, token: str) -> None:
    """End a session. Idempotent."""
    key = hash_secret(token)
    with deps.unit_of_work() as work:
        session = work.sessions.find(key)
        work.sessions.end(key)
        person = work.roster.people.get(session.person_id) if session else None
        if person is not None:
            work.audit.add(
                account_audit_entry(deps.now(), person.as_actor(), "signed out")
            )


def is_session_over(settings: Values, session: LiveSession, now: datetime) -> bool:
    """Whether a session has exceeded its idle time or its maximum lifetime."""
    return (
        now - session.created_at > settings[general.SESSION_LONGEST]
        or now - session.seen_at > settings[general.SESSION_IDLE]
    )


def session_over_at(settings: Values, session: LiveSession) -> datetime:
    """Return when a session ends if the person does nothing, in UTC."""
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
    """Return an audit entry about the actor's own account."""
    return AuditEntry.by(actor, action, ("person", str(actor.id)), now)
