"""Represent half-open spans of time and compute unions and differences of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span of time ``[start, end)``.

    Attributes:
        start: First instant inside, in UTC.
        end: First instant outside, in UTC, later than ``start``.

    Raises:
        ValueError: If a bound is not in UTC, or the span is empty or reversed.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError(f"not in UTC: {self.start!s}..{self.end!s}")
        if self.start >= self.end:
            raise ValueError(f"empty or reversed: {self.start!s}..{self.end!s}")

    @property
    def duration(self) -> timedelta:
        """Length of the span."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether the spans share an instant; spans that only touch do not overlap."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Interval") -> bool:
        """Whether every instant of ``other`` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def widen(self, before: timedelta, after: timedelta) -> "Interval":
        """Return the span with time added before and after."""
        return Interval(self.start - before, self.end + after)


def merge_intervals(spans: Iterable[Interval]) -> list[Interval]:
    """Return the union of all spans as the fewest spans, earliest first.

    Source:
        RFC 5545 section 3.8.2.6: FREEBUSY periods "SHOULD be sorted in ascending
        order".
    """
    merged: list[Interval] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            last = merged.pop()
            merged.append(Interval(last.start, max(last.end, span.end)))
        else:
            merged.append(span)
    return merged


def subtract_intervals(span: Interval, busy: Sequence[Interval]) -> list[Interval]:
    """Return the parts of ``span`` that lie in no busy interval, earliest first."""
    free: list[Interval] = []
    cursor = span.start
    for busy_span in merge_intervals(b for b in busy if b.overlaps(span)):
        if cursor < busy_span.start:
            free.append(Interval(cursor, busy_span.start))
        cursor = busy_span.end
    if cursor < span.end:
        free.append(Interval(cursor, span.end))
    return free
