"""Convert audit entries for the page, and read the filters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.access.caller import Interface
from invo_booking.domain.audit import MISFIT_TEXTS, AuditQuery, LoggedEntry, Misfit
from invo_booking.domain.wall import local_midnight
from invo_booking.texts import count, say
from invo_booking.usecases.admin.audit_log import AuditPage
from invo_booking.usecases.upkeep.audit_seals import SealState
from invo_booking.web.core import routes
from invo_booking.web.kit.forms import form_entry_id
from invo_booking.web.kit.parsing import whole_number
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.text.words import ViewerContext

INTERFACES: Mapping[str, str] = {
    Interface.PAGE: say("audit.interface.page"),
    Interface.API: say("audit.interface.api"),
    Interface.COMMAND_LINE: say("audit.interface.command_line"),
    Interface.BACKGROUND: say("audit.interface.background"),
}
EXPORT = "/api/v1/admin/audit/export"
MOST_MISFITS = 3
LONGEST = 160
"""Maximum number of characters of a value in the list; the export has whole values."""

FILTERS = ("who", "person", "action", "kind", "object", "from", "to", "all")
_DAY = timedelta(days=1)
_YEARS = range(2000, 3000)
_BEFORE = "_before"
_INSTANT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)")


@dataclass
class AuditChangeView:
    """One value in an entry, before and after the action.

    Attributes:
        before: Previous value; empty if unknown.
    """

    name: str = ""
    before: str = ""
    after: str = ""


@dataclass
class EntryView:
    """One entry of the audit log."""

    number: str = ""
    day: str = ""
    clock: str = ""
    what: str = ""
    who: str = ""
    theirs: str = ""
    """URL of the list of all entries of this person; empty if no person acted."""

    origin: str = ""
    ids: str = ""
    thing: str = ""
    href: str = ""
    changes: list[AuditChangeView] = field(default_factory=list)
    is_sealed: bool = False


@dataclass
class FilterView:
    """The filters of the list, as in the URL."""

    key: str = ""
    who: str = ""
    action: str = ""
    kind: str = ""
    object: str = ""
    first: str = ""
    last: str = ""
    person: str = ""
    is_all: bool = False
    is_any: bool = False


@dataclass
class SealView:
    """The result of verifying the chain of entries."""

    is_known: bool = False
    is_whole: bool = False
    sentence: str = ""


def audit_filters_of_address(query: Mapping[str, str]) -> dict[str, str]:
    """Return the filters in a URL's query, without unknown and empty filters."""
    return {name: query[name][:LONGEST] for name in FILTERS if query.get(name)}


def audit_filter_view(query: Mapping[str, str]) -> FilterView:
    """Return the filters as the form shows them."""
    return FilterView(
        key=urlencode(query),
        who=query.get("who", ""),
        action=query.get("action", ""),
        kind=query.get("kind", ""),
        object=query.get("object", ""),
        first=query.get("from", ""),
        last=query.get("to", ""),
        person=query.get("person", ""),
        is_all=bool(query.get("all")),
        is_any=bool(query),
    )


def audit_query_of(query: Mapping[str, str], zone: ZoneInfo) -> AuditQuery:
    """Return the filters as the use case expects them; both dates are inclusive.

    Dates that cannot be read are ignored.
    """
    first, last = _parse_day(query.get("from", "")), _parse_day(query.get("to", ""))
    return AuditQuery(
        actor=_without_nulls(query.get("who", "")),
        actor_id=form_entry_id(query.get("person", "")),
        is_brief=_is_brief(query),
        action=_without_nulls(query.get("action", "")),
        object_kind=_without_nulls(query.get("kind", "")),
        object_id=_without_nulls(query.get("object", "")),
        since=local_midnight(first, zone) if first else None,
        until=local_midnight(last + _DAY, zone) if last else None,
    )


