"""Explain to customers why a day has no open start."""

from datetime import date, timedelta

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.search import Rules, Slots
from invo_booking.domain.wall import days_of
from invo_booking.texts import say
from invo_booking.usecases.slots import availability
from invo_booking.usecases.slots.question import SlotQuestion

SATURDAY = 5
FULL = "slots.day.full"
_CLOSED = "slots.day.closed"


def days_without_starts(
    question: SlotQuestion, window: Interval, slots: Slots
) -> dict[date, str]:
    """Return the dates without an open start, each with the reason to show customers.

    Past dates and dates beyond the horizon are left out. Dates that are only partly in
    the window are left out too, unless a rule closes the entire date.

    Args:
        question: A slot question under the rules for customers.
        window: Span of the dates to explain, in UTC.
        slots: All open slots in the window.
    """
    days = {
        day: _reason_of_rules(question.rules, day) or _why(question, window, day)
        for day in _bookable_days(question.rules, window, slots)
    }
    return {day: why for day, why in days.items() if why}


def days_closed_by_rules(
    question: SlotQuestion, window: Interval, slots: Slots
) -> dict[date, str]:
    """Return the dates that a rule closes entirely, each with the reason.

    The result is a part of the result of ``days_without_starts``. To be fast for many
    branches, this function does not evaluate the agents' days.
    """
    days = {
        day: _reason_of_rules(question.rules, day)
        for day in _bookable_days(question.rules, window, slots)
    }
    return {day: why for day, why in days.items() if why}


def _reason_of_rules(rules: Rules, day: date) -> str:
    """Return the reason why a rule closes an entire date; empty if no rule does."""
    if day in rules.holidays:
        return say("slots.day.holiday", name=rules.holidays[day])
    if rules.weekends_off and day.weekday() >= SATURDAY:
        return say("slots.day.weekend")
    if rules.opening is not None and day.weekday() not in dict(rules.opening):
        return say("slots.day.not_open")
    is_over = _span(rules, day).end <= rules.earliest
    return say("slots.day.too_soon") if is_over else ""


def _bookable_days(rules: Rules, window: Interval, slots: Slots) -> list[date]:
    open_days = slots.days(rules.zone)
    first = rules.now.astimezone(rules.zone).date()
    return [
        day
        for day in days_of(window, rules.zone)
        if day not in open_days
        and day >= first
        and availability.plain_midnight(day, rules.zone) < rules.latest
    ]


def _span(rules: Rules, day: date) -> Interval:
    return Interval(
        availability.plain_midnight(day, rules.zone),
        availability.plain_midnight(day + timedelta(days=1), rules.zone),
    )


def _why(question: SlotQuestion, window: Interval, day: date) -> str:
    rules, whole = question.rules, _span(question.rules, day)
    if window.start > max(whole.start, rules.now) or window.end < whole.end:
        return ""
    is_full = any(
        all(reason.rule in _BY_OTHERS for reason in it.reasons)
        for it in question.survey(whole)
    )
    return say(FULL if is_full else _CLOSED)


_BY_OTHERS = availability.TAKEN | {ClosingRule.PAST, ClosingRule.DISABLED_WINDOW}
"""Rules that close a start although agents are on duty."""
