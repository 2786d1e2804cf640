"""What the dashboard does with the use cases, on a real database."""
# ruff: noqa: ARG001 - fixtures that only have to be there

from contextlib import suppress
from datetime import timedelta

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import MailPermanentError
from invo_booking.settings.time import MAX_WAIT
from invo_booking.usecases.shared import notices
from invo_booking.usecases.upkeep import delivery, health, periodic, task_runs
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.dashboard.state import DashboardState
from tests.support.bank import PASSWORD, at
from tests.web_staff.conftest import book, run, see


def test_agent_takes_from_the_dashboard_and_gives_back(
    product, bank, ana, max_, sign_in
):
    made = book(product, bank, max_, at(11))
    client = sign_in(max_)

    run(client.send(DashboardState, "open_page"))
    day = see(client, DashboardState)
    assert (day.greeting, day.waiting_count) == ("Good morning, Max", 1)

    run(client.send(DashboardState, "take_appointment", str(made.id), made.version))
    day = see(client, DashboardState)
    assert "You took Mortgage advice" in day.done
    assert day.next_up.name == "Rosa Delgado"
    assert [row.word for row in day.today] == ["Next"]

    run(client.send(DashboardState, "undo_take"))
    day = see(client, DashboardState)
    assert (day.waiting_count, day.problem) == (1, "")
    run(client.send(DashboardState, "undo_take"))
    assert "time to undo this is over" in see(client, DashboardState).problem


def test_administrators_read_which_periodic_task_fails(
    product, bank, clock, ana, sign_in
):
    boss = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)
    clients = {it.name: sign_in(it) for it in (boss, ana)}
    with task_runs.recorded_run(product, "upkeep.remind"):
        pass

    def look(name: str) -> list[str]:
        run(clients[name].send(DashboardState, "open_page"))
        return see(clients[name], DashboardState).work_trouble

    for task in ("upkeep.remind", "upkeep.tidy"):
        for _ in range(4):
            with suppress(KeyError), task_runs.recorded_run(product, task):
                raise KeyError("a text of Dana")
            clock.advance(timedelta(minutes=2))

    never, fails = sorted(look("Ada"), key=lambda it: "reminding" in it)
    assert "reminding customers. Its last success: 8:00" in fails
    assert "sealing the audit log" in never
    assert "It has never succeeded" in never
    assert look("Ana") == []
    header = see(clients["Ada"], DashboardState).attention
    assert header == "2 periodic tasks fail"

    with product.unit_of_work() as work:
        work.incidents.record(notices.UNFORESEEN, clock(), notices.UNFORESEEN_LASTS)
    assert "cannot be made because of an unforeseen error" in look("Ada")[-1]
    clock.advance(notices.UNFORESEEN_LASTS)

    for task in ("upkeep.remind", "upkeep.tidy"):
        with task_runs.recorded_run(product, task):
            pass
    assert look("Ada") == []
    assert see(clients["Ada"], DashboardState).attention == ""


def test_administrators_read_that_a_worker_has_been_silent_for_minutes(
    product, bank, clock, ana, sign_in
):
    clients = [
        sign_in(bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)),
        sign_in(ana),
    ]

    def look() -> list[tuple[list[str], str]]:
        for client in clients:
            run(client.send(DashboardState, "open_page"))
        days = [see(client, DashboardState) for client in clients]
        return [(day.work_trouble, day.attention) for day in days]

    nothing = ([], "")
    assert look() == [nothing, nothing], "no worker ever ran, as before the first start"
    for name in (health.WORKER, delivery.MAIL_WORKER):
        periodic.record_heartbeat(product, name)
    clock.advance(timedelta(minutes=4))
    assert look() == [nothing, nothing], "it may restart"

    clock.advance(timedelta(minutes=2))
    periodic.record_heartbeat(product, delivery.MAIL_WORKER)
    (sentences, header), others = look()
    assert "The worker has not reported since" in sentences[0]
    assert len(sentences) == 1
    assert header == "No worker runs: mail or reminders wait"
    assert others == nothing

    periodic.record_heartbeat(product, health.WORKER)
    assert look() == [nothing, nothing]


def test_customer_who_did_not_get_the_mail_is_listed_with_a_link(
    product, bank, ana, max_, sign_in, postbox
):
    made = book(product, bank, max_, at(11), ana)
    postbox.refusal = MailPermanentError("550 no such mailbox")
    delivery.deliver_due_mails(product)
    client = sign_in(max_)

    run(client.send(DashboardState, "open_page"))

    (row,) = see(client, DashboardState).undelivered
    assert row.href.endswith(f"a={made.id}")
    assert "Rosa Delgado" in row.line


def test_late_customer_stands_on_top_until_cancelled(
    product, bank, clock, ana, max_, sign_in
):
    bank.set(MAX_WAIT, "5")
    made = book(product, bank, max_, at(9), ana)
    clock.advance(timedelta(minutes=80))
    client = sign_in(ana)

    run(client.send(DashboardState, "open_page"))
    (late,) = see(client, DashboardState).late
    assert late.how_late == "20 minutes late"

    run(client.send(DashboardState, "keep_waiting", str(made.id), late.version))
    (late,) = see(client, DashboardState).late
    assert late.waits == "Ana waits until 9:25."
    run(client.send(BookingsState, "open_page"))
    run(client.send(DrawerState, "open_appointment", str(made.id)))
    assert see(client, DrawerState).seen.waits == late.waits
    run(client.send(DashboardState, "cancel_as_late", str(made.id), late.version))
    assert "not late" in see(client, DashboardState).problem

    clock.advance(timedelta(minutes=5))
    run(client.send(DashboardState, "refresh_page"))
    (late,) = see(client, DashboardState).late
    assert late.waits == ""
    run(client.send(DashboardState, "cancel_as_late", str(made.id), late.version))
    day = see(client, DashboardState)
    assert (day.late, day.problem) == ([], "")
