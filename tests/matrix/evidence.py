"""Whether anything in a database changed, table by table."""

from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

NOT_COMPARED = {"heartbeat", "sign_in_failure", "audit"}
"""Of processes; of guessing; and of refusals, which are counted apart."""

TOUCHED = {"session": "seen_at", "api_token": "used_at", "program_token": "used_at"}
"""Columns that say when somebody was last there."""


def digest(engine: Engine) -> dict[str, str]:
    """Return a mark of each table's rows; it changes with any of them."""
    tables = sorted(set(SQLModel.metadata.tables) - NOT_COMPARED)
    parts = [f"SELECT '{name}', ({_mark_of(name)})" for name in tables]
    with engine.connect() as connection:
        return {str(row[0]): str(row[1]) for row in connection.execute(_any_of(parts))}


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables whose rows are not what they were."""
    return [name for name in before if before[name] != after[name]]


def refusals(engine: Engine) -> list[tuple[str, str]]:
    """Return who was refused what, as the audit trail keeps it, earliest first."""
    statement = (
        "SELECT actor, object_id FROM audit WHERE action = 'refused' ORDER BY id"
    )
    with engine.connect() as connection:
        return [(who, what) for who, what in connection.execute(text(statement))]


def other_entries(engine: Engine) -> int:
    """Return how many entries of the audit trail tell of something else."""
    statement = "SELECT count(*) FROM audit WHERE action <> 'refused'"
    with engine.connect() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def _any_of(parts: list[str]) -> Any:
    return text(" UNION ALL ".join(parts))


def _mark_of(table: str) -> str:
    touched = TOUCHED.get(table)
    row = f"(to_jsonb(t) - '{touched}')::text" if touched else "to_jsonb(t)::text"
    rows = f"string_agg({row}, ' ' ORDER BY {row})"
    return f'SELECT md5({rows}) FROM "{table}" t'  # noqa: S608 - names of our tables
