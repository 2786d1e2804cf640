"""Store hashes of bearer tokens; each token acts for a person."""

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
    """API tokens as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, token: ApiToken) -> None:
        """Add a token."""
        self._session.add(ApiTokenRow(hash=token.key, **columns_of(token, "key")))

    def find(self, key: str) -> ApiToken | None:
        """Return a token by its hash; ``None`` if there is no such token."""
        row = self._session.get(ApiTokenRow, key) if _HASH.fullmatch(key) else None
        return _token(row) if row else None

    def of(self, person_id: UUID) -> list[ApiToken]:
        """Return a person's tokens, the newest first."""
        return self._list(col(ApiTokenRow.person_id) == person_id)

    def all(self) -> list[ApiToken]:
        """Return the tokens of all people, the newest first."""
        return self._list()

    def touch(self, key: str, now: datetime) -> None:
        """Store the time of the last use of a token."""
        statement = update(ApiTokenRow).where(col(ApiTokenRow.hash) == key)
        self._session.exec(statement.values(used_at=now))

    def remove(self, key: str) -> None:
        """Delete a token. Idempotent."""
        self._session.exec(delete(ApiTokenRow).where(col(ApiTokenRow.hash) == key))

    def remove_all_of(self, person_id: UUID) -> None:
        """Delete all tokens of a person.

        The tokens stay invalid even if the account is enabled again later.
        """
        self._session.exec(
            delete(ApiTokenRow).where(col(ApiTokenRow.person_id) == person_id)
        )

    def _list(self, *conditions: ColumnElement[bool]) -> list[ApiToken]:
        newest = (col(ApiTokenRow.created_at).desc(), col(ApiTokenRow.hash))
        statement = select(ApiTokenRow).where(*conditions).order_by(*newest)
        return [_token(row) for row in self._session.exec(statement)]


_token = row_reader(ApiToken, key=attrgetter("hash"))