def audit_date_problems(query: Mapping[str, str]) -> dict[str, str]:
    """Return an error message for each date that cannot be read."""
    return {
        name: say("admin.day_needed")
        for name in ("from", "to")
        if query.get(name) and _parse_day(query[name]) is None
    }


def audit_entry_number(typed: str) -> int | None:
    """Return the number of an entry; ``None`` if the text is not such a number."""
    return whole_number(typed)


def audit_page_address(query: Mapping[str, str], before: int | None = None) -> str:
    """Return the URL of the filtered list, which begins with the newest entry.

    Args:
        query: The filters.
        before: Number of an entry; the list then begins with the next older entry.
    """
    more = {"before": str(before)} if before else {}
    parameters = urlencode({**query, **more})
    return f"{routes.AUDIT}?{parameters}" if parameters else routes.AUDIT


def audit_export_address(query: Mapping[str, str], zone: ZoneInfo) -> str:
    """Return the URL from which the filtered entries are downloaded."""
    audit_query = audit_query_of(query, zone)
    bounds = {"from": audit_query.since, "to": audit_query.until}
    texts = {name: at.isoformat() for name, at in bounds.items() if at}
    brief = {"brief": "true"} if audit_query.is_brief else {}
    asked_for = {k: v for k, v in query.items() if k != "all"}
    parameters = urlencode({**asked_for, **texts, **brief})
    return f"{EXPORT}?{parameters}" if parameters else EXPORT


def _is_brief(query: Mapping[str, str]) -> bool:
    """Whether sign-ins and reads are left out, because no filter asks for them."""
    return not any(query.get(name) for name in ("all", "action", "object"))


def audit_entry_views(page: AuditPage, viewer: ViewerContext) -> list[EntryView]:
    """Return the entries in words for the reader, newest first."""
    return [_entry_view(entry, page, viewer) for entry in page.entries]


def audit_kind_options(page: AuditPage) -> list[OptionView]:
    """Return the kinds of objects by which entries can be filtered."""
    return _options_of({kind for kind, _ in page.kinds})


def audit_action_options(page: AuditPage, kind: str) -> list[OptionView]:
    """Return the actions to filter by; only those of ``kind`` unless this is empty."""
    return _options_of({action for each, action in page.kinds if kind in {"", each}})


def audit_seal_view(state: SealState, viewer: ViewerContext) -> SealView:
    """Return the result of the last verification in words."""
    time = viewer.clock(viewer.now)
    if not state.is_whole:
        sentence = state.problem or " ".join(
            map(_misfit_sentence, state.misfits[:MOST_MISFITS])
        )
        return SealView(
            is_known=True,
            sentence=say("audit.seals.broken", found=sentence, time=time),
        )
    waiting = say("audit.seals.waiting", waiting=state.waiting) if state.waiting else ""
    keys = ", ".join(state.unverifiable)
    lost = say("audit.seals.lost", keys=keys) if keys else ""
    return SealView(
        is_known=True,
        is_whole=True,
        sentence=count(
            "audit.seals.whole", state.sealed, lost=lost, waiting=waiting, time=time
        ),
    )


def _misfit_sentence(misfit: Misfit) -> str:
    return say(
        "audit.seals.misfit", place=misfit.place, why=say(MISFIT_TEXTS[misfit.why])
    )


def _entry_view(
    entry: LoggedEntry, page: AuditPage, viewer: ViewerContext
) -> EntryView:
    name = page.names.get(entry.object_id, "")
    thing = f"{entry.object_kind} “{name}”" if name else entry.object_kind
    what = f"{thing} {entry.action}"
    day = viewer.day(entry.at)
    return EntryView(
        number=str(entry.number),
        day=_day_name(day, viewer),
        clock=_clock_text(entry.at.astimezone(viewer.zone)),
        what=what[:1].upper() + what[1:],
        who=_actor_name(entry, page.namesakes),
        theirs=audit_page_address({"person": str(entry.actor_id)})
        if entry.actor_id
        else "",
        origin=_origin_text(entry),
        ids=_ids_text(entry),
        thing=entry.object_id,
        href=audit_page_address({"object": entry.object_id}),
        changes=list(_change_views(entry.detail, viewer)),
        is_sealed=entry.seal is not None,
    )


