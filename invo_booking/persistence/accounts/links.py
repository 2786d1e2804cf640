"""Store hashes of links to set a password, and of requests for such links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from invo_booking.persistence.mapping import columns_of, row_reader
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


class AccountLinks:
    """Account links as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, link: AccountLink) -> None:
        """Add a link. Idempotent; a used link stays used."""
        statement = insert(AccountLinkRow).values(**columns_of(link))
        self._session.connection().execute(statement.on_conflict_do_nothing())

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
        statement = (
            update(AccountLinkRow)
            .where(col(AccountLinkRow.hash) == key)
            .where(col(AccountLinkRow.used_at).is_(None))
            .where(col(AccountLinkRow.expires_at) > now)
            .values(used_at=now)
        )
        return self._session.exec(statement).rowcount == 1

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
        statement = (
            select(func.count())
            .select_from(AccountLinkRow)
            .where(AccountLinkRow.person_id == person_id)
            .where(AccountLinkRow.purpose == purpose)
            .where(AccountLinkRow.created_at > since)
        )
        return self._session.exec(statement).one()

    def end_all_of(self, person_id: UUID, now: datetime) -> None:
        """Invalidate all links of a person; ``count_made`` still counts them."""
        statement = (
            update(AccountLinkRow)
            .where(col(AccountLinkRow.person_id) == person_id)
            .where(col(AccountLinkRow.expires_at) > now)
        )
        self._session.exec(statement.values(expires_at=now))

    def ask(self, account: str, network: str, now: datetime) -> None:
        """Count a request for a link; both arguments are keyed digests."""
        self._session.add(LinkRequestRow(account_hash=account, network=network, at=now))

    def lock_requests(self, account: str, network: str) -> None:
        """Make other requests for this account or network wait until the commit."""
        for what in sorted((f"account {account}", f"network {network}")):
            self._session.connection().execute(
                text(f"SELECT pg_advisory_xact_lock({REQUEST_LOCKS}, hashtext(:what))"),
                {"what": what},
            )

    def count_requests_for(self, account: str, since: datetime) -> int:
        """Return how many links were requested for an account."""
        same = col(LinkRequestRow.account_hash) == account
        return self._session.exec(
            select(func.count(col(LinkRequestRow.id)))
            .where(same)
            .where(LinkRequestRow.at > since)
        ).one()

    def count_requests_from(self, network: str, since: datetime) -> int:
        """Return how many links were requested from a network, for any account."""
        same = col(LinkRequestRow.network) == network
        return self._session.exec(
            select(func.count(col(LinkRequestRow.id)))
            .where(same)
            .where(LinkRequestRow.at > since)
        ).one()

    def forget(self, before: datetime) -> None:
        """Delete links that expired, and requests made, before an instant."""
        ended = col(AccountLinkRow.expires_at) < before
        self._session.exec(delete(AccountLinkRow).where(ended))
        is_old = col(LinkRequestRow.at) < before
        self._session.exec(delete(LinkRequestRow).where(is_old))


_link = row_reader(AccountLink)
