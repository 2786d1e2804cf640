"""Check and describe opening hours that an administrator entered."""

from invo_booking.domain import week
from invo_booking.domain.opening import OpeningHours, opening_hours
from invo_booking.domain.week import DrawnPeriod
from invo_booking.texts import say
from invo_booking.usecases.admin.staff_drafts import MOST_PERIODS
from invo_booking.usecases.shared.audit import Facts
from invo_booking.usecases.shared.fields import Problems

DrawnWeek = tuple[DrawnPeriod, ...]
"""The periods of a week as an administrator entered them, for all branches."""


def opening_of_draft(problems: Problems, drawn: DrawnWeek) -> OpeningHours:
    """Check the opening hours of a draft and return them; empty for no restriction."""
    if len(drawn) > MOST_PERIODS:
        problems.add(
            "hours",
            say("admin.opening_drafts.too_many_periods", most_periods=MOST_PERIODS),
        )
        return ()
    weekly = problems.read("hours", lambda: week.normalize_week(drawn), {})
    return opening_hours(weekly)


def drawn_week(opening: OpeningHours) -> DrawnWeek:
    """Return opening hours as periods, in the form that administrators enter."""
    return tuple((day, *period) for day, periods in opening for period in periods)


def opening_facts(opening: OpeningHours) -> Facts:
    """Return opening hours in words by weekday, for the audit log."""
    return {week.weekday_name(day): week.periods_in_words(it) for day, it in opening}
