"""The engine against the definition, on random institutions."""

from dataclasses import replace
from itertools import pairwise

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.open_slots import merge_slots
from invo_booking.domain.slots.search import Booking
from tests.domain import definition
from tests.domain.institutions import (
    BRANCHES,
    MINUTE,
    calm,
    for_all,
    institution,
    spans,
)
from tests.domain.institutions import waiting as one_who_waits
from tests.domain.reference import (
    Waiting,
    busy_reason_at,
    counted,
    judge,
    open_slots,
    placeable,
    schedules_of,
    survey,
)


@for_all(institution)
def test_slots_are_exactly_those_of_the_definition(institution):
    assert open_slots(*institution) == definition.open_starts(*institution)


@for_all(institution)
def test_slots_of_any_branch_are_those_of_all_branches_by_the_definition(institution):
    rules, group, calendars, waiting, window = institution
    groups = [group._replace(branch_id=branch) for branch in BRANCHES]
    there = [open_slots(rules, it, calendars, waiting, window) for it in groups]
    defined = [
        definition.open_starts(rules, it, calendars, waiting, window) for it in groups
    ]

    merged, origins = merge_slots(rules.length, there)

    assert [it.start for it in merged] == sorted(
        {start for starts in defined for start, *_ in starts}
    )
    for slot, origin in zip(merged, origins, strict=True):
        same = {
            place: it
            for place, starts in enumerate(defined)
            for it in starts
            if it[0] == slot.start
        }
        assert slot == same[origin]
        assert slot.free == max(free for _, _, free, _ in same.values())


@for_all(institution)
def test_judging_a_start_says_what_the_definition_says(institution, dice):
    *data, window = institution
    start = window.start + dice.randint(0, 240) * MINUTE

    verdict = judge(*data, start)

    assert (verdict.open, verdict.free, verdict.designated) == definition.verdict(
        *data, start
    )


@for_all(institution)
def test_rules_that_close_a_start_are_exactly_those_of_the_definition(
    institution, dice
):
    *data, window = institution
    start = window.start + dice.randint(0, 240) * MINUTE

    reasons = judge(*data, start).reasons

    assert {it.rule.value for it in reasons} == definition.closing_rules(*data, start)


@for_all(institution)
def test_all_on_duty_are_counted_as_the_definition_says(institution, dice):
    rules, group, calendars, *_, window = institution
    start = window.start + dice.randint(0, 240) * MINUTE

    assert counted(*institution[:4], start) == definition.counted(
        rules, group, calendars, start
    )


@for_all(institution)
def test_start_is_offered_if_and_only_if_it_is_judged_open(institution, dice):
    *data, _ = institution
    offered = [slot.start for slot in open_slots(*institution)]

    found = survey(*institution)

    assert [it.start for it in found if it.open] == offered
    for it in dice.sample(found, min(len(found), 2)):
        verdict = judge(*data, it.start)
        assert it == (
            it.start,
            verdict.open,
            verdict.reasons,
            verdict.free,
            verdict.designated,
        )


@for_all(institution)
def test_survey_leaves_no_start_of_the_grid_out(institution):
    rules, *_, window = institution

    assert [it.start for it in survey(*institution)] == [
        minute
        for minute in definition.minutes_of(window)
        if definition.is_on_grid(minute, rules.zone, rules.step)
    ]


@for_all(institution)
def test_closed_start_has_a_reason_and_an_open_one_an_agent(institution, dice):
    *data, window = institution

    verdict = judge(*data, window.start + dice.randint(0, 240) * MINUTE)

    assert bool(verdict.reasons) is not verdict.open
    assert all(reason.sentence for reason in verdict.reasons)
    assert not verdict.open or verdict.placeable
    assert list(verdict.placeable) == sorted(verdict.placeable)
    assert len(verdict.placeable) <= verdict.free <= verdict.designated


