"""Store hashes of bearer tokens; each token acts for a person."""

import re
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from invo_booking.domain.access.tokens import ApiToken
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import ApiTokenRow

_HASH = re.compile(r"[0-9a-f]{64}")


class ApiTokens(Repository):
    """API tokens as one transaction sees them."""

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
        self._change(ApiTokenRow, col(ApiTokenRow.hash) == key, used_at=now)

    def remove(self, key: str) -> None:
        """Delete a token. Idempotent."""
        self._delete(ApiTokenRow, col(ApiTokenRow.hash) == key)

    def remove_all_of(self, person_id: UUID) -> None:
        """Delete all tokens of a person.

        The tokens stay invalid even if the account is enabled again later.
        """
        self._delete(ApiTokenRow, col(ApiTokenRow.person_id) == person_id)

    def _list(self, *conditions: ColumnElement[bool]) -> list[ApiToken]:
        newest = (col(ApiTokenRow.created_at).desc(), col(ApiTokenRow.hash))
        statement = select(ApiTokenRow).where(*conditions).order_by(*newest)
        return [_token(row) for row in self._session.exec(statement)]


_token = row_reader(ApiToken, key=attrgetter("hash"))
