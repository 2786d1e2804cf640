"""Requests and responses about people."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from invo_booking.api.admin.catalogue_shapes import RoomTemplate
from invo_booking.api.admin.hours_shapes import (
    HoursByDay,
    PlacedPeriodBody,
    WorkPeriodBody,
)
from invo_booking.api.admin.shapes import Day, DecidedBody, SeenBody
from invo_booking.api.core.shapes import (
    IN_ORDER,
    Body,
    Email,
    Id,
    Instant,
    InstantText,
    Name,
    Password,
    ResponseModel,
    ZoneName,
    read_from,
)
from invo_booking.domain.absence import Absence
from invo_booking.domain.access.roles import Role
from invo_booking.domain.week import drawn_period
from invo_booking.usecases.admin.staff_drafts import (
    MOST_DAYS,
    MOST_PERIODS,
    PersonDraft,
)

_MOST = 500
Note = Annotated[str, Field(max_length=500)]
Code = Annotated[str, Field(max_length=8)]
RoleName = Annotated[Role, Field(strict=False)]


class ExceptionBody(Body):
    """Hours of one date; an empty list for a day off."""

    day: Day
    hours: Annotated[list[PlacedPeriodBody], Field(max_length=MOST_PERIODS)]


class TimeOffBody(Body):
    """A span in which the person is away."""

    starts_at: Instant
    ends_at: Instant
    note: Note = ""


class OwnPasswordBody(Body):
    """Your own password, for actions that need it again.

    Attributes:
        password: Needed for changes that grant access or more rights: a new account, an
            added role, another e-mail address, an enabled account, a link to set a
            password. If the password is needed but missing, the response is 422 with a
            message for `password`.
    """

    password: Password = ""


class PersonBody(OwnPasswordBody):
    """New values of a person; empty `branches` means work at every branch."""

    name: Name
    email: Email
    mailbox: Annotated[
        Email,
        Field(
            description="Address of the person's calendar at the provider, if it is "
            "not the address of the sign-in."
        ),
    ] = ""
    time_zone: ZoneName
    active: bool = True
    roles: Annotated[list[RoleName], Field(max_length=len(Role))]
    queues: Annotated[list[Id], Field(max_length=_MOST, default_factory=list)]
    languages: Annotated[list[Code], Field(max_length=_MOST, default_factory=list)]
    branches: Annotated[list[Id], Field(max_length=_MOST, default_factory=list)]
    hours: Annotated[
        list[WorkPeriodBody], Field(max_length=MOST_PERIODS, default_factory=list)
    ]
    exceptions: Annotated[
        list[ExceptionBody], Field(max_length=MOST_DAYS, default_factory=list)
    ]
    time_off: Annotated[
        list[TimeOffBody], Field(max_length=MOST_DAYS, default_factory=list)
    ]
    room: RoomTemplate = ""

    def as_draft(self) -> PersonDraft:
        """Return the draft for the use case."""
        return self.read_as(
            PersonDraft,
            week=tuple(drawn_period(it.weekday, it.as_period()) for it in self.hours),
            exceptions=tuple(
                (it.day, tuple(period.as_period() for period in it.hours))
                for it in self.exceptions
            ),
            absences=tuple(
                Absence(it.starts_at, it.ends_at, it.note) for it in self.time_off
            ),
        )


class DispositionsBody(OwnPasswordBody, DecidedBody, SeenBody):
    """The version that was read, and decisions about affected appointments."""


class PersonChangeBody(DispositionsBody, PersonBody):
    """All new values of a person, and decisions about appointments."""


class TimeOffResponse(ResponseModel):
    """A span in which the person is away."""

    starts_at: InstantText
    ends_at: InstantText
    note: str


class PersonSummaryResponse(ResponseModel):
    """A person in a list."""

    id: UUID
    version: int
    name: str
    email: str
    mailbox: str
    active: bool
    time_zone: str = read_from("hours", "zone", "key")
    roles: Annotated[tuple[Role, ...], IN_ORDER]
    queues: Annotated[tuple[UUID, ...], IN_ORDER]
    languages: Annotated[tuple[str, ...], IN_ORDER]
    branches: Annotated[tuple[UUID, ...], IN_ORDER]


class PeopleResponse(ResponseModel):
    """People by name."""

    people: tuple[PersonSummaryResponse, ...]


class PersonResponse(ResponseModel):
    """All details of a person; `hours` by weekday, 0 for Monday."""

    person: PersonSummaryResponse
    editable: bool
    has_password: bool = read_from("access", "has_password")
    hours: HoursByDay = read_from("person", "hours", "weekly")
    exceptions: HoursByDay = read_from("person", "hours", "exceptions")
    time_off: tuple[TimeOffResponse, ...] = read_from("absences")
    room: str = read_from("person", "room")


class NewPersonResponse(ResponseModel):
    """A new person, and whether a mail invites them to set a password."""

    id: UUID = read_from("person_id")
    invited: bool = read_from("is_invited")


class SentLinkResponse(ResponseModel):
    """The address to which a link to set a password was mailed."""

    sent_to: str