def _clock_text(local: datetime) -> str:
    text = local.strftime("%H:%M:%S")
    is_repeated = times.is_repeated_wall_time(local)
    return f"{text} {times.zone_abbreviation(local)}" if is_repeated else text


def _actor_name(entry: LoggedEntry, namesakes: Mapping[UUID, str]) -> str:
    known = namesakes.get(entry.actor_id) if entry.actor_id else ""
    return f"{entry.actor} ({known})" if known else entry.actor


def _origin_text(entry: LoggedEntry) -> str:
    source = say("audit.from", address=entry.address) if entry.address else ""
    interface = INTERFACES.get(entry.interface, entry.interface)
    return f"{interface}{source}" if interface else ""


def _ids_text(entry: LoggedEntry) -> str:
    """Return the ids by which an entry is found in the logs; shown on demand."""
    named = {
        "audit.ids.entry": entry.number,
        "audit.ids.person": entry.actor_id,
        "audit.ids.thing": entry.object_id,
        "audit.ids.request": entry.request_id,
    }
    return ", ".join(say(key, id=value) for key, value in named.items() if value)


def _day_name(day: date, viewer: ViewerContext) -> str:
    near = abs(day - viewer.today) <= _DAY
    return viewer.day_name(day) if near else times.full_day_text(day, viewer.locale)


def _change_views(
    detail: Mapping[str, Any], viewer: ViewerContext
) -> Iterable[AuditChangeView]:
    """Yield the values of an entry, except those that were empty and still are."""
    before, after = _before_and_after(detail)
    for name in sorted({*before, *after}):
        change = AuditChangeView(
            name=_label_of(name),
            before=_value_text(before.get(name), viewer),
            after=_value_text(after.get(name), viewer),
        )
        if change.before or change.after:
            yield change


def _before_and_after(
    detail: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values before and after an action, however the entry stores them."""
    before, after = detail.get("before"), detail.get("after")
    if isinstance(before, str) and isinstance(after, str):
        return {"value": before}, {"value": after}
    if isinstance(before, dict) and isinstance(after, dict):
        rest = {k: v for k, v in detail.items() if k not in {"before", "after"}}
        return before, after | rest
    was = {
        name.removesuffix(_BEFORE): value
        for name, value in detail.items()
        if name.endswith(_BEFORE)
    }
    return was, {k: v for k, v in detail.items() if not k.endswith(_BEFORE)}


def _label_of(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _value_text(value: object, viewer: ViewerContext) -> str:
    """Return a value in words; empty if there is no value."""
    return _shorten(_whole_value_text(value, viewer))


def _whole_value_text(value: object, viewer: ViewerContext) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("audit.yes") if value else say("audit.no")
    if isinstance(value, Mapping):
        named = cast("Mapping[str, object]", value).items()
        return "; ".join(
            f"{_label_of(name)}: {_whole_value_text(one, viewer)}"
            for name, one in named
        )
    if isinstance(value, list):
        several = cast("list[object]", value)
        return ", ".join(_whole_value_text(one, viewer) for one in several)
    return _moment_text(str(value), viewer)


def _moment_text(text: str, viewer: ViewerContext) -> str:
    """Return an instant in the institution's zone; leave other texts unchanged."""
    if not _INSTANT.fullmatch(text):
        return text
    at = datetime.fromisoformat(text)
    return f"{_day_name(viewer.day(at), viewer)}, {viewer.clock(at)}"


def _shorten(text: str) -> str:
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text


def _options_of(words: Iterable[str]) -> list[OptionView]:
    return [OptionView(word, word[:1].upper() + word[1:]) for word in sorted(words)]


def _parse_day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _without_nulls(typed: str) -> str:
    return typed.replace("\0", "\ufffd")
