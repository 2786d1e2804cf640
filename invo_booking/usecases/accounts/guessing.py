"""Count wrong passwords, and slow down people who guess passwords.

All code that verifies a password uses this module. A try counts as a failure before the
password is verified, so that concurrent tries are all counted. If the password is
right, the try is removed from the count.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from invo_booking.domain.access.guessing import ACCOUNT, BROWSER, NETWORK, GuessingPace
from invo_booking.domain.errors import TooManyRequestsError
from invo_booking.domain.waits import wait_in_words
from invo_booking.persistence.accounts.guesses import Guess, GuessCount
from invo_booking.persistence.accounts.people import PersonAccount
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

FAILED = "sign-in failed"
NOBODY = "unknown"
SPRAYING = "spraying"

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
MOST_ACCOUNTS_FROM_NETWORK = 10
MOST_ACCOUNTS = 50
MOST_OF_ACCOUNT, MOST_NETWORKS = 10, 5
MOST_NOTED = 500
"""Maximum number of failures per hour that are written to the audit log, whose entries
are never deleted."""

SILENCE = "further_failures_not_noted_until"
OVER_AFTER = timedelta(hours=6)
"""Time without further signs of an attack after which the attack counts as over."""

_SUBJECT = "accounts.guessing.alert_subject"
_TEXT = "accounts.guessing.alert_body"


def begin_guess(
    work: UnitOfWork, guess: Guess, now: datetime
) -> tuple[int, None] | tuple[None, datetime]:
    """Count a try at a password, or return when the next try is allowed.

    Returns:
        The number of the counted try, and ``None``. If the try comes too early,
        ``None`` and the time of the next allowed try, in UTC.
    """
    work.guesses.lock(guess)
    ready = [at for at in _ready(work, guess, now) if at is not None and at > now]
    if ready:
        return None, max(ready)
    return work.guesses.add(guess, now), None


def too_early_error(ready_at: datetime, now: datetime) -> TooManyRequestsError:
    """Return the error for a try that came too early."""
    wait = wait_in_words(ready_at - now)
    return TooManyRequestsError(say("accounts.guessing.wait", wait=wait), ready_at)


def record_wrong_password(
    deps: Deps, work: UnitOfWork, guess: Guess, account: PersonAccount | None
) -> None:
    """Record a wrong password; mail administrators if there seems to be an attack.

    For an unknown account, the audit entry names no person.
    """
    now = deps.now()
    _write(work, account.id if account else None, now)
    what = _incident(work, guess, now, deps.caller.network)
    if what and work.incidents.record(SPRAYING, now, OVER_AFTER):
        text = say(_TEXT, what=what, page=failures_page_address(deps))
        notices.notify_administrators(work, say(_SUBJECT), text, now)


def is_attack_going_on(work: UnitOfWork, now: datetime) -> bool:
    """Whether passwords were guessed within the last six hours."""
    seen = work.incidents.last_seen_at(SPRAYING)
    return seen is not None and now - seen < OVER_AFTER


def failures_page_address(deps: Deps) -> str:
    """Return the URL of the page that lists wrong passwords."""
    query = urlencode({"action": FAILED})
    return f"{deps.config.public_url.rstrip('/')}/audit?{query}"


def _ready(work: UnitOfWork, guess: Guess, now: datetime) -> list[datetime | None]:
    tried = work.guesses
    if guess.browser:
        return [_at(BROWSER, tried.of_browser(guess, now - BROWSER.memory))]
    return [
        _at(ACCOUNT, tried.of_account(guess.account, now - ACCOUNT.memory)),
        _at(NETWORK, tried.from_network(guess.network, now - NETWORK.memory)),
    ]


def _at(pace: GuessingPace, count: GuessCount) -> datetime | None:
    return pace.ready_at(count.number, count.newest)


def _write(work: UnitOfWork, person_id: UUID | None, now: datetime) -> None:
    number = work.guesses.anywhere(now - HOUR).number
    if number > MOST_NOTED:
        return
    detail = {SILENCE: (now + HOUR).isoformat()} if number == MOST_NOTED else {}
    work.audit.add(
        AuditEntry.by(
            "nobody",
            FAILED,
            ("person", str(person_id) if person_id else NOBODY),
            now,
            detail,
        )
    )


def _incident(work: UnitOfWork, guess: Guess, now: datetime, network: str) -> str:
    """Return a sentence about tries that look like an attack; empty if there are none.

    ``network`` is the caller's network in plain text; the database has only its digest.
    """
    tried = work.guesses
    from_here = tried.accounts_tried(now - HOUR, guess.network)
    if from_here >= MOST_ACCOUNTS_FROM_NETWORK:
        return say(
            "accounts.guessing.many_accounts_from_one",
            from_here=from_here,
            network=network or say("accounts.guessing.unknown_address"),
        )
    everywhere = tried.accounts_tried(now - HOUR)
    if everywhere >= MOST_ACCOUNTS:
        return say("accounts.guessing.many_accounts_from_many", everywhere=everywhere)
    return _one_account(work, guess, now)


def _one_account(work: UnitOfWork, guess: Guess, now: datetime) -> str:
    failures = work.guesses.of_account(guess.account, now - DAY).number
    networks = work.guesses.networks_of(guess.account, now - DAY)
    if failures < MOST_OF_ACCOUNT or networks < MOST_NETWORKS:
        return ""
    return say(
        "accounts.guessing.one_account_from_many",
        failures=failures,
        networks=networks,
    )
