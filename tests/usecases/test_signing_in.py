"""RELIABILITY 94: a sign-in is finished once, in time, where and by whom it began."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.calendars.provider_errors import ReconnectError
from invo_booking.domain.errors import ConflictError, NotAllowedError
from invo_booking.persistence.tables.outside import SignInFlowRow
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.usecases.calendars import connection_upkeep, connections
from tests.support.connecting import (
    BROWSER,
    TOKEN,
    answered,
    reaching,
    register,
    sign_in,
    stored,
    trail,
)
from tests.support.microsoft.fixtures import outlook, outlook_server

__all__ = ["outlook", "outlook_server"]

ANOTHER_BROWSER = "a" * 43


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def grace(bank, outlook):
    register(bank, outlook)
    return bank.agent("Grace", roles=(Role.ADMINISTRATOR,))


@pytest.fixture
def answer(deps, grace, outlook):
    return answered(deps, grace, outlook)


def finish(deps, who, answer, session=BROWSER, provider="outlook"):
    return connections.finish_connection_sign_in(deps, who, session, answer, provider)


def refused(deps, why, who, *rest, **more):
    """Whether a sign-in is refused, written down with its reason, and links nothing."""
    with pytest.raises(NotAllowedError, match="nothing was connected"):
        finish(deps, who, *rest, **more)
    return trail(deps)[-1] == ("sign-in refused", why) and stored(deps) is None


def test_sign_in_without_a_state_is_refused(deps, grace, answer):
    without = {key: value for key, value in answer.items() if key != "state"}

    assert refused(deps, "unknown or used", grace, without)
    assert refused(deps, "unknown or used", grace, {})
    assert refused(deps, "unknown or used", grace, answer | {"state": "made up"})


def test_sign_in_is_finished_once(deps, grace, answer):
    finish(deps, grace, answer)
    connections.disconnect_provider(deps, grace)

    assert refused(deps, "unknown or used", grace, answer)


def test_of_many_who_finish_it_at_once_one_does(deps, grace, answer):
    def try_it(_):
        try:
            return finish(deps, grace, answer).id
        except NotAllowedError:
            return None

    with ThreadPoolExecutor(6) as pool:
        told = [it for it in pool.map(try_it, range(6)) if it]

    assert told == [stored(deps).id]


def test_two_sign_ins_of_one_tenant_at_once_make_one_connection(deps, grace, outlook):
    answers = [answered(deps, grace, outlook) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        told = {it.id for it in pool.map(lambda it: finish(deps, grace, it), answers)}

    assert told == {stored(deps).id}


def test_sign_in_of_another_browser_is_refused_and_used_up(deps, grace, answer):
    assert refused(deps, "another browser", grace, answer, session=ANOTHER_BROWSER)
    assert refused(deps, "unknown or used", grace, answer)


def test_sign_in_of_another_person_is_refused(deps, bank, answer):
    simone = bank.agent("Simone", roles=(Role.SUPER_ADMIN,))

    assert refused(deps, "another browser", simone, answer)


def test_sign_in_after_eleven_minutes_is_refused(deps, grace, answer, clock):
    clock.advance(timedelta(minutes=11))

    assert refused(deps, "too late", grace, answer)


def test_answer_of_one_provider_does_not_connect_another(deps, grace, answer):
    assert refused(deps, "another provider", grace, answer, provider="google")


def test_provider_that_is_not_chosen_any_more_is_not_connected(
    deps, bank, grace, answer
):
    bank.set(PRIMARY_PROVIDER, "exchange")

    with pytest.raises(ConflictError, match="not one that you sign in to"):
        finish(deps, grace, answer)
    assert stored(deps) is None


def test_flow_that_was_changed_in_the_database_is_refused(deps, grace, answer):
    with deps.unit_of_work() as work:
        work.session.connection().exec_driver_sql(
            "UPDATE sign_in_flow SET sealed_flow = overlay(sealed_flow placing 'AAAA' "
            "from 40)"
        )

    assert refused(deps, "seal broken", grace, answer)


def test_cancelling_at_the_provider_connects_nothing(deps, grace, outlook):
    answer = answered(deps, grace, outlook, accept=False)

    with pytest.raises(ReconnectError):
        finish(deps, grace, answer)

    assert trail(deps)[-1] == ("sign-in refused", "provider_reconnect")
    assert stored(deps) is None


def test_neither_state_nor_flow_is_readable_in_the_database(deps, answer):
    with deps.unit_of_work() as work:
        row = work.session.get_one(SignInFlowRow, _only_hash(work))
        told = str(row.model_dump())

    assert answer["state"] not in told
    assert TOKEN not in told
    assert "code_verifier" not in told


def _only_hash(work):
    found = work.session.connection().exec_driver_sql("SELECT hash FROM sign_in_flow")
    return found.scalar_one()


def test_sign_ins_nobody_finished_are_forgotten(deps, answer, clock):
    assert answer
    clock.advance(timedelta(minutes=11))

    connection_upkeep.tidy_connections(deps)

    with deps.unit_of_work() as work:
        rows = work.session.connection().exec_driver_sql("SELECT FROM sign_in_flow")
        assert rows.all() == []


def test_a_new_sign_in_works_after_a_refused_one(deps, grace, answer, outlook):
    assert refused(deps, "another browser", grace, answer, session=ANOTHER_BROWSER)

    assert sign_in(deps, grace, outlook) == stored(deps)
