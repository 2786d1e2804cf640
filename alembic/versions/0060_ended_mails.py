"""Ended mails about no appointment keep no address and no text.

Revision: 0060
"""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

FORGET = """
UPDATE outbox SET
    payload = jsonb_strip_nulls(jsonb_build_object(
        'link', payload->'link', 'administrator', payload->'administrator')),
    last_error = CASE WHEN last_error = '' THEN '' ELSE 'not sent' END
WHERE kind IN ('notice', 'links') AND state <> 'open'
"""
REPEATED = """
UPDATE outbox SET last_error = 'not sent'
WHERE kind = 'withdrawal' AND last_error LIKE '%@%'
"""


def upgrade() -> None:
    """Remove what earlier versions kept for ever."""
    op.execute(FORGET)
    op.execute(REPEATED)


def downgrade() -> None:
    """Do nothing: what was removed cannot come back."""
