"""What the older page Calendar API shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.settings import providers
from invo_booking.settings.spec import Kind
from invo_booking.usecases.shared.settings import Row
from invo_booking.web.admin.finder_view import address
from invo_booking.web.admin.settings.words import said

SHOWN = (providers.GOOGLE, providers.GOOGLE_CLIENT_ID, providers.GOOGLE_API_KEY)


@dataclass(frozen=True)
class FactView:
    """One field, and where it is changed."""

    label: str
    value: str
    address: str


def fact_views(rows: Sequence[Row]) -> list[FactView]:
    """Return the fields of the older page, in its order."""
    by_key = {row.key: row for row in rows}
    found = [by_key[entry.key] for entry in SHOWN if entry.key in by_key]
    return [FactView(row.label, _value(row), address(row)) for row in found]


def _value(row: Row) -> str:
    if row.kind is Kind.SECRET:
        return "stored, never shown" if row.is_set else "empty"
    return said(row, row.text)
