"""The connection pool."""

from sqlalchemy import Engine, create_engine


def make_engine(url: str, *, pool_size: int = 16) -> Engine:
    """Return a pool of connections that mends itself after a server restart.

    Args:
        url: SQLAlchemy address, ``postgresql+psycopg://...``.
        pool_size: Most connections held; callers beyond it wait up to ten seconds.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "options": "-c timezone=UTC -c lock_timeout=10000"
            " -c statement_timeout=30000",
        },
    )
