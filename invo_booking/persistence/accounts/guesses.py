"""Count failed sign-ins by account, network and browser, and store known browsers.

A browser is *known* for a person who has signed in with it before.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, distinct, func, text
from sqlmodel import col, select

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.accounts import KnownBrowserRow, SignInFailureRow

ACCOUNT_LOCKS, NETWORK_LOCKS = 7_061, 7_062
_LOCK = text("SELECT pg_advisory_xact_lock(:locks, hashtext(:what))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One attempt to sign in with a password.

    Attributes:
        account: Keyed digest of the typed e-mail address.
        network: Keyed digest of the caller's network; see ``Caller.network``.
        browser: Hash of the value of the browser's cookie if the browser is known for
            the person; otherwise empty.
    """

    account: str
    network: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class GuessCount:
    """A number of failed sign-ins.

    Attributes:
        newest: Time of the latest failure, in UTC; ``None`` if there is none.
    """

    number: int
    newest: datetime | None


class Guesses(Repository):
    """Failed sign-ins as one transaction sees them.

    Failures with a known browser count for this browser only, not for the account and
    the network.
    """

    def lock(self, guess: Guess) -> None:
        """Make other attempts for this account or network wait until the commit.

        The account is always locked before the network, which prevents deadlocks.
        """
        for locks, what in (
            (ACCOUNT_LOCKS, guess.account),
            (NETWORK_LOCKS, guess.network),
        ):
            self._run(_LOCK, locks=locks, what=what)

    def add(self, guess: Guess, now: datetime) -> int:
        """Store an attempt as a failure, before its password is verified.

        Returns:
            The number of the failure, for ``take_back``.
        """
        row = SignInFailureRow(
            account_hash=guess.account,
            network=guess.network,
            browser=guess.browser,
            at=now,
        )
        self._session.add(row)
        self._session.flush()
        if row.id is None:
            raise ValueError("a try that was not stored")
        return row.id

    def take_back(self, number: int) -> None:
        """Remove a failure that ``add`` stored, because the password was right."""
        self._delete(SignInFailureRow, col(SignInFailureRow.id) == number)

    def of_browser(self, guess: Guess, since: datetime) -> GuessCount:
        """Count the failures of an account with one known browser."""
        return self._count_failures(
            col(SignInFailureRow.account_hash) == guess.account,
            col(SignInFailureRow.browser) == guess.browser,
            since=since,
        )

    def of_account(self, account: str, since: datetime) -> GuessCount:
        """Count the failures of an account in unknown browsers, from all networks."""
        return self._count_failures(
            col(SignInFailureRow.account_hash) == account,
            col(SignInFailureRow.browser) == "",
            since=since,
        )

    def from_network(self, network: str, since: datetime) -> GuessCount:
        """Count the failures of all accounts in unknown browsers, from one network."""
        return self._count_failures(
            col(SignInFailureRow.network) == network,
            col(SignInFailureRow.browser) == "",
            since=since,
        )

    def anywhere(self, since: datetime) -> GuessCount:
        """Count all failures, including those of known browsers."""
        return self._count_failures(since=since)

    def accounts_tried(self, since: datetime, network: str = "") -> int:
        """Return how many accounts had failures, from all networks or the given one."""
        column = func.count(distinct(col(SignInFailureRow.account_hash)))
        where = [col(SignInFailureRow.network) == network] if network else []
        return self._number(column, *where, since=since)

    def networks_of(self, account: str, since: datetime) -> int:
        """Return from how many networks an account had failures."""
        column = func.count(distinct(col(SignInFailureRow.network)))
        where = col(SignInFailureRow.account_hash) == account
        return self._number(column, where, since=since)

    def knows(self, browser: str, person_id: UUID) -> bool:
        """Whether a person has signed in with a browser before."""
        key = (browser, person_id)
        return self._session.get(KnownBrowserRow, key) is not None

    def remember(self, browser: str, person_id: UUID, now: datetime) -> None:
        """Make a browser a known browser of the person."""
        key = {"hash": browser, "person_id": person_id}
        self._put(KnownBrowserRow, key, {"used_at": now})

    def forget_browsers(self, person_id: UUID, *, but: str = "") -> None:
        """Forget a person's known browsers, except the one whose hash is ``but``."""
        self._delete(
            KnownBrowserRow,
            col(KnownBrowserRow.person_id) == person_id,
            col(KnownBrowserRow.hash) != but,
        )

    def forget(self, *, failures_before: datetime, browsers_before: datetime) -> None:
        """Delete old failures, and browsers not used since ``browsers_before``."""
        self._delete(SignInFailureRow, col(SignInFailureRow.at) < failures_before)
        self._delete(KnownBrowserRow, col(KnownBrowserRow.used_at) < browsers_before)

    def _count_failures(
        self, *where: ColumnElement[bool], since: datetime
    ) -> GuessCount:
        rows = self._session.exec(
            select(func.count(), func.max(SignInFailureRow.at))
            .select_from(SignInFailureRow)
            .where(*where)
            .where(SignInFailureRow.at > since)
        ).one()
        return GuessCount(*rows)

    def _number(
        self, column: ColumnElement[int], *where: ColumnElement[bool], since: datetime
    ) -> int:
        stranger = col(SignInFailureRow.browser) == ""
        recent = col(SignInFailureRow.at) > since
        return self._session.exec(select(column).where(*where, stranger, recent)).one()
