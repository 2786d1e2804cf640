"""What has changed in a window of a person's own calendar since a program last asked.

Unkind where Microsoft is, by its pages and by what people have met:

- no ``$select``, ``$expand``, ``$filter``, ``$orderby`` and ``$search``, so bodies are
  sent and extended properties are not;
- a round may begin with an empty page;
- what is outside the window and was changed comes as ``@removed``, reason ``deleted``,
  with nothing but its id, like what was deleted;
- of a series, the master comes too, and occurrences without most of their properties;
- nothing is said of an occurrence that was deleted alone;
- a token that is too old is answered 410, and links may be behind what was written.

Source:
    learn.microsoft.com/graph/api/event-delta
    learn.microsoft.com/graph/delta-query-events
    github.com/microsoftgraph/microsoft-graph-docs: issues 2350, 2839, 6599, 7632 and
    pull request 4501
"""

import secrets
from typing import Any

from tests.support.microsoft.entries import Entry, Round
from tests.support.microsoft.event_json import event_json, event_time
from tests.support.microsoft.events import own_mailbox, shown_id
from tests.support.microsoft.instants import asked_instant
from tests.support.microsoft.options import only
from tests.support.microsoft.people import Person
from tests.support.microsoft.series import on_view
from tests.support.microsoft.state import State
from tests.support.microsoft.wire import RefusalError
from tests.support.vendor.wire import Call, Reply

Row = dict[str, Any]
FIRST = ("startDateTime", "endDateTime")
TOKENS = ("$deltatoken", "$skiptoken")


def own_delta(state: State, person: Person, call: Call) -> Reply:
    """Answer what has changed in the caller's own calendar, or all of it at first."""
    own_mailbox(state, person)
    token = next((call.query[name] for name in TOKENS if name in call.query), "")
    if token:
        only(call, *TOKENS)
        return _page(state, call, _continued(state, person, call, token))
    only(call, *FIRST)
    if set(FIRST) - call.query.keys():
        raise RefusalError(
            400, "ErrorInvalidParameter", "This request requires a time window."
        )
    start, end = (asked_instant(call.query[name]) for name in FIRST)
    begun = _compared(state, person, call, Round((start, end)))
    return _page(state, call, begun, is_first=True)


def _continued(state: State, person: Person, call: Call, token: str) -> Round:
    known = state.rounds.get(token)
    if known is None:
        raise RefusalError(
            410,
            "SyncStateNotFound",
            "The sync state generation is not found; generation=149;[highest=157].",
        )
    if "$skiptoken" in call.query:
        return known
    return _compared(state, person, call, known)


def _compared(state: State, person: Person, call: Call, known: Round) -> Round:
    """Return the round that follows, with all rows that are to be sent of it."""
    standing = _standing(state, person)
    seen = {entry.id: entry.etag for entry in standing}
    changed = [entry for entry in standing if known.seen.get(entry.id) != entry.etag]
    rows: list[Row] = []
    for entry in standing:
        views = [it for it in on_view(entry) if it.overlaps(*known.window)]
        if entry in changed and views:
            rows += _rows(state, call, entry, views)
        elif entry in changed and known.seen:
            rows.append(_removed(shown_id(call, entry)))
    gone = known.seen.keys() - seen.keys()
    rows += [_removed(it) for it in sorted(gone)]
    return Round(known.window, seen, tuple(rows))


def _standing(state: State, person: Person) -> list[Entry]:
    if state.shown_late is None:
        return list(state.seen_by(person.email))
    own = state.shown_late.get(person.email.lower(), {})
    invited = (
        state.copy_for(person.email, entry)
        for calendar, entries in state.shown_late.items()
        if calendar != person.email.lower()
        for entry in entries.values()
        if entry.is_seen_by(person.email)
    )
    return [*own.values(), *invited]


def _rows(state: State, call: Call, entry: Entry, views: list[Entry]) -> list[Row]:
    zone = call.prefer("outlook.timezone", "UTC")
    whole = {**event_json(state, entry, zone), "id": shown_id(call, entry)}
    if views == [entry]:
        return [whole]
    return [whole, *(_bare(it, zone) for it in views)]


def _bare(occurrence: Entry, zone: str) -> Row:
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": occurrence.etag,
        "seriesMasterId": occurrence.fields["seriesMasterId"],
        "type": "occurrence",
        "id": occurrence.id,
        "start": event_time(occurrence, occurrence.start, zone),
        "end": event_time(occurrence, occurrence.end, zone),
    }


def _removed(event_id: str) -> Row:
    return {"@removed": {"reason": "deleted"}, "id": event_id}


def _page(state: State, call: Call, wanted: Round, *, is_first: bool = False) -> Reply:
    """Answer with a page of a round, and the link to the next or to its end."""
    size = int(call.prefer("odata.maxpagesize", "10"))
    size = 0 if is_first else min(size, state.page_size)
    rows, rest = wanted.waiting[:size], wanted.waiting[size:]
    token = secrets.token_urlsafe(40)
    state.rounds[token] = Round(wanted.window, wanted.seen, rest)
    is_over = not rest and not is_first
    link, name = ("deltaLink", "deltatoken") if is_over else ("nextLink", "skiptoken")
    address = f"{state.graph}{call.path}?${name}={token}"
    return Reply(body={f"@odata.{link}": address, "value": list(rows)})
