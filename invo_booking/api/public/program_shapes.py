"""What a program is told."""

from typing import Self
from uuid import UUID

from invo_booking.api.core.shapes import Answer, InstantText
from invo_booking.domain.access.scopes import Program, TokenScope
from invo_booking.domain.appointment import Appointment, Channel, Status


class ProgramSelfOut(Answer):
    """The program a token is of; no `queues` for all of them."""

    id: UUID
    name: str
    scope: TokenScope
    queues: tuple[UUID, ...]
    most_per_minute: int

    @classmethod
    def of(cls, program: Program) -> Self:
        """Return it as told."""
        return cls(
            id=program.id,
            name=program.name,
            scope=program.scope,
            queues=tuple(sorted(program.queues)),
            most_per_minute=program.most_per_minute,
        )


class ProgramAppointmentOut(Answer):
    """An appointment the program made, without a word about its customer."""

    id: UUID
    status: Status
    title: str
    channel: Channel
    language: str
    starts_at: InstantText
    ends_at: InstantText

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """Return it as told."""
        return cls(
            id=appointment.id,
            status=appointment.status,
            title=appointment.title,
            channel=appointment.channel,
            language=appointment.language,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
        )
