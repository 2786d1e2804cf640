"""Responses for programs."""

from typing import Annotated
from uuid import UUID

from invo_booking.api.core.shapes import IN_ORDER, InstantText, ResponseModel
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.appointment import Channel, Status


class OwnProgramResponse(ResponseModel):
    """The program of a token; empty `queues` means all queues."""

    id: UUID
    name: str
    scope: TokenScope
    queues: Annotated[tuple[UUID, ...], IN_ORDER]
    most_per_minute: int


class ProgramAppointmentResponse(ResponseModel):
    """An appointment of the program, without data of its customer."""

    id: UUID
    status: Status
    title: str
    channel: Channel
    language: str
    starts_at: InstantText
    ends_at: InstantText
