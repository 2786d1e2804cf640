"""Branches at which people work, and of unassigned visits in day sheets.

Revision: 0041
"""

import importlib.util
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from alembic import op

revision = "0041"
down_revision = "0031"
branch_labels = None
depends_on = None

NOWHERE = "'00000000-0000-0000-0000-000000000000'::uuid"

# In place of a branch, for everything but unassigned visits.
NO_BRANCH = """
CREATE FUNCTION nowhere() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT '00000000-0000-0000-0000-000000000000'::uuid
$$
"""

# Everything that belongs in sheets and lies between two instants, one row a span.
TAKEN = """
CREATE FUNCTION taken_between(first timestamptz, last timestamptz)
RETURNS TABLE (owner_id uuid, language text, branch_id uuid, day date, span bytea)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(agent_id, queue_id),
    CASE WHEN agent_id IS NULL THEN language ELSE '' END,
    CASE WHEN agent_id IS NULL THEN coalesce(branch_id, nowhere()) ELSE nowhere() END,
    institution_day(starts_at),
    sheet_span(starts_at, ends_at, buffer_before_minutes, buffer_after_minutes, 0)
  FROM appointment
  WHERE status IN ('requested', 'confirmed')
    AND starts_at >= first AND starts_at < last
  UNION ALL
  SELECT busy.agent_id, '', nowhere(), busy.day,
    sheet_span(lower(joined.span), upper(joined.span), 0, 0, 1)
  FROM (
    SELECT agent_id, institution_day(starts_at) AS day,
      range_agg(tstzrange(starts_at, ends_at)) AS spans
    FROM busy_interval
    WHERE starts_at >= first AND starts_at < last
    GROUP BY 1, 2
  ) AS busy, unnest(busy.spans) AS joined(span)
$$
"""

# What one sheet should hold. Looks at its owner's rows only.
DERIVED = """
CREATE FUNCTION derived_spans(owner uuid, spoken text, place uuid, on_day date)
RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(taken.span, ''::bytea ORDER BY taken.span), '')
  FROM (
    SELECT sheet_span(
      starts_at, ends_at, buffer_before_minutes, buffer_after_minutes, 0) AS span
    FROM appointment
    WHERE spoken = '' AND agent_id = owner
      AND status IN ('requested', 'confirmed')
      AND starts_at BETWEEN on_day - interval '2 days' AND on_day + interval '3 days'
      AND institution_day(starts_at) = on_day
    UNION ALL
    SELECT sheet_span(
      starts_at, ends_at, buffer_before_minutes, buffer_after_minutes, 0)
    FROM appointment
    WHERE spoken <> '' AND agent_id IS NULL
      AND queue_id = owner AND language = spoken
      AND coalesce(branch_id, nowhere()) = place
      AND status IN ('requested', 'confirmed')
      AND starts_at BETWEEN on_day - interval '2 days' AND on_day + interval '3 days'
      AND institution_day(starts_at) = on_day
    UNION ALL
    SELECT sheet_span(lower(joined.span), upper(joined.span), 0, 0, 1)
    FROM unnest((
      SELECT range_agg(tstzrange(starts_at, ends_at)) FROM busy_interval
      WHERE spoken = '' AND agent_id = owner
        AND starts_at BETWEEN on_day - interval '2 days' AND on_day + interval '3 days'
        AND institution_day(starts_at) = on_day
    )) AS joined(span)
  ) AS taken
$$
"""

# Every sheet is locked first, in one order. The statement after that sees what those
# we waited for have committed, so that two changes to one sheet never lose each other.
REFRESH = """
CREATE FUNCTION refresh_day_sheets(
  owners uuid[], spoken text[], places uuid[], on_days date[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO day_sheet (owner_id, language, branch_id, day, spans, changed)
  SELECT DISTINCT owner, words, place, on_day, ''::bytea,
    pg_current_xact_id()::text::bigint
  FROM unnest(owners, spoken, places, on_days) AS sheet(owner, words, place, on_day)
  ORDER BY owner, words, place, on_day
  ON CONFLICT (owner_id, language, branch_id, day)
    DO UPDATE SET changed = excluded.changed;
  UPDATE day_sheet
  SET spans = derived_spans(owner_id, language, branch_id, day)
  FROM (
    SELECT DISTINCT owner, words, place, on_day
    FROM unnest(owners, spoken, places, on_days) AS sheet(owner, words, place, on_day)
  ) AS touched
  WHERE (owner_id, language, branch_id, day)
    = (touched.owner, touched.words, touched.place, touched.on_day);
END $$
"""

