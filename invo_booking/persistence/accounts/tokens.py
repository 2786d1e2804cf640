"""Store bearer tokens that act for people, as hashes."""

import re
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select, update

from invo_booking.domain.access.tokens import ApiToken
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.tables.core import ApiTokenRow

_HASH = re.compile(r"[0-9a-f]{64}")


class ApiTokens:
    """All tokens, as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, token: ApiToken) -> None:
        """Make a token valid."""
        self._session.add(ApiTokenRow(hash=token.key, **columns_of(token, "key")))

    def find(self, key: str) -> ApiToken | None:
        """Return a token by its hash; ``None`` for what can be no hash."""
        row = self._session.get(ApiTokenRow, key) if _HASH.fullmatch(key) else None
        return _token(row) if row else None

    def of(self, person_id: UUID) -> list[ApiToken]:
        """Return a person's tokens, the newest first."""
        return self._list(col(ApiTokenRow.person_id) == person_id)

    def all(self) -> list[ApiToken]:
        """Return everybody's tokens, the newest first."""
        return self._list()

    def touch(self, key: str, now: datetime) -> None:
        """Remember that a token was used."""
        statement = update(ApiTokenRow).where(col(ApiTokenRow.hash) == key)
        self._session.exec(statement.values(used_at=now))

    def remove(self, key: str) -> None:
        """Take a token out of use; doing so again changes nothing."""
        self._session.exec(delete(ApiTokenRow).where(col(ApiTokenRow.hash) == key))

    def remove_all_of(self, person_id: UUID) -> None:
        """Delete every token of a person: none comes back with the account."""
        self._session.exec(
            delete(ApiTokenRow).where(col(ApiTokenRow.person_id) == person_id)
        )

    def _list(self, *conditions: ColumnElement[bool]) -> list[ApiToken]:
        newest = (col(ApiTokenRow.created_at).desc(), col(ApiTokenRow.hash))
        statement = select(ApiTokenRow).where(*conditions).order_by(*newest)
        return [_token(row) for row in self._session.exec(statement)]


_token = row_reader(ApiToken, key=attrgetter("hash"))
