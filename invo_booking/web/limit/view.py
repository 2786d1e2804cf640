"""Describe the choice of a customer who has the maximum of appointments."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.appointment import Appointment
from invo_booking.texts import count, say
from invo_booking.usecases.booking.limit_resolution import LimitPrompt, LimitStage
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.moments import MomentView, moment_view
from invo_booking.web.kit.text.names import CHANNELS


@dataclass
class EarlierView:
    """An earlier appointment, which the customer can cancel."""

    key: str = ""
    topic: str = ""
    day: str = ""
    clock: str = ""
    clocks: str = ""
    iso: str = ""
    channel: str = ""
    icon: str = "video"
    picked: bool = False


@dataclass
class LimitView:
    """The contents of the page."""

    stage: str = ""
    heading: str = ""
    lede: str = ""
    topic: str = ""
    day: str = ""
    clock: str = ""
    until: str = ""
    is_held: bool = False
    options: list[EarlierView] = field(default_factory=list[EarlierView])
    picked: EarlierView = field(default_factory=EarlierView)
    keep: str = ""
    zone: str = ""
    moment: MomentView = field(default_factory=MomentView)


def limit_view(
    prompt: LimitPrompt, picked: str, zone: ZoneInfo, locale: Locale
) -> LimitView:
    """Return the page in the reader's zone, with one appointment picked.

    A visit is shown in the zone of its branch. This zone is named if it differs from
    the zone of the page.
    """
    held = prompt.held
    zone = _own_zone(prompt, held, zone)
    start = held.starts_at.astimezone(zone)
    options = [
        _earlier_view(item, picked, (_own_zone(prompt, item, zone), zone), locale)
        for item in prompt.earlier
    ]
    if len(options) == 1:
        options[0].picked = True
    is_held = prompt.stage in {LimitStage.CHOOSE, LimitStage.FREE}
    return LimitView(
        stage=prompt.stage.value,
        heading=_heading_of(prompt),
        lede=_lede_of(prompt),
        topic=held.title,
        day=times.long_day_text(start.date(), locale),
        clock=times.clock_time_text(start, locale),
        until=times.moment_text(held.confirm_by, prompt.seen_at, zone, locale),
        is_held=is_held,
        options=options,
        picked=next((option for option in options if option.picked), EarlierView()),
        keep=_keep_label(prompt.count),
        zone=times.zone_label(zone, start),
        moment=moment_view(prompt.changes_at, prompt.seen_at),
    )


def _own_zone(prompt: LimitPrompt, item: Appointment, zone: ZoneInfo) -> ZoneInfo:
    """Return the zone of the branch for a visit, else ``zone``."""
    if not item.is_visit:
        return zone
    return times.browser_zone_of(prompt.zones.get(item.id, prompt.institution_zone))


def _earlier_view(
    item: Appointment, picked: str, zones: tuple[ZoneInfo, ZoneInfo], locale: Locale
) -> EarlierView:
    """Return an appointment in its own zone, named if it differs from the page's.

    Args:
        item: The appointment.
        picked: Id of the picked appointment.
        zones: The zone of the appointment, and the zone of the page.
        locale: Formats of dates and times.
    """
    zone, of_page = zones
    start, end = item.starts_at.astimezone(zone), item.ends_at.astimezone(zone)
    return EarlierView(
        key=str(item.id),
        topic=item.title,
        day=times.long_day_text(start.date(), locale),
        clock=times.clock_time_text(start, locale),
        clocks=times.clock_span_text(start, end, locale) + _zone_name(start, of_page),
        iso=start.isoformat(),
        channel=say(CHANNELS[item.channel]),
        icon=item.channel.value,
        picked=str(item.id) == picked,
    )


def _zone_name(start: datetime, of_page: ZoneInfo) -> str:
    """Return the short name of a zone; empty if its offset is that of the page."""
    if start.utcoffset() == start.astimezone(of_page).utcoffset():
        return ""
    return f" {times.zone_abbreviation(start)}"


def _heading_of(prompt: LimitPrompt) -> str:
    if prompt.stage is not LimitStage.CHOOSE:
        return say(_HEADINGS[prompt.stage])
    if prompt.is_overlap:
        return say("limit.heading.overlap")
    if prompt.per_day:
        return count("limit.heading.most_per_day", prompt.count)
    return count("limit.heading.most", prompt.count)


def _lede_of(prompt: LimitPrompt) -> str:
    if prompt.stage is not LimitStage.CHOOSE:
        return say(_LEDES[prompt.stage])
    if not prompt.earlier:
        return say("limit.lead.cannot_cancel")
    if prompt.is_overlap:
        return say("limit.lead.overlap")
    return _rule_of(prompt)


def _rule_of(prompt: LimitPrompt) -> str:
    if prompt.count > prompt.allowed:
        if prompt.per_day:
            return say("limit.lead.too_many_per_day", allowed=prompt.allowed)
        return say("limit.lead.too_many", allowed=prompt.allowed)
    if prompt.per_day:
        return count("limit.lead.most_per_day", prompt.count)
    return count("limit.lead.most", prompt.count)


def _keep_label(number: int) -> str:
    keys = {1: "limit.keep.it", 2: "limit.keep.both"}
    return say(keys.get(number, "limit.keep.all"))


_HEADINGS = {
    LimitStage.FREE: "limit.heading.free",
    LimitStage.BOOKED: "limit.heading.booked",
    LimitStage.KEPT: "limit.heading.kept",
    LimitStage.GONE: "limit.heading.gone",
}
_LEDES = {
    LimitStage.FREE: "limit.lead.free",
    LimitStage.BOOKED: "limit.lead.booked",
    LimitStage.KEPT: "limit.lead.kept",
    LimitStage.GONE: "limit.lead.gone",
}
