"""Define the demo institution: Harbor Federal Credit Union of Chicago."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays

from invo_booking.demo.branches import DEMO_BRANCHES
from invo_booking.demo.translations import (
    demo_queue_translations,
    demo_tagline_translations,
    demo_topic_translations,
)
from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.hours import AgentHours, Periods
from invo_booking.domain.institution import Answer, Institution, Person, Queue, Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.wall import local_midnight

CHICAGO = ZoneInfo("America/Chicago")
DOMAIN = "harbor.example"
LANGUAGES = {"en": "English", "es": "Spanish", "pl": "Polish"}

HOME, CARDS, BUSINESS, WEALTH = (
    "Home lending",
    "Accounts and cards",
    "Business banking",
    "Wealth and retirement",
)
QUEUES = (HOME, CARDS, BUSINESS, WEALTH)


def _hours(*texts: str) -> Periods:
    bounds = (text.split("-") for text in texts)
    return tuple(
        (time.fromisoformat(begins), time.fromisoformat(ends))
        for begins, ends in bounds
    )


_DAY = dict.fromkeys(range(5), _hours("09:00-12:30", "13:30-17:00"))
_EARLY = dict.fromkeys(range(5), _hours("08:00-12:00", "13:00-16:00"))
_LATE = dict.fromkeys(range(5), _hours("11:00-15:00", "15:30-19:00"))
_MORNINGS = dict.fromkeys(range(5), _hours("08:30-13:00"))
_FOUR_LONG = dict.fromkeys(range(1, 5), _hours("08:30-12:30", "13:15-18:00"))
_FOUR_SHORT = dict.fromkeys(range(4), _hours("09:00-13:00", "13:30-15:30"))
_WEEKEND_DUTY = _hours("09:00-13:00", "13:30-18:00")


@dataclass(frozen=True, slots=True)
class _DemoAgent:
    """An agent of the demo.

    Attributes:
        on_call: Whether the agent works today even on a weekend.
        branch: The only branch at which the agent receives visits; empty for all
            branches.
    """

    name: str
    queues: tuple[str, ...]
    languages: tuple[str, ...]
    weekly: Mapping[int, Periods]
    zone: str = CHICAGO.key
    on_call: bool = False
    branch: str = ""


_AGENTS = (
    _DemoAgent("Dana Whitfield", (HOME, CARDS), ("en", "es"), _DAY, on_call=True),
    _DemoAgent("Marcus Bell", (HOME, WEALTH), ("en",), _DAY, on_call=True),
    _DemoAgent("Rosa Delgado", (CARDS, HOME), ("en", "es"), _EARLY),
    _DemoAgent("Kevin Stroud", (BUSINESS,), ("en",), _DAY, branch="Lakefront"),
    _DemoAgent("Peter Novak", (HOME, BUSINESS), ("en", "pl"), _LATE),
    _DemoAgent(
        "Hannah Brandt",
        (WEALTH,),
        ("en",),
        _FOUR_SHORT,
        "America/Denver",
        branch="Union Station",
    ),
    _DemoAgent("Owen Park", (CARDS,), ("en",), _LATE, on_call=True),
    _DemoAgent("Luis Herrera", (CARDS, BUSINESS), ("en", "es"), _DAY, on_call=True),
    _DemoAgent("Elena Marquez", (WEALTH, HOME), ("en", "es"), _DAY, "America/New_York"),
    _DemoAgent("Noor Aziz", (CARDS, BUSINESS), ("en",), _FOUR_LONG),
    _DemoAgent("Tomasz Nowak", (CARDS, BUSINESS), ("en", "pl"), _EARLY),
    _DemoAgent("Ewa Kowalska", (HOME, CARDS), ("en", "pl"), _MORNINGS),
)
ON_HOLIDAY = "Ewa Kowalska"

_OVERSEERS = (
    ("Priya Raman", Role.BOOKING_MANAGER),
    ("Tom Okafor", Role.MANAGER),
    ("Grace Lindqvist", Role.ADMINISTRATOR),
    ("Simone Achebe", Role.SUPER_ADMIN),
)


@dataclass(frozen=True, slots=True)
class _DemoTopic:
    """An Answer of the demo; durations in minutes."""

    title: str
    description: str
    queue: str
    length: int
    before: int
    after: int
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    documents: tuple[str, ...]


_VIDEO, _PHONE, _BRANCH = Channel.VIDEO, Channel.PHONE, Channel.BRANCH
_TOPICS = (
    _DemoTopic(
        "Mortgage advice",
        "Buying a home: what you can borrow, which loan fits, and what comes next.",
        HOME,
        30,
        0,
        10,
        ("en", "es", "pl"),
        (_VIDEO, _PHONE, _BRANCH),
        ("Photo ID", "Your last two pay slips", "The price of the home, if known"),
    ),
    _DemoTopic(
        "Refinance or renew a mortgage",
        "Compare your present loan with today's rates.",
        HOME,
        45,
        0,
        10,
        ("en", "es"),
        (_VIDEO, _BRANCH),
        ("Photo ID", "Your latest mortgage statement", "Your home insurance policy"),
    ),
    _DemoTopic(
        "Open an account",
        "Become a member, or add a checking or savings account.",
        CARDS,
        30,
        0,
        5,
        ("en", "es", "pl"),
        (_VIDEO, _BRANCH),
        ("Photo ID", "Proof of address, not older than three months"),
    ),
    _DemoTopic(
        "Lost card or a charge you do not know",
        "Block a card, get a new one, or dispute a charge.",
        CARDS,
        15,
        0,
        0,
        ("en", "es", "pl"),
        (_PHONE, _VIDEO),
        ("The last four digits of the card",),
    ),
    _DemoTopic(
        "Open a business account",
        "Accounts, cards and payments for your company.",
        BUSINESS,
        45,
        0,
        15,
        ("en", "es", "pl"),
        (_VIDEO, _BRANCH),
        ("Photo ID of every owner", "Employer Identification Number", "Bylaws"),
    ),
    _DemoTopic(
        "Business loan",
        "Equipment, vehicles, premises or working capital.",
        BUSINESS,
        60,
        5,
        15,
        ("en", "es"),
        (_VIDEO, _BRANCH),
        ("Tax returns of the last two years", "A short plan for the money"),
    ),
    _DemoTopic(
        "Retirement check-up",
        "IRA, 401(k) and Social Security: are you on course?",
        WEALTH,
        45,
        0,
        10,
        ("en", "es"),
        (_VIDEO, _PHONE, _BRANCH),
        ("Statements of your retirement accounts",),
    ),
    _DemoTopic(
        "Investment review",
        "A yearly look at your goals, risk and costs.",
        WEALTH,
        60,
        5,
        15,
        ("en",),
        (_VIDEO, _BRANCH),
        ("Statements of your investments",),
    ),
)


def demo_bank(now: datetime, chance: random.Random) -> Roster:
    """Return the demo's roster on the day of ``now``.

    One agent is on holiday. On a weekend a few agents work, so that the demo is not
    empty.
    """
    today = now.astimezone(CHICAGO).date()
    queues = {
        name: Queue(
            id=seeded_demo_id(chance),
            name=name,
            translations=demo_queue_translations(name),
        )
        for name in QUEUES
    }
    answers = [_answer(topic, queues, chance) for topic in _TOPICS]
    people = [
        *(_agent(agent, queues, today, chance) for agent in _AGENTS),
        *(_overseer(name, role, chance) for name, role in _OVERSEERS),
    ]
    return Roster(
        institution=Institution(
            name="Harbor Federal Credit Union",
            tagline="Talk with us face to face, from wherever you are.",
            phone="312 555 0142",
            zone=CHICAGO,
            country="US",
            revision=1,
            translations=demo_tagline_translations(),
        ),
        holidays=_holidays(today),
        queues={queue.id: queue for queue in queues.values()},
        languages=LANGUAGES,
        answers={answer.id: answer for answer in answers},
        people={person.id: person for person in people},
        branches={branch.id: branch for branch in DEMO_BRANCHES},
        branch_holidays={
            DEMO_BRANCHES[-1].id: {today + timedelta(days=9): "Building works"}
        },
    )


def seeded_demo_id(chance: random.Random) -> UUID:
    """Return a random UUID from ``chance``; the same seed gives the same UUIDs."""
    return UUID(int=chance.getrandbits(128), version=4)


def demo_staff_address(name: str) -> str:
    """Return the email address for a staff member with this name."""
    return f"{name.split(maxsplit=1)[0].lower()}@{DOMAIN}"


def _holidays(today: date) -> dict[date, str]:
    years = range(today.year - 1, today.year + 3)
    dates = holidays.country_holidays("US", years=years)
    return {day: dates[day] for day in sorted(dates)}


def _answer(
    topic: _DemoTopic, queues: Mapping[str, Queue], chance: random.Random
) -> Answer:
    return Answer(
        id=seeded_demo_id(chance),
        title=topic.title,
        description=topic.description,
        queue_id=queues[topic.queue].id,
        schedulable=True,
        duration=timedelta(minutes=topic.length),
        buffer_before=timedelta(minutes=topic.before),
        buffer_after=timedelta(minutes=topic.after),
        languages=topic.languages,
        channels=topic.channels,
        documents=topic.documents,
        translations=demo_topic_translations(topic.title),
    )


def _agent(
    agent: _DemoAgent, queues: Mapping[str, Queue], today: date, chance: random.Random
) -> Person:
    weekend = today.weekday() not in range(5)
    zone = ZoneInfo(agent.zone)
    return Person(
        id=seeded_demo_id(chance),
        name=agent.name,
        email=demo_staff_address(agent.name),
        active=True,
        roles=frozenset({Role.AGENT}),
        queues=frozenset(queues[name].id for name in agent.queues),
        languages=frozenset(agent.languages),
        branches=frozenset(it.id for it in DEMO_BRANCHES if it.name == agent.branch),
        hours=AgentHours(
            zone=zone,
            weekly=agent.weekly,
            exceptions={today: _WEEKEND_DUTY} if weekend and agent.on_call else {},
            time_off=_time_off(today, zone) if agent.name == ON_HOLIDAY else (),
        ),
    )


def _time_off(today: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    first, last = today - timedelta(days=2), today + timedelta(days=7)
    return (Interval(local_midnight(first, zone), local_midnight(last, zone)),)


def _overseer(name: str, role: Role, chance: random.Random) -> Person:
    return Person(
        id=seeded_demo_id(chance),
        name=name,
        email=demo_staff_address(name),
        active=True,
        roles=frozenset({role}),
        queues=frozenset(),
        languages=frozenset({"en"}),
        hours=AgentHours(zone=CHICAGO, weekly={}),
    )
