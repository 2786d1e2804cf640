"""Audit entries are sealed under a key; nobody empties or rewrites the trail.

Revision: 0006
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The audit trail takes new entries and, once each, a seal. Nothing else.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.seal IS NULL AND NEW.seal IS NOT NULL
      AND to_jsonb(OLD) - '{seal,seal_key,previous_hash,hash}'::text[]
        = to_jsonb(NEW) - '{seal,seal_key,previous_hash,hash}'::text[]
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only';
END $$
"""
NEVER_EMPTIED = """
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
"""
FORWARD_ONLY = """
CREATE FUNCTION audit_head_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.id = OLD.id AND NEW.place >= OLD.place THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the head of the audit trail only goes forward';
END $$
"""
FORWARD_ONLY_ROWS = """
CREATE TRIGGER audit_head_goes_forward BEFORE UPDATE OR DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_goes_forward()
"""
FORWARD_ONLY_ALL = """
CREATE TRIGGER audit_head_is_never_emptied BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION audit_head_goes_forward()
"""
AS_IT_WAS = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seal IS NULL
    AND (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.object_kind, OLD.object_id)
      = (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.object_kind, NEW.object_id)
    AND OLD.detail = NEW.detail
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only';
END $$
"""


def upgrade() -> None:
    """Keep the key of each seal and how far the chain goes; refuse more changes."""
    column = sa.Column("seal_key", sa.String(), nullable=False, server_default="")
    op.add_column("audit", column)
    op.alter_column("audit", "seal_key", server_default=None)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("spans", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _index_refusals_by("actor_id")
    for statement in (
        APPEND_ONLY,
        NEVER_EMPTIED,
        FORWARD_ONLY,
        FORWARD_ONLY_ROWS,
        FORWARD_ONLY_ALL,
    ):
        op.execute(statement)


def downgrade() -> None:
    """Forget the keys and the head; entries sealed with a key fit no longer."""
    op.execute("DROP TRIGGER audit_is_never_emptied ON audit")
    op.execute(AS_IT_WAS)
    op.drop_table("audit_head")
    op.execute("DROP FUNCTION audit_head_goes_forward")
    _index_refusals_by("actor")
    op.drop_column("audit", "seal_key")


def _index_refusals_by(column: str) -> None:
    op.drop_index("ix_audit_refused", table_name="audit")
    op.create_index(
        "ix_audit_refused",
        "audit",
        [column, "id"],
        unique=False,
        postgresql_where=sa.text("action = 'refused'"),
    )
