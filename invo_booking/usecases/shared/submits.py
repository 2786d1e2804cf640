"""Process each submission once, even if it arrives several times.

A request that creates an object contains an idempotency key. Pages generate a key when
a form opens; programs generate a key for each object. The transaction that creates the
object also stores the key with the object's id, so that a repeated submission gets the
first response and creates nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, cast
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import (
    ConflictError,
    IdempotencyMismatchError,
    InvalidInputError,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret

LONGEST_KEY = 200
UNDER_WAY = "…"
"""Placeholder for the id of an object that is still being created at an outside
server."""

_UNKNOWN = "refusals.submits.unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationSubmission:
    """A submission that creates an object.

    Attributes:
        key: Hash of the idempotency key; empty if none was sent. Without a key nothing
            is stored.
        fingerprint: Digest of the request's kind and data.
        made: Id of the object that an earlier submission with this key created; empty
            if there is none.
    """

    key: str
    fingerprint: str
    made: str = ""


def begin_submission(
    work: UnitOfWork, actor: Actor, key: str, kind: str, data: object
) -> CreationSubmission:
    """Lock a key until the commit, and look up an object created earlier with this key.

    Each person has separate keys, so that nobody gets another person's response.

    Args:
        work: The transaction that creates the object.
        key: The key as sent; without a key, every submission creates an object.
        kind: Kind of the object, such as ``"appointment"``.
        data: The object's data as frozen values, from which the fingerprint is made.

    Raises:
        InvalidInputError: If the key is too long or not ASCII.
        IdempotencyMismatchError: If the key was used with different data.
    """
    if not key:
        return CreationSubmission(key="", fingerprint="")
    hidden = hash_secret(f"{actor.id}:{_check_key(key)}")
    fingerprint = hash_secret(repr((kind, _plain(data))))
    work.submits.lock(f"{hidden}:{kind}")
    answered = work.submits.find(hidden)
    if answered is not None and answered.fingerprint != fingerprint:
        raise IdempotencyMismatchError
    made = answered.made if answered else ""
    return CreationSubmission(key=hidden, fingerprint=fingerprint, made=made)


def keep_submission(
    deps: Deps,
    work: UnitOfWork,
    submit: CreationSubmission,
    made: str,
    *,
    appointment_id: UUID | None = None,
) -> None:
    """Store which object a key created, in the transaction that created the object.

    Args:
        work: The transaction that created the object.
        submit: Result of ``begin_submission``.
        made: Id of the object, for the responses to repeated submissions.
        appointment_id: If given, the key is deleted together with this appointment.
    """
    if submit.key:
        now, fingerprint = deps.now(), submit.fingerprint
        work.submits.add(submit.key, fingerprint, appointment_id, now, made=made)


def make_once_outside(
    deps: Deps, actor: Actor, key: str, kind: str, make: Callable[[], str]
) -> str:
    """Create an object at an outside server, once for each key, and return its id.

    No transaction is open while the server is called. The key is reserved before the
    call, so that only one of two submissions creates the object. After the call, the
    object's id is stored with the key. If the call fails, the key can be used again,
    unless the server may have created the object.

    Raises:
        ConflictError: If a submission with the same key is in progress, or its result
            was lost.
        Further errors: those of ``begin_submission``, and whatever ``make`` raises.
    """
    with deps.unit_of_work() as work:
        submit = begin_submission(work, actor, key, kind, "")
        if submit.made == UNDER_WAY:
            raise ConflictError(say(_UNKNOWN))
        if submit.made:
            return submit.made
        keep_submission(deps, work, submit, UNDER_WAY)
    try:
        made = make()
    except Exception as error:
        if not getattr(error, "ambiguous", False):
            with deps.unit_of_work() as work:
                work.submits.take_back(submit.key)
        raise
    with deps.unit_of_work() as work:
        work.submits.answer(submit.key, made)
    return made


def repeatable_secret(deps: Deps, actor: Actor, key: str, purpose: str) -> str:
    """Return a secret of 256 bits that is the same for a repeated key.

    The secret is derived from the installation's key, so it need not be stored.
    """
    message = f"{purpose}:{actor.id}:{key}".encode()
    digest = hmac.new(deps.config.mail_link_key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _check_key(key: str) -> str:
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInputError({"idempotency_key": say("refusals.submits.bad_key")})
    return key


def _plain(value: object) -> object:
    """Return a value whose ``repr`` is the same in every process."""
    if is_dataclass(value) and not isinstance(value, type):
        return [(it.name, _plain(getattr(value, it.name))) for it in fields(value)]
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return sorted((str(name), repr(_plain(one))) for name, one in pairs)
    if isinstance(value, AbstractSet):
        return sorted(repr(_plain(one)) for one in cast("AbstractSet[object]", value))
    if isinstance(value, list | tuple):
        return [_plain(one) for one in cast("list[Any]", value)]
    return repr(value)
