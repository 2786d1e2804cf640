"""Check opening hours that an administrator typed, and describe them."""

from invo_booking.domain import week
from invo_booking.domain.opening import OpeningHours, opening_hours
from invo_booking.domain.week import DrawnPeriod
from invo_booking.texts import say
from invo_booking.usecases.admin.staff_drafts import MOST_PERIODS
from invo_booking.usecases.shared.audit import Facts
from invo_booking.usecases.shared.fields import Problems

DrawnWeek = tuple[DrawnPeriod, ...]
"""A week as an administrator drew it; opening hours name no branch."""


def opening_of_draft(problems: Problems, drawn: DrawnWeek) -> OpeningHours:
    """Return the opening hours of a draft; empty for no bound."""
    if len(drawn) > MOST_PERIODS:
        problems.add(
            "hours",
            say("admin.opening_drafts.too_many_periods", most_periods=MOST_PERIODS),
        )
        return ()
    weekly = problems.read("hours", lambda: week.normalize_week(drawn), {})
    return opening_hours(weekly)


def drawn_week(opening: OpeningHours) -> DrawnWeek:
    """Return opening hours as an administrator draws them."""
    return tuple((day, *period) for day, periods in opening for period in periods)


def opening_facts(opening: OpeningHours) -> Facts:
    """Return opening hours for the audit log."""
    return {week.weekday_name(day): week.periods_in_words(it) for day, it in opening}
