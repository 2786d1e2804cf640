"""Determine the room of a video appointment, and the URL at which a person enters.

The room's URL is made from a template: the agent's, else the Answer's, else the
institution's. A template that the current settings do not allow is skipped. Without a
template, the room is the online meeting of the host calendar or, in a demo, a page of
the product.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import OctKey

from invo_booking.domain import rooms
from invo_booking.domain.access.digests import digest_of
from invo_booking.domain.access.roles import Actor
from invo_booking.domain.appointment import (
    Appointment,
    Channel,
    Phase,
    appointment_phase,
    joinable_from,
)
from invo_booking.domain.errors import NoRoomError, SlotClosedError
from invo_booking.domain.institution import Roster
from invo_booking.domain.rooms import (
    Placeholder,
    RoomRole,
    RoomStay,
    RoomVisitor,
    TokenParties,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calls
from invo_booking.settings.calendars import has_host_meetings_by_setting
from invo_booking.settings.spec import Values
from invo_booking.texts import say
from invo_booking.usecases.appointment.steps import join_rules, require_phase
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import (
    ROOM,
    hash_secret,
    link_generation_suffix,
    status_url,
)
from invo_booking.usecases.shared.sealing import reveal_secret

DEMO_ROOMS = "/demo/room"
ENTERABLE = frozenset({Phase.JOINABLE, Phase.LATE, Phase.IN_CALL})
"""Phases in which a room can be entered."""

_NAME_LENGTH = 32
_NOBODY = UUID(int=0)


def room_template(roster: Roster, settings: Values, appointment: Appointment) -> str:
    """Return the template to use for an appointment's room; empty if there is none."""
    return _first_usable(
        settings, _templates_by_nearness(roster, settings, appointment)
    )


def has_room(deps: Deps, work: UnitOfWork, appointment: Appointment) -> bool:
    """Whether an appointment is a video call with a room that the product can open."""
    if appointment.channel is not Channel.VIDEO:
        return False
    if template := room_template(work.roster, work.settings, appointment):
        return _is_signable(deps, work.settings, template)
    return deps.config.demo or bool(meeting_url(work, appointment))


def answers_without_room(deps: Deps, work: UnitOfWork) -> list[str]:
    """Return the titles of bookable Answers whose video calls would have no room."""
    if deps.config.demo or has_host_meetings_by_setting(work.settings):
        return []
    return [
        answer.title
        for answer in work.roster.answers.values()
        if answer.schedulable
        and not answer.archived
        and Channel.VIDEO in answer.channels
        and not _first_usable(work.settings, (answer.room, work.settings[calls.ROOM]))
    ]


def meeting_url(work: UnitOfWork, appointment: Appointment) -> str:
    """Return the URL of the online meeting in the host calendar; empty if none."""
    if appointment.channel is not Channel.VIDEO or not has_host_meetings_by_setting(
        work.settings
    ):
        return ""
    return work.host_events.join_url(appointment.id)


