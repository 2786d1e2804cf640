"""Show the progress of an appointment as a row of points."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.appointment import Appointment, Channel, Phase
from invo_booking.texts import say
from invo_booking.usecases.booking.manage import Visit
from invo_booking.web.kit.text import times


@dataclass
class PointView:
    """A point of the timeline; ``kind`` is ``past``, ``now``, ``later`` or ``gone``."""

    name: str
    when: str
    kind: str
    spoken: str


def visit_timeline(visit: Visit, zone: ZoneInfo, locale: Locale) -> list[PointView]:
    """Return the points requested, confirmed, join and done.

    If the appointment was cancelled or expired, that event is the last point.
    """
    appointment, seen = visit.appointment, visit.seen_at

    def in_words(at: datetime | None) -> str:
        return times.moment_text(at, seen, zone, locale)

    points = [
        _point_view(
            say("customer.progress.requested"),
            in_words(appointment.requested_at),
            "past",
        )
    ]
    if visit.phase in {Phase.EXPIRED, Phase.CANCELLED}:
        expired = visit.phase is Phase.EXPIRED
        last = _point_view(
            say("customer.progress.expired"), in_words(appointment.confirm_by), "gone"
        )
        cancelled = _point_view(say("customer.progress.cancelled"), "", "gone")
        points = _with_confirmation(appointment, points, in_words)
        return [*points, last if expired else cancelled]
    is_confirmed = visit.phase is not Phase.REQUESTED
    by = in_words(appointment.confirm_by)
    points.append(
        _point_view(
            say("customer.progress.confirmed"),
            in_words(appointment.confirmed_at),
            "past",
        )
        if is_confirmed
        else _point_view(
            say("customer.progress.confirm"),
            say("customer.progress.confirm_by", by=by) if by else "",
            "now",
        )
    )
    starts = appointment.starts_at  # the page shows the day of the appointment above
    begins = _beginning_text(visit, zone, locale)
    ends = times.moment_text(appointment.ends_at, starts, zone, locale)
    return [*points, *_points_ahead(visit, begins, ends)]


def _beginning_text(visit: Visit, zone: ZoneInfo, locale: Locale) -> str:
    """Return when the call can be joined; without a room, the start."""
    starts = visit.appointment.starts_at
    if not visit.has_room:
        return times.moment_text(starts, starts, zone, locale)
    opens = times.moment_text(visit.joinable_from, starts, zone, locale)
    return say("customer.progress.join_from", opens=opens)


def _points_ahead(visit: Visit, begins: str, ends: str) -> list[PointView]:
    name = say(_MEETINGS[visit.appointment.channel])
    if visit.phase is Phase.COMPLETED:
        return [
            _point_view(name, "", "past"),
            _point_view(say("customer.progress.done"), ends, "past"),
        ]
    if visit.phase is Phase.NO_SHOW:
        return [_point_view(say("customer.progress.missed"), "", "gone")]
    if visit.phase is Phase.ENDED:
        return [_point_view(say("customer.progress.over"), ends, "past")]
    kind = "later" if visit.phase is Phase.REQUESTED else "now"
    joined = visit.phase is Phase.IN_CALL
    first = _point_view(
        say("customer.progress.joined") if joined else name,
        "" if joined else begins,
        "past" if joined else kind,
    )
    return [
        first,
        _point_view(say("customer.progress.done"), ends, "now" if joined else "later"),
    ]


_MEETINGS = {
    Channel.VIDEO: "customer.progress.join",
    Channel.PHONE: "customer.progress.call",
    Channel.BRANCH: "customer.progress.visit",
}


def _with_confirmation(
    appointment: Appointment,
    points: list[PointView],
    in_words: Callable[[datetime | None], str],
) -> list[PointView]:
    if appointment.confirmed_at is None:
        return points
    return [
        *points,
        _point_view(
            say("customer.progress.confirmed"),
            in_words(appointment.confirmed_at),
            "past",
        ),
    ]


def _point_view(name: str, when: str, kind: str) -> PointView:
    spoken = {
        "past": say("customer.progress.spoken_past"),
        "now": say("customer.progress.spoken_now"),
        "later": say("customer.progress.spoken_later"),
        "gone": "",
    }
    return PointView(name=name, when=when, kind=kind, spoken=spoken[kind])
