"""Why a day has no open start, in the few words customers read."""

from datetime import date, timedelta
from uuid import UUID

from invo_booking.domain.interval import Interval
from invo_booking.domain.reasons import Rule
from invo_booking.domain.slots import Group, Rules, Slots
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases import availability, offers
from invo_booking.usecases.deps import Deps

SATURDAY = 5
FULL = "Fully booked"
_CLOSED = "Closed that day"


def shut_days(
    deps: Deps,
    answer_id: UUID,
    language: str,
    window: Interval,
    slots: Slots,
) -> dict[date, str]:
    """Return why institution dates that can be booked in principle have nothing open.

    Past dates and those beyond the horizon are left out.

    Args:
        deps: The product's parts.
        answer_id: What is asked for.
        language: ISO 639-1 code.
        window: Dates to look at, in UTC.
        slots: What is open in it; dates with some need no words.

    Raises:
        InvalidInputError: If the Answer cannot be booked so.
    """
    with deps.unit_of_work() as work:
        answer = offers.schedulable_answer(work.roster, answer_id, language)
        wanted = offers.wanted_for(answer, work.settings, language)
        rules = availability.rules_for(
            work.roster, work.settings, wanted, deps.now(), public=True
        )
        open_days = slots.days(rules.zone)
        first = rules.now.astimezone(rules.zone).date()
        return {
            day: _why(work, rules, wanted.group, day)
            for day in availability.days_of(window, rules.zone)
            if day not in open_days
            and day >= first
            and availability.midnight(day, rules.zone) < rules.latest
        }


def _why(work: UnitOfWork, rules: Rules, group: Group, day: date) -> str:
    if day in rules.holidays:
        return f"Closed for {rules.holidays[day]}"
    if rules.weekends_off and day.weekday() >= SATURDAY:
        return "Closed at the weekend"
    window = Interval(
        availability.midnight(day, rules.zone),
        availability.midnight(day + timedelta(days=1), rules.zone),
    )
    if window.end <= rules.earliest:
        return "Too soon to book"
    with work.book(window, rules.now) as book:
        found = book.survey(rules, group, window)
    is_full = any(
        all(reason.rule in _BY_OTHERS for reason in it.reasons) for it in found
    )
    return FULL if is_full else _CLOSED


_BY_OTHERS = availability.TAKEN | {Rule.PAST, Rule.DISABLED_WINDOW}
"""Rules that close a start on which somebody works."""
