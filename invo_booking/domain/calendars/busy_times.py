"""What an outside calendar says of an agent's time, made fit to be kept."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.interval import Interval, merge_intervals, subtract_intervals

_DAY = timedelta(days=1)


def without_echo(
    busy: Iterable[Interval], own: Iterable[Collection[Interval]]
) -> list[Interval]:
    """Return the entries of a calendar without those we wrote there ourselves.

    Of entries that are alike, as many stay as somebody else has made.

    Args:
        busy: One span for each entry.
        own: For each appointment of ours, where its entry may stand, the likeliest
            place first: it may have been moved, or removed, while we asked.
    """
    left = Counter(busy)
    for places in own:
        found = next((place for place in places if left[place]), None)
        if found is not None:
            left[found] -= 1
    return sorted(left.elements())


def echo_places(*looks: Mapping[UUID, Interval]) -> list[list[Interval]]:
    """Return for each appointment where its entry may have stood, for ``without_echo``.

    Args:
        looks: Where it stood by what we knew at several instants, the latest first.
    """
    known = dict.fromkeys(it for look in looks for it in look)
    return [[look[it] for look in looks if it in look] for it in known]


def merge_by_day(spans: Iterable[Interval]) -> frozenset[Interval]:
    """Return the same instants as the fewest spans within one day of UTC each."""
    return frozenset(piece for span in merge_intervals(spans) for piece in _days(span))


def replace_window(
    before: Iterable[Interval], window: Interval, told: Iterable[Interval]
) -> list[Interval]:
    """Return what is known once a window was looked at again."""
    outside = [rest for span in before for rest in subtract_intervals(span, [window])]
    return [*outside, *clip_spans(told, window)]


def clip_spans(spans: Iterable[Interval], window: Interval) -> Iterator[Interval]:
    """Yield what of the spans lies within a window."""
    for span in spans:
        if span.overlaps(window):
            yield Interval(max(span.start, window.start), min(span.end, window.end))


def widen_to_days(window: Interval) -> Interval:
    """Return the window, widened to midnights of UTC."""
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
