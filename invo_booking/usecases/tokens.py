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


def make(deps: Deps, actor: Actor, name: str, days: int) -> Made:
    """Make a token that may do what the actor may, until it expires or is revoked.

    Raises:
        InvalidInputError: If it has no name or another lifetime than those offered,
            or there are too many already.
    """
    name, now = _checked_name(name), deps.now()
    if days not in LIFETIMES:
        raise InvalidInputError({"days": "Choose how long the token works."})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        hashed(secret), actor.id, name, now, now + timedelta(days=days), None
    )
    with deps.unit_of_work() as work:
        if len(work.tokens.of(actor.id)) >= MOST:
            raise InvalidInputError(
                {"name": f"You have {MOST} tokens. Revoke one you do not need."}
            )
        work.tokens.add(token)
        _note(work, deps, actor, "API token made", name)
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
        token = work.tokens.find(key)
        if token is None or token.person_id != actor.id:
            raise NotFoundError("This token is not in use any more.")
        work.tokens.remove(key)
        _note(work, deps, actor, "API token revoked", token.name)


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
