"""Seal the audit log as a hash chain, with a key that is not in the database.

The hash of a sealed entry is an HMAC over all its columns, its position in the chain
and the hash of the previous entry. A separate row, the *head*, contains the position
and the hash of the newest sealed entry, and the positions that each key sealed. The
head is authenticated by an HMAC too. Sealing continues from the head, never from the
newest entry in the table, so any later verification detects entries that were deleted
or recomputed.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NoReturn

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from invo_booking.domain.audit import Misfit, MisfitReason
from invo_booking.persistence.tables.audit import AuditHeadRow, AuditRow
from invo_booking.texts import say

SEAL_LOCK = 7_001
AT_ONCE = 1_000
"""Largest number of entries in memory at once while the chain is verified."""

MOST_MISFITS = 20
"""Largest number of faults that are reported."""

UNKEYED = ""
"""Key id of entries that version 0.1 sealed. That version used SHA-256 without a key,
which anyone can recompute."""

_HEAD = 1

Keys = Mapping[str, bytes]
"""Secret keys by id. The first key seals new entries; all keys verify sealed entries.
"""


class ChainError(Exception):
    """The head cannot be authenticated, so nothing can be sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The end of the chain.

    Attributes:
        place: Position of the newest sealed entry; 0 if there is none.
        hash: Hash of that entry; empty if there is none.
        spans: First position that each key sealed, with the key's id, ascending.
        at: When the head was last written, in UTC.
    """

    place: int
    hash: str
    spans: tuple[tuple[int, str], ...]
    at: datetime

    def key_id(self, place: int) -> str:
        """Return the id of the key that sealed the entry at a position."""
        begun = [key_id for first, key_id in self.spans if first <= place]
        return begun[-1] if begun else UNKEYED

    @property
    def key_ids(self) -> frozenset[str]:
        """Ids of all keys that sealed entries."""
        ends = [first for first, _ in self.spans[1:]] + [self.place + 1]
        used = zip(self.spans, ends, strict=True)
        return frozenset(key_id for (first, key_id), end in used if first < end)

    @property
    def keyed_from(self) -> int:
        """First position sealed with a key."""
        return next((first for first, key_id in self.spans if key_id), self.place + 1)


class AuditChain:
    """The chain as one transaction sees it."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self._session = session
        self._keys = keys

    def head(self) -> ChainHead | None:
        """Return the end of the chain; ``None`` if nothing was sealed with a key.

        Raises:
            ChainError: If the head cannot be authenticated, or was removed.
        """
        row = self._session.get(AuditHeadRow, _HEAD, populate_existing=True)
        if row is None and self._keyed_spans():
            _refuse(say("refusals.chain.head_removed"))
        return self._proven(row) if row else None

    def seal(self, limit: int, now: datetime) -> int:
        """Seal up to ``limit`` entries; return how many were sealed.

        Entries get their positions in the chain only here. So the transactions that
        write entries do not wait for each other.

        Raises:
            ChainError: If the head cannot be authenticated.
        """
        self._lock()
        return self._seal_after(self.head() or self._first_head(now), limit, now)

    def restart(self, now: datetime) -> int:
        """Write a new head in place of a head that cannot be authenticated.

        One position in the chain stays empty. Every later verification reports this
        gap, so nothing is hidden.

        Returns:
            The empty position.
        """
        self._lock()
        row = self._session.get(AuditHeadRow, _HEAD)
        newest = self._session.exec(select(func.max(AuditRow.seal))).one() or 0
        gap = max(newest, row.place if row else 0) + 1
        spans = _spans(row) if row else ((1, UNKEYED), *self._keyed_spans())
        known = tuple(span for span in spans if span[0] <= gap)
        head = ChainHead(
            place=gap, hash="", spans=(*known, (gap + 1, self._own)), at=now
        )
        self._write(head)
        return gap

    def misfits(
        self, now: datetime, expected: tuple[int, str] | None = None
    ) -> list[Misfit]:
        """Verify every seal and return the faults, at most 20.

        Args:
            expected: Position and hash of an earlier head that was stored elsewhere,
                such as in a log. The chain must contain that head.

        Raises:
            ChainError: If the head cannot be authenticated.
        """
        head = self.head() or self._first_head(now)
        misfits = [*self._against(head, expected), *self._beyond()]
        return [*misfits, *islice(self._verify_entries(head), MOST_MISFITS)]

    def unverifiable(self) -> list[str]:
        """Return the ids of keys that sealed entries but are not available."""
        head = self.head()
        used = head.key_ids if head else frozenset[str]()
        return sorted(used - {UNKEYED} - set(self._keys))

    @property
    def _own(self) -> str:
        return next(iter(self._keys))

    def _lock(self) -> None:
        self._session.connection().execute(
            text(f"SELECT pg_advisory_xact_lock({SEAL_LOCK}, 0)")
        )

    def _first_head(self, now: datetime) -> ChainHead:
        """Return the head for a log in which no entry is sealed with a key yet.

        The head follows the last entry that version 0.1 sealed, if there is one.
        """
        newest = self._session.exec(
            select(AuditRow)
            .where(col(AuditRow.seal).is_not(None))
            .order_by(col(AuditRow.seal).desc())
            .limit(1)
        ).first()
        place = (newest.seal or 0) if newest else 0
        spans = ((1, UNKEYED), (place + 1, self._own)) if place else ((1, self._own),)
        digest = newest.hash if newest else ""
        return ChainHead(place=place, hash=digest, spans=spans, at=now)

    def _seal_after(self, head: ChainHead, limit: int, now: datetime) -> int:
        rows = self._session.exec(
            select(AuditRow)
            .where(col(AuditRow.seal).is_(None))
            .order_by(col(AuditRow.id))
            .limit(limit)
        ).all()
        place, previous = head.place, head.hash
        for row in rows:
            place += 1
            row.seal, row.previous_hash, row.seal_key = place, previous, self._own
            row.hash = previous = _keyed_mac(self._keys[self._own], row)
            self._session.add(row)
        spans = _with_key(head, self._own)
        if rows or spans != head.spans or head.at == now:
            self._write(ChainHead(place=place, hash=previous, spans=spans, at=now))
        return len(rows)

    def _write(self, head: ChainHead) -> None:
        spans = [list(span) for span in head.spans]
        mac = _mac(self._keys[self._own], head)
        self._session.merge(
            AuditHeadRow(
                id=_HEAD,
                place=head.place,
                hash=head.hash,
                spans=spans,
                at=head.at,
                mac=mac,
            )
        )

    def _proven(self, row: AuditHeadRow) -> ChainHead:
        head = ChainHead(place=row.place, hash=row.hash, spans=_spans(row), at=row.at)
        key_id = head.spans[-1][1] if head.spans else UNKEYED
        if key_id not in self._keys:
            _refuse(say("refusals.chain.key_missing", key_id=key_id))
        if not hmac.compare_digest(_mac(self._keys[key_id], head), row.mac):
            _refuse(say("refusals.chain.head_changed"))
        return head

    def _keyed_spans(self) -> tuple[tuple[int, str], ...]:
        """Return the first position that each key sealed, according to the entries."""
        begins = func.min(AuditRow.seal)
        rows = self._session.exec(
            select(begins, AuditRow.seal_key)
            .where(col(AuditRow.seal).is_not(None), AuditRow.seal_key != UNKEYED)
            .group_by(AuditRow.seal_key)
            .order_by(begins)
        )
        return tuple((first or 0, key_id) for first, key_id in rows)

    def _against(
        self, head: ChainHead, expected: tuple[int, str] | None
    ) -> Iterator[Misfit]:
        if expected is None or expected == (head.place, head.hash):
            return
        place, digest = expected
        one = select(AuditRow.hash).where(col(AuditRow.seal) == place)
        row = self._session.exec(one).first()
        if place and row != digest:
            yield Misfit(place, MisfitReason.GIVEN)

    def _beyond(self) -> Iterator[Misfit]:
        """Yield a fault if there are sealed entries after the head.

        Uses one statement, because other transactions may seal entries meanwhile.
        """
        end = select(AuditHeadRow.place).where(col(AuditHeadRow.id) == _HEAD)
        first = select(func.min(AuditRow.seal)).where(
            col(AuditRow.seal) > end.scalar_subquery()
        )
        place = self._session.exec(first).one()
        if place:
            yield Misfit(place, MisfitReason.ADDED)

    def _verify_entries(self, head: ChainHead) -> Iterator[Misfit]:
        statement = (
            select(AuditRow)
            .where(col(AuditRow.seal) <= head.place)
            .order_by(col(AuditRow.seal))
        )
        streamed = {"yield_per": AT_ONCE}
        with self._session.exec(statement, execution_options=streamed) as rows:
            yield from _misfits(rows, head, self._keys)


