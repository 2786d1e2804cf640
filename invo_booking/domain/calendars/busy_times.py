"""Prepare the busy times of an outside calendar for storage."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.outside import Availability
from invo_booking.domain.interval import Interval, merge_intervals, subtract_intervals

_DAY = timedelta(days=1)


def without_echo(
    busy: Iterable[Interval], own: Iterable[Collection[Interval]]
) -> list[Interval]:
    """Return the busy times of a calendar without the entries the product wrote.

    Of several entries with the same span, only as many are removed as the product
    wrote.

    Args:
        busy: One span for each entry of the calendar.
        own: For each appointment, the possible spans of its entry, the likeliest first.
            There can be several, since the entry may have been moved while the calendar
            was read.
    """
    left = Counter(busy)
    for places in own:
        echo = next((place for place in places if left[place]), None)
        if echo is not None:
            left[echo] -= 1
    return sorted(left.elements())


def echo_places(*looks: Mapping[UUID, Interval]) -> list[list[Interval]]:
    """Return the possible spans of each appointment's entry, for ``without_echo``.

    Args:
        looks: Span of each appointment's entry, by appointment; one mapping for each of
            several instants, the latest first.
    """
    known = dict.fromkeys(it for look in looks for it in look)
    return [[look[it] for look in looks if it in look] for it in known]


def without_own_time(
    busy: Iterable[Interval], *looks: Mapping[UUID, Interval]
) -> list[Interval]:
    """Return busy times without the time of entries that Invo Booking wrote.

    This is for providers that report merged busy times. Time that other entries share
    with the product's entries is removed as well, but the agent is busy then anyway
    because of the appointment.

    Args:
        busy: Busy times, each of which may cover several entries.
        looks: Span of each appointment's entry, by appointment; one mapping for each of
            several instants. Only an entry with the same span at all instants is
            certain to be in ``busy``, so only the time of such entries is removed.
    """
    first, *others = looks
    own = [
        span
        for name, span in first.items()
        if all(look.get(name) == span for look in others)
    ]
    return [rest for span in busy for rest in subtract_intervals(span, own)]


def without_own_entries(
    answer: Availability, *looks: Mapping[UUID, Interval]
) -> list[Interval]:
    """Return a mailbox's busy times without the entries the product wrote.

    Args:
        answer: The busy times as the provider reported them.
        looks: Span of each appointment's entry, by appointment; one mapping for each of
            several instants, the latest first.
    """
    if answer.is_merged:
        return without_own_time(answer.busy, *looks)
    return without_echo(answer.busy, echo_places(*looks))


def merge_by_day(spans: Iterable[Interval]) -> frozenset[Interval]:
    """Return the union of spans, cut at each midnight UTC, as the fewest spans."""
    return frozenset(piece for span in merge_intervals(spans) for piece in _days(span))


def replace_window(
    before: Iterable[Interval], window: Interval, reported: Iterable[Interval]
) -> list[Interval]:
    """Return the known spans, with those inside ``window`` replaced by ``reported``."""
    outside = [rest for span in before for rest in subtract_intervals(span, [window])]
    return [*outside, *clip_spans(reported, window)]


def clip_spans(spans: Iterable[Interval], window: Interval) -> Iterator[Interval]:
    """Yield the parts of spans that lie within a window."""
    for span in spans:
        if span.overlaps(window):
            yield Interval(max(span.start, window.start), min(span.end, window.end))


def widen_to_days(window: Interval) -> Interval:
    """Return the smallest window of whole UTC days that contains ``window``."""
    start, end = _midnight(window.start), _midnight(window.end)
    return Interval(start, end if end == window.end else end + _DAY)


def _days(span: Interval) -> Iterator[Interval]:
    start = span.start
    while (night := _midnight(start) + _DAY) < span.end:
        yield Interval(start, night)
        start = night
    yield Interval(start, span.end)


def _midnight(instant: datetime) -> datetime:
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)
