"""Create the demo institution with people, topics and appointments."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from invo_booking.config import ConfigError
from invo_booking.demo.bank import demo_bank, demo_staff_address
from invo_booking.demo.diary import Happening, Story, demo_stories
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import LIVE
from invo_booking.domain.institution import Roster
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.founding import store_first_roster
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.run.commands import run_institution_advice
from invo_booking.settings import general
from invo_booking.usecases.accounts.passwords import DEMO_PASSWORD, hash_password
from invo_booking.usecases.appointment import history
from invo_booking.usecases.shared import links
from invo_booking.usecases.shared.deps import Deps

SEED = 2026


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """An account of the demo with which anyone can sign in."""

    role: Role
    name: str
    email: str
    password: str = DEMO_PASSWORD


DEMO_SIGN_INS = tuple(
    DemoSignIn(role, name, demo_staff_address(name))
    for role, name in (
        (Role.AGENT, "Dana Whitfield"),
        (Role.BOOKING_MANAGER, "Priya Raman"),
        (Role.MANAGER, "Tom Okafor"),
        (Role.ADMINISTRATOR, "Grace Lindqvist"),
        (Role.SUPER_ADMIN, "Simone Achebe"),
    )
)


def create_demo(deps: Deps) -> bool:
    """Fill an empty database with Harbor Federal Credit Union.

    The result depends only on the current instant. One transaction stores everything:
    two concurrent runs create one demo, and a failure stores nothing. No mail is sent
    about appointments in the past.

    Returns:
        Whether the demo was created; an existing institution is left unchanged.

    Raises:
        ConfigError: If ``INVO_DEMO`` is not set, because the demo's password is public.
    """
    if not deps.config.demo:
        raise ConfigError(
            "INVO_DEMO is not set, so no demo institution was made: its people have "
            "a published password. Set INVO_DEMO=1 to try the product, or make an "
            f"institution of your own. {run_institution_advice(deps.config)}"
        )
    now = deps.now()
    chance = random.Random(SEED)  # noqa: S311 - the same demo every time, no secret
    with deps.unit_of_work() as work:
        work.lock_roster()
        if work.is_set_up:
            return False
        bank = demo_bank(now, chance)
        store_first_roster(work.session, bank, _passwords(bank))
        work.stored_settings.put(
            general.PUBLIC_SCHEDULING.key, "on", history.SYSTEM, now
        )
        _write(deps, work, demo_stories(bank, now, chance))
        work.publish_roster_change()
    return True


def _passwords(bank: Roster) -> dict[UUID, str]:
    """Return the password hash of each person.

    All people share one hash, because computing seventeen hashes takes a second.
    """
    hashed = hash_password(DEMO_PASSWORD)
    return dict.fromkeys(bank.people, hashed)


def _write(deps: Deps, work: UnitOfWork, stories: Sequence[Story]) -> None:
    happenings: list[tuple[Happening, str]] = []
    work.appointments.add_all(story.appointment for story in stories)
    for story in stories:
        appointment = story.appointment
        if appointment.status in LIVE:
            links.issue_link(deps, work, appointment)
        happenings += [(event, str(appointment.id)) for event in story.happenings]
    for event, appointment_id in sorted(happenings, key=lambda line: line[0].at):
        work.audit.add(_entry(event, appointment_id))


def _entry(event: Happening, appointment_id: str) -> AuditEntry:
    thing = ("appointment", appointment_id)
    return AuditEntry.by(event.actor, event.action, thing, event.at, event.detail)
