"""PRODUCT 27: what is over is forgotten, and only once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from invo_booking.domain.appointment import Appointment, Channel, Customer, Status
from invo_booking.domain.errors import (
    MailTemporaryError,
    PurgedError,
)
from invo_booking.mail.facts import MailKind
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.drafts import AppointmentChange, AppointmentDraft
from invo_booking.usecases.booking import booking, joining, lateness, manage
from invo_booking.usecases.shared import links
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, periodic
from invo_booking.usecases.upkeep.purge import BATCH, purge_outdated
from tests.support.bank import ZONE, at, confirm
from tests.support.examples import SLOWNESS, how_many

CHICAGO = ZoneInfo(ZONE)
MIDNIGHT = at(24)
"""The midnight between the Monday and the Tuesday of the tests."""

CANARIES = ("Rosa Canary", "rosa.canary@example.com", "+13125550199", "canary note")


def made(
    bank, starts_at, *, minutes=30, status=Status.COMPLETED, **more
) -> Appointment:
    return Appointment(
        id=uuid4(),
        status=status,
        answer_id=bank.answer_id,
        title="Mortgage advice",
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        customer=Customer(name="Rosa Delgado", email="rosa@example.com"),
        requested_at=starts_at - timedelta(days=1),
        **more,
    )


def keep(deps, *appointments) -> None:
    with deps.unit_of_work() as work:
        work.appointments.add_all(appointments)


def left(deps) -> set:
    return {row.id for row in rows(deps, "SELECT id FROM appointment")}


def rows(deps, query):
    with deps.unit_of_work() as work:
        return work.session.connection().execute(text(query)).all()


def counted(deps) -> int:
    return rows(deps, "SELECT coalesce(sum(count), 0) FROM counter")[0][0]


def everything_stored(deps) -> str:
    tables = rows(deps, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return "\n".join(
        str(row[0])
        for (table,) in tables
        for row in rows(deps, f'SELECT t::text FROM "{table}" t')  # noqa: S608
    )


def test_nothing_is_purged_unless_the_institution_wants_it(bank, clock):
    keep(bank.deps, made(bank, at(10)))
    clock.advance(timedelta(days=30))

    assert purge_outdated(bank.deps) == 0
    assert len(left(bank.deps)) == 1


def test_purge_happens_at_the_institutions_midnight_and_not_before(bank, clock):
    bank.set(PURGE_OUTDATED, "on")
    yesterday, today = made(bank, at(23)), made(bank, at(24, 30))
    keep(bank.deps, yesterday, today)

    clock.now = MIDNIGHT - timedelta(seconds=1)
    assert purge_outdated(bank.deps) == 0

    clock.now = MIDNIGHT
    assert purge_outdated(bank.deps) == 1
    assert left(bank.deps) == {today.id}


def test_appointment_over_midnight_stays_until_the_midnight_after_its_end(bank, clock):
    bank.set(PURGE_OUTDATED, "on")
    ends_on_time, runs_over = made(bank, at(23, 30)), made(bank, at(23, 45))
    keep(bank.deps, ends_on_time, runs_over)

    clock.now = MIDNIGHT + timedelta(hours=8)
    purge_outdated(bank.deps)

    assert left(bank.deps) == {runs_over.id}


def test_what_is_still_live_waits_for_its_own_tick(bank, clock):
    bank.set(PURGE_OUTDATED, "on")
    keep(bank.deps, made(bank, at(10), status=Status.CONFIRMED))
    clock.now = MIDNIGHT

    assert purge_outdated(bank.deps) == 0
    periodic.complete_past(bank.deps)
    assert purge_outdated(bank.deps) == 1


def test_personal_data_is_nowhere_after_the_purge(bank, clock):
    name, email, phone, notes = CANARIES
    bank.agent()
    request = bank.request(at(12), name=name, email=email, phone=phone, notes=notes)
    booked = booking.request_appointment(bank.deps, request, idempotency_key="k" * 20)
    confirm(bank.deps, booked.token)
    manage.cancel_by_link(bank.deps, booked.token, "canary reason")
    delivery.deliver_due_mails(bank.deps)
    assert all(canary in everything_stored(bank.deps) for canary in CANARIES)

    bank.set(PURGE_OUTDATED, "on")
    clock.now = MIDNIGHT
    assert purge_outdated(bank.deps) == 1

    stored = everything_stored(bank.deps).lower()
    assert [word for word in (*CANARIES, "canary") if word.lower() in stored] == []
    assert rows(bank.deps, "SELECT 1 FROM outbox") == []
    assert rows(bank.deps, "SELECT 1 FROM link_token") == []
    with pytest.raises(PurgedError):
        manage.read_visit(bank.deps, booked.token)
    assert rows(bank.deps, "SELECT 1 FROM idempotency") == []


def test_whatever_staff_and_customer_did_leaves_no_word_of_the_customer(bank, clock):
    name, email, phone, notes = CANARIES
    ana, max_ = bank.agent("Ana"), bank.manager("Max")
    draft = AppointmentDraft(
        answer_id=bank.answer_id,
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=at(12),
        ends_at=at(12, 30),
        name=name,
        email=email,
        phone=phone,
        notes=notes,
    )
    made = appointments.create_appointment(bank.deps, max_, draft)
    token = links.token_of(bank.deps, made)
    appointments.take_appointment(bank.deps, ana, made.id)
    wanted = AppointmentChange(
        starts_at=at(14), notes="canary gate", name="Canary Rosa"
    )
    appointments.change_appointment(bank.deps, max_, made.id, wanted)
    manage.reschedule_by_link(bank.deps, token, at(15))
    manage.mail_links(bank.deps, email)
    clock.now = at(14, 55)
    periodic.add_due_reminders(bank.deps)
    lateness.report_late(bank.deps, token)
    joining.enter_room(bank.deps, token)
    clock.now = at(16)
    periodic.complete_past(bank.deps)
    delivery.deliver_due_mails(bank.deps)
    assert "canary" in everything_stored(bank.deps).lower()

    bank.set(PURGE_OUTDATED, "on")
    clock.now = MIDNIGHT
    assert purge_outdated(bank.deps) == 1

    stored = everything_stored(bank.deps).lower()
    assert "canary" not in stored
    assert phone not in stored
    with bank.deps.unit_of_work() as work:
        told = [entry.action for entry in work.audit.history(str(made.id))]
    assert told[0] == "created"
    assert told[-1] == "completed"


def test_anonymous_figures_and_the_audit_trail_stay(bank, clock):
    bank.set(PURGE_OUTDATED, "on")
    same = [made(bank, at(10, 40)), made(bank, at(10, 55))]
    keep(bank.deps, *same, made(bank, at(10, 40), status=Status.NO_SHOW))
    clock.now = MIDNIGHT
    purge_outdated(bank.deps)

    found = rows(
        bank.deps,
        "SELECT day, half_hour, queue_id, language, channel, outcome, count "
        "FROM counter ORDER BY outcome",
    )
    monday = at(10).date()
    where = (monday, 21, bank.queue_id, "en", "video")
    assert [tuple(row) for row in found] == [
        (*where, "completed", 2),
        (*where, "no_show", 1),
    ]
    with bank.deps.unit_of_work() as work:
        (entry,) = work.audit.history("2026-11-24")
    assert (entry.actor, entry.action, entry.detail) == (
        "system",
        "purged",
        {"count": 3},
    )


def test_purging_again_does_nothing_again(bank, clock):
    keep(bank.deps, *(made(bank, at(9)) for _ in range(BATCH + 5)))
    bank.set(PURGE_OUTDATED, "on")
    clock.now = MIDNIGHT

    assert purge_outdated(bank.deps) == BATCH + 5
    stored = everything_stored(bank.deps)
    assert purge_outdated(bank.deps) == 0
    assert everything_stored(bank.deps) == stored


def test_two_purges_at_once_count_each_appointment_once(bank, clock):
    keep(bank.deps, *(made(bank, at(9)) for _ in range(300)))
    bank.set(PURGE_OUTDATED, "on")
    clock.now = MIDNIGHT

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(purge_outdated, [bank.deps] * 4))

    assert sum(done) == counted(bank.deps) == 300


def test_mail_about_a_purged_appointment_is_dropped_and_blocks_nothing(
    bank, clock, postbox
):
    bank.agent()
    gone, stays = made(bank, at(9)), made(bank, at(36), status=Status.CONFIRMED)
    keep(bank.deps, gone, stays)
    manage.mail_links(bank.deps, stays.customer.email)
    manage.mail_links(bank.deps, "nobody@example.com")
    with bank.deps.unit_of_work() as work:
        news = history.AppointmentEvent(
            actor="Max", action="told", detail={}, mail=MailKind.LATE
        )
        payload = history.mail_payload(stays, news)
        work.outbox.add("mail", payload, now=clock(), appointment_id=uuid4())
    bank.set(PURGE_OUTDATED, "on")
    clock.now = MIDNIGHT
    purge_outdated(bank.deps)

    assert delivery.deliver_due_mails(bank.deps).sent == 1
    (mail,) = postbox.sent
    assert mail.text.count("/a/") == 1
    with bank.deps.unit_of_work() as work:
        assert work.outbox.count("open") == 0


def test_mail_that_was_not_sent_yet_keeps_its_appointment_for_five_days(
    bank, clock, postbox
):
    bank.agent()
    booked = booking.request_appointment(
        bank.deps, bank.request(at(12)), idempotency_key="k" * 20
    )
    postbox.refusal = MailTemporaryError("450 Busy")
    delivery.deliver_due_mails(bank.deps)
    confirm(bank.deps, booked.token)
    manage.cancel_by_link(bank.deps, booked.token)
    bank.set(PURGE_OUTDATED, "on")
    clock.now = MIDNIGHT

    assert purge_outdated(bank.deps) == 0
    clock.advance(timedelta(days=4))
    assert purge_outdated(bank.deps) == 0
    postbox.refusal = None
    for _ in range(3):
        delivery.deliver_due_mails(bank.deps)
        clock.advance(timedelta(minutes=5))
    assert "Cancelled:" in {it.partition(" ")[0] for it in postbox.subjects()}
    assert purge_outdated(bank.deps) == 1


def test_purge_waits_for_mail_no_longer_than_mail_is_tried(bank, clock, postbox):
    bank.agent()
    booking.request_appointment(
        bank.deps, bank.request(at(12)), idempotency_key="k" * 20
    )
    postbox.refusal = MailTemporaryError("450 Busy")
    clock.advance(timedelta(hours=2))
    periodic.expire_unconfirmed(bank.deps)
    bank.set(PURGE_OUTDATED, "on")

    clock.advance(timedelta(days=4))
    assert purge_outdated(bank.deps) == 0
    clock.advance(timedelta(days=1, minutes=1))
    assert purge_outdated(bank.deps) == 1


instants = st.datetimes(datetime(2026, 10, 25), datetime(2026, 11, 8)).map(  # noqa: DTZ001
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)
diaries = st.lists(
    st.tuples(instants, st.integers(1, 1440), st.sampled_from(sorted(Status))),
    max_size=12,
)


@settings(
    max_examples=how_many(25),
    suppress_health_check=[*SLOWNESS, HealthCheck.function_scoped_fixture],
)
@given(instants, diaries)
def test_at_any_instant_exactly_what_ended_before_the_last_midnight_is_counted_and_gone(
    bank, clock, now, described
):
    """The clocks of Chicago go back on 1 November 2026, within these weeks."""
    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(text("TRUNCATE counter, appointment CASCADE"))
    clock.now = datetime(2026, 10, 1, tzinfo=UTC)
    bank.set(PURGE_OUTDATED, "on")
    everything = [
        made(bank, start, minutes=length, status=status)
        for start, length, status in described
    ]
    keep(bank.deps, *everything)
    today = now.astimezone(CHICAGO).date()
    last_midnight = datetime.combine(today, datetime.min.time(), CHICAGO)
    over = [it for it in everything if it.ends_at <= last_midnight and not it.is_live]

    clock.now = now
    assert purge_outdated(bank.deps) == len(over)
    assert purge_outdated(bank.deps) == 0

    assert left(bank.deps) == {it.id for it in everything} - {it.id for it in over}
    by_kind = rows(bank.deps, "SELECT day, half_hour, outcome, count FROM counter")
    expected = Counter(
        (local.date(), local.hour * 2 + local.minute // 30, it.status.value)
        for it in over
        for local in [it.starts_at.astimezone(CHICAGO)]
    )
    assert {(d, h, o): n for d, h, o, n in by_kind} == expected


def test_purge_keeps_other_days_of_the_same_customer(bank, clock):
    bank.set(PURGE_OUTDATED, "on")
    past = made(bank, at(9))
    ahead = replace(past, id=uuid4(), starts_at=at(57), ends_at=at(58))
    keep(bank.deps, past, ahead)
    clock.now = MIDNIGHT

    purge_outdated(bank.deps)

    assert left(bank.deps) == {ahead.id}


def test_submits_are_remembered_for_a_week(bank, clock):
    bank.agent()
    request = bank.request(at(12, days=14))

    def submit():
        return booking.request_appointment(bank.deps, request, idempotency_key="k" * 20)

    first = submit()
    clock.advance(timedelta(days=6))
    periodic.seal_and_forget(bank.deps)
    assert submit().appointment.id == first.appointment.id

    clock.advance(timedelta(days=2))
    periodic.seal_and_forget(bank.deps)
    assert rows(bank.deps, "SELECT 1 FROM idempotency") == []
