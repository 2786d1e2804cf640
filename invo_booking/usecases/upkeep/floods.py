"""Detect queues that are being filled up with unconfirmed requests.

The open starts of every queue in use are counted each minute. If half of those of the
last ten minutes are gone and unconfirmed requests explain it, administrators are mailed
and requests for that queue need more work until it is over. Nothing is refused.
"""

from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.persistence.upkeep.floods import UnconfirmedLoad
from invo_booking.settings import general, time
from invo_booking.texts import say
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.slots import offers
from invo_booking.usecases.slots.availability import SlotRequest
from invo_booking.usecases.slots.question import SlotQuestion

WITHIN = timedelta(minutes=10)
LASTS = timedelta(minutes=10)
"""A flood ends after this time unless it is seen again."""

QUIET = timedelta(minutes=4)
"""Interval of measurements of queues without recent requests."""

FEWEST_REQUESTS = 10
"""Fewest unconfirmed requests within ten minutes that can be a flood."""

FURTHEST = timedelta(days=93)

_TEXT = "upkeep.floods.mail_body"


def watch_queues(deps: Deps) -> None:
    """Measure the queues, and mail administrators about those that fall by half.

    Concurrent runs mail administrators once.
    """
    now = deps.now()
    with deps.unit_of_work() as work:
        if not work.is_set_up:
            return
        load = work.floods.unconfirmed_load_since(now - WITHIN)
        noted = work.floods.open_starts_since(now - WITHIN)
        for queue in _public_queues(work):
            before = noted.get(queue, [])
            if queue in load or not before or before[-1][0] <= now - QUIET:
                after = open_starts(work, queue, now)
                work.floods.record_open_starts(queue, after, now)
                _judge(deps, work, queue, [it for _, it in before], after)
        work.floods.forget(now - WITHIN)
    deps.wake()


def flooded_queues(work: UnitOfWork, now: datetime) -> list[str]:
    """Return the names of queues that are being filled up, in order."""
    return sorted(work.roster.queue_name(it) for it in work.floods.current(now))


def open_starts(work: UnitOfWork, queue: UUID, now: datetime) -> int:
    """Return the number of starts open to the public in a queue.

    A start counts once for each of ``bookable_requests``.
    """
    count = 0
    for one in bookable_requests(work, queue):
        question = SlotQuestion.of_public(work, one, now)
        count += len(question.open(Interval(now, now + FURTHEST)))
    return count


def bookable_requests(work: UnitOfWork, queue: UUID) -> set[SlotRequest]:
    """Return the bookable combinations of language, length and buffers of a queue."""
    return {
        offers.slot_request(answer, work.settings, language)
        for answer in work.roster.answers.values()
        if answer.schedulable and answer.queue_id == queue
        for language in answer.languages
    }


def has_fallen(before: int, after: int, load: UnconfirmedLoad, each: float) -> bool:
    """Whether half of the open starts are gone because of requests.

    Requests must explain half of the loss; otherwise the cause is something else, such
    as a closed day.

    Args:
        before: Highest recent number of open starts.
        after: Current number of open starts.
        load: Load of unconfirmed requests.
        each: Most starts that one held hour takes away.
    """
    gone = before - after
    accounted = each * (load.time / timedelta(hours=1))
    is_half = after * 2 <= before and gone > 0
    return is_half and load.requests >= FEWEST_REQUESTS and accounted * 2 >= gone


def _public_queues(work: UnitOfWork) -> list[UUID]:
    if not work.settings[general.PUBLIC_SCHEDULING]:
        return []
    answers = work.roster.answers.values()
    queues = {it.queue_id for it in answers if it.schedulable}
    return sorted(queues & work.roster.queues.keys())


def _judge(
    deps: Deps, work: UnitOfWork, queue: UUID, before: list[int], after: int
) -> None:
    now = deps.now()
    load = work.floods.unconfirmed_load_since(now - WITHIN).get(
        queue, UnconfirmedLoad(0, timedelta())
    )
    highest = max(before, default=0)
    if has_fallen(highest, after, load, _requests_for_an_hour(work, queue)):
        if work.floods.begin(queue, now, now + LASTS):
            _alarm_administrators(deps, work, queue, (highest, after), load)
    elif load.requests < FEWEST_REQUESTS:
        return
    if queue in work.floods.current(now):
        work.floods.extend(queue, now + LASTS)


def _requests_for_an_hour(work: UnitOfWork, queue: UUID) -> float:
    """One hour takes its own starts, and as many that would reach into it."""
    starts = timedelta(hours=1) / work.settings[time.INTERVAL]
    return 2 * starts * len(bookable_requests(work, queue))


def _alarm_administrators(
    deps: Deps,
    work: UnitOfWork,
    queue: UUID,
    fall: tuple[int, int],
    load: UnconfirmedLoad,
) -> None:
    name = work.roster.queue_name(queue)
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
