"""Let administrators create programs, renew their tokens and revoke programs."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.access.scopes import PROGRAM_SCOPES, Program, TokenScope
from invo_booking.domain.access.tokens import ProgramToken
from invo_booking.domain.errors import InvalidInputError, NotFoundError
from invo_booking.domain.institution import Roster
from invo_booking.persistence.accounts.programs import ProgramAccount
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.texts import say
from invo_booking.usecases.accounts.reauthentication import (
    require_browser,
    require_password,
)
from invo_booking.usecases.accounts.tokens import TOUCH_EVERY, normalize_token_name
from invo_booking.usecases.shared import audit, submits
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.shared.rights import (
    administer,
    administer_roster,
    require_administrator,
)

KIND = "program"
PREFIX = "invop_"
"""Prefix of tokens of programs; tokens of people begin with ``invo_``."""

LONGEST_NAME, LONGEST_CONTACT = 80, 200
MOST = 50
"""Maximum number of programs that are not revoked."""

UNTIL_REVOKED = 0
LIFETIMES = (UNTIL_REVOKED, 30, 90, 365)
"""Possible lifetimes of a token in days; 0 means that the token does not expire."""

OVERLAPS = (0, 1, 7, 30)
"""Possible numbers of days for which the previous token stays valid after a renewal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramDraft:
    """A program as an administrator typed it.

    Attributes:
        contact: Name or address of the person or team who is responsible.
        days: Lifetime of the first token in days; one of ``LIFETIMES``.
        all_queues: Whether the program may book in all queues.
        queues: Queues in which the program may book. Must be empty if ``all_queues`` is
            true, and not empty otherwise, so that a forgotten choice does not mean all
            queues.
    """

    name: str
    contact: str
    scope: TokenScope
    days: int = UNTIL_REVOKED
    all_queues: bool = False
    queues: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The choices for a program's new token, which replaces the previous token.

    Attributes:
        days: Lifetime of the new token in days; one of ``LIFETIMES``.
        overlap: Days for which the previous token stays valid; one of ``OVERLAPS``.
    """

    days: int = UNTIL_REVOKED
    overlap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgram:
    """A program and its new token. ``secret`` is shown once and stored nowhere."""

    secret: str
    program: ProgramAccount
    token: ProgramToken


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedProgram:
    """A program with its valid tokens, newest first."""

    account: ProgramAccount
    tokens: tuple[ProgramToken, ...]

    @property
    def used_at(self) -> datetime | None:
        """Time of the latest use of a token, to the minute; ``None`` if never used."""
        return max((it.used_at for it in self.tokens if it.used_at), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramsOverview:
    """All programs, revoked programs last, and the names of selectable queues."""

    programs: tuple[ManagedProgram, ...] = ()
    queues: Mapping[UUID, str] = field(default_factory=dict[UUID, str])


def programs_overview(deps: Deps, actor: Actor) -> ProgramsOverview:
    """Return all programs, including revoked ones.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        accounts = sorted(work.programs.all(), key=lambda it: it.revoked_at is not None)
        tokens, now = work.programs.tokens(), deps.now()
        return ProgramsOverview(
            programs=tuple(
                _managed_program(account, tokens, now) for account in accounts
            ),
            queues=_queues(work.roster),
        )


def make_program(
    deps: Deps, actor: Actor, draft: ProgramDraft, password: str, *, key: str = ""
) -> NewProgram:
    """Create a program with its first token.

    Args:
        actor: An administrator in a browser session.
        password: The actor's current password, entered again.
        key: Idempotency key; a call with the same key returns the same program and
            token.

    Raises:
        NotAllowedError: If the actor is no administrator in a browser session.
        InvalidInputError: With an error message for each field that has a problem.
        IdempotencyMismatchError: If the key was used with different data.
        NotFoundError: If the key is repeated, and the created program was revoked
            since.
        TooManyRequestsError: After too many wrong passwords.
    """
    require_administrator(actor)
    require_browser(actor)
    name, contact = _check_program_draft(draft)
    require_password(deps, actor, password)
    now, secret = deps.now(), _secret(deps, actor, key)
    with administer_roster(deps, actor) as work:
        submit = submits.begin_submission(work, actor, key, "program", draft)
        if submit.made:
            return _earlier_program(work, UUID(submit.made), secret)
        _check_room(work, draft, name)
        account = ProgramAccount(
            id=uuid4(),
            name=name,
            contact=contact,
            scope=draft.scope,
            queues=draft.queues,
            created_at=now,
            created_by=actor.name,
        )
        work.programs.add(account)
        new = _new_token(work, account, draft.days, now, secret)
        submits.keep_submission(deps, work, submit, str(account.id))
        facts = _facts(work.roster, new)
        audit.record_change(work, actor, now, "created", (KIND, str(account.id)), facts)
    return new


def renew_program_token(
    deps: Deps,
    actor: Actor,
    program_id: UUID,
    renewal: Renewal,
    password: str,
    *,
    key: str = "",
) -> NewProgram:
    """Create a new token for a program; the previous token expires after the overlap.

    Repeating the idempotency key returns the same token and changes nothing.

    Raises:
        NotFoundError: If there is no such program in use.
        Further errors: those of ``make_program``.
    """
    require_administrator(actor)
    require_browser(actor)
    _check_days(renewal.days)
    if renewal.overlap not in OVERLAPS:
        raise InvalidInputError({"overlap": say("accounts.programs.overlap_needed")})
    require_password(deps, actor, password)
    now, secret = deps.now(), _secret(deps, actor, key)
    with administer_roster(deps, actor) as work:
        account = _require_active_program(work, program_id)
        request = (program_id, renewal)
        submit = submits.begin_submission(work, actor, key, "program token", request)
        if submit.made:
            return _earlier_program(work, program_id, secret)
        ends = now + timedelta(days=renewal.overlap)
        work.programs.end_tokens(program_id, now, ends)
        new = _new_token(work, account, renewal.days, now, secret)
        submits.keep_submission(deps, work, submit, new.token.key)
        facts = {**_expiry(new.token), "former_expires": ends.isoformat()}
        audit.record_change(
            work, actor, now, "token renewed", (KIND, str(program_id)), facts
        )
    return new


