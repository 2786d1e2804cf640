"""Refuse calls to other servers while the database is a copy.

A copy has the same sign-ins and passwords as the installation it was copied from. A
call that renews or revokes a sign-in, or changes a calendar, would harm that
installation.
"""

from invo_booking.domain.calendars.provider_errors import CopyError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say


def copy_problem(work: UnitOfWork) -> str:
    """Return why no other server may be called; empty if the database is no copy."""
    if work.identity.copy_origin() is None:
        return ""
    return say("refusals.copies.is_copy")


def refuse_copy(work: UnitOfWork) -> None:
    """Refuse to call a provider from a copy that no operator has released.

    Raises:
        CopyError: If the database is such a copy.
    """
    if problem := copy_problem(work):
        raise CopyError(problem)
