"""Why a part of the calendar is closed, as staff are told; on a real database."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.errors import InvalidInputError, NotAllowedError
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.persistence.tables.core import LanguageRow, PersonBranchRow
from invo_booking.settings import calendars as calendar_settings
from invo_booking.settings import time as time_settings
from invo_booking.usecases.slots.why import JudgedTopic, judge_start, judge_starts
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.staff.agent_time import SpanKind
from invo_booking.usecases.staff.calendar import BoardFilter, Scope
from invo_booking.usecases.staff.lane_reasons import lane_reasons
from tests.support.bank import at, branch_row
from tests.support.drafts import staff_draft

HALF_HOUR = timedelta(minutes=30)
DAY = Interval(at(0), at(24))


def book(bank, by, start, agent=None):
    draft = staff_draft(bank, start, agent_id=agent.id if agent else None)
    return appointments.create_appointment(bank.deps, by, draft)


def topic_of(bank, branch_id=None):
    return JudgedTopic(bank.answer_id, "en", branch_id)


def closed(bank, actor, scope=Scope.QUEUES, window=DAY, lane=""):
    board = calendar.calendar_board(bank.deps, actor, scope, window)
    found = lane_reasons(bank.deps, board, window)
    return next(one for one in found if lane in one.lane_id)


def at_start(spans, start):
    return next(it for it in spans if it.starts_at <= start < it.ends_at)


def test_every_start_of_a_window_is_judged_as_it_is_alone(bank):
    max_ = bank.manager()
    ana = bank.agent()
    book(bank, max_, at(11), ana)

    found = judge_starts(bank.deps, max_, topic_of(bank), DAY)

    assert [it.starts_at for it in found] == [at(0, 15 * n) for n in range(96)]
    for judged in found[::5]:
        alone = judge_start(bank.deps, max_, topic_of(bank), judged.starts_at)
        assert judged == alone


def test_starts_of_visits_follow_the_clock_and_the_people_of_their_branch(bank):
    bank.offer_visits()
    max_, ana = bank.manager(), bank.agent()
    denver = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(denver, name="Denver", time_zone="America/Denver"))
        work.session.flush()
        work.session.add(PersonBranchRow(person_id=ana.id, branch_id=denver))
        work.session.add(PersonBranchRow(person_id=max_.id, branch_id=bank.branch_id))
        work.publish_roster_change()
    book(bank, max_, at(11), ana)

    here, there, call = (
        judge_start(bank.deps, max_, topic_of(bank, branch_id), at(11))
        for branch_id in (bank.branch_id, denver, None)
    )

    assert (here.open, here.designated) == (True, 1)
    assert (there.open, there.designated) == (False, 1)
    assert (call.open, call.designated) == (True, 2)


def test_start_of_a_visit_is_judged_only_where_visits_are_offered(bank):
    max_ = bank.manager()

    with pytest.raises(InvalidInputError) as refused:
        judge_start(bank.deps, max_, topic_of(bank, bank.branch_id), at(11))
    assert set(refused.value.fields) == {"channel"}

    bank.offer_visits()
    with pytest.raises(InvalidInputError) as refused:
        judge_start(bank.deps, max_, topic_of(bank, uuid4()), at(11))
    assert set(refused.value.fields) == {"branch"}


def test_window_of_more_than_two_weeks_is_refused_with_the_limit(bank):
    max_ = bank.manager()

    with pytest.raises(InvalidInputError, match="14 days"):
        judge_starts(bank.deps, max_, topic_of(bank), Interval(at(0), at(0, days=15)))


def test_agent_of_another_queue_is_not_told(bank):
    stranger = replace(bank.agent(), queues=frozenset())

    with pytest.raises(NotAllowedError):
        judge_starts(bank.deps, stranger, topic_of(bank), DAY)


def test_parts_of_a_queue_join_to_the_whole_day_and_say_what_the_engine_says(bank):
    max_ = bank.manager()
    ana = bank.agent()
    bank.set(calendar_settings.FREE_PERCENT, "60")
    book(bank, max_, at(11), ana)

    found = closed(bank, max_, lane=":en")

    assert found.subject == "Mortgage advice, 30 minutes"
    assert [it.ends_at for it in found.spans[:-1]] == [
        it.starts_at for it in found.spans[1:]
    ]
    assert (found.spans[0].starts_at, found.spans[-1].ends_at) == (at(0), at(24))
    for judged in judge_starts(bank.deps, max_, topic_of(bank), DAY):
        span = at_start(found.spans, judged.starts_at)
        assert span.sentences == tuple(it.sentence for it in judged.reasons)
        assert (span.kind is SpanKind.OPEN) == judged.open


def test_part_of_a_queue_tells_how_many_are_free(bank):
    max_ = bank.manager()
    ana = bank.agent()
    bank.set(calendar_settings.FREE_PERCENT, "60")
    book(bank, max_, at(11), ana)

    spans = closed(bank, max_, lane=":en").spans

    assert at_start(spans, at(10)).word == "2 free"
    assert at_start(spans, at(11)).word == "1 of 2"
    assert at_start(spans, at(7)).word == "Past"
    assert at_start(spans, at(8)).word == "Too soon"


def test_queue_without_a_topic_in_a_language_says_so(bank):
    max_ = bank.manager(languages=("en", "pl"))
    with bank.deps.unit_of_work() as work:
        work.session.add(LanguageRow(code="pl", name="Polish"))
        work.publish_roster_change()

    (span,) = closed(bank, max_, lane=":pl").spans

    assert span.sentences == (
        "No topic of this queue is offered to customers in this language.",
    )


def test_agent_lane_tells_hours_weekend_and_holiday_apart(bank):
    max_ = bank.manager()
    ana = bank.agent()
    bank.holiday(date(2026, 11, 26), "Thanksgiving")
    week = Interval(at(0), at(0, days=7))

    spans = closed(bank, max_, Scope.TEAM, week, str(ana.id)).spans

    told = {
        (days, hour): at_start(spans, at(hour, days=days)).sentences
        for days, hour in [(0, 7), (3, 10), (5, 10)]
    }
    assert told == {
        (0, 7): ("Off duty.",),
        (3, 10): ("Closed for Thanksgiving.",),
        (5, 10): ("Weekends are switched off.",),
    }
    assert not any(it.starts_at <= at(10) < it.ends_at for it in spans)


def test_agent_lane_says_nothing_behind_an_appointment_that_is_shown(bank):
    max_ = bank.manager()
    ana = bank.agent()
    book(bank, max_, at(11), ana)

    spans = closed(bank, max_, Scope.TEAM, DAY, str(ana.id)).spans

    assert {it.kind for it in spans} == {SpanKind.OFF}


def test_agent_lane_keeps_appointments_that_a_filter_hides(bank):
    max_ = bank.manager()
    ana = bank.agent()
    book(bank, max_, at(11), ana)
    board = calendar.calendar_board(
        bank.deps, max_, Scope.TEAM, DAY, BoardFilter(languages=frozenset({"es"}))
    )

    found = lane_reasons(bank.deps, board, DAY)
    spans = next(it.spans for it in found if it.lane_id == str(ana.id))

    span = at_start(spans, at(11))
    assert span.sentences == ("Has another appointment 11:00-11:30.",)
    assert span.kind is SpanKind.TAKEN


def test_another_topic_of_the_queue_is_judged_by_its_own_length(bank):
    max_ = bank.manager()
    longer = bank.topic("Estate planning", minutes=120)
    board = calendar.calendar_board(bank.deps, max_, Scope.QUEUES, DAY)

    usual, other = (
        next(it for it in lane_reasons(bank.deps, board, DAY, chosen))
        for chosen in (frozenset(), frozenset({longer}))
    )

    assert at_start(usual.spans, at(16)).kind is SpanKind.OPEN
    assert other.subject == "Estate planning, 120 minutes"
    assert at_start(other.spans, at(16)).word == "Off duty"


def test_rules_that_close_a_start_by_time_are_told_by_name(bank):
    max_ = bank.manager()
    bank.set(time_settings.PUBLIC_EARLIEST_DAY, "1")
    bank.set(time_settings.HORIZON, "3")
    week = Interval(at(0), at(0, days=7))

    found = judge_starts(bank.deps, max_, topic_of(bank), week)

    rules = {it.starts_at: {reason.rule for reason in it.reasons} for it in found}
    assert ClosingRule.PAST in rules[at(7)]
    assert ClosingRule.EARLIEST_DAY in rules[at(12)]
    assert rules[at(12, days=1)] == set()
    assert ClosingRule.BEYOND_HORIZON in rules[at(12, days=4)]
