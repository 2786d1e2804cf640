"""Describe what the purge will delete before an administrator switches it on.

A purge cannot be undone. So the administrator sees the number of appointments and types
a word to confirm. Until the purge starts, at the institution's next midnight, the
administrator can switch the purge off again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from invo_booking.domain import contact
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.wall import local_midnight
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import general
from invo_booking.settings.spec import Setting
from invo_booking.texts import count, say
from invo_booking.texts.dates import clock_text, date_text
from invo_booking.usecases.shared.deps import Deps

WORD = "DELETE"
"""Word to type to confirm that the purge is to be switched on."""

CANNOT_BE_UNDONE = frozenset({general.PURGE_OUTDATED.key})
"""Settings whose changes cannot be undone."""

_ON = general.PURGE_OUTDATED.show(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgePlan:
    """The effect of switching the purge on.

    Attributes:
        count: Number of appointments that the first purge would delete, by the current
            data.
        first_at: Time of the first purge: a midnight of the institution, in UTC.
        sentence: The number and the time in words, in the institution's time zone.
    """

    count: int
    first_at: datetime
    sentence: str


def is_switching_purge_on(entry: Setting[Any], text: str | None) -> bool:
    """Whether setting ``entry`` to this text switches the purge on."""
    return entry is general.PURGE_OUTDATED and text == _ON


def plan_purge(deps: Deps, work: UnitOfWork) -> PurgePlan:
    """Return what the first purge would delete and when, by the database's clock."""
    first_at = _next_midnight(work, deps.database_now(work))
    number = work.due.count_ended_by(first_at)
    local = first_at.astimezone(work.roster.institution.zone)
    appointments = count("refusals.purge_plan.appointments", number)
    return PurgePlan(
        count=number,
        first_at=first_at,
        sentence=say(
            "refusals.purge_plan.consequence",
            appointments=appointments,
            time=clock_text(local),
            day=f"{local:%A}, {date_text(local)}",
        ),
    )


def require_purge_word(
    deps: Deps,
    work: UnitOfWork,
    changed: Mapping[Setting[Any], str | None],
    words: Mapping[Setting[Any], str],
) -> None:
    """Refuse to switch the purge on unless the word was typed.

    Args:
        changed: The new texts of changed settings.
        words: The words typed for confirmation, by setting.

    Raises:
        InvalidInputError: If the word is missing or wrong. The message says what would
            be deleted, when, and which word to type.
    """
    for entry, text in changed.items():
        word = contact.plain_text(words.get(entry, ""))
        if is_switching_purge_on(entry, text) and word != WORD:
            sentence = say(
                "refusals.purge_plan.confirm",
                reason=plan_purge(deps, work).sentence,
            )
            raise InvalidInputError({entry.key: sentence})


def record_purge_start(
    deps: Deps, work: UnitOfWork, changed: Collection[tuple[Setting[Any], str | None]]
) -> None:
    """Store when the purge starts, if this change switches the purge on."""
    if any(is_switching_purge_on(entry, text) for entry, text in changed):
        at = _next_midnight(work, deps.database_now(work))
        work.stored_settings.take_effect(general.PURGE_OUTDATED.key, at)


def purge_begins_at(work: UnitOfWork) -> datetime | None:
    """Return when the purge starts or started, in UTC; ``None`` if the purge is off.

    If no start is stored, the purge starts at the midnight after the setting's last
    change.
    """
    stored = work.stored_settings.all().get(general.PURGE_OUTDATED.key)
    if stored is None or not work.settings[general.PURGE_OUTDATED]:
        return None
    return stored.takes_effect_at or _next_midnight(work, stored.changed_at)


def _next_midnight(work: UnitOfWork, after: datetime) -> datetime:
    zone = work.roster.institution.zone
    return local_midnight(after.astimezone(zone).date() + timedelta(days=1), zone)