def _misfits(rows: Iterable[AuditRow], head: ChainHead, keys: Keys) -> Iterator[Misfit]:
    place, previous = 0, ""
    for row in rows:
        seal = row.seal or 0
        follows = seal == place + 1
        if not follows:
            yield Misfit(place + 1, MisfitReason.MISSING)
        is_linked = row.previous_hash == previous or not follows
        if not is_linked or not _fits(row, head.key_id(seal), keys):
            yield Misfit(seal, MisfitReason.CHANGED)
        place, previous = seal, row.hash
    if place < head.place:
        yield Misfit(place + 1, MisfitReason.MISSING)
    elif previous != head.hash:
        yield Misfit(place, MisfitReason.HEAD)


def _fits(row: AuditRow, key_id: str, keys: Keys) -> bool:
    """Whether an entry matches its seal; also true if the key is not available."""
    if row.seal_key != key_id:
        return False
    if key_id == UNKEYED:
        return row.hash == _unkeyed_hash(row)
    return key_id not in keys or hmac.compare_digest(
        row.hash, _keyed_mac(keys[key_id], row)
    )


def _with_key(head: ChainHead, key_id: str) -> tuple[tuple[int, str], ...]:
    """Return the head's spans, with ``key_id`` for all later positions."""
    begun = tuple(span for span in head.spans if span[0] <= head.place)
    if begun and begun[-1][1] == key_id:
        return begun
    return (*begun, (head.place + 1, key_id))