def door_url(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return the URL for mails that always leads the customer to the room."""
    return f"{status_url(deps, work, appointment)}/room"


class MeetingFacts(TypedDict):
    """The part of ``MailFacts`` about how customer and agent meet."""

    room_url: str
    customer_calls: bool


def meeting_facts(
    deps: Deps, work: UnitOfWork, appointment: Appointment
) -> MeetingFacts:
    """Return facts for mails and calendar files about how customer and agent meet."""
    is_joined_here = has_room(deps, work, appointment)
    return MeetingFacts(
        room_url=door_url(deps, work, appointment) if is_joined_here else "",
        customer_calls=calls.does_customer_call(work.settings, work.roster.institution),
    )


def may_enter(work: UnitOfWork, appointment: Appointment, now: datetime) -> bool:
    """Whether the room of a video appointment is open at this time."""
    rules = join_rules(work.settings)
    is_open = appointment_phase(appointment, rules, now) in ENTERABLE
    return is_open and appointment.channel is Channel.VIDEO


def require_open_room(
    deps: Deps, work: UnitOfWork, appointment: Appointment, now: datetime
) -> None:
    """Refuse to open a room that does not exist, or cannot be entered at this time.

    Raises:
        NoRoomError: If the appointment is no video call, or has no room.
        SlotClosedError: If the room does not open yet, with reason ``"too_early"``.
        LinkExpiredError: If the call can no longer be joined.
    """
    if appointment.channel is not Channel.VIDEO:
        raise NoRoomError(say("refusals.no_video"))
    rules = join_rules(work.settings)
    if appointment_phase(appointment, rules, now) in {Phase.UPCOMING, Phase.REQUESTED}:
        raise SlotClosedError(say("refusals.too_early"), "too_early")
    require_phase(appointment, ENTERABLE, work, now)
    if not has_room(deps, work, appointment):
        raise NoRoomError(say("refusals.no_room"))


def customer_address(
    deps: Deps, work: UnitOfWork, appointment: Appointment, now: datetime
) -> str:
    """Return the URL of the room for a customer who can enter now."""
    name = appointment.customer.name
    visitor = _visitor(deps, appointment, RoomRole.CUSTOMER, "", name)
    return _address(deps, work, appointment, visitor, now)


def staff_address(
    deps: Deps, work: UnitOfWork, appointment: Appointment, actor: Actor, now: datetime
) -> str:
    """Return the URL of the room for a member of staff who can enter now."""
    visitor = _visitor(deps, appointment, RoomRole.AGENT, str(actor.id), actor.name)
    return _address(deps, work, appointment, visitor, now)


def _templates_by_nearness(
    roster: Roster, settings: Values, appointment: Appointment
) -> Iterator[str]:
    if appointment.channel is not Channel.VIDEO:
        return
    agent = roster.people.get(appointment.agent_id or _NOBODY)
    answer = roster.answers.get(appointment.answer_id or _NOBODY)
    yield agent.room if agent else ""
    yield answer.room if answer else ""
    yield settings[calls.ROOM]


def _first_usable(settings: Values, templates: Iterable[str]) -> str:
    usable = (it for it in templates if it and not calls.room_problem(settings, it))
    return next(usable, "")


def _is_signable(deps: Deps, settings: Values, template: str) -> bool:
    """Whether a template needs no token, or the secret for signing is available."""
    needs = rooms.has_placeholder(template, Placeholder.TOKEN)
    return not needs or bool(reveal_secret(deps.config, settings, calls.TOKEN_SECRET))


def _visitor(
    deps: Deps, appointment: Appointment, role: RoomRole, person: str, name: str
) -> RoomVisitor:
    key = deps.config.mail_link_key
    known_as = _digest(key, f"room visitor:{appointment.id}:{role}:{person}")
    return RoomVisitor(id=known_as, role=role, name=name)


def _address(
    deps: Deps,
    work: UnitOfWork,
    appointment: Appointment,
    visitor: RoomVisitor,
    now: datetime,
) -> str:
    stay = RoomStay(
        room=_room_name(deps, work, appointment),
        visitor=visitor,
        opens_at=joinable_from(appointment, join_rules(work.settings)),
        ends_at=appointment.ends_at,
        reference=str(appointment.id),
        agent=work.roster.person_name(appointment.agent_id),
        language=appointment.language,
    )
    if template := room_template(work.roster, work.settings, appointment):
        token = _token(deps, work.settings, template, stay, now)
        return rooms.fill_room_template(template, stay, token)
    if meeting := meeting_url(work, appointment):
        return meeting
    return f"{deps.config.public_url.rstrip('/')}{DEMO_ROOMS}/{stay.room}"


def _token(
    deps: Deps, settings: Values, template: str, stay: RoomStay, now: datetime
) -> str:
    if not rooms.has_placeholder(template, Placeholder.TOKEN):
        return ""
    parties = TokenParties(
        issuer=settings[calls.TOKEN_ISSUER],
        audience=settings[calls.TOKEN_AUDIENCE],
        subject=settings[calls.TOKEN_SUBJECT] or rooms.room_server(template),
    )
    secret = reveal_secret(deps.config, settings, calls.TOKEN_SECRET)
    claims = rooms.room_claims(stay, parties, now)
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(secret))


def _room_name(deps: Deps, work: UnitOfWork, appointment: Appointment) -> str:
    """Return a room name that is derived from the appointment and cannot be guessed.

    The name changes when the customer's links are replaced. After somebody has entered
    the room, the name stays the same even if a new secret key is added, so that
    customer and agent meet in the same room. The name consists of hexadecimal digits,
    because some servers ignore the case of names.
    """
    about = f"room:{appointment.id}{link_generation_suffix(appointment)}"
    keys = deps.config.link_keys
    names = {hash_secret(it): it for it in (_digest(key, about) for key in keys)}
    known = work.links.hashes(appointment.id, ROOM)
    if not names.keys() & known:
        work.appointments.find(appointment.id, hold=True)
        known = work.links.hashes(appointment.id, ROOM)
    if not (entered := [name for it, name in names.items() if it in known]):
        first, entered = next(iter(names)), [*names.values()]
        work.links.add(appointment.id, {ROOM: first}, deps.now())
    return entered[0]


def _digest(key: bytes, text: str) -> str:
    return digest_of(key, text)[:_NAME_LENGTH]
