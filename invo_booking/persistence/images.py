"""Store the pictures of the Branding page."""

from typing import Any, cast

from sqlmodel import col, select

from invo_booking.domain.images import StoredImage
from invo_booking.persistence.mapping import columns_of
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import ImageRow

_TABLE: Any = ImageRow
_WITHOUT_PIXELS = cast(
    "Any",
    select(*(column for column in _TABLE.__table__.columns if column.name != "data")),
)


class Images(Repository):
    """Pictures as one transaction sees them."""

    def find(self, name: str) -> StoredImage | None:
        """Return a picture's properties; ``None`` if there is no picture."""
        statement = _WITHOUT_PIXELS.where(col(ImageRow.name) == name)
        row = self._run(statement).mappings().first()
        return None if row is None else StoredImage(**row)

    def data(self, name: str) -> bytes:
        """Return the bytes of a picture's file; empty if there is no picture."""
        statement = select(ImageRow.data).where(ImageRow.name == name)
        return self._session.exec(statement).first() or b""

    def put(self, image: StoredImage, data: bytes) -> None:
        """Store a picture, replacing an existing one."""
        values = columns_of(image, "name") | {"data": data}
        self._put(ImageRow, {"name": image.name}, values)

    def remove(self, name: str) -> bool:
        """Delete a picture; return whether there was one."""
        return self._delete(ImageRow, col(ImageRow.name) == name) > 0