def _spans(row: AuditHeadRow) -> tuple[tuple[int, str], ...]:
    return tuple((int(first), str(key_id)) for first, key_id in row.spans)


def _refuse(why: str) -> NoReturn:
    raise ChainError(say("refusals.chain.not_sealed", why=why))


def _keyed_mac(key: bytes, row: AuditRow) -> str:
    return _hmac(
        key,
        [
            "entry",
            row.seal,
            row.seal_key,
            row.previous_hash,
            row.id,
            *_content(row),
            str(row.actor_id or ""),
            row.interface,
            row.address,
            row.request_id,
        ],
    )


def _unkeyed_hash(row: AuditRow) -> str:
    if row.actor_id or row.interface or row.address or row.request_id:
        return ""  # version 0.1 had no such columns
    fields = [row.previous_hash, *_content(row)]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def _content(row: AuditRow) -> Sequence[str]:
    return (
        row.at.isoformat(),
        row.actor,
        row.action,
        row.object_kind,
        row.object_id,
        json.dumps(row.detail, sort_keys=True),
    )


def _mac(key: bytes, head: ChainHead) -> str:
    spans = [list(span) for span in head.spans]
    return _hmac(key, ["head", head.place, head.hash, spans, head.at.isoformat()])


def _hmac(key: bytes, fields: Sequence[object]) -> str:
    return hmac.new(key, json.dumps(fields).encode(), hashlib.sha256).hexdigest()