def revoke_program(deps: Deps, actor: Actor, program_id: UUID) -> ProgramAccount:
    """Revoke a program and all its tokens, immediately and permanently.

    Raises:
        NotAllowedError: If the actor is no administrator in a browser session.
        NotFoundError: If there is no such program in use.
    """
    require_browser(actor)
    with administer_roster(deps, actor) as work:
        account, now = _require_active_program(work, program_id), deps.now()
        work.programs.revoke(program_id, now)
        facts = {"name": account.name}
        audit.record_change(work, actor, now, "revoked", (KIND, str(program_id)), facts)
    return account


def program_of_token(deps: Deps, secret: str) -> Program | None:
    """Return the program of a token; ``None`` if the token is not valid.

    Called on every request. The time of use is stored at most once a minute.
    """
    if not secret.startswith(PREFIX):
        return None
    now, key = deps.now(), hash_secret(secret)
    with deps.unit_of_work() as work:
        token = work.programs.find_token(key)
        if token is None or token.is_over(now):
            return None
        account = work.programs.find(token.program_id)
        if account is None or account.revoked_at is not None:
            return None
        if token.used_at is None or now - token.used_at > TOUCH_EVERY:
            work.programs.touch(key, now)
        return Program(
            id=account.id,
            name=account.name,
            scope=account.scope,
            token=key,
            queues=account.queues,
            most_per_minute=work.settings[general.PROGRAM_REQUESTS],
        )


def _managed_program(
    account: ProgramAccount, tokens: Iterable[ProgramToken], now: datetime
) -> ManagedProgram:
    own = (it for it in tokens if it.program_id == account.id and not it.is_over(now))
    return ManagedProgram(account=account, tokens=tuple(own))


def _queues(roster: Roster) -> dict[UUID, str]:
    return {it.id: it.name for it in roster.queues.values() if it.active}


def _check_program_draft(draft: ProgramDraft) -> tuple[str, str]:
    _check_days(draft.days)
    if draft.scope not in PROGRAM_SCOPES:
        raise InvalidInputError({"scope": say("accounts.programs.scope_admin")})
    values = {
        "name": (
            draft.name,
            LONGEST_NAME,
            say("accounts.programs.name_needed"),
        ),
        "contact": (
            draft.contact,
            LONGEST_CONTACT,
            say("accounts.programs.contact_needed"),
        ),
    }
    cleaned: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, (text, limit, empty) in values.items():
        try:
            cleaned[name] = normalize_token_name(text, limit, empty)
        except ValueError as error:
            problems[name] = str(error)
    if draft.all_queues == bool(draft.queues):
        problems["queues"] = say("accounts.programs.queues_needed")
    if problems:
        raise InvalidInputError(problems)
    return cleaned["name"], cleaned["contact"]


def _check_days(days: int) -> None:
    if days not in LIFETIMES:
        raise InvalidInputError({"days": say("accounts.programs.lifetime_needed")})


def _check_room(work: UnitOfWork, draft: ProgramDraft, name: str) -> None:
    live = [it for it in work.programs.all() if it.revoked_at is None]
    if len(live) >= MOST:
        sentence = say("accounts.programs.too_many", most=MOST)
        raise InvalidInputError({"name": sentence})
    if name.casefold() in {it.name.casefold() for it in live}:
        raise InvalidInputError({"name": say("accounts.programs.name_in_use")})
    if draft.queues - set(_queues(work.roster)):
        raise InvalidInputError({"queues": say("accounts.programs.unknown_queues")})


def _require_active_program(work: UnitOfWork, program_id: UUID) -> ProgramAccount:
    account = work.programs.find(program_id)
    if account is None or account.revoked_at is not None:
        raise NotFoundError(say("accounts.programs.ended"))
    return account


def _secret(deps: Deps, actor: Actor, key: str) -> str:
    drawn = submits.repeatable_secret(deps, actor, key, "program token") if key else ""
    return PREFIX + (drawn or secrets.token_urlsafe(32))


def _earlier_program(work: UnitOfWork, program_id: UUID, secret: str) -> NewProgram:
    """Return the program and token that an earlier submission created."""
    account, token = (
        _require_active_program(work, program_id),
        work.programs.find_token(hash_secret(secret)),
    )
    if token is None:
        raise NotFoundError(say("accounts.tokens.ended"))
    return NewProgram(secret=secret, program=account, token=token)


def _new_token(
    work: UnitOfWork, account: ProgramAccount, days: int, now: datetime, secret: str
) -> NewProgram:
    token = ProgramToken(
        key=hash_secret(secret),
        program_id=account.id,
        created_at=now,
        expires_at=None if days == UNTIL_REVOKED else now + timedelta(days=days),
    )
    work.programs.add_token(token)
    return NewProgram(secret=secret, program=account, token=token)


def _facts(roster: Roster, new: NewProgram) -> audit.Facts:
    return {
        "name": new.program.name,
        "contact": new.program.contact,
        "scope": new.program.scope.value,
        "queues": sorted(map(roster.queue_name, new.program.queues)) or "all",
        **_expiry(new.token),
    }


def _expiry(token: ProgramToken) -> dict[str, str]:
    return {"expires": token.expires_at.isoformat() if token.expires_at else "never"}
