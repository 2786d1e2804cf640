"""A database of version 0.1 with rows in every table, brought to this version."""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from alembic.config import Config as AlembicConfig
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB
from sqlalchemy.types import Date, DateTime, Time, Uuid
from sqlmodel import SQLModel

from alembic import command
from invo_booking.config import PROJECT
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.tables.core import TableRow
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.schema import migrate_schema, newest_schema_revision
from invo_booking.usecases.accounts import sessions, tokens
from invo_booking.usecases.booking import manage
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.upkeep import audit_seals, delivery
from tests.conftest import _address, _admin
from tests.support.bank import MONDAY, ZONE

OF_VERSION_0_1 = "0004"
FORGOTTEN = {"sign_in_failure"}
"""What an upgrade drops on purpose: failed sign-ins, which counted for an hour."""

RENAMED = {
    "told_state": "mailed_state",
    "warned_days": "last_warning_days",
    "told_before": "last_mailed",
}
"""Columns, and keys of stored messages, that have another name in this version."""

SESSION, TOKEN = "a-browser-of-before", "invo_a-program-of-before"
APPOINTMENT = uuid4()
LAST_MAILED = {
    "digest": "as it was mailed",
    "starts_at": MONDAY.isoformat(),
    "ends_at": (MONDAY + timedelta(minutes=30)).isoformat(),
    "agent_id": "",
}
SEALED, WAITING = 2, 1
"""Entries of the audit trail that version 0.1 has sealed, and those it has not."""


