"""What customers said or are called by, looked for in the audit trail after each test.

So it is looked for in whatever any use case, event or route that a test ever calls has
written, and a new one cannot be forgotten.
"""

from sqlalchemy import Connection, create_engine, text

SHORTEST = 6
"""Characters of a word that means somebody; shorter ones stand in entries by chance."""

_FOUND = """
WITH entries AS MATERIALIZED (
  SELECT id, action, object_kind, to_jsonb(audit)::text AS said FROM audit
),
trail AS MATERIALIZED (SELECT string_agg(said, chr(10)) AS said FROM entries),
told AS MATERIALIZED (
  SELECT DISTINCT word
  FROM appointment, LATERAL (VALUES
    (customer_name), (customer_email), (customer_phone), (notes), (cancel_reason)
  ) AS of_customers (word)
  WHERE length(word) >= :shortest
)
SELECT told.word, entries.action, entries.object_kind
FROM trail
JOIN told ON position(told.word IN trail.said) > 0
JOIN entries ON position(told.word IN entries.said) > 0
ORDER BY entries.id LIMIT 5
"""
"""Almost always nothing is found, so words are looked for in the whole trail first."""


def words_of_customers(url: str) -> list[tuple[str, str, str]]:
    """Return words of customers in the audit trail: word, action, kind of the thing.

    Args:
        url: Address of a database; one without our tables holds none.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not connection.execute(text("SELECT to_regclass('audit')")).scalar():
                return []
            return words_in(connection)
    finally:
        engine.dispose()


def words_in(connection: Connection) -> list[tuple[str, str, str]]:
    """Return the same of a database with our tables, on a connection that is there."""
    found = connection.execute(text(_FOUND), {"shortest": SHORTEST})
    return [(word, action, kind) for word, action, kind in found]
