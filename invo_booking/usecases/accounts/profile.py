"""Let people read and change their own account."""

from dataclasses import dataclass
from datetime import datetime

from invo_booking.domain.access.roles import Actor, Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ApiToken
from invo_booking.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from invo_booking.domain.institution import Roster
from invo_booking.texts import say
from invo_booking.usecases.accounts import links, passwords, sessions
from invo_booking.usecases.accounts.credentials import (
    mail_password_change,
    revoke_access,
)
from invo_booking.usecases.accounts.tokens import allowed_token_scopes
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A browser in which the person is signed in.

    Attributes:
        key: Hash of the secret of the session in this browser.
        address: IP address from which the person signed in.
        is_this: Whether this request comes from the browser.
    """

    key: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person's own account: the person, their browsers and their tokens.

    Attributes:
        scopes: Scopes that a new token may have, weakest first.
    """

    name: str
    email: str
    roles: tuple[Role, ...]
    queues: tuple[str, ...]
    languages: tuple[str, ...]
    time_zone: str
    browsers: tuple[Browser, ...]
    tokens: tuple[ApiToken, ...]
    scopes: tuple[TokenScope, ...]


def own_profile(deps: Deps, actor: Actor, session_key: str) -> Profile:
    """Return the actor's own account.

    Args:
        actor: The owner of the account.
        session_key: Hash of the current session.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        settings = work.settings
        own_sessions = work.sessions.of(actor.id)
        return Profile(
            name=actor.name,
            email=actor.email,
            roles=tuple(sorted(actor.roles)),
            queues=tuple(sorted(map(work.roster.queue_name, actor.queues))),
            languages=_languages(work.roster, actor),
            time_zone=actor.time_zone,
            browsers=tuple(
                Browser(
                    key=key,
                    address=one.address,
                    created_at=one.created_at,
                    seen_at=one.seen_at,
                    is_this=key == session_key,
                )
                for key, one in own_sessions
                if not sessions.is_session_over(settings, one, now)
            ),
            tokens=tuple(work.tokens.of(actor.id)),
            scopes=allowed_token_scopes(actor),
        )


def sign_out_browser(deps: Deps, actor: Actor, key: str) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotFoundError: If the session is not the actor's, or has ended.
    """
    with deps.unit_of_work() as work:
        if key not in {known for known, _ in work.sessions.of(actor.id)}:
            raise NotFoundError(say("accounts.profile.session_ended"))
        work.sessions.end(key)
        work.audit.add(
            sessions.account_audit_entry(deps.now(), actor, "signed out elsewhere")
        )


def sign_out_others(deps: Deps, actor: Actor, session_key: str) -> None:
    """End all of the actor's sessions except the current one."""
    with deps.unit_of_work() as work:
        work.sessions.end_all_of(actor.id, but=session_key)
        work.audit.add(
            sessions.account_audit_entry(deps.now(), actor, "signed out elsewhere")
        )


def change_password(
    deps: Deps,
    actor: Actor,
    session_key: str,
    typed: tuple[str, str],
    *,
    browser: str = "",
) -> None:
    """Change the actor's password, and end all access except the current session.

    Args:
        actor: The owner of the account.
        session_key: Hash of the current session, which stays signed in.
        typed: The current password and the new one.
        browser: Secret in the known-browser cookie of this browser, which stays a known
            browser; empty without such a cookie.

    Raises:
        InvalidInputError: If the current password is wrong, or the new password cannot
            be used.
        TooManyRequestsError: If the try comes too early after wrong passwords.
    """
    current, new = typed
    try:
        account = sessions.check_password(deps, actor.email, current, browser=browser)
    except NotAllowedError as error:
        raise InvalidInputError(
            {"current": say("accounts.profile.wrong_password")}
        ) from error
    with deps.unit_of_work() as work:
        words = links.words_about_person(work, work.roster.people[actor.id])
    stored = passwords.hash_checked_password(
        new, words, field="new", present=account.password_hash
    )
    now = deps.now()
    with deps.unit_of_work() as work:
        sessions.hold_password(work, account)
        work.people.set_password(actor.id, stored)
        exempt = (session_key, hash_secret(browser))
        revoke_access(work, actor.id, now, but=exempt)
        mail_password_change(
            deps, work, actor.id, say("accounts.profile.password_changed_here")
        )
        work.audit.add(sessions.account_audit_entry(now, actor, "password changed"))
    deps.wake()


def _languages(roster: Roster, actor: Actor) -> tuple[str, ...]:
    return tuple(sorted(roster.languages.get(code, code) for code in actor.languages))
