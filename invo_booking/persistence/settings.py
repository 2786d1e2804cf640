"""Store the values of settings and read their history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select

from invo_booking.domain.errors import NotFoundError
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.audit import AuditRow
from invo_booking.persistence.tables.core import SettingRow
from invo_booking.texts import say

KIND = "setting"
"""Object kind of a setting in the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSetting:
    """The stored value of one setting; a secret is sealed.

    Attributes:
        value: The value as form text.
        changed_by: Name of the person, or of the party, that changed the setting last.
        takes_effect_at: When an irreversible effect of the value begins, in UTC;
            ``None`` for at once.
    """

    value: str
    changed_by: str
    changed_at: datetime
    takes_effect_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """One change of one setting, from the audit log.

    Attributes:
        number: Number of the audit entry, unique over all settings.
        before: Previous value as form text; ``None`` if it must not be shown.
        after: New value as form text; ``None`` if it must not be shown.
    """

    number: int
    key: str
    at: datetime
    by: str
    action: str
    before: str | None
    after: str | None


class StoredSettings(Repository):
    """Settings as one transaction sees them."""

    def all(self) -> dict[str, StoredSetting]:
        """Return the stored values by key, including keys of removed settings."""
        rows = self._session.exec(select(SettingRow))
        return {row.key: _stored(row) for row in rows}

    def put(self, key: str, value: str, by: str, now: datetime) -> None:
        """Store the value of a setting.

        Args:
            key: Key of the setting.
            value: Value as form text; the caller seals a secret.
            by: Name of the person, or of the party, that changes the setting.
            now: Time of the change, in UTC.
        """
        columns = {
            "value": value,
            "changed_by": by,
            "changed_at": now,
            "takes_effect_at": None,
        }
        self._put(SettingRow, {"key": key}, columns)

    def take_effect(self, key: str, at: datetime) -> None:
        """Set when a stored setting takes effect."""
        self._change(SettingRow, col(SettingRow.key) == key, takes_effect_at=at)

    def remove(self, key: str) -> None:
        """Reset a setting to its default."""
        self._delete(SettingRow, col(SettingRow.key) == key)

    def last_changes(self, keys: Iterable[str]) -> dict[str, SettingChange]:
        """Return the latest change of each of these settings, if there is one."""
        latest = (
            select(AuditRow)
            .where(AuditRow.object_kind == KIND, col(AuditRow.object_id).in_(keys))
            .ext(distinct_on(col(AuditRow.object_id)))
            .order_by(AuditRow.object_id, col(AuditRow.id).desc())
        )
        return {row.object_id: _change(row) for row in self._session.exec(latest)}

    def history(self, key: str) -> list[SettingChange]:
        """Return the changes of one setting, latest first."""
        rows = self._session.exec(
            select(AuditRow)
            .where(AuditRow.object_kind == KIND, AuditRow.object_id == key)
            .order_by(col(AuditRow.id).desc())
        )
        return [_change(row) for row in rows]

    def change(self, number: int) -> SettingChange:
        """Return one change.

        Raises:
            NotFoundError: If there is no change of a setting with this number.
        """
        row = self._session.get(AuditRow, number)
        if row is None or row.object_kind != KIND:
            raise NotFoundError(say("refusals.settings.unknown_change"))
        return _change(row)


_stored = row_reader(StoredSetting)
_change = row_reader(
    SettingChange,
    number=attrgetter("id"),
    key=attrgetter("object_id"),
    by=attrgetter("actor"),
    before=lambda row: row.detail.get("before"),
    after=lambda row: row.detail.get("after"),
)
