"""What the pages offer to do with an appointment is what the use cases permit.

For each role, each setting of who can assign, edit, create and delete, and each kind of
appointment: what is drawn and what is done are asked apart and compared.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import product as combinations
from typing import Any

import pytest
from babel import Locale
from sqlmodel import Session

from invo_booking.domain.access.digests import digest_of
from invo_booking.domain.access.roles import Action, Actor, Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import InvoError, NotFoundError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.calendars.indexes import AvailabilityCache
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.roster import RosterCache
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.settings.time import MAX_WAIT
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.staff.calendar import Scope
from invo_booking.usecases.staff.catalogue import (
    appointment_catalogue_for,
    may_create_appointment,
)
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.web.bookings.appointment import drawer_view
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.words import ViewerContext
from tests.support.bank import ZONE, at

ZONE_OF_BANK = words.ZoneInfo(ZONE)
ALLOWED = list(combinations((False, True), repeat=len(Action)))
TODAY = Interval(at(0), at(23))
NOW = at(11, 10)


@dataclass(frozen=True)
class Scene:
    """Appointments of every kind, and somebody in front of them at ten past eleven."""

    bank: Any
    actor: Actor
    made: dict[str, Any]
    trying: Deps

    def viewer(self) -> ViewerContext:
        return ViewerContext(ZONE_OF_BANK, Locale.parse("en_US"), NOW)

    def draft(
        self, hour: int, agent: Actor | None, language: str = "en"
    ) -> AppointmentDraft:
        return AppointmentDraft(
            title="A question",
            queue_id=self.bank.queue_id,
            language=language,
            channel=Channel.VIDEO,
            starts_at=at(hour),
            ends_at=at(hour, 30),
            agent_id=agent.id if agent else None,
            name="Rosa Delgado",
        )

    def allows(self, attempt: Callable[[Deps], Any]) -> bool:
        """Whether an attempt goes through; nothing of it is kept."""
        try:
            attempt(self.trying)
        except InvoError:
            return False
        return True


@contextmanager
def keeping_nothing(deps: Deps) -> Generator[Deps]:
    """Yield parts whose transactions are all rolled back."""
    engine = make_engine(deps.config.database_url)
    caches = RosterCache(), AvailabilityCache()
    digest = partial(digest_of, deps.config.mail_link_key)

    @contextmanager
    def begin(caller) -> Generator[UnitOfWork]:
        with Session(engine, expire_on_commit=False) as session:
            yield UnitOfWork(session, *caches, caller, digest)
            session.flush()
            session.rollback()

    yield replace(deps, begin=begin)
    engine.dispose()


@pytest.fixture
def scene_of(bank, clock):
    bank.set(MAX_WAIT, "5")
    with keeping_nothing(bank.deps) as trying:

        def make(role: Role) -> Scene:
            root = bank.agent("Rita", roles=(Role.SUPER_ADMIN,))
            actor = bank.agent("Ana", roles=(role,))
            ben, _ = bank.agent("Ben"), bank.agent("Cleo", languages=("en", "es"))
            scene = Scene(bank, actor, {}, trying)
            kinds = {
                "own and late": scene.draft(11, actor),
                "a colleague's and late": scene.draft(11, ben),
                "own": scene.draft(13, actor),
                "a colleague's": scene.draft(13, ben),
                "nobody's": scene.draft(14, None),
                "nobody's, in another language": scene.draft(15, None, "es"),
            }
            for kind, draft in kinds.items():
                scene.made[kind] = appointments.create_appointment(
                    bank.deps, root, draft
                )
            clock.now = NOW
            return scene

        yield make


def decide(bank, role: Role, allowed: dict[Action, bool]) -> None:
    other = Role.MANAGER if role is Role.ADMINISTRATOR else Role.ADMINISTRATOR
    for action, is_allowed in allowed.items():
        bank.set(general.WHO_CAN[action], str(role if is_allowed else other))


def drawn(scene: Scene) -> dict[str, words.EventView]:
    """Return what the calendar shows, by id."""
    board = calendar.calendar_board(scene.bank.deps, scene.actor, Scope.TEAM, TODAY)
    return {view.id: view for view in words.event_views(board.events, scene.viewer())}


def offered(scene: Scene, made, event: words.EventView) -> dict[str, bool]:
    """Return what calendar and drawer offer to do with an appointment."""
    deps, actor, viewer = scene.bank.deps, scene.actor, scene.viewer()
    try:
        seen = drawer_view.appointment_detail_view(
            appointment_detail(deps, actor, made.id), "Chicago", viewer
        )
    except NotFoundError:
        seen = drawer_view.DetailView()
    return {
        "drag to another time": event.editable,
        "drag to another lane": event.assignable,
        "take on the dashboard": event.takeable,
        "edit": seen.may_edit,
        "assign": seen.may_assign,
        "take": seen.may_take,
        "cancel": seen.may_cancel,
        "keep waiting": seen.is_late and seen.may_wait,
        "cancel as late": seen.is_late and seen.may_end_late,
    }


def permitted(scene: Scene, made) -> dict[str, bool]:
    """Return what the use cases let somebody do with an appointment."""
    actor, ask = scene.actor, scene.allows

    def changes(**more) -> bool:
        wanted = AppointmentChange(**more)
        return ask(
            lambda deps: appointments.change_appointment(deps, actor, made.id, wanted)
        )

    other = None if made.agent_id else cleo(scene)
    takes = ask(lambda deps: appointments.take_appointment(deps, actor, made.id))
    takes = takes and made.agent_id is None  # one's own is only given back as it is
    edits, assigns = changes(notes="Bring the deed"), changes(agent=other)
    return {
        "drag to another time": changes(starts_at=at(16), ends_at=at(16, 30)),
        "drag to another lane": assigns,
        "take on the dashboard": takes,
        "edit": edits,
        "assign": assigns,
        "take": takes,
        "cancel": ask(
            lambda deps: appointments.cancel_appointment(deps, actor, made.id, "")
        ),
        "keep waiting": ask(
            lambda deps: appointments.keep_waiting_for_customer(deps, actor, made.id)
        ),
        "cancel as late": ask(
            lambda deps: appointments.cancel_appointment(
                deps, actor, made.id, "", late=True
            )
        ),
    }


def cleo(scene: Scene):
    with scene.bank.deps.unit_of_work() as work:
        return next(it.id for it in work.roster.agents if it.name == "Cleo")


@pytest.mark.parametrize("role", Role)
def test_pages_offer_what_the_use_cases_permit_and_nothing_else(scene_of, role):
    scene = scene_of(role)
    wrong, seen = [], set()
    for held in ALLOWED:
        allowed = dict(zip(Action, held, strict=True))
        decide(scene.bank, role, allowed)
        events = drawn(scene)
        for kind, made in scene.made.items():
            event = events.get(str(made.id), words.EventView())
            shown, done = offered(scene, made, event), permitted(scene, made)
            seen |= set(done.items())
            wrong += [
                f"{deed}, {kind}, {allowed}: shown {shown[deed]}, done {done[deed]}"
                for deed in done
                if shown[deed] != done[deed]
            ]

    assert wrong == []
    assert {deed for deed, is_done in seen if is_done} == set(done)


@pytest.mark.parametrize("has_groups", [True, False])
@pytest.mark.parametrize("role", Role)
def test_making_one_is_offered_where_one_can_be_made(scene_of, role, has_groups):
    scene = scene_of(role)
    groups = {} if has_groups else {"queues": frozenset(), "languages": frozenset()}
    actor = replace(scene.actor, **groups)
    for held in ALLOWED:
        allowed = dict(zip(Action, held, strict=True))
        decide(scene.bank, role, allowed)
        offer = calendar.staff_catalogue(scene.bank.deps, actor)
        form = appointment_catalogue_for(offer, actor)

        is_made = scene.allows(
            lambda deps: appointments.create_appointment(
                deps, actor, scene.draft(16, None)
            )
        )

        assert may_create_appointment(offer, actor) == is_made, allowed
        for agent in form.agents if is_made else ():
            draft = replace(scene.draft(16, None), agent_id=agent.id)
            assert scene.allows(
                lambda deps, draft=draft: appointments.create_appointment(
                    deps, actor, draft
                )
            ), (agent.name, allowed)