# Truth and sheets, where they differ. Sheets that are empty may be missing.
WRONG = """
CREATE FUNCTION wrong_day_sheets(from_day date)
RETURNS TABLE (
  owner_id uuid, language text, branch_id uuid, day date, should_be bytea
)
LANGUAGE sql STABLE AS $$
  SELECT owner_id, language, branch_id, day, coalesce(truth.spans, '')
  FROM (
    SELECT owner_id, language, branch_id, day,
      string_agg(span, ''::bytea ORDER BY span) AS spans
    FROM taken_between(from_day - interval '2 days', 'infinity')
    WHERE day >= from_day
    GROUP BY 1, 2, 3, 4
  ) AS truth
  FULL JOIN (SELECT * FROM day_sheet WHERE day >= from_day) AS sheet
    USING (owner_id, language, branch_id, day)
  WHERE coalesce(truth.spans, '') <> coalesce(sheet.spans, '')
$$
"""

REPAIR = """
CREATE FUNCTION repair_day_sheets(from_day date) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  repaired bigint;
BEGIN
  LOCK TABLE day_sheet IN SHARE ROW EXCLUSIVE MODE;
  INSERT INTO day_sheet (owner_id, language, branch_id, day, spans, changed)
  SELECT owner_id, language, branch_id, day, should_be,
    pg_current_xact_id()::text::bigint
  FROM wrong_day_sheets(from_day)
  ON CONFLICT (owner_id, language, branch_id, day)
    DO UPDATE SET spans = excluded.spans, changed = excluded.changed;
  GET DIAGNOSTICS repaired = ROW_COUNT;
  RETURN repaired;
END $$
"""

KEYS = """array_agg(coalesce(agent_id, queue_id)),
      array_agg(CASE WHEN agent_id IS NULL THEN language ELSE '' END),
      array_agg(CASE WHEN agent_id IS NULL THEN coalesce(branch_id, nowhere())
        ELSE nowhere() END),
      array_agg(institution_day(starts_at))
    INTO owners, spoken, places, days"""

COMPARED = """id, agent_id, queue_id, language, branch_id, starts_at, ends_at,
         buffer_before_minutes, buffer_after_minutes"""

# EXCEPT leaves the rows whose time, owner, branch or being alive has changed.
APPOINTMENT_CHANGED = """
CREATE OR REPLACE FUNCTION appointment_changes_day_sheets() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  owners uuid[]; spoken text[]; places uuid[]; days date[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT KEYS_OF_ROWS
    FROM fresh WHERE status IN ('requested', 'confirmed');
  ELSIF TG_OP = 'DELETE' THEN
    SELECT KEYS_OF_ROWS
    FROM gone WHERE status IN ('requested', 'confirmed');
  ELSE
    SELECT KEYS_OF_ROWS
    FROM (
      (SELECT COMPARED_COLUMNS
       FROM gone WHERE status IN ('requested', 'confirmed')
       EXCEPT
       SELECT COMPARED_COLUMNS
       FROM fresh WHERE status IN ('requested', 'confirmed'))
      UNION ALL
      (SELECT COMPARED_COLUMNS
       FROM fresh WHERE status IN ('requested', 'confirmed')
       EXCEPT
       SELECT COMPARED_COLUMNS
       FROM gone WHERE status IN ('requested', 'confirmed'))
    ) AS changed;
  END IF;
  IF owners IS NOT NULL THEN
    PERFORM refresh_day_sheets(owners, spoken, places, days);
  END IF;
  RETURN NULL;
END $$
"""

BUSY_CHANGED = """
CREATE OR REPLACE FUNCTION busy_interval_changes_day_sheets() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  owners uuid[]; spoken text[]; places uuid[]; days date[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(agent_id), array_agg(''::text), array_agg(nowhere()),
      array_agg(day)
    INTO owners, spoken, places, days
    FROM (SELECT DISTINCT agent_id, institution_day(starts_at) AS day FROM fresh) AS it;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(agent_id), array_agg(''::text), array_agg(nowhere()),
      array_agg(day)
    INTO owners, spoken, places, days
    FROM (SELECT DISTINCT agent_id, institution_day(starts_at) AS day FROM gone) AS it;
  ELSE
    SELECT array_agg(agent_id), array_agg(''::text), array_agg(nowhere()),
      array_agg(day)
    INTO owners, spoken, places, days
    FROM (
      SELECT agent_id, institution_day(starts_at) AS day FROM gone
      UNION
      SELECT agent_id, institution_day(starts_at) FROM fresh
    ) AS it;
  END IF;
  IF owners IS NOT NULL THEN
    PERFORM refresh_day_sheets(owners, spoken, places, days);
  END IF;
  RETURN NULL;
END $$
"""

