"""What a customer at the limit chooses from, in words."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale

from invo_booking.domain.appointment import Appointment
from invo_booking.usecases.booking.limit_resolution import LimitPrompt, LimitStage
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.moments import MomentView, moment_view
from invo_booking.web.kit.text.names import CHANNELS


@dataclass
class EarlierView:
    """One appointment that can be cancelled."""

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
    """Everything the page shows."""

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
    """Return the page for a reader in a zone, with one of the appointments picked.

    A visit is shown on the clock of the branch, which is named where that is another.
    """
    own = times.zone_of(prompt.institution_zone)
    zone = own if prompt.held.is_visit else zone
    held, until = prompt.held, prompt.held.confirm_by
    start = held.starts_at.astimezone(zone)
    options = [
        _earlier_view(item, picked, (own if item.is_visit else zone, zone), locale)
        for item in prompt.earlier
    ]
    if options and not any(option.picked for option in options):
        options[0].picked = True
    is_held = prompt.stage in {LimitStage.CHOOSE, LimitStage.FREE}
    return LimitView(
        stage=prompt.stage.value,
        heading=_heading_of(prompt),
        lede=_lede_of(prompt),
        topic=held.title,
        day=times.long_day(start.date(), locale),
        clock=times.clock(start, locale),
        until=times.clock(until.astimezone(zone), locale) if until else "",
        is_held=is_held,
        options=options,
        picked=next((option for option in options if option.picked), EarlierView()),
        keep=_keep_label(prompt.count),
        zone=times.zone_label(zone, start),
        moment=moment_view(prompt.changes_at, prompt.seen_at),
    )


def _earlier_view(
    item: Appointment, picked: str, zones: tuple[ZoneInfo, ZoneInfo], locale: Locale
) -> EarlierView:
    """Return one that could go, in the first zone; named if it is not the page's."""
    zone, of_page = zones
    start, end = item.starts_at.astimezone(zone), item.ends_at.astimezone(zone)
    return EarlierView(
        key=str(item.id),
        topic=item.title,
        day=times.long_day(start.date(), locale),
        clock=times.clock(start, locale),
        clocks=times.clocks(start, end, locale) + _zone_name(start, of_page),
        iso=start.isoformat(),
        channel=CHANNELS[item.channel],
        icon=item.channel.value,
        picked=str(item.id) == picked,
    )


def _zone_name(start: datetime, of_page: ZoneInfo) -> str:
    """Return the name of a local time's zone, where the page tells another time."""
    if start.utcoffset() == start.astimezone(of_page).utcoffset():
        return ""
    return f" {times.abbreviation(start)}"


def _heading_of(prompt: LimitPrompt) -> str:
    if prompt.stage is not LimitStage.CHOOSE:
        return _HEADINGS[prompt.stage]
    if prompt.is_overlap:
        return "You already have an appointment at that time"
    day = " on that day" if prompt.per_day else ""
    count = "an appointment" if prompt.count == 1 else f"{prompt.count} appointments"
    return f"You already have {count}{day}"


def _lede_of(prompt: LimitPrompt) -> str:
    if prompt.stage is not LimitStage.CHOOSE:
        return _LEDES[prompt.stage]
    if not prompt.earlier:
        return (
            "They cannot be cancelled here, because they have begun or were made with "
            "another e-mail address. Please call us."
        )
    if prompt.is_overlap:
        return "You cannot be in two at once. Cancel the earlier one to go on."
    span = "on one day" if prompt.per_day else "at a time"
    if prompt.count > prompt.allowed:
        return f"You can have {prompt.allowed} {span}, so more than one has to go."
    one = "it" if prompt.count == 1 else "one of them"
    return f"That is the most you can have {span}. Cancel {one} to go on."


def _keep_label(count: int) -> str:
    what = {1: "it", 2: "both"}.get(count, "all")
    return f"Keep {what} and stop here"


_HEADINGS = {
    LimitStage.FREE: "There is room for it now",
    LimitStage.BOOKED: "Your new appointment is booked",
    LimitStage.KEPT: "You keep what you had",
    LimitStage.GONE: "We no longer hold this time",
}
_LEDES = {
    LimitStage.FREE: "Confirm your new appointment, and it is booked.",
    LimitStage.BOOKED: "We have sent you a mail about it.",
    LimitStage.KEPT: "Your earlier appointments stay. The new time is free again.",
    LimitStage.GONE: "None of your appointments was cancelled. "
    "You can pick a new time in a minute.",
}
