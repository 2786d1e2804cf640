"""Detect when a queue is being filled up with unconfirmed requests (a flood).

Every minute, the open starts of each queue are counted: those of its calls, and those
of its visits at each branch. A flood begins if, for calls or at one branch, half of the
starts counted within the last ten minutes are gone, and unconfirmed requests explain
the loss. Administrators are mailed then. Until the flood is over, requests for that
queue need a harder proof of work. No request is refused.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from invo_booking.domain.appointment import Channel
from invo_booking.domain.institution import Answer
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.floods import QueuePlace, UnconfirmedLoad
from invo_booking.settings import general, time
from invo_booking.texts import say
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import offers
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion

WITHIN = timedelta(minutes=10)
LASTS = timedelta(minutes=10)
"""Time without new signs of a flood after which the flood is over."""

QUIET = timedelta(minutes=4)
"""Minimum interval between two counts at a place (calls, or a branch) that has no
recent requests."""

FEWEST_REQUESTS = 10
"""Minimum number of unconfirmed requests within ten minutes that can be a flood."""

FURTHEST = timedelta(days=93)

_TEXT = "upkeep.floods.mail_body"


def watch_queues(deps: Deps) -> None:
    """Count the open starts of all queues, and mail administrators about new floods.

    Concurrent runs mail administrators only once.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        if not work.is_set_up:
            return
        load = work.floods.unconfirmed_load_since(now - WITHIN)
        noted = work.floods.open_starts_since(now - WITHIN)
        for place in _public_places(work):
            before, here = noted.get(place, []), _load_at(load, place)
            if here.requests or not before or before[-1][0] <= now - QUIET:
                after = count_open_starts(work, place, now)
                work.floods.record_open_starts(place, after, now)
                highest = max((it for _, it in before), default=0)
                _judge(deps, work, place, (highest, after), here)
        work.floods.forget(now - WITHIN)
    deps.wake()


def flooded_queues(work: UnitOfWork, now: datetime) -> list[str]:
    """Return the names of flooded queues, in alphabetical order."""
    return sorted(work.roster.queue_name(it) for it in work.floods.current(now))


def count_open_starts(work: UnitOfWork, place: QueuePlace, now: datetime) -> int:
    """Return the number of starts that are open to customers at a place.

    A start counts once for each of the ``bookable_requests`` for which it is open.
    """
    count = 0
    for one in bookable_requests(work, place):
        question = SlotQuestion.of_public(work, one, now)
        count += len(question.open(Interval(now, now + FURTHEST)))
    return count


def bookable_requests(work: UnitOfWork, place: QueuePlace) -> set[SlotRequest]:
    """Return the slot requests that customers can make at a place."""
    return {
        offers.slot_request(answer, work.settings, language, place.branch_id)
        for answer in work.roster.answers.values()
        if answer.schedulable
        and answer.queue_id == place.queue_id
        and _is_held_at(answer, place)
        for language in answer.languages
    }


def _is_held_at(answer: Answer, place: QueuePlace) -> bool:
    """Whether an Answer is offered as calls or, if the place is a branch, as visits."""
    is_visit = place.branch_id is not None
    return any((it is Channel.BRANCH) is is_visit for it in answer.channels)


def has_fallen(before: int, after: int, load: UnconfirmedLoad, each: float) -> bool:
    """Whether half of the open starts are gone because of unconfirmed requests.

    The requests must explain at least half of the missing starts. Otherwise the cause
    is something else, such as a new closed day.

    Args:
        before: Highest recent number of open starts.
        after: Current number of open starts.
        load: Number and total length of recent unconfirmed requests.
        each: Maximum number of starts that one hour of held appointments closes.
    """
    gone = before - after
    accounted = each * (load.time / timedelta(hours=1))
    is_half = after * 2 <= before and gone > 0
    return is_half and load.requests >= FEWEST_REQUESTS and accounted * 2 >= gone


def _public_places(work: UnitOfWork) -> list[QueuePlace]:
    """Return the places where customers can book, as calls or at a branch."""
    if not work.settings[general.PUBLIC_SCHEDULING]:
        return []
    branches = (None, *(it.id for it in work.roster.open_branches))
    queues = sorted(work.roster.queues)
    places = (QueuePlace(queue, branch) for queue in queues for branch in branches)
    return [it for it in places if bookable_requests(work, it)]


def _load_at(
    load: Mapping[QueuePlace, UnconfirmedLoad], place: QueuePlace
) -> UnconfirmedLoad:
    """Return the load of the unconfirmed requests that can close starts at a place.

    For calls, these are all requests of the queue. For a branch, these are calls and
    visits to this branch, because visits to other branches hardly affect the agents of
    this branch.
    """
    here = [
        one
        for it, one in load.items()
        if it.queue_id == place.queue_id
        and (place.branch_id is None or it.branch_id in {None, place.branch_id})
    ]
    return UnconfirmedLoad(
        sum(it.requests for it in here), sum((it.time for it in here), timedelta())
    )


def _judge(
    deps: Deps,
    work: UnitOfWork,
    place: QueuePlace,
    fall: tuple[int, int],
    load: UnconfirmedLoad,
) -> None:
    now, queue = deps.now(), place.queue_id
    if has_fallen(*fall, load, _requests_for_an_hour(work, place)):
        if work.floods.begin(queue, now, now + LASTS):
            _alarm_administrators(deps, work, place, fall, load)
    elif load.requests < FEWEST_REQUESTS:
        return
    if queue in work.floods.current(now):
        work.floods.extend(queue, now + LASTS)


def _requests_for_an_hour(work: UnitOfWork, place: QueuePlace) -> float:
    """Return how many starts one hour of held appointments closes.

    These are the starts in this hour, and an equal number of earlier starts whose
    appointments would reach into the hour.
    """
    starts = timedelta(hours=1) / work.settings[time.INTERVAL]
    return 2 * starts * len(bookable_requests(work, place))


def _alarm_administrators(
    deps: Deps,
    work: UnitOfWork,
    place: QueuePlace,
    fall: tuple[int, int],
    load: UnconfirmedLoad,
) -> None:
    branch = work.roster.branches.get(place.branch_id) if place.branch_id else None
    queue = work.roster.queue_name(place.queue_id)
    name = f"{queue}, {branch.name}" if branch else queue
    before, after = fall
    text = say(
        _TEXT,
        queue=name,
        before=before,
        after=after,
        requests=load.requests,
        hours=round(load.time / timedelta(hours=1)),
        page=f"{deps.config.public_url.rstrip('/')}/settings/general",
    )
    subject = say("upkeep.floods.mail_subject", name=name)
    notices.notify_administrators(work, subject, text, deps.now())
