"""Names of the field for the busy spans of a day and for the counts of requests.

The version before finds both tables and its two functions under their old names.

Revision: 0054
"""

from collections.abc import Mapping

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

WORDS = {
    "day_sheet": "agent_day",
    "sheet_span": "busy_span",
    "AS sheet": "AS agent_day",
    "(sheet.spans": "(agent_day.spans",
}
COLUMNS = {
    "who": "subject",
    "what": "purpose",
    "asked_at": "requested_at",
    "last_at": "last_requested_at",
}
INDEXES = {
    "ix_day_sheet_changed": "ix_agent_day_changed",
    "day_sheet_pkey": "agent_day_pkey",
    "ix_asked_last_at": "ix_request_count_last_requested_at",
    "asked_pkey": "request_count_pkey",
}

# Both views can be written to: PostgreSQL passes on what is written, ON CONFLICT too.
FOR_THE_VERSION_BEFORE = (
    "CREATE VIEW day_sheet AS SELECT * FROM agent_day",
    """
    CREATE VIEW asked AS
    SELECT subject AS who, purpose AS what, requested_at AS asked_at,
      last_requested_at AS last_at
    FROM request_count
    """,
    """
    CREATE FUNCTION wrong_day_sheets(from_day date)
    RETURNS TABLE (
      owner_id uuid, language text, branch_id uuid, day date, should_be bytea
    )
    LANGUAGE sql STABLE AS 'SELECT * FROM wrong_agent_days(from_day)'
    """,
    """
    CREATE FUNCTION repair_day_sheets(from_day date) RETURNS bigint
    LANGUAGE sql AS 'SELECT repair_agent_days(from_day)'
    """,
)


FUNCTIONS = """
SELECT oid::regprocedure::text, proname, pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace
  AND proname ~ '(day_sheets|agent_days|sheet_span|busy_span|taken_.*|derived_spans)$'
"""
TRIGGERS = """
SELECT tgname, tgrelid::regclass::text FROM pg_trigger
WHERE tgname ~ '(day_sheets|agent_days)$'
"""


def upgrade() -> None:
    """Rename tables, columns and functions; the old names lead to them."""
    op.rename_table("day_sheet", "agent_day")
    op.rename_table("asked", "request_count")
    for old, new in COLUMNS.items():
        op.alter_column("request_count", old, new_column_name=new)
    rename_indexes(INDEXES)
    rename_functions(WORDS)
    for statement in FOR_THE_VERSION_BEFORE:
        op.execute(statement)


def downgrade() -> None:
    """Go back to the old names."""
    op.execute("DROP FUNCTION repair_day_sheets(date), wrong_day_sheets(date)")
    op.execute("DROP VIEW day_sheet, asked")
    op.rename_table("agent_day", "day_sheet")
    for old, new in COLUMNS.items():
        op.alter_column("request_count", new, new_column_name=old)
    op.rename_table("request_count", "asked")
    rename_indexes({new: old for old, new in INDEXES.items()})
    rename_functions({new: old for old, new in reversed(WORDS.items())})


def rename_indexes(names: Mapping[str, str]) -> None:
    """Rename indexes, and the constraints they belong to."""
    for old, new in names.items():
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")


def rename_functions(words: Mapping[str, str]) -> None:
    """Rename functions and triggers, and what the functions call and write."""
    connection = op.get_bind()
    functions = connection.exec_driver_sql(FUNCTIONS).all()
    triggers = connection.exec_driver_sql(TRIGGERS).all()
    for signature, name, _ in functions:
        if (new := renamed(name, words)) != name:
            op.execute(f"ALTER FUNCTION {signature} RENAME TO {new}")
    for _, _, definition in functions:
        connection.exec_driver_sql(renamed(definition, words).replace("%", "%%"))
    for name, table in triggers:
        op.execute(f"ALTER TRIGGER {name} ON {table} RENAME TO {renamed(name, words)}")


def renamed(text: str, words: Mapping[str, str]) -> str:
    """Return a text with other words."""
    for old, new in words.items():
        text = text.replace(old, new)
    return text
