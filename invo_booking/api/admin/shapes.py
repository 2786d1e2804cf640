"""What several routes of administration are sent."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from invo_booking.api.core.shapes import Body, Id, Version
from invo_booking.usecases.admin.effects import Disposition

Day = Annotated[date, Field(strict=False)]
Decided = Annotated[list[Id], Field(max_length=5_000, default_factory=list)]


class SeenBody(Body):
    """The version that was looked at."""

    version: Version


class DecidedBody(Body):
    """What becomes of the appointments that a refusal listed under `appointments`."""

    keep: Decided
    reassign: Decided

    @property
    def fates(self) -> dict[UUID, Disposition]:
        """What was decided, by appointment."""
        return dict.fromkeys(self.keep, Disposition.KEEP) | dict.fromkeys(
            self.reassign, Disposition.REASSIGN
        )
