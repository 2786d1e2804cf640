"""Unassigned appointments: can everybody still get an agent?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise, product
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.matching import (
    Claim,
    Demand,
    assign_agents,
    assign_most_agents,
    can_serve_as_many,
)
from invo_booking.domain.slots.search import AgentSupply, Booking, Group, Rules
from tests.domain.definition import can_be_served, candidates
from tests.domain.institutions import chance, for_all, many
from tests.domain.reference import Waiting, judge, open_slots, placeable

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NONE = timedelta()
MORTGAGES, CARDS = UUID(int=1), UUID(int=2)


def span(begin, end):
    """Minutes after nine."""
    return Interval(NINE + begin * MINUTE, NINE + end * MINUTE)


def agent(number, *, queues=(MORTGAGES,), languages=("en",), busy=()):
    return AgentSupply(
        agent_id=UUID(int=number),
        name=f"Agent {number}",
        queues=frozenset(queues),
        languages=frozenset(languages),
        duty=(span(0, 480),),
        busy=tuple(busy),
    )


def waits(begin, end, *, queue=MORTGAGES, language="en", before=NONE, after=NONE):
    return Waiting(span(begin, end), before, after, queue, language)


def claim(dice):
    start = dice.randint(0, 20)
    kept = dice.choice([0, 0, 2, 5]), dice.choice([0, 0, 1, 4])
    return Claim(start, start + dice.randint(1, 12), *kept)


def demand(dice):
    takers = frozenset(dice.sample(range(4), dice.randint(0, 3)))
    return Demand(claim(dice), takers, takers)


def crowd(number):
    """Up to seven who want one of four agents, close together."""
    dice = chance(f"crowd {number}")
    return many(dice, 7, lambda: demand(dice))


def ways(line):
    """Every way to hand out agents in which nobody gets two that collide."""
    return [
        chosen
        for chosen in product(*(sorted(it.takers) for it in line))
        if not any(
            chosen[i] == chosen[j] and line[i].claim.collides(line[j].claim)
            for i in range(len(line))
            for j in range(i)
        )
    ]


def most(line):
    """How many can be served at once."""
    sizes = range(len(line), 0, -1)
    parts = (part for size in sizes for part in combinations(line, size))
    return next((len(part) for part in parts if ways(part)), 0)


@for_all(crowd)
def test_way_is_found_if_and_only_if_there_is_one(line):
    found = assign_agents(line)

    assert (found is not None) == bool(ways(line))
    assert found is None or tuple(found) in ways(line)


@for_all(crowd)
def test_as_many_as_fit_are_served_and_everybody_where_that_is_possible(line):
    served = assign_most_agents(line)

    chosen = [line[index] for index in served]
    assert all(agent in line[index].takers for index, agent in served.items())
    assert not chosen or tuple(served.values()) in ways(chosen)
    assert len(served) == most(line)


@for_all(crowd)
def test_an_agent_is_given_away_only_where_nobody_loses_a_place(line, dice):
    *line, wanted = [*line[:6], demand(dice)]
    alive = [it for it in line if it.takers]
    for agent in wanted.takers:
        only = Demand(wanted.claim, wanted.able, frozenset({agent}))
        allowed = can_serve_as_many(line, [only, *line])

        after = [only, *alive]
        assert allowed == (len(after) - most(after) <= len(alive) - most(alive))


def test_where_not_all_can_be_served_nobody_more_is_stranded():
    """Of 10:00 to 11:00, 10:45 to 11:15 and 10:15 to 10:30, one agent serves two."""
    who = frozenset({0})
    line = [Demand(Claim(*it), who, who) for it in ((60, 120), (105, 135), (75, 90))]
    wanted = Demand(Claim(120, 180), who, who)

    assert set(assign_most_agents(line)) == {1, 2}
    assert not can_serve_as_many(line, [wanted, *line])


def test_shortage_among_many_is_certain_where_too_many_are_at_once():
    day = [
        Demand(Claim(n, n + 30), frozenset({0, 1}), frozenset({0, 1}))
        for n in range(0, 300, 30)
    ]
    ill = [*day, *day, *day]  # three at once, and two agents
    first, second = frozenset({0}), frozenset({1})
    taken = Demand(Claim(0, 30), first, first)
    another = Demand(Claim(15, 45), second, second)

    assert can_serve_as_many(ill, [taken, *ill[1:]])
    assert not can_serve_as_many(ill, [another, *ill])


def test_a_search_that_takes_too_long_keeps_what_was_promised():
    takers = [{0}, *[{0, 1}] * 401, {0}]  # each in the way of the next: one way only
    crowd = [
        Demand(Claim(10 * n, 10 * n + 15), frozenset(who), frozenset(who))
        for n, who in enumerate(takers)
    ]
    free = Demand(Claim(9000, 9010), frozenset({9}), frozenset({9}))

    assert assign_agents(crowd) is None
    assert not can_serve_as_many(crowd, [*crowd, free])


def two_claims(number):
    dice = chance(f"claims {number}")
    return claim(dice), claim(dice)


@for_all(two_claims)
def test_colliding_is_mutual_and_the_larger_buffer_decides(claims):
    one, other = claims
    first, second = sorted([one, other])
    room = second.start - first.end

    assert one.collides(other) == other.collides(one)
    assert one.collides(other) == (room < 0 or room < max(first.after, second.before))


def some_of(dice, *things):
    return frozenset(dice.sample(things, dice.randint(0, len(things))))


def some_agent(dice, number):
    starts = many(dice, 2, lambda: dice.randint(0, 90))
    return agent(
        number,
        queues=some_of(dice, MORTGAGES, CARDS),
        languages=some_of(dice, "en", "es"),
        busy=[span(at, at + 20) for at in starts],
    )


def who_waits(dice):
    at, length = dice.randint(0, 90), dice.choice([15, 30, 45])
    return waits(
        at,
        at + length,
        queue=dice.choice([MORTGAGES, CARDS]),
        language=dice.choice(["en", "es"]),
        before=dice.choice([NONE, 10 * MINUTE]),
    )


def office(number):
    """Up to five who wait for up to four agents."""
    dice = chance(f"office {number}")
    numbers = dice.sample(range(1, 10), dice.randint(0, 4))
    agents = [some_agent(dice, it) for it in numbers]
    return many(dice, 5, lambda: who_waits(dice)), agents


@for_all(office)
def test_all_are_placeable_if_and_only_if_trying_every_way_finds_one(waiting):
    line, agents = waiting
    spots = [
        (
            (it.period.start, it.period.end, it.before, it.after),
            *candidates(
                agents,
                it.group,
                (it.period.start, it.period.end, it.before, it.after),
            ),
        )
        for it in line
    ]

    assert placeable(line, agents) == can_be_served(spots)


@for_all(office)
def test_order_of_arrival_never_matters(waiting, dice):
    line, agents = waiting
    mixed = dice.sample(line, len(line)), dice.sample(agents, len(agents))

    assert placeable(*mixed) == placeable(line, agents)


def test_nobody_waiting_is_always_placeable():
    assert placeable([], [])


def test_two_at_the_same_time_need_two_agents():
    line = [waits(0, 30), waits(0, 30)]

    assert not placeable(line, [agent(1)])
    assert placeable(line, [agent(1), agent(2)])


def test_one_agent_serves_one_after_the_other():
    assert placeable([waits(0, 30), waits(30, 60)], [agent(1)])


def test_buffer_between_two_is_the_larger_one_not_the_sum():
    line = [waits(0, 30, after=10 * MINUTE), waits(40, 70, before=5 * MINUTE)]

    assert placeable(line, [agent(1)])
    assert not placeable([line[0], waits(39, 69)], [agent(1)])


def test_the_only_spanish_speaker_is_left_to_who_needs_spanish():
    bilingual = agent(1, languages=("en", "es"))
    line = [waits(0, 30), waits(0, 30, language="es")]

    assert placeable(line, [bilingual, agent(2)])
    assert not placeable(line, [bilingual, agent(2, languages=("fr",))])


def test_long_appointment_needs_an_agent_for_all_of_it():
    """Each half has somebody free, but nobody is free for the whole."""
    halves = [agent(1, busy=[span(0, 30)]), agent(2, busy=[span(30, 60)])]

    assert not placeable([waits(0, 60)], halves)


def test_own_appointment_keeps_its_buffer_from_the_one_that_waits():
    booked = replace(agent(1), booked=(Booking(span(0, 30), NONE, 15 * MINUTE),))

    assert not placeable([waits(40, 60)], [booked])
    assert placeable([waits(45, 60)], [booked])


def test_crowd_of_a_hundred_on_a_hundred_agents_is_arranged():
    everybody = frozenset(range(100))
    crowd = [Demand(Claim(0, 30), everybody, everybody) for _ in range(100)]

    assert sorted(assign_agents(crowd)) == list(range(100))
    assert assign_agents([*crowd, crowd[0]]) is None


def test_chain_through_a_whole_day_is_arranged():
    """A start each quarter of an hour, half an hour long: two agents suffice."""
    both = frozenset({0, 1})
    chain = [Demand(Claim(at, at + 30), both, both) for at in range(0, 1440, 15)]

    found = assign_agents(chain)

    assert found in ([0, 1] * 48, [1, 0] * 48)
    assert assign_agents([*chain, Demand(Claim(700, 710), both, both)]) is None


def test_hundreds_who_can_never_all_be_in_each_other_s_way_are_arranged():
    """Each collides with two others, so that of three agents one is always left."""
    three = frozenset({0, 1, 2})
    chain = [Demand(Claim(at, at + 30), three, three) for at in range(0, 9000, 15)]

    found = assign_agents(chain)

    assert len(found) == len(chain)
    assert all(one != other for one, other in pairwise(found))


def test_hundreds_for_too_few_agents_are_refused_and_not_a_crash():
    few = frozenset(range(500))
    crowd = [Demand(Claim(0, 30), few, few) for _ in range(501)]

    assert assign_agents(crowd) is None


def is_open_at_nine(agents, line):
    """Whether half an hour from nine is open; offering and judging must agree."""
    rules = Rules(
        zone=ZoneInfo("UTC"),
        step=30 * MINUTE,
        length=30 * MINUTE,
        earliest_day=NINE,
        latest=NINE + timedelta(days=1),
    )
    english = Group(MORTGAGES, "en")
    judged = judge(rules, english, agents, line, NINE).open
    assert judged == bool(open_slots(rules, english, agents, line, span(0, 1)))
    return judged


def test_slot_is_closed_by_somebody_who_waits_beyond_a_rival():
    """Spanish needs the second agent, so the rival the first, so nobody is left."""
    agents = [agent(1), agent(2, languages=("en", "es"), busy=[span(0, 10)])]
    rival, beyond = waits(20, 50), waits(40, 70, language="es")

    assert placeable([rival, beyond], agents)
    assert is_open_at_nine(agents, [rival])
    assert not is_open_at_nine(agents, [rival, beyond])


def test_slot_is_closed_by_somebody_at_the_far_end_of_a_chain():
    agents = [
        agent(1, languages=("en", "de")),
        agent(2, busy=[span(0, 10)]),
    ]
    line = [waits(20, 50), waits(40, 70), waits(60, 90, language="de")]

    assert placeable(line, agents)
    assert is_open_at_nine(agents, line[:2])
    assert not is_open_at_nine(agents, line)


def at_nine(*takers: int) -> Demand:
    return Demand(Claim(0, 30), frozenset(takers), frozenset(takers))


def test_change_after_which_all_are_served_may_be_made():
    assert can_serve_as_many([at_nine(0)], [at_nine(0), at_nine(1)])


def test_change_after_which_the_first_one_is_left_over_may_not():
    assert not can_serve_as_many([at_nine(0), at_nine(1)], [at_nine(0), at_nine(0)])


def test_where_one_is_left_over_anyway_another_may_not_be():
    short = [at_nine(0), at_nine(0), at_nine(1)]

    assert can_serve_as_many(short, short)
    assert not can_serve_as_many(short, [at_nine(0), at_nine(0), at_nine(0)])


def test_of_those_who_wait_the_hardest_to_serve_are_served_first():
    served = assign_most_agents([at_nine(0, 1), at_nine(0), at_nine(0, 1)])

    assert served[1] == 0
    assert set(served) == {0, 1}
