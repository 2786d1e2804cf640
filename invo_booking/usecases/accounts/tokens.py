"""Create, list and revoke the bearer tokens of members of staff."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.access.tokens import ApiToken
from invo_booking.domain.contact import clean_text
from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.accounts.reauthentication import (
    require_browser,
    require_password,
)
from invo_booking.usecases.accounts.sessions import hold_password
from invo_booking.usecases.shared import submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.shared.rights import administer, require_administrator

PREFIX = "invo_"
"""Prefix of all tokens of people, so that secret scanners recognize leaked tokens."""

LONGEST_NAME = 80
MOST = 20
LIFETIMES = (30, 90, 365)
"""Possible lifetimes of a token in days."""

TOUCH_EVERY = timedelta(minutes=1)
REVOKED = "accounts.tokens.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDraft:
    """A token as its owner typed it.

    Attributes:
        name: What the token is used for.
        days: Lifetime in days; one of ``LIFETIMES``.
    """

    name: str
    scope: TokenScope
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A new token; ``secret`` is shown once and stored nowhere."""

    secret: str
    token: ApiToken


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedToken:
    """A token and the name of its owner, for administrators."""

    token: ApiToken
    owner: str


def make_api_token(
    deps: Deps, actor: Actor, draft: TokenDraft, password: str, *, key: str = ""
) -> NewToken:
    """Create a token that acts for the actor, limited by scope and the actor's roles.

    Args:
        actor: The owner, in a browser session.
        password: The actor's current password, entered again.
        key: Idempotency key; a call with the same key returns the created token.

    Raises:
        NotAllowedError: If the actor uses a bearer token, because a leaked token must
            not create further tokens.
        InvalidInputError: If the name, the lifetime or the scope is not allowed, if
            there are too many tokens, or if the password is wrong.
        IdempotencyMismatchError: If the key was used with different data.
        NotFoundError: If the key is repeated, and the created token was revoked since.
        TooManyRequestsError: After too many wrong passwords.
    """
    require_browser(actor)
    name, now = _check_token_name(actor, draft), deps.now()
    account = require_password(deps, actor, password)
    drawn = submits.repeatable_secret(deps, actor, key, "API token") if key else ""
    secret = PREFIX + (drawn or secrets.token_urlsafe(32))
    token = ApiToken(
        key=hash_secret(secret),
        person_id=actor.id,
        name=name,
        scope=draft.scope,
        created_at=now,
        expires_at=now + timedelta(days=draft.days),
        used_at=None,
    )
    with deps.unit_of_work() as work:
        submit = submits.begin_submission(work, actor, key, "API token", draft)
        if submit.made:
            return NewToken(
                secret=secret, token=_require_own_token(work, actor, token.key)
            )
        hold_password(work, account)
        if len(work.tokens.of(actor.id)) >= MOST:
            raise InvalidInputError(
                {"name": say("accounts.tokens.too_many", most=MOST)}
            )
        work.tokens.add(token)
        _record(work, actor, token, "API token made", now)
        submits.keep_submission(deps, work, submit, token.key)
    return NewToken(secret=secret, token=token)


def own_api_tokens(deps: Deps, actor: Actor) -> tuple[ApiToken, ...]:
    """Return the actor's own tokens, newest first."""
    with deps.unit_of_work() as work:
        return tuple(work.tokens.of(actor.id))


def all_api_tokens(deps: Deps, actor: Actor) -> tuple[OwnedToken, ...]:
    """Return the tokens of all people, newest first.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        return tuple(
            OwnedToken(token=token, owner=work.roster.person_name(token.person_id))
            for token in work.tokens.all()
        )


def revoke_own_api_token(deps: Deps, actor: Actor, key: str) -> None:
    """Revoke one of the actor's own tokens.

    Raises:
        NotAllowedError: If the actor uses a bearer token.
        NotFoundError: If the actor has no such token.
    """
    require_browser(actor)
    with deps.unit_of_work() as work:
        _end_api_token(work, actor, _require_own_token(work, actor, key), deps.now())


def revoke_any_api_token(deps: Deps, actor: Actor, key: str) -> None:
    """Let an administrator revoke any person's token, for example a leaked token.

    Raises:
        NotAllowedError: If the actor is no administrator in a browser session.
        NotFoundError: If there is no such token.
    """
    require_administrator(actor)
    require_browser(actor)
    with deps.unit_of_work() as work:
        token = work.tokens.find(key)
        if token is None:
            raise NotFoundError(say(REVOKED))
        _end_api_token(work, actor, token, deps.now())


def _require_own_token(work: UnitOfWork, actor: Actor, key: str) -> ApiToken:
    token = work.tokens.find(key)
    if token is None or token.person_id != actor.id:
        raise NotFoundError(say("accounts.tokens.ended"))
    return token


def actor_of_api_token(deps: Deps, secret: str) -> Actor | None:
    """Return the person of a token; ``None`` if the token is not valid.

    The actor has the owner's current roles and the token's scope. Called on every
    request.
    """
    if not secret.startswith(PREFIX):
        return None
    now, key = deps.now(), hash_secret(secret)
    with deps.unit_of_work() as work:
        token = work.tokens.find(key)
        if token is None or token.expires_at <= now:
            return None
        person = work.roster.people.get(token.person_id)
        if person is None or not person.active:
            return None
        if token.used_at is None or now - token.used_at > TOUCH_EVERY:
            work.tokens.touch(key, now)
        return replace(person.as_actor(), scope=token.scope)


def allowed_token_scopes(actor: Actor) -> tuple[TokenScope, ...]:
    """Return the scopes that a token of the actor may have, weakest first."""
    return tuple(
        it for it in TokenScope if actor.administers or it is not TokenScope.ADMIN
    )


def normalize_token_name(name: str, limit: int, empty: str) -> str:
    """Return a typed name of a token or program in its stored form.

    Raises:
        ValueError: If the name is empty or too long; the message can be shown.
    """
    cleaned = clean_text(name, limit=limit)
    if not cleaned:
        raise ValueError(empty)
    return cleaned


def _check_token_name(actor: Actor, draft: TokenDraft) -> str:
    if draft.days not in LIFETIMES:
        raise InvalidInputError({"days": say("accounts.programs.lifetime_needed")})
    if draft.scope not in allowed_token_scopes(actor):
        raise InvalidInputError({"scope": say("accounts.tokens.scope_above_role")})
    try:
        return normalize_token_name(
            draft.name, LONGEST_NAME, say("accounts.tokens.name_needed")
        )
    except ValueError as error:
        raise InvalidInputError({"name": str(error)}) from error


def _end_api_token(
    work: UnitOfWork, actor: Actor, token: ApiToken, now: datetime
) -> None:
    work.tokens.remove(token.key)
    _record(work, actor, token, "API token revoked", now)


def _record(
    work: UnitOfWork, actor: Actor, token: ApiToken, action: str, now: datetime
) -> None:
    work.audit.add(
        AuditEntry.by(
            actor,
            action,
            ("person", str(token.person_id)),
            now,
            {"name": token.name, "scope": token.scope.value},
        )
    )
