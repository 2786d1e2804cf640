"""What an administrator should not overlook, wherever they are."""

from dataclasses import dataclass
from enum import StrEnum

from invo_booking.domain.roles import Actor
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases import floods
from invo_booking.usecases.deps import Deps
from invo_booking.usecases.registration import label


class Place(StrEnum):
    """Where it can be mended."""

    CALENDARS = "calendars"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Attention:
    """A few words and where they lead.

    Attributes:
        sentence: Empty if there is nothing.
    """

    sentence: str = ""
    place: Place = Place.CALENDARS


def attention(deps: Deps, actor: Actor) -> Attention:
    """Return that a queue is being filled up, or that a connection needs a person.

    Empty as well for everybody who does not administer.
    """
    if not actor.administers:
        return Attention()
    with deps.unit_of_work() as work:
        if flooded := floods.flooded(work, deps.now()):
            sentence = f"Unconfirmed requests are filling up {', '.join(flooded)}"
            return Attention(sentence, Place.GENERAL)
        return Attention(_connection(work))


def _connection(work: UnitOfWork) -> str:
    connection = work.connections.active()
    if connection is None or not connection.needs_person:
        return ""
    return f"{label(connection.provider)} needs you"
