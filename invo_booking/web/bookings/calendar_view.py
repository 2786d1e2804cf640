"""Convert the data of the calendar to the rows and vars of the page."""

from invo_booking.domain.moments import (
    earliest_moment,
    next_clock_change,
    next_midnight,
)
from invo_booking.web.bookings import grid, reasons, side_view
from invo_booking.web.bookings.packing import LISTED, STUCK, UNASSIGNED, CalendarRows
from invo_booking.web.bookings.reading import CalendarReading
from invo_booking.web.kit.calendar import place
from invo_booking.web.kit.calendar.personal_view import personal_calendar_view
from invo_booking.web.kit.text import words
from invo_booking.web.kit.text.moments import MomentView, moment_view


def calendar_rows(seen: CalendarReading) -> CalendarRows:
    """Return the page's data in the form of rows: appointments, lists and bands."""
    viewer = seen.viewer
    events = words.event_views(seen.board.events, viewer)
    waiting = words.event_views(seen.waiting, viewer)
    stuck = {str(one.id) for one in seen.waiting if one.unplaced}
    pools = {
        UNASSIGNED: [one for one in waiting if one.id not in stuck],
        STUCK: [one for one in waiting if one.id in stuck],
    }
    days = place.calendar_days_of(seen.where, viewer.locale)
    lists = {kind: words.day_views(some, viewer) for kind, some in pools.items()}
    return CalendarRows(
        origin=days[0].isoformat(),
        events=events,
        elsewhere=waiting,
        lists={LISTED: words.day_views(events, viewer, days), **lists},
        bands=[
            *reasons.calendar_band_views(seen.board, seen.closed, seen.shown, viewer),
            *reasons.calendar_conflict_bands(seen.board, seen.host_busy, viewer),
        ],
    )


def calendar_vars(seen: CalendarReading, rows: CalendarRows) -> dict[str, object]:
    """Return the values of all other vars of the page, by name."""
    where, board, viewer = seen.where, seen.board, seen.viewer
    catalogue = seen.greeting.catalogue
    heading = place.calendar_title(where, viewer.locale)
    stuck = sum(1 for one in seen.waiting if one.unplaced)
    offers = side_view.calendar_filter_offers(where, catalogue)
    return {
        "nav": side_view.calendar_nav_view(where, heading, catalogue, viewer),
        "mini": side_view.mini_calendar_month(where, catalogue, viewer),
        "strip": side_view.calendar_week_strip(where, catalogue, viewer),
        "chips": side_view.calendar_filter_chips(where, catalogue),
        "offers": offers,
        "has_many_offers": side_view.has_many_calendar_filters(offers),
        "grid": grid.calendar_grid_view(where, board, catalogue, viewer),
        "lanes": words.lane_views(board),
        "host_is_busy": bool(seen.host_busy),
        "personal": personal_calendar_view(
            seen.reader, seen.offered, where, board, viewer
        ),
        "subjects": reasons.subject_by_calendar_lane(board, seen.closed),
        "topics": reasons.calendar_topics_view(where, board, catalogue),
        "holidays": dict(board.holidays),
        "is_empty": not rows.lists[LISTED],
        "pool_count": len(seen.waiting) - stuck,
        "stuck_count": stuck,
        "summary": words.appointments_summary(board.events),
        "late_count": sum(1 for event in rows.events if event.late),
        "is_ready": True,
    }


def next_calendar_moment(seen: CalendarReading) -> MomentView:
    """Return the next instant at which the passing of time changes the page."""
    viewer = seen.viewer
    parts = (*seen.board.events, *seen.waiting, *seen.closed)
    midnight = next_midnight(viewer.now, viewer.zone)
    clock = next_clock_change(viewer.now, viewer.zone)  # moves the line of "now"
    instants = [midnight, clock, *(one.changes_at for one in parts)]
    return moment_view(earliest_moment(instants), viewer.now)
