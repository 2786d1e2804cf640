"""Requests shared by several routes of administration."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from invo_booking.api.core.shapes import Body, Id, Version
from invo_booking.usecases.admin.effects import Disposition

Day = Annotated[date, Field(strict=False)]
Decided = Annotated[list[Id], Field(max_length=5_000, default_factory=list)]


class SeenBody(Body):
    """The version that was read."""

    version: Version


class DecidedBody(Body):
    """Decisions about the appointments that a 409 response listed in `appointments`.

    Each listed appointment has `why`; `kept` says what `keep` does, and `instead` what
    `reassign` does. An appointment without `instead` can only be kept. `mail` says how
    the customer learns of details that differ from those in earlier mails.
    """

    keep: Decided
    reassign: Decided

    @property
    def dispositions(self) -> dict[UUID, Disposition]:
        """Decisions, by appointment."""
        return dict.fromkeys(self.keep, Disposition.KEEP) | dict.fromkeys(
            self.reassign, Disposition.REASSIGN
        )
