"""RELIABILITY 75: every event handler, sent by everybody, over a bare socket."""

from collections import Counter

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.usecases.shared.refusals import MOST
from invo_booking.web.core import routes
from invo_booking.web.core.guard import EventPolicy
from tests.matrix import evidence
from tests.matrix.crew import CUSTOMER, SECRET, STRANGER, Visitor
from tests.matrix.registry import Handler, handlers, pages, plain_ids, undeclared
from tests.matrix.wire import NOTICE, Call, Line, Told, tell_all

SERVED = "tests.matrix.served:create"
ALL = handlers()
OURS = [it for it in ALL if it.is_ours and not it.is_setter]
REFLEXES = [it for it in ALL if not it.is_ours or it.is_setter]
GUARDED = [it for it in OURS if it.policy is not EventPolicy.PUBLIC]
NOTICES = f"{NOTICE}."  # shows or takes away such a failure, so it looks like one
LOADER = next(it.name for it in ALL if it.name.endswith(".on_load_internal"))


def calls_of(stage, some: list[Handler]) -> list[Call]:
    """Return each handler's event with what it takes, and again with nothing."""
    ids = plain_ids(stage.crew)
    return [call for it in some for call in ((it.name, it.payload(ids)), (it.name, {}))]


def refused_cells(stage) -> list[tuple[Visitor, list[Handler]]]:
    """Return everybody with the handlers they must not send."""
    everybody = [*stage.crew.nobody(), *stage.crew.staff()]
    cells = [(who, [it for it in OURS if not it.admits(who)]) for who in everybody]
    return [(who, some) for who, some in cells if some]


def test_every_handler_of_ours_says_who_may_send_it():
    assert len(GUARDED) > 100
    assert undeclared(ALL) == []


@pytest.fixture(scope="module")
def refused(stage) -> dict[str, list[Told]]:
    """What everybody was told whom nothing may be told, database unchanged."""
    cells = [(who, calls_of(stage, some)) for who, some in refused_cells(stage)]
    return stage.untouched(lambda: stage.run(tell_all(stage.url, cells)))


def test_all_without_a_session_and_three_roles_are_refused_something(refused):
    nobody = {"anonymous", "made up", "signed out", "idle too long", "disabled"}

    assert set(refused) == nobody | {"agent", "booking-manager", "manager"}


def test_refused_events_get_one_redirect_and_change_no_row(refused):
    acted = [
        f"{it.name} by {who}: {it.text[:200]}"
        for who, told in refused.items()
        for it in told
        if not it.is_refused
    ]

    assert acted == []


def test_a_refusal_does_not_tell_what_was_refused(refused):
    for who, told in refused.items():
        assert len({tuple(it.ways) for it in told}) == 1, who


def test_refusals_of_the_signed_in_are_in_the_audit_trail(stage, refused):
    kept = Counter(who for who, _ in evidence.refusals(stage.engine))

    roles = (Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER)
    assert min(len(refused[role]) for role in roles) > 2 * MOST
    assert kept == {stage.crew.people[role].name: MOST + 1 for role in roles}


def test_no_session_means_no_data_whatever_page_is_said_to_be_open(stage):
    visitors = stage.crew.nobody()
    known = [CUSTOMER, STRANGER, *(it.email for it in stage.crew.people.values())]

    async def open_all(who: Visitor) -> str:
        async with Line(stage.url, who) as line:
            return "".join([(await line.send(LOADER, {}, at)).text for at in pages()])

    def everybody() -> list[str]:
        return [stage.run(open_all(who)) for who in visitors]

    told = stage.untouched(everybody)
    assert len(pages()) > 10
    assert not [name for name in known for text in told if name in text]


@pytest.fixture(scope="module")
def admitted(stage, refused) -> dict[str, list[Told]]:
    """What everybody was told who may ask, the weakest first."""
    del refused  # what is admitted may change everything, so it comes after
    crew, day = stage.crew, stage.crew.own.starts_at
    calendar = f"{routes.BOOKINGS}?scope=me&view=day&date={day:%Y-%m-%d}"
    asked = [
        (Visitor("anonymous"), [it for it in OURS if it.policy is EventPolicy.PUBLIC]),
        *((who, [it for it in OURS if it.admits(who)]) for who in crew.staff()),
    ]
    told: dict[str, list[Told]] = {}
    for who, some in asked:
        cells = [(who, calls_of(stage, some))]
        told |= stage.run(tell_all(stage.url, cells, calendar))
    return told


def test_whoever_a_policy_admits_is_never_led_away(admitted):
    led_away = [
        f"{it.name} by {who}"
        for who, told in admitted.items()
        for it in told
        if it.is_sent_away
    ]

    assert led_away == []
    assert all(any(it.deltas for it in told) for told in admitted.values())


def test_no_event_with_what_it_takes_fails_as_nobody_planned_for(admitted):
    wants = {it.name: {name for name, _ in it.wants} for it in OURS}
    failed = [
        f"{it.name} by {who} with {it.payload}"
        for who, told in admitted.items()
        for it in told
        if it.has_failed
        and set(it.payload) == wants[it.name]
        and NOTICES not in it.name
    ]

    assert failed == []


def test_nobody_is_told_of_customers_that_are_not_theirs_to_see(admitted):
    for who in ("anonymous", "agent"):
        text = "".join(it.text for it in admitted[who])
        assert STRANGER not in text, who
    assert CUSTOMER not in "".join(it.text for it in admitted["anonymous"])
    assert CUSTOMER in "".join(it.text for it in admitted["agent"])


def test_no_secret_setting_is_ever_sent_to_anybody(admitted):
    for who, told in admitted.items():
        assert not [it.name for it in told if SECRET in it.text], who


def test_no_stack_trace_is_ever_sent(refused, admitted):
    for part in (refused, admitted):
        for who, told in part.items():
            assert not [it.name for it in told if "Traceback" in it.text], who


def test_what_reflex_itself_offers_tells_and_changes_nothing(stage):
    calls = calls_of(stage, REFLEXES)
    visitors = stage.crew.nobody()
    told = stage.untouched(
        lambda: stage.run(tell_all(stage.url, [(who, calls) for who in visitors]))
    )

    for who, answers in told.items():
        text = "".join(it.text for it in answers)
        assert not [it for it in (CUSTOMER, STRANGER, "bank.example") if it in text], (
            who
        )


def test_no_setter_of_reflex_sets_a_var_of_ours(stage):
    setters = [it for it in ALL if it.is_setter]
    payload = {"var_name": "administers", "value": True}
    calls = [(it.name, payload) for it in setters]
    (agent,) = [it for it in stage.crew.staff() if Role.AGENT in it.roles]

    told = stage.run(tell_all(stage.url, [(agent, calls)]))

    assert len(setters) > 20
    for it in told["agent"]:
        changed = [state for state in it.deltas if not state.endswith(NOTICE)]
        assert changed == [], it.name