@pytest.fixture
def old_url(postgres_url) -> Iterator[str]:
    """Address of an empty database with the tables of version 0.1."""
    name = f"invo_upgrade_{os.getpid()}_{uuid4().hex[:8]}"
    _admin(postgres_url, f"CREATE DATABASE {name}")
    url = _address(postgres_url, name)
    command.upgrade(alembic_of(url), OF_VERSION_0_1)
    yield url
    _admin(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def old(old_url) -> Iterator[Engine]:
    engine = make_engine(old_url)
    yield engine
    engine.dispose()


def alembic_of(url: str) -> AlembicConfig:
    settings = AlembicConfig(toml_file=PROJECT / "pyproject.toml")
    settings.attributes["url"] = url
    return settings


class Planter:
    """Puts one row into each table, the later ones about the earlier ones."""

    def __init__(self, connection: Connection, link: str) -> None:
        self._connection = connection
        self._ids: dict[tuple[str, str], Any] = {}
        self._known: Mapping[str, Any] = {
            "time_zone": ZONE,
            "customer_time_zone": ZONE,
            "country": "US",
            "email": "ana@bank.example",
            "customer_email": "rosa+bank@mail.example",
            "customer_phone": "+13125550147",
            "locale": "en-US",
            "customer_locale": "en-US",
            "language": "en",
            "code": "en",
            "channel": "video",
            "provider": "microsoft",
            "weekday": 0,
            "half_hour": 20,
            "roles": ["agent"],
            "languages": ["en"],
            "channels": ["video"],
            "starts_at": MONDAY + timedelta(days=1, hours=2),
            "ends_at": MONDAY + timedelta(days=1, hours=2, minutes=30),
            "starts_time": time(9),
            "ends_time": time(17),
            "useful_until": MONDAY + timedelta(days=1),
            "confirm_by": MONDAY + timedelta(hours=2),
            "due_at": MONDAY,
            "expires_at": MONDAY + timedelta(days=30),
            "appointment.id": APPOINTMENT,
            "session.hash": hash_secret(SESSION),
            "api_token.hash": hash_secret(TOKEN),
            "link_token.hash": link,
            "link_token.purpose": "status",
            "appointment.status": "confirmed",
            "appointment.confirmed_at": MONDAY,
            "appointment.cancelled_by": None,
            "outbox.kind": "mail",
            "outbox.state": "open",
            "outbox.attempts": 0,
            "outbox.payload": {
                "mail": "confirmed",
                "reason": "",
                "sequence": 1,
                "status": "confirmed",
                "starts_at": (MONDAY + timedelta(days=1, hours=2)).isoformat(),
                "ends_at": (MONDAY + timedelta(days=1, hours=2.5)).isoformat(),
                "agent_id": "",
                "agent_before": "",
                "previous": [],
                "told_before": LAST_MAILED,
            },
            "queue.assignment": "unassigned",
            "setting.key": "general.public_scheduling",
            "setting.value": "on",
            "connection.state": "connected",
            "host_event.state": "written",
            "agent_calendar.problem": "",
        }

    def plant(self, table: Table) -> None:
        """Insert a row, unless a trigger has made one."""
        count = select(func.count()).select_from(table)
        if self._connection.execute(count).scalar_one():
            return
        row = {
            it.name: self._value(table, it)
            for it in table.columns
            if it.identity is None
        }
        self._connection.execute(table.insert().values(row))
        for name, value in row.items():
            self._ids[table.name, name] = value

    def _value(self, table: Table, column: Column[Any]) -> Any:
        for key in column.foreign_keys:
            return self._ids[key.column.table.name, key.column.name]
        if column.name == "appointment_id":
            return APPOINTMENT
        for name in (f"{table.name}.{column.name}", column.name):
            if name in self._known:
                return self._known[name]
        return _plain(column)


def _plain(column: Column[Any]) -> Any:
    kinds = {
        Uuid: uuid4(),
        Boolean: True,
        Integer: 1,
        DateTime: MONDAY,
        Date: date(2026, 6, 2),
        Time: time(10),
        JSONB: {},
        ARRAY: [],
        LargeBinary: b"x",
        BYTEA: b"x",
    }
    for kind, value in kinds.items():
        if isinstance(column.type, kind):
            return value
    return f"a {column.name}"[: getattr(column.type, "length", None) or 40]


@pytest.fixture
def planted(old, deps) -> dict[str, list[dict[str, Any]]]:
    """What stands in each table of version 0.1 before the upgrade."""
    tables = MetaData()
    tables.reflect(old)
    tables.remove(tables.tables["alembic_version"])
    with old.begin() as connection:
        planter = Planter(connection, hash_secret(link_of(deps)))
        for table in tables.sorted_tables:
            if table.name != "audit":
                planter.plant(table)
        write_audit(connection)
        found = rows(connection, tables)
    assert all(found.values())
    return found


def link_of(deps) -> str:
    """Return the secret of the customer's link, as version 0.1 derived it."""
    message = f"status:{APPOINTMENT}".encode()
    digest = hmac.new(deps.config.mail_link_key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def write_audit(connection: Connection) -> None:
    """Write entries as version 0.1 did; all but the last are sealed."""
    previous = ""
    for place in range(1, SEALED + WAITING + 1):
        said = ("customer", "requested", "appointment", str(APPOINTMENT))
        fields = [previous, MONDAY.astimezone(UTC).isoformat(), *said, "{}"]
        digest = hashlib.sha256(json.dumps(fields).encode()).hexdigest()
        is_sealed = place <= SEALED
        connection.execute(
            text(
                "INSERT INTO audit (at, actor, action, object_kind, object_id, detail,"
                " seal, previous_hash, hash) VALUES (:at, :actor, :action, :kind, :id,"
                " '{}', :seal, :previous, :hash)"
            ),
            {
                "at": MONDAY,
                **dict(zip(("actor", "action", "kind", "id"), said, strict=True)),
                "seal": place if is_sealed else None,
                "previous": previous if is_sealed else "",
                "hash": digest if is_sealed else "",
            },
        )
        previous = digest


def rows(connection: Connection, tables: MetaData) -> dict[str, list[dict[str, Any]]]:
    """Return what stands in the columns that version 0.1 had, by table."""
    return {
        table.name: [
            dict(row._mapping)  # noqa: SLF001 - its public name
            for row in connection.execute(select(table)).all()
        ]
        for table in tables.sorted_tables
        if table.name not in FORGOTTEN
    }


@pytest.fixture
def upgraded(planted, old, old_url, deps) -> Iterator[Deps]:
    """The product on the upgraded database."""
    assert planted
    old.dispose()
    assert migrate_schema(old_url) == (OF_VERSION_0_1, newest_schema_revision())
    engine = make_engine(old_url)
    yield replace(deps, begin=unit_of_work(engine, deps.config.mail_link_key))
    engine.dispose()


def test_no_row_of_before_is_lost_or_changed(planted, upgraded):
    tables = MetaData()
    with upgraded.unit_of_work() as work:
        connection = work.session.connection()
        for name, rows_of_before in planted.items():
            before = [with_new_names(row) for row in rows_of_before]
            table = Table(name, tables, *(Column(it) for it in before[0]))
            found = [dict(it._mapping) for it in connection.execute(select(table))]  # noqa: SLF001
            assert found == before, name


def with_new_names(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of version 0.1 with this version's names."""
    return {
        RENAMED.get(name, name): with_new_names(value)
        if isinstance(value, dict)
        else value
        for name, value in row.items()
    }


def test_this_version_reads_every_row(upgraded):
    with upgraded.unit_of_work() as work:
        kinds = [it.class_ for it in TableRow._sa_registry.mappers]  # noqa: SLF001
        assert len(kinds) > len(SQLModel.metadata.tables) / 2
        for kind in kinds:
            list(work.session.exec(select(kind)))


def test_who_was_let_in_before_is_let_in_after(upgraded):
    actor = sessions.actor_of_session(upgraded, SESSION)
    program = tokens.actor_of_api_token(upgraded, TOKEN)

    assert actor is not None
    assert program is not None
    assert program.scope is TokenScope.WRITE
    assert manage.read_visit(upgraded, link_of(upgraded)).appointment.id == APPOINTMENT


def test_mail_that_was_promised_before_goes_out_after(upgraded, postbox):
    assert delivery.deliver_due_mails(upgraded).sent == 1

    (mail,) = postbox.sent
    assert "rosa+bank@mail.example" in str(mail)


def test_mail_that_waits_since_before_can_be_withdrawn(upgraded):
    with upgraded.unit_of_work() as work:
        assert work.outbox.take_back(APPOINTMENT, MONDAY) == LAST_MAILED


def test_audit_chain_goes_on_from_where_it_was(upgraded):
    assert audit_seals.check_audit_chain(upgraded).is_whole

    audit_seals.seal_audit_entries(upgraded)

    state = audit_seals.check_audit_chain(upgraded)
    assert state.is_whole
    assert (state.sealed, state.head.keyed_from) == (SEALED + WAITING, SEALED + 1)


def test_whoever_takes_the_schema_back_finds_the_rows_of_before(
    planted, upgraded, old_url
):
    command.downgrade(alembic_of(old_url), OF_VERSION_0_1)

    with upgraded.unit_of_work() as work:
        found = rows(work.session.connection(), _reflected(work))
    assert found == planted


@pytest.mark.usefixtures("planted")
def test_visit_of_before_is_at_the_branch_of_the_institution(upgraded, old_url):
    command.downgrade(alembic_of(old_url), "0030")
    with upgraded.unit_of_work() as work:
        work.session.connection().execute(
            text("UPDATE appointment SET channel = 'branch', agent_id = NULL")
        )
    migrate_schema(old_url)

    with upgraded.unit_of_work() as work:
        (branch,) = work.roster.open_branches
        visit = work.appointments.get(APPOINTMENT)
        sheets = work.session.connection().execute(
            text("SELECT spans <> '' FROM day_sheet WHERE branch_id = :branch"),
            {"branch": branch.id},
        )
        assert (branch.name, branch.zone.key) == (work.roster.institution.name, ZONE)
        assert visit.branch_id == branch.id
        assert sheets.all() == [(True,)]

    command.downgrade(alembic_of(old_url), "0030")
    with upgraded.unit_of_work() as work:
        spans = work.session.connection().execute(
            text(
                "SELECT spans <> '' FROM day_sheet WHERE language = 'en' AND day = :it"
            ),
            {"it": visit.starts_at.date()},
        )
        assert spans.all() == [(True,)]


def _reflected(work) -> MetaData:
    tables = MetaData()
    tables.reflect(work.session.connection())
    tables.remove(tables.tables["alembic_version"])
    return tables