@for_all(institution)
def test_slots_of_an_agent_are_those_the_agent_is_placeable_for(institution):
    *data, _ = institution
    placeable_at = {
        slot: judge(*data, slot.start).placeable
        for slot in open_slots(*institution)[:4]
    }
    for agent in (it.agent_id for it in data[2][:2]):
        theirs = open_slots(*institution, agent=agent)

        assert [it for it in theirs if it in placeable_at] == [
            slot for slot, agents in placeable_at.items() if agent in agents
        ]


@for_all(institution)
def test_adding_busy_time_never_adds_slots(institution, dice):
    rules, group, calendars, waiting, window = institution
    more = [
        replace(it, busy=(*it.busy, spans(dice, window.start, 90))) for it in calendars
    ]

    before = {slot.start for slot in open_slots(*institution)}
    after = {slot.start for slot in open_slots(rules, group, more, waiting, window)}

    assert after <= before


@for_all(institution)
def test_one_more_appointment_never_adds_slots(institution, dice):
    rules, group, calendars, waiting, window = institution
    another = one_who_waits(dice, window.start)

    before = {slot.start for slot in open_slots(*institution)}
    after = open_slots(rules, group, calendars, [*waiting, another], window)

    assert {slot.start for slot in after} <= before


@for_all(institution)
def test_order_of_the_input_is_irrelevant(institution, dice):
    rules, group, calendars, waiting, window = institution

    def shuffled(things):
        return dice.sample(list(things), len(things))

    mixed = [
        replace(
            it,
            duty=tuple(shuffled(it.duty)),
            booked=tuple(shuffled(it.booked)),
            busy=tuple(shuffled(it.busy)),
        )
        for it in shuffled(calendars)
    ]
    line = shuffled(waiting)
    start = window.start + 90 * MINUTE

    assert open_slots(rules, group, mixed, line, window) == open_slots(*institution)
    assert judge(rules, group, mixed, line, start) == judge(*institution[:4], start)


@for_all(institution)
def test_slots_of_all_days_together_are_those_of_the_whole_span(institution, dice):
    *data, window = institution
    cuts = sorted(dice.sample(range(1, 240), 3))
    bounds = [window.start + it * MINUTE for it in [0, *cuts, 240]]

    pieces = [
        slot
        for start, end in pairwise(bounds)
        for slot in open_slots(*data, Interval(start, end))
    ]

    assert pieces == open_slots(*institution)


@for_all(institution)
def test_kept_schedules_answer_like_the_calendars_it_was_made_of(institution):
    rules, group, calendars, waiting, window = institution

    kept = open_slots(rules, group, schedules_of(calendars), waiting, window)

    assert kept == open_slots(*institution)


@for_all(calm)
def test_agents_said_to_be_placeable_are_free_and_leave_nobody_stranded(institution):
    rules, group, calendars, waiting, window = institution
    start = window.start + 120 * MINUTE
    period = Interval(start, start + rules.length)
    buffers = rules.buffer_before, rules.buffer_after
    served = placeable(waiting, calendars)

    for agent in judge(rules, group, calendars, waiting, start).placeable:
        given_to = [
            replace(it, booked=(*it.booked, Booking(period, *buffers)))
            if it.agent_id == agent
            else it
            for it in calendars
        ]
        whose = _named(calendars, agent)
        assert busy_reason_at(group.branch_id, whose, period, *buffers) is None
        assert not served or placeable(waiting, given_to)


@for_all(calm)
def test_filling_every_open_slot_never_strands_anybody(institution):
    rules, group, calendars, _, window = institution
    line = []

    while slots := open_slots(rules, group, calendars, line, window):
        slot = slots[len(line) % len(slots)]
        line.append(
            Waiting(
                Interval(slot.start, slot.end),
                rules.buffer_before,
                rules.buffer_after,
                group.queue_id,
                group.language,
            )
        )

    assert placeable(line, calendars)


def _named(calendars, agent):
    return next(it for it in calendars if it.agent_id == agent)
