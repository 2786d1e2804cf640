"""Revoke a person's access after a change of the password, and mail the person."""

from datetime import datetime
from uuid import UUID

from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.texts.dates import clock_text, date_text
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

_SUBJECT = "accounts.credentials.password_changed_subject"
_TEXT = "accounts.credentials.password_changed_body"


def revoke_access(
    work: UnitOfWork, person_id: UUID, now: datetime, *, but: tuple[str, str] = ("", "")
) -> None:
    """End all access that a person got with earlier credentials.

    This ends the person's sessions, tokens and links that set a password. The person's
    known browsers count as unknown again.

    Args:
        but: Hashes of the session and of the known browser to keep.
    """
    work.sessions.end_all_of(person_id, but=but[0])
    work.guesses.forget_browsers(person_id, but=but[1])
    work.tokens.remove_all_of(person_id)
    work.account_links.end_all_of(person_id, now)


def mail_password_change(
    deps: Deps, work: UnitOfWork, person_id: UUID, how: str
) -> None:
    """Add a mail that tells the person that the password was changed."""
    now, person = deps.now(), work.roster.people[person_id]
    local = now.astimezone(person.hours.zone)
    address = deps.caller.address
    text = say(
        _TEXT,
        name=person.name,
        institution=work.roster.institution.name,
        how=how,
        day=date_text(local),
        clock=f"{clock_text(local)} ({person.hours.zone.key})",
        where=say("accounts.credentials.from", address=address) if address else "",
        page=f"{deps.config.public_url.rstrip('/')}/sign-in",
    )
    notices.add_notice(work, person.email, say(_SUBJECT), text, now)
