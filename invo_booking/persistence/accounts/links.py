"""Store hashes of links to set a password, and of requests for such links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.accounts import AccountLinkRow, LinkRequestRow

REQUEST_LOCKS = 7_063


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLink:
    """A link to set a password, without its secret.

    Attributes:
        hash: Hash of the secret.
        purpose: ``"invitation"``, ``"reset"``, or ``"first"`` after a sign-in with an
            initial password that others know.
    """

    id: UUID
    hash: str
    purpose: str
    person_id: UUID
    created_at: datetime
    expires_at: datetime


class AccountLinks(Repository):
    """Account links as one transaction sees them."""

    def add(self, link: AccountLink) -> None:
        """Add a link. Idempotent; a used link stays used."""
        statement = insert(AccountLinkRow).values(**columns_of(link))
        self._run(statement.on_conflict_do_nothing())

    def find(self, key: str, now: datetime) -> AccountLink | None:
        """Return a link by its hash; ``None`` if it is unknown, used or expired."""
        row = self._session.exec(
            select(AccountLinkRow)
            .where(AccountLinkRow.hash == key)
            .where(col(AccountLinkRow.used_at).is_(None))
            .where(AccountLinkRow.expires_at > now)
        ).first()
        return _link(row) if row else None

    def hash_of(self, link_id: UUID) -> str:
        """Return the hash of a link's secret; empty if there is no such link."""
        row = self._session.get(AccountLinkRow, link_id)
        return row.hash if row else ""

    def replace_hash(self, link_id: UUID, new: str) -> None:
        """Replace the hash of a link's secret, if the link exists."""
        row = self._session.get(AccountLinkRow, link_id)
        if row is not None and row.hash != new:
            row.hash = new
            self._session.add(row)

    def works(self, link_id: UUID, now: datetime) -> bool:
        """Whether a link can still be used."""
        row = self._session.get(AccountLinkRow, link_id)
        return row is not None and row.used_at is None and row.expires_at > now

    def use(self, key: str, now: datetime) -> bool:
        """Mark a link as used; return whether it was valid and unused."""
        return bool(
            self._change(
                AccountLinkRow,
                col(AccountLinkRow.hash) == key,
                col(AccountLinkRow.used_at).is_(None),
                col(AccountLinkRow.expires_at) > now,
                used_at=now,
            )
        )

    def newest(self, person_id: UUID, purpose: str) -> AccountLink | None:
        """Return a person's latest unused link of a purpose."""
        row = self._session.exec(
            select(AccountLinkRow)
            .where(AccountLinkRow.person_id == person_id)
            .where(AccountLinkRow.purpose == purpose)
            .where(col(AccountLinkRow.used_at).is_(None))
            .order_by(col(AccountLinkRow.created_at).desc())
            .limit(1)
        ).first()
        return _link(row) if row else None

    def count_made(self, person_id: UUID, purpose: str, since: datetime) -> int:
        """Return how many links of a purpose were made for a person, used or not."""
        return self._count(
            AccountLinkRow,
            AccountLinkRow.person_id == person_id,
            AccountLinkRow.purpose == purpose,
            AccountLinkRow.created_at > since,
        )

    def end_all_of(self, person_id: UUID, now: datetime) -> None:
        """Invalidate all links of a person; ``count_made`` still counts them."""
        self._change(
            AccountLinkRow,
            col(AccountLinkRow.person_id) == person_id,
            col(AccountLinkRow.expires_at) > now,
            expires_at=now,
        )

    def ask(self, account: str, network: str, now: datetime) -> None:
        """Count a request for a link; both arguments are keyed digests."""
        self._session.add(LinkRequestRow(account_hash=account, network=network, at=now))

    def lock_requests(self, account: str, network: str) -> None:
        """Make other requests for this account or network wait until the commit."""
        for what in sorted((f"account {account}", f"network {network}")):
            self._run(
                text(f"SELECT pg_advisory_xact_lock({REQUEST_LOCKS}, hashtext(:what))"),
                what=what,
            )

    def count_requests_for(self, account: str, since: datetime) -> int:
        """Return how many links were requested for an account."""
        same = LinkRequestRow.account_hash == account
        return self._count(LinkRequestRow, same, LinkRequestRow.at > since)

    def count_requests_from(self, network: str, since: datetime) -> int:
        """Return how many links were requested from a network, for any account."""
        same = LinkRequestRow.network == network
        return self._count(LinkRequestRow, same, LinkRequestRow.at > since)

    def forget(self, before: datetime) -> None:
        """Delete links that expired, and requests made, before an instant."""
        self._delete(AccountLinkRow, col(AccountLinkRow.expires_at) < before)
        self._delete(LinkRequestRow, col(LinkRequestRow.at) < before)


_link = row_reader(AccountLink)
