"""Review the appointments a change concerns before it is saved."""

from abc import abstractmethod
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.admin.affected_view import (
    AffectedView,
    affected_views,
    disposition_by_affected,
)
from invo_booking.web.core import guard
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState

Dispositions = dict[UUID, Disposition]
"""What becomes of each appointment a change concerns; empty before it is reviewed."""


class AffectedReviewState(SessionState, mixin=True):
    """A change that is saved once the appointments it concerns were reviewed.

    Attributes:
        affected: Those appointments, while they are reviewed.
    """

    affected: list[AffectedView] = []

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def keep_affected(self) -> EventSpec | None:
        """Save; the appointments under review stay as they are."""
        return await self._save_reviewed(
            disposition_by_affected(self.affected, Disposition.KEEP)
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def hand_over_affected(self) -> EventSpec | None:
        """Save; colleagues who can get the appointments under review."""
        return await self._save_reviewed(
            disposition_by_affected(self.affected, Disposition.REASSIGN)
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def close_affected(self) -> None:
        """Go back to the form without saving."""
        self.affected = []

    async def _list_affected(self, error: AffectedAppointmentsError) -> None:
        zone = (await self._load_catalogue(await guard.actor_of_page(self))).time_zone
        self.affected = affected_views(error.affected, self._viewer(zone))

    @abstractmethod
    async def _save_reviewed(self, decided: Dispositions) -> EventSpec | None:
        """Save with decisions about the appointments."""
