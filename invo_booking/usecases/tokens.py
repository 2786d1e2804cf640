"""Tokens by which programs act for a member of staff."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from invo_booking.domain.contact import clean_text
from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.roles import Actor
from invo_booking.persistence.audit import AuditEntry
from invo_booking.persistence.tokens import ApiToken
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases import submits
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.links import hashed

PREFIX = "invo_"
"""Begins every token, so that scanners of source code recognise a leaked one."""

LONGEST_NAME = 80
MOST = 20
LIFETIMES = (30, 90, 365)
"""Days a token may live."""

TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new token; ``secret`` is shown once and stored nowhere."""

    secret: str
    token: ApiToken


def make(deps: Deps, actor: Actor, name: str, days: int, *, key: str = "") -> Made:
    """Make a token that may do what the actor may, until it expires or is revoked.

    Args:
        deps: The product's parts.
        actor: Who asks.
        name: What it is for.
        days: How long it works.
        key: Of the press; a repeated one gets the token it made, while that is in use.

    Raises:
        IdempotencyMismatchError: If the key was used with other data.
        NotFoundError: If the token it made was revoked since.
        InvalidInputError: If it has no name or another lifetime than those offered,
            or there are too many already.
    """
    name, now = _checked_name(name), deps.now()
    if days not in LIFETIMES:
        raise InvalidInputError({"days": "Choose how long the token works."})
    drawn = submits.secret_for(deps, actor, key, "API token") if key else ""
    secret = PREFIX + (drawn or secrets.token_urlsafe(32))
    token = ApiToken(
        hashed(secret), actor.id, name, now, now + timedelta(days=days), None
    )
    with deps.unit_of_work() as work:
        submit = submits.begin(work, actor, key, "API token", (name, days))
        if submit.made:
            return Made(secret=secret, token=_in_use(work, actor, token.key))
        if len(work.tokens.of(actor.id)) >= MOST:
            raise InvalidInputError(
                {"name": f"You have {MOST} tokens. Revoke one you do not need."}
            )
        work.tokens.add(token)
        _note(work, deps, actor, "API token made", name)
        submits.keep(deps, work, submit, token.key)
    return Made(secret=secret, token=token)


def of(deps: Deps, actor: Actor) -> tuple[ApiToken, ...]:
    """Return the actor's own tokens, the newest first."""
    with deps.unit_of_work() as work:
        return tuple(work.tokens.of(actor.id))


def revoke(deps: Deps, actor: Actor, key: str) -> None:
    """Take one of the actor's own tokens out of use, at once and for good.

    Raises:
        NotFoundError: If the actor has no such token.
    """
    with deps.unit_of_work() as work:
        token = _in_use(work, actor, key)
        work.tokens.remove(key)
        _note(work, deps, actor, "API token revoked", token.name)


def _in_use(work: UnitOfWork, actor: Actor, key: str) -> ApiToken:
    token = work.tokens.find(key)
    if token is None or token.person_id != actor.id:
        raise NotFoundError("This token is not in use any more.")
    return token


def actor_of(deps: Deps, secret: str) -> Actor | None:
    """Return whom a token acts for, if it is still good. Asked on every request."""
    if not secret.startswith(PREFIX):
        return None
    now, key = deps.now(), hashed(secret)
    with deps.unit_of_work() as work:
        token = work.tokens.find(key)
        if token is None or token.expires_at <= now:
            return None
        person = work.roster.people.get(token.person_id)
        if person is None or not person.active:
            return None
        if token.used_at is None or now - token.used_at > TOUCH_EVERY:
            work.tokens.touch(key, now)
        return person.as_actor()


def _checked_name(name: str) -> str:
    try:
        cleaned = clean_text(name, limit=LONGEST_NAME)
    except ValueError as error:
        raise InvalidInputError({"name": str(error)}) from error
    if not cleaned:
        raise InvalidInputError({"name": "Say what the token is for."})
    return cleaned


def _note(work: UnitOfWork, deps: Deps, actor: Actor, action: str, name: str) -> None:
    work.audit.add(
        AuditEntry.by(
            actor, action, ("person", str(actor.id)), deps.now(), {"name": name}
        )
    )
