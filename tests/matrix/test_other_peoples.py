"""RELIABILITY 79: an agent with the ids of things that are other people's."""

import re
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import TextClause, text

from invo_booking.api.core.policy import RoutePolicy as ApiPolicy
from invo_booking.domain.access.roles import Role
from invo_booking.settings import general
from invo_booking.usecases.staff import detail
from invo_booking.web.core.guard import EventPolicy
from tests.matrix.crew import CUSTOMER, STRANGER
from tests.matrix.doors import Forms, call, routes
from tests.matrix.registry import Handler, handlers, plain_ids
from tests.matrix.wire import Line, Told
from tests.support.api_document import plain_api

SERVED = "tests.matrix.served:create"
API = plain_api()
STAFF = [it for it in handlers() if it.policy is EventPolicy.STAFF]
STAFF_ROUTES = [it for it in routes(API) if it.policy is ApiPolicy.STAFF]
SHOW = next(
    it.name for it in STAFF if it.name.endswith("drawer_state.open_appointment")
)
OPEN = next(it.name for it in STAFF if it.name.endswith("bookings_state.open_page"))
LIST = "/api/v1/staff/appointments"
A_WEEK = timedelta(days=7)
EVERYBODY = ", ".join(role for role in Role if role is not Role.SUPER_ADMIN)


@pytest.fixture(scope="module")
def generous(stage):
    """The same web process, where agents may do everything with what they see."""
    for setting in general.WHO_CAN.values():
        stage.crew.bank.set(setting, EVERYBODY)
    return stage


def things_of_others(crew) -> dict[str, str]:
    """Return ids an agent may have seen or guessed."""
    with crew.deps.unit_of_work() as work:
        entry = work.audit.history(str(crew.foreign.id))
    assert entry
    return {
        "appointment": str(crew.foreign.id),
        "colleague": str(crew.colleague.id),
        **{f"key {n}": key for n, key in enumerate(crew.secrets)},
    }


def kept(stage) -> list:
    """Return what is kept of the other people's things."""
    ids = {"foreign": stage.crew.foreign.id, "colleague": stage.crew.colleague.id}
    statements = [
        "SELECT to_jsonb(t)::text FROM appointment t WHERE id = :foreign",
        "SELECT id FROM outbox WHERE appointment_id = :foreign ORDER BY id",
        "SELECT id FROM audit WHERE object_id = CAST(:foreign AS text) ORDER BY id",
        "SELECT to_jsonb(t)::text FROM person t WHERE id = :colleague",
        "SELECT hash FROM session WHERE person_id = :colleague",
        "SELECT hash FROM api_token ORDER BY hash",
    ]
    with stage.engine.connect() as connection:
        return [connection.execute(_bound(it, ids)).all() for it in statements]


def _bound(statement: str, ids: dict) -> TextClause:
    names = {name: it for name, it in ids.items() if f":{name}" in statement}
    return text(statement).bindparams(**names)


async def tried(stage, handler: Handler, thing: str) -> list[Told]:
    """Send a handler somebody else's id, after opening an appointment with it.

    What the first events leave in the state is there for the later ones.
    """
    ids = plain_ids(stage.crew)
    form = ids["form"] | {"id": thing, "appointment": thing, "agent": thing}
    payload = handler.payload({"id": thing, "form": form, "mode": "edit"})
    async with Line(stage.url, stage.crew.visitor(Role.AGENT)) as line:
        first = await line.send(SHOW, {"appointment_id": thing}, f"/bookings?a={thing}")
        twice = await line.send_all([(handler.name, payload)] * 2)
    return [first, *twice]


MADE_UP = re.compile(
    r'(?<="submit_key_rx_state_": ")[\w-]{32}(?=")|(?<="moment_rx_state_": )\{[^}]*\}'
)
"""What is another one each time: the key of a form that was opened, and how long what a
page shows stays true."""


@pytest.mark.parametrize("kind", ["appointment", "colleague", "key 0", "key 1"])
def test_no_event_with_an_id_of_others_tells_or_changes_anything(generous, kind):
    thing, before = things_of_others(generous.crew)[kind], kept(generous)

    for handler in STAFF:
        told = generous.run(tried(generous, handler, thing))

        heard = "".join(it.text for it in told)
        assert STRANGER not in heard, handler.name
        assert not any(it.is_sent_away for it in told), handler.name
        assert not any(it.has_failed for it in told), handler.name
    assert kept(generous) == before


def test_no_event_tells_an_id_of_others_from_one_that_never_was(generous):
    nothing, thing = str(uuid4()), str(generous.crew.foreign.id)

    def answers(handler: Handler, thing: str) -> list[str]:
        told = generous.run(tried(generous, handler, thing))
        return [MADE_UP.sub("another", it.text.replace(thing, "the id")) for it in told]

    named = [it for it in STAFF if any(arg.endswith("_id") for arg, _ in it.wants)]
    assert len(named) > 5
    for handler in named:
        assert answers(handler, thing) == answers(handler, nothing), handler.name


def test_no_request_with_an_id_of_others_tells_or_changes_anything(generous):
    forms, before = Forms(API, generous.crew), kept(generous)
    who = generous.crew.visitor(Role.AGENT)
    with_id = [it for it in STAFF_ROUTES if "{" in it.path]

    assert len(with_id) >= 7
    with httpx.Client(timeout=60) as client:
        for route in with_id:
            wanted = forms.plausible(route)
            answer = call(client, generous.url, who, route, wanted)
            assert answer.status_code == 404, (route.name, answer.text)
            assert answer.json()["code"] == "not_found"
            assert STRANGER not in answer.text
    assert kept(generous) == before


def test_an_id_of_others_is_answered_like_one_that_never_was(generous):
    headers = generous.crew.visitor(Role.AGENT).headers(generous.url)
    with httpx.Client(base_url=generous.url, headers=headers, timeout=60) as client:
        answers = [
            client.get(f"{LIST}/{it}").json()
            for it in (generous.crew.foreign.id, "00000000-0000-4000-8000-000000000000")
        ]

    assert answers[0] == answers[1]


def test_the_teams_calendar_holds_nothing_of_queues_the_agent_does_not_serve(generous):
    crew = generous.crew
    days = {"from": crew.own.starts_at, "to": crew.foreign.starts_at + A_WEEK}
    asked = {name: f"{day:%Y-%m-%d}" for name, day in days.items()} | {"scope": "team"}
    page = f"/bookings?scope=team&view=week&date={crew.foreign.starts_at:%Y-%m-%d}"
    who = crew.visitor(Role.AGENT)

    async def opened() -> Told:
        async with Line(generous.url, who) as line:
            return await line.send(OPEN, {}, page)

    headers = who.headers(generous.url)
    listed = httpx.get(f"{generous.url}{LIST}", params=asked, headers=headers)
    assert CUSTOMER in listed.text
    assert STRANGER not in listed.text
    assert STRANGER not in generous.run(opened()).text


def test_the_agent_does_see_and_change_what_is_theirs(generous):
    crew = generous.crew

    async def saved() -> list[Told]:
        async with Line(generous.url, crew.visitor(Role.AGENT)) as line:
            shown = await line.send(SHOW, {"appointment_id": str(crew.own.id)})
            cancel = SHOW.replace(".open_appointment", ".cancel_appointment")
            form = {"reason": "Closed", "version": "1"}
            return [shown, await line.send(cancel, {"form": form})]

    shown, done = generous.run(saved())
    assert CUSTOMER in shown.text
    boss = crew.people[Role.SUPER_ADMIN]
    assert not detail.appointment_detail(
        crew.deps, boss, crew.own.id
    ).appointment.is_live, done.text
