"""Set up the role that owns the product's database in the embedded cluster.

The cluster's superuser can read files, run programs and disable triggers. So the
superuser is used only while the server starts; everything else uses a role that owns
just the product's database. See
``docs/decisions/0076-the-embedded-database-has-a-role.md``.
"""

from typing import Any

from psycopg import Connection, sql

SUPERUSER = "postgres"
ROLE = "invo"
DATABASE = "invo_booking"

_ROLE = sql.Identifier(ROLE)
_MAKE_ROLE = sql.SQL("CREATE ROLE {}").format(_ROLE)
_LIMIT_ROLE = sql.SQL(
    "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
).format(_ROLE)
_MAKE_DATABASE = sql.SQL("CREATE DATABASE {} OWNER {}").format(
    sql.Identifier(DATABASE), _ROLE
)
_OWN_DATABASE = sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
    sql.Identifier(DATABASE), _ROLE
)
_DATABASE_OWNER = """
SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s
"""
_NOT_YET_OWNED = """
WITH ours AS (
  SELECT oid FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema'
),
followers AS (  -- of an extension, or sequences and row types of a table
  SELECT classid, objid FROM pg_depend
  WHERE deptype = 'e' OR (classid, deptype) IN
    (('pg_type'::regclass, 'i'), ('pg_class'::regclass, 'i'))
  UNION
  SELECT 'pg_class'::regclass, objid FROM pg_depend
  JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
  WHERE classid = 'pg_class'::regclass AND deptype = 'a' AND refobjsubid > 0
),
found AS (
  SELECT 'TABLE' AS kind, oid::regclass::text AS name, relowner AS owner,
    'pg_class'::regclass AS classid, oid AS objid
  FROM pg_class
  WHERE relnamespace IN (TABLE ours) AND relkind NOT IN ('i', 'I', 't', 'c')
  UNION ALL
  SELECT 'ROUTINE', oid::regprocedure::text, proowner, 'pg_proc'::regclass, oid
  FROM pg_proc WHERE pronamespace IN (TABLE ours)
  UNION ALL
  SELECT 'TYPE', oid::regtype::text, typowner, 'pg_type'::regclass, oid
  FROM pg_type WHERE typnamespace IN (TABLE ours) AND typtype IN ('d', 'e')
)
SELECT kind, name FROM found
WHERE owner <> %s::regrole
  AND (classid, objid) NOT IN (SELECT classid, objid FROM followers)
"""


def ensure_postgres_role_and_database(connection: Connection[Any]) -> None:
    """Create the role and its database if missing, and limit the role's rights.

    Args:
        connection: The superuser's autocommit connection to the database ``postgres``.
    """
    query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
    if connection.execute(query, (ROLE,)).fetchone() is None:
        connection.execute(_MAKE_ROLE)
    connection.execute(_LIMIT_ROLE)
    owner = connection.execute(_DATABASE_OWNER, (DATABASE,)).fetchone()
    if owner is None:
        connection.execute(_MAKE_DATABASE)
    elif owner != (ROLE,):
        connection.execute(_OWN_DATABASE)


def give_all_to_postgres_role(connection: Connection[Any]) -> None:
    """Make the role the owner of everything that the superuser owns in the database.

    In old data folders, the superuser owns everything. One transaction changes all
    owners; nothing is written if the role already owns everything. ``REASSIGN OWNED``
    is not allowed for the cluster's first superuser, so there is a statement for each
    table, routine and type. Extensions keep their owner, because PostgreSQL has no
    statement to change the owner of an extension, and the role can use the extensions
    anyway.

    Args:
        connection: The superuser's autocommit connection to the product's database.
    """
    with connection.transaction():
        for kind, name in connection.execute(_NOT_YET_OWNED, (ROLE,)).fetchall():
            statement = f"ALTER {kind} {name} OWNER TO {ROLE}"  # the query quotes name
            connection.execute(statement.encode())
