"""Triggers that keep the day sheets in step with what they are derived from.

Revision: 0003
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The date of an instant in the institution's zone.
DAY_OF = """
CREATE FUNCTION institution_day(instant timestamptz) RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT (instant AT TIME ZONE
    coalesce((SELECT time_zone FROM institution), 'UTC'))::date
$$
"""

# One span as a sheet holds it; a minute that is partly taken counts as taken.
SPAN = """
CREATE FUNCTION sheet_span(
  starts_at timestamptz, ends_at timestamptz, before int, after int, kind int
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT int4send(floor(extract(epoch FROM starts_at) / 60)::int)
    || int4send(ceil(extract(epoch FROM ends_at) / 60)::int)
    || int4send(before) || int4send(after) || int4send(kind)
$$
"""

# Everything that belongs in sheets and lies between two instants, one row a span.
# Busy intervals that touch are joined: how an outside calendar cuts them up is none
# of our business.
TAKEN = """
CREATE FUNCTION taken_between(first timestamptz, last timestamptz)
RETURNS TABLE (owner_id uuid, language text, day date, span bytea)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(agent_id, queue_id),
    CASE WHEN agent_id IS NULL THEN language ELSE '' END,
    institution_day(starts_at),
    sheet_span(starts_at, ends_at, buffer_before_minutes, buffer_after_minutes, 0)
  FROM appointment
  WHERE status IN ('requested', 'confirmed')
    AND starts_at >= first AND starts_at < last
  UNION ALL
  SELECT busy.agent_id, '', busy.day,
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
CREATE FUNCTION derived_spans(owner uuid, spoken text, on_day date) RETURNS bytea
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
CREATE FUNCTION refresh_day_sheets(owners uuid[], spoken text[], on_days date[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO day_sheet (owner_id, language, day, spans, changed)
  SELECT DISTINCT owner, words, on_day, ''::bytea, pg_current_xact_id()::text::bigint
  FROM unnest(owners, spoken, on_days) AS sheet(owner, words, on_day)
  ORDER BY owner, words, on_day
  ON CONFLICT (owner_id, language, day) DO UPDATE SET changed = excluded.changed;
  UPDATE day_sheet
  SET spans = derived_spans(owner_id, language, day)
  FROM (
    SELECT DISTINCT owner, words, on_day
    FROM unnest(owners, spoken, on_days) AS sheet(owner, words, on_day)
  ) AS touched
  WHERE (owner_id, language, day) = (touched.owner, touched.words, touched.on_day);
END $$
"""

# Truth and sheets, where they differ. Sheets that are empty may be missing.
WRONG = """
CREATE FUNCTION wrong_day_sheets(from_day date)
RETURNS TABLE (owner_id uuid, language text, day date, should_be bytea)
LANGUAGE sql STABLE AS $$
  SELECT owner_id, language, day, coalesce(truth.spans, '')
  FROM (
    SELECT owner_id, language, day, string_agg(span, ''::bytea ORDER BY span) AS spans
    FROM taken_between(from_day - interval '2 days', 'infinity')
    WHERE day >= from_day
    GROUP BY 1, 2, 3
  ) AS truth
  FULL JOIN (SELECT * FROM day_sheet WHERE day >= from_day) AS sheet
    USING (owner_id, language, day)
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
  INSERT INTO day_sheet (owner_id, language, day, spans, changed)
  SELECT owner_id, language, day, should_be, pg_current_xact_id()::text::bigint
  FROM wrong_day_sheets(from_day)
  ON CONFLICT (owner_id, language, day)
    DO UPDATE SET spans = excluded.spans, changed = excluded.changed;
  GET DIAGNOSTICS repaired = ROW_COUNT;
  RETURN repaired;
END $$
"""

# EXCEPT leaves the rows whose time, owner or being alive has changed.
APPOINTMENT_CHANGED = """
CREATE FUNCTION appointment_changes_day_sheets() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  owners uuid[]; spoken text[]; days date[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(coalesce(agent_id, queue_id)),
      array_agg(CASE WHEN agent_id IS NULL THEN language ELSE '' END),
      array_agg(institution_day(starts_at))
    INTO owners, spoken, days
    FROM fresh WHERE status IN ('requested', 'confirmed');
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(coalesce(agent_id, queue_id)),
      array_agg(CASE WHEN agent_id IS NULL THEN language ELSE '' END),
      array_agg(institution_day(starts_at))
    INTO owners, spoken, days
    FROM gone WHERE status IN ('requested', 'confirmed');
  ELSE
    SELECT array_agg(coalesce(agent_id, queue_id)),
      array_agg(CASE WHEN agent_id IS NULL THEN language ELSE '' END),
      array_agg(institution_day(starts_at))
    INTO owners, spoken, days
    FROM (
      (SELECT id, agent_id, queue_id, language, starts_at, ends_at,
         buffer_before_minutes, buffer_after_minutes
       FROM gone WHERE status IN ('requested', 'confirmed')
       EXCEPT
       SELECT id, agent_id, queue_id, language, starts_at, ends_at,
         buffer_before_minutes, buffer_after_minutes
       FROM fresh WHERE status IN ('requested', 'confirmed'))
      UNION ALL
      (SELECT id, agent_id, queue_id, language, starts_at, ends_at,
         buffer_before_minutes, buffer_after_minutes
       FROM fresh WHERE status IN ('requested', 'confirmed')
       EXCEPT
       SELECT id, agent_id, queue_id, language, starts_at, ends_at,
         buffer_before_minutes, buffer_after_minutes
       FROM gone WHERE status IN ('requested', 'confirmed'))
    ) AS changed;
  END IF;
  IF owners IS NOT NULL THEN
    PERFORM refresh_day_sheets(owners, spoken, days);
  END IF;
  RETURN NULL;
END $$
"""

BUSY_CHANGED = """
CREATE FUNCTION busy_interval_changes_day_sheets() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  owners uuid[]; spoken text[]; days date[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(agent_id), array_agg(''::text), array_agg(day)
    INTO owners, spoken, days
    FROM (SELECT DISTINCT agent_id, institution_day(starts_at) AS day FROM fresh) AS it;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(agent_id), array_agg(''::text), array_agg(day)
    INTO owners, spoken, days
    FROM (SELECT DISTINCT agent_id, institution_day(starts_at) AS day FROM gone) AS it;
  ELSE
    SELECT array_agg(agent_id), array_agg(''::text), array_agg(day)
    INTO owners, spoken, days
    FROM (
      SELECT agent_id, institution_day(starts_at) AS day FROM gone
      UNION
      SELECT agent_id, institution_day(starts_at) FROM fresh
    ) AS it;
  END IF;
  IF owners IS NOT NULL THEN
    PERFORM refresh_day_sheets(owners, spoken, days);
  END IF;
  RETURN NULL;
END $$
"""

READING_CHANGED = """
CREATE FUNCTION agent_calendar_is_marked() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$
"""
READING_TRIGGER = """
CREATE TRIGGER agent_calendar_is_marked BEFORE INSERT OR UPDATE ON agent_calendar
FOR EACH ROW EXECUTE FUNCTION agent_calendar_is_marked()
"""

FUNCTIONS = (
    DAY_OF,
    SPAN,
    TAKEN,
    DERIVED,
    REFRESH,
    WRONG,
    REPAIR,
    APPOINTMENT_CHANGED,
    BUSY_CHANGED,
    READING_CHANGED,
    READING_TRIGGER,
)
EVENTS = {
    "insert": "NEW TABLE AS fresh",
    "update": "OLD TABLE AS gone NEW TABLE AS fresh",
    "delete": "OLD TABLE AS gone",
}


def upgrade() -> None:
    """Add the functions and triggers, and derive the sheets of what is there."""
    column: sa.Column[int] = sa.Column(
        "changed", sa.BigInteger(), nullable=False, server_default="0"
    )
    op.add_column("agent_calendar", column)
    op.alter_column("agent_calendar", "changed", server_default=None)
    op.create_index("ix_agent_calendar_changed", "agent_calendar", ["changed"])
    op.create_index(
        "ix_appointment_waiting",
        "appointment",
        ["queue_id", "language", "starts_at"],
        postgresql_where=sa.text(
            "agent_id IS NULL AND status IN ('requested', 'confirmed')"
        ),
    )
    for function in FUNCTIONS:
        op.execute(function)
    for table in ("appointment", "busy_interval"):
        for event, tables in EVENTS.items():
            op.execute(
                f"CREATE TRIGGER {event}_changes_day_sheets AFTER {event} ON {table} "
                f"REFERENCING {tables} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {table}_changes_day_sheets()"
            )
    op.execute("SELECT repair_day_sheets('-infinity')")


def downgrade() -> None:
    """Remove the triggers and functions; the sheets' table stays, unused."""
    for table in ("appointment", "busy_interval"):
        op.execute(f"DROP FUNCTION {table}_changes_day_sheets() CASCADE")
    op.execute("DROP FUNCTION agent_calendar_is_marked() CASCADE")
    for function in (
        "repair_day_sheets(date)",
        "wrong_day_sheets(date)",
        "refresh_day_sheets(uuid[], text[], date[])",
        "derived_spans(uuid, text, date)",
        "taken_between(timestamptz, timestamptz)",
        "sheet_span(timestamptz, timestamptz, int, int, int)",
        "institution_day(timestamptz)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_appointment_waiting", "appointment")
    op.drop_index("ix_agent_calendar_changed", "agent_calendar")
    op.drop_column("agent_calendar", "changed")
