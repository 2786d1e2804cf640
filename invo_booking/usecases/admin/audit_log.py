"""Let administrators read and export the audit log."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.audit import AuditQuery, LoggedEntry
from invo_booking.domain.institution import Person
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.audit.log import AuditLog
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import registry
from invo_booking.texts import say
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer

PAGE_SIZE = 50
BATCH = 500
COLUMNS = (
    "admin.audit_log.number",
    "admin.audit_log.time_utc",
    "admin.audit_log.who",
    "admin.audit_log.person",
    "admin.audit_log.interface",
    "admin.audit_log.address",
    "admin.audit_log.request",
    "admin.audit_log.action",
    "admin.audit_log.kind",
    "admin.audit_log.object",
    "admin.audit_log.detail",
    "admin.audit_log.seal",
)
WHAT = "audit"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A page of entries of the audit log, newest first.

    Attributes:
        next_before: Argument ``before`` for the next page; ``None`` on the last page.
        names: Current names of the objects, by id, where known.
        namesakes: E-mail addresses of people who share their name with others, by the
            person's id.
        kinds: Recent pairs of object kind and action, as choices for the filter.
        time_zone: IANA name of the institution's zone.
    """

    entries: tuple[LoggedEntry, ...]
    next_before: int | None
    names: dict[str, str]
    namesakes: dict[UUID, str]
    kinds: tuple[tuple[str, str], ...]
    time_zone: str


def read_audit_page(
    deps: Deps, actor: Actor, query: AuditQuery, *, before: int | None = None
) -> AuditPage:
    """Return a page of the audit log.

    Args:
        query: Filter for the entries.
        before: ``next_before`` of the previous page; ``None`` for the first page.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        log = AuditLog(work.session)
        newest = log.newest(query, before=before, limit=PAGE_SIZE + 1)
        entries = newest[:PAGE_SIZE]
        return AuditPage(
            entries=tuple(entries),
            next_before=entries[-1].number if len(newest) > PAGE_SIZE else None,
            names=_names(work, entries),
            namesakes=_namesakes(work.roster.people.values()),
            kinds=tuple(log.kinds()),
            time_zone=work.roster.institution.zone.key,
        )


def export_audit_log(deps: Deps, actor: Actor, query: AuditQuery) -> Iterator[str]:
    """Return the entries as CSV (RFC 4180), earliest first, in batches of lines.

    The export itself is recorded in the log. If this entry matches the query, it is the
    last entry of the export. No spreadsheet interprets a cell as a formula.

    Raises:
        NotAllowedError: If the actor is no administrator. The error is raised when this
            function is called, not while the lines are read.
    """
    with administer(deps, actor) as work:
        filters = _export_filters(AuditLog(work.session), query)
        work.audit.add(
            AuditEntry.by(
                actor, "exported", (WHAT, "all"), deps.now(), {"filters": filters}
            )
        )
        work.session.flush()
        last = AuditLog(work.session).last_number()
    return _lines(deps, query, last)


def safe_cell(text: str) -> str:
    """Return a cell's text so that no spreadsheet interprets it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(deps: Deps, query: AuditQuery, last: int) -> Iterator[str]:
    yield _csv([[say(key) for key in COLUMNS]])
    after = 0
    while True:
        with deps.unit_of_work() as work:
            log = AuditLog(work.session)
            batch = log.oldest(query, after=after, last=last, limit=BATCH)
        if not batch:
            return
        yield _csv(map(_cells, batch))
        after = batch[-1].number


def _cells(entry: LoggedEntry) -> list[str]:
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
    return [
        str(entry.number),
        entry.at.isoformat(timespec="seconds"),
        safe_cell(entry.actor),
        str(entry.actor_id or ""),
        *map(safe_cell, (entry.interface, entry.address, entry.request_id)),
        *map(safe_cell, (entry.action, entry.object_kind, entry.object_id)),
        safe_cell(detail),
        str(entry.seal or ""),
    ]


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _export_filters(log: AuditLog, query: AuditQuery) -> dict[str, str]:
    """Return the filters of an export without personal data, for the audit log.

    An administrator may have typed a customer's name into a filter. So a placeholder
    replaces the text for the actor, and each action, kind or id that does not occur in
    the log.
    """
    filters = {name: str(value) for name, value in asdict(query).items() if value}
    if query.actor:
        filters["actor"] = say("admin.audit_log.name_part")
    for name in ("action", "object_kind", "object_id"):
        if name in filters and not log.holds(name, filters[name]):
            filters[name] = say("admin.audit_log.unknown")
    return filters


def _namesakes(people: Iterable[Person]) -> dict[UUID, str]:
    everybody = list(people)
    counted = Counter(person.name for person in everybody)
    return {it.id: it.email for it in everybody if counted[it.name] > 1}


def _names(work: UnitOfWork, entries: Iterable[LoggedEntry]) -> dict[str, str]:
    roster = work.roster
    known = {
        **{str(answer.id): answer.title for answer in roster.answers.values()},
        **{str(queue.id): queue.name for queue in work.catalogue.queues()},
        **{str(branch.id): branch.name for branch in roster.branches.values()},
        **{str(person.id): person.name for person in roster.people.values()},
        **{str(program.id): program.name for program in work.programs.all()},
        **roster.languages,
        **{key: setting.label for key, setting in registry.BY_KEY.items()},
    }
    ids = {entry.object_id for entry in entries}
    return {each: name for each, name in known.items() if each in ids}
