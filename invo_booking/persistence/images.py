"""Store the pictures of the Branding page."""

from typing import Any, cast

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from invo_booking.domain.images import StoredImage
from invo_booking.persistence.mapping import columns_of
from invo_booking.persistence.tables.core import ImageRow

_TABLE: Any = ImageRow
_WITHOUT_PIXELS = cast(
    "Any",
    select(*(column for column in _TABLE.__table__.columns if column.name != "data")),
)


class Images:
    """Pictures as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: str) -> StoredImage | None:
        """Return a picture's properties; ``None`` if there is no picture."""
        statement = _WITHOUT_PIXELS.where(col(ImageRow.name) == name)
        row = self._session.connection().execute(statement).mappings().first()
        return None if row is None else StoredImage(**row)

    def data(self, name: str) -> bytes:
        """Return the bytes of a picture's file; empty if there is no picture."""
        statement = select(ImageRow.data).where(ImageRow.name == name)
        return self._session.exec(statement).first() or b""

    def put(self, image: StoredImage, data: bytes) -> None:
        """Store a picture, replacing an existing one."""
        values = columns_of(image, "name") | {"data": data}
        statement = insert(ImageRow).values(name=image.name, **values)
        self._session.connection().execute(
            statement.on_conflict_do_update(index_elements=["name"], set_=values)
        )

    def remove(self, name: str) -> bool:
        """Delete a picture; return whether there was one."""
        statement = delete(ImageRow).where(col(ImageRow.name) == name)
        return self._session.exec(statement).rowcount > 0
