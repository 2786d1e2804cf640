"""Review the appointments that a change affects before the change is saved."""

from abc import abstractmethod
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.web.admin.affected_view import (
    AffectedReviewView,
    AffectedView,
    affected_review_view,
    affected_views,
    disposition_by_affected,
)
from invo_booking.web.core import guard
from invo_booking.web.core.guard import EventPolicy, allow
from invo_booking.web.core.session import SessionState

Dispositions = dict[UUID, Disposition]
"""The decision about each affected appointment; empty before the review."""


class AffectedReviewState(SessionState, mixin=True):
    """A form that is saved after a review of the appointments that the change affects.

    Attributes:
        affected: The affected appointments during the review; otherwise empty.
        affected_review: Texts above and below the list of affected appointments.
    """

    affected: list[AffectedView] = []
    affected_review: AffectedReviewView = AffectedReviewView()

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def keep_affected(self) -> EventSpec | None:
        """Save the change; the affected appointments stay with their agents."""
        return await self._save_reviewed(
            disposition_by_affected(self.affected, Disposition.KEEP)
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def hand_over_affected(self) -> EventSpec | None:
        """Save the change; affected appointments go to other agents where possible."""
        return await self._save_reviewed(
            disposition_by_affected(self.affected, Disposition.REASSIGN)
        )

    @rx.event
    @allow(EventPolicy.ADMIN)
    async def close_affected(self) -> None:
        """Return to the form without saving."""
        self.affected = []

    async def _list_affected(self, error: AffectedAppointmentsError) -> None:
        zone = (await self._load_catalogue(await guard.actor_of_page(self))).time_zone
        self.affected = affected_views(error.affected, self._viewer(zone))
        self.affected_review = affected_review_view(error.affected)

    @abstractmethod
    async def _save_reviewed(self, decided: Dispositions) -> EventSpec | None:
        """Save the change with the decisions about affected appointments."""
