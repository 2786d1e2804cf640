"""Real workers whose periodic tasks raise an error in every run."""

from invo_booking.domain.access.roles import Role
from tests.platform.test_failing_tasks import execute, without_table

TASK = "upkeep.heartbeat"


def test_administrators_are_mailed_by_the_workers_and_again_when_it_is_over(
    house, today_bank, deps, sink
):
    boss = today_bank.agent("Grace", roles=(Role.ADMINISTRATOR,), languages=())
    house.start_valkey()
    house.start_worker()
    house.start_beat()
    house.await_until(lambda: runs_of(deps) and runs_of(deps).succeeded_at)

    with without_table(deps, "database_identity"):
        house.await_until(lambda: runs_of(deps).error == "ProgrammingError")
        let_minutes_pass(deps)
        house.await_until(lambda: runs_of(deps).is_alarmed)
    house.await_until(lambda: len(subjects(sink)) >= 2)

    work = "reporting that a worker runs"
    told = [it for it in subjects(sink) if work in it]
    assert told == [
        f"A periodic task fails: {work}",
        f"A periodic task succeeds again: {work}",
    ]
    assert set(sink.recipients()) == {boss.email}


def runs_of(deps):
    with deps.unit_of_work() as work:
        return work.periodic_tasks.runs(TASK)


def let_minutes_pass(deps) -> None:
    """Make the unsuccessful runs of the one task older and more numerous."""
    execute(
        deps,
        "UPDATE periodic_task SET unsuccessful = 3, "
        "unsuccessful_since = now() - interval '7 minutes' "
        "WHERE task = 'upkeep.heartbeat'",
    )


def subjects(sink) -> list[str]:
    return [message["Subject"] for message in sink.messages]