# The sheets that unassigned visits leave, and those to which they go.
MOVED = """
SELECT refresh_day_sheets(
  array_agg(queue_id), array_agg(language), array_agg(place), array_agg(day))
FROM (
  SELECT queue_id, language, place, institution_day(starts_at) AS day
  FROM appointment, unnest(ARRAY[branch_id, nowhere()]) AS place
  WHERE agent_id IS NULL AND branch_id IS NOT NULL
    AND status IN ('requested', 'confirmed')
) AS visit HAVING count(*) > 0
"""

MOVED_BACK = """
SELECT refresh_day_sheets(array_agg(queue_id), array_agg(language), array_agg(day))
FROM (
  SELECT queue_id, language, institution_day(starts_at) AS day
  FROM appointment
  WHERE agent_id IS NULL AND branch_id IS NOT NULL
    AND status IN ('requested', 'confirmed')
) AS visit HAVING count(*) > 0
"""

FUNCTIONS = (
    NO_BRANCH,
    TAKEN,
    DERIVED,
    REFRESH,
    WRONG,
    REPAIR,
    APPOINTMENT_CHANGED.replace("KEYS_OF_ROWS", KEYS).replace(
        "COMPARED_COLUMNS", COMPARED
    ),
    BUSY_CHANGED,
)


def upgrade() -> None:
    """Add the branch to people and sheets, and move unassigned visits to their own."""
    op.create_table(
        "person_branch",
        sa.Column(
            "person_id",
            sa.Uuid(),
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "branch_id",
            sa.Uuid(),
            sa.ForeignKey("branch.id", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
    drop_functions("uuid[], text[], date[]", "uuid, text, date")
    op.add_column(
        "day_sheet",
        sa.Column(
            "branch_id", sa.Uuid(), nullable=False, server_default=sa.text(NOWHERE)
        ),
    )
    op.alter_column("day_sheet", "branch_id", server_default=None)
    set_key("owner_id", "language", "branch_id", "day")
    for function in FUNCTIONS:
        op.execute(function)
    op.execute(MOVED)


def downgrade() -> None:
    """Go back to sheets without a branch."""
    drop_functions("uuid[], text[], uuid[], date[]", "uuid, text, uuid, date")
    op.execute("DELETE FROM day_sheet WHERE branch_id <> nowhere()")
    set_key("owner_id", "language", "day")
    op.drop_column("day_sheet", "branch_id")
    before = day_sheets_of_0003()
    for function in (
        before.TAKEN,
        before.DERIVED,
        before.REFRESH,
        before.WRONG,
        before.REPAIR,
        before.APPOINTMENT_CHANGED.replace("CREATE", "CREATE OR REPLACE", 1),
        before.BUSY_CHANGED.replace("CREATE", "CREATE OR REPLACE", 1),
    ):
        op.execute(function)
    op.execute("DROP FUNCTION nowhere()")
    op.execute(MOVED_BACK)
    op.drop_table("person_branch")


def drop_functions(sheets: str, spans: str) -> None:
    """Drop the functions whose arguments or results change."""
    for function in (
        "repair_day_sheets(date)",
        "wrong_day_sheets(date)",
        f"refresh_day_sheets({sheets})",
        f"derived_spans({spans})",
        "taken_between(timestamptz, timestamptz)",
    ):
        op.execute(f"DROP FUNCTION {function}")


def set_key(*columns: str) -> None:
    """Replace the key of day sheets."""
    op.execute("ALTER TABLE day_sheet DROP CONSTRAINT day_sheet_pkey")
    op.create_primary_key("day_sheet_pkey", "day_sheet", list(columns))


def day_sheets_of_0003() -> ModuleType:
    """Return the migration with the functions as they were before."""
    path = Path(__file__).with_name("0003_day_sheets.py")
    spec = importlib.util.spec_from_file_location("day_sheets_of_0003", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
