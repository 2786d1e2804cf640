"""Who may assign, edit, create and delete: by pages, API and raw events alike."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from invo_booking.api.core.instants import instant_in_json
from invo_booking.domain.appointment import Appointment, Channel
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.web.bookings.appointment.draft_state import DraftState
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.state import BookingsState
from tests.api.conftest import ORIGIN
from tests.support.bank import PASSWORD, at
from tests.web_staff.conftest import Client

HALF_HOUR = timedelta(minutes=30)
PATH = "/api/v1/staff/appointments"
NOBODY, AGENTS = "administrator, manager", "administrator, manager, agent"


@dataclass
class Desk:
    """An agent with one session, opened before anything is decided.

    Attributes:
        manager: Makes what the agent then works on.
    """

    bank: Any
    manager: Any
    agent: Any
    client: Client
    api: Any
    hour: int = 9

    def made(self) -> Appointment:
        """Return a new appointment of the agent, at a time of its own."""
        return appointments.create_appointment(
            self.bank.deps, self.manager, self.draft()
        )

    def draft(self) -> AppointmentDraft:
        self.hour += 1
        day = 1 + self.hour // 16
        start = at(self.hour % 16 if self.hour < 16 else 10 + self.hour % 16, days=day)
        return AppointmentDraft(
            answer_id=self.bank.answer_id,
            queue_id=self.bank.queue_id,
            language="en",
            channel=Channel.VIDEO,
            starts_at=start,
            ends_at=start + HALF_HOUR,
            agent_id=self.agent.id,
            name="Rosa Delgado",
            email="rosa@example.com",
        )

    def ask(self, method: str, path: str = "", **more) -> bool:
        """Ask the API; return whether it was allowed."""
        answer = self.api.request(
            method, f"{PATH}{path}", headers={"origin": ORIGIN}, **more
        )
        assert answer.status_code in {200, 201, 403}, answer.text
        return answer.status_code != 403

    def send(self, *events: tuple) -> None:
        """Send raw events, one after the other, through the open session."""

        async def all_of_them() -> None:
            for state, name, *arguments in events:
                await self.client.send(state, name, *arguments)

        asyncio.run(all_of_them())

    def see(self, state) -> Any:
        return asyncio.run(self.client.see(state))

    def now(self, made: Appointment) -> Appointment:
        return appointment_detail(self.bank.deps, self.manager, made.id).appointment

    def is_shown(self, action: str) -> bool:
        """Whether the pages offer the action."""
        allowed = calendar.staff_catalogue(self.bank.deps, self.agent).allowed
        return action in {str(it) for it in allowed}


@pytest.fixture
def desk(bank, product, sign_in, api) -> Desk:
    agent = bank.agent("Ana", password=PASSWORD)
    client = sign_in(agent)
    api.cookies.set("invo_session", client.cookie.partition("=")[2])
    assert product is bank.deps
    return Desk(bank, bank.manager(), agent, client, api)


def creates_by_api(desk: Desk) -> bool:
    draft = desk.draft()
    body = {
        "answer": str(draft.answer_id),
        "queue": str(draft.queue_id),
        "language": "en",
        "channel": "video",
        "starts_at": instant_in_json(draft.starts_at),
        "ends_at": instant_in_json(draft.ends_at),
        "agent": str(desk.agent.id),
        "name": draft.name,
        "email": draft.email,
    }
    return desk.ask("POST", json=body)


def creates_by_event(desk: Desk) -> bool:
    draft = desk.draft()
    local = draft.starts_at - timedelta(hours=6)
    form = {
        "answer": str(draft.answer_id),
        "language": "en",
        "channel": "video",
        "day": f"{local:%Y-%m-%d}",
        "starts": f"{local:%H:%M}",
        "minutes": "30",
        "agent": str(desk.agent.id),
        "name": draft.name,
        "email": draft.email,
    }
    desk.send(
        (DraftState, "open_draft", "", "", ""), (DraftState, "submit_draft", form)
    )
    problem = desk.see(DraftState).problem
    assert problem == "" or "role" in problem, problem
    return problem == ""


def edits_by_api(desk: Desk) -> bool:
    return desk.ask("PATCH", f"/{desk.made().id}", json={"notes": "Ground floor"})


def edits_by_event(desk: Desk) -> bool:
    made = desk.made()
    desk.send((DrawerState, "open_appointment", str(made.id)))
    seen = desk.see(DrawerState).seen
    form = {"day": seen.day, "starts": seen.starts, "ends": seen.ends}
    form |= {"notes": "Ground floor", "version": str(seen.version)}
    desk.send((DrawerState, "save_appointment", form))
    return desk.now(made).notes == "Ground floor"


def assigns_by_api(desk: Desk) -> bool:
    return desk.ask("POST", f"/{desk.made().id}/assign", json={"agent": None})


def assigns_by_event(desk: Desk) -> bool:
    made = desk.made()
    desk.send(
        (BookingsState, "open_page"),
        (DrawerState, "open_appointment", str(made.id)),
        (DrawerState, "assign_agent", "", made.version),
    )
    return desk.now(made).agent_id is None


def deletes_by_api(desk: Desk) -> bool:
    return desk.ask("DELETE", f"/{desk.made().id}")


def deletes_by_event(desk: Desk) -> bool:
    made = desk.made()
    desk.send(
        (DrawerState, "open_appointment", str(made.id)),
        (
            DrawerState,
            "cancel_appointment",
            {"reason": "Closed", "version": str(made.version)},
        ),
    )
    return not desk.now(made).is_live


def obeyed(
    desk: Desk, decide, action: str, *ways: Callable[[Desk], bool]
) -> list[list[bool]]:
    """Return what each way allows while agents may not, may, and may not again."""
    told = []
    for roles in (NOBODY, AGENTS, NOBODY):
        decide({f"general.who_can_{action}": roles})
        told.append([desk.is_shown(action), *(way(desk) for way in ways)])
    return told


NO, YES = [False] * 3, [True] * 3


@pytest.mark.obeys("general.who_can_create")
def test_who_may_create_is_obeyed_at_once_in_an_open_session(desk, decide):
    ways = creates_by_api, creates_by_event

    assert obeyed(desk, decide, "create", *ways) == [NO, YES, NO]


@pytest.mark.obeys("general.who_can_edit")
def test_who_may_edit_is_obeyed_at_once_in_an_open_session(desk, decide):
    assert obeyed(desk, decide, "edit", edits_by_api, edits_by_event) == [NO, YES, NO]


@pytest.mark.obeys("general.who_can_assign")
def test_who_may_assign_is_obeyed_at_once_in_an_open_session(desk, decide):
    ways = assigns_by_api, assigns_by_event

    assert obeyed(desk, decide, "assign", *ways) == [NO, YES, NO]


@pytest.mark.obeys("general.who_can_delete")
def test_who_may_delete_is_obeyed_at_once_in_an_open_session(desk, decide):
    ways = deletes_by_api, deletes_by_event

    assert obeyed(desk, decide, "delete", *ways) == [NO, YES, NO]


def test_right_to_edit_is_not_the_right_to_delete_or_to_assign(desk, decide):
    decide(
        {
            "general.who_can_edit": AGENTS,
            "general.who_can_delete": NOBODY,
            "general.who_can_assign": NOBODY,
        }
    )

    assert edits_by_api(desk)
    assert not deletes_by_api(desk)
    assert not assigns_by_api(desk)
