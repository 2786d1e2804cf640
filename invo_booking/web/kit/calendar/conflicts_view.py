"""Texts about conflicts with the host calendar, and what staff can decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from invo_booking.texts import say
from invo_booking.usecases.staff.calendar import Scope
from invo_booking.usecases.staff.host_conflicts import Conflict
from invo_booking.web.kit.calendar.place import Period, Place
from invo_booking.web.kit.text.words import ViewerContext

MOVED, DELETED = "moved", "deleted"


@dataclass
class ConflictView:
    """One appointment that conflicts with the host calendar.

    Attributes:
        kind: ``"moved"``, ``"deleted"`` or ``"refused"``; decides which buttons are
            shown.
        head: What happened.
        line: The appointment, described on one line.
        why: Why a decision is needed.
        href: URL that opens the appointment.
        label: Added to the accessible names of the buttons, to distinguish them from
            those of other conflicts.
    """

    id: str
    kind: str
    head: str
    line: str
    why: str
    href: str
    label: str


def conflict_views(
    conflicts: Sequence[Conflict], viewer: ViewerContext
) -> list[ConflictView]:
    """Return conflicts as they are shown."""
    return [_conflict_view(one, viewer) for one in conflicts]


def _conflict_view(one: Conflict, viewer: ViewerContext) -> ConflictView:
    day = viewer.day(one.starts_at)
    here = Place(scope=Scope.TEAM, period=Period.DAY, day=day)
    span = f"{_day_text(day, viewer)}, {viewer.clocks(one.starts_at, one.ends_at)}"
    who = (
        say("conflicts.with_agent", customer=one.customer, agent=one.agent)
        if one.agent
        else one.customer
    )
    return ConflictView(
        id=str(one.appointment_id),
        kind=one.kind,
        head=_heading_of(one, viewer),
        line=say("conflicts.line", title=one.title, who=who, span=span),
        why=one.sentence,
        href=f"{here.address}&a={one.appointment_id}",
        label=f"{one.title}, {one.customer}",
    )


def _heading_of(one: Conflict, viewer: ViewerContext) -> str:
    if one.kind == MOVED and one.wanted:
        there = one.wanted
        day = _day_text(viewer.day(there.start), viewer)
        return say(
            "conflicts.moved", day=day, time=viewer.clocks(there.start, there.end)
        )
    if one.kind == DELETED:
        return say("conflicts.deleted")
    return say("conflicts.refused")


def _day_text(day: date, viewer: ViewerContext) -> str:
    """Return a day as within a sentence: ``tomorrow``, or the date in words."""
    near = abs((day - viewer.today).days) <= 1
    return viewer.day_name(day).lower() if near else viewer.day_name(day)
