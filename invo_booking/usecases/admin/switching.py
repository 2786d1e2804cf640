"""Let super admins switch to another provider of calendars."""

from dataclasses import dataclass

from invo_booking.domain.access.roles import Actor, has_any_role
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import Grant
from invo_booking.domain.contact import text_to_compare
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
)
from invo_booking.persistence.outbox import CALENDAR
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calendars
from invo_booking.settings.calendars import PRIMARY_PROVIDER, TWO_WAY
from invo_booking.texts import say
from invo_booking.usecases.admin import settings_saving, settling
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.calendars import connecting, removing
from invo_booking.usecases.calendars.granting import grant_to_revoke, revoke_grant
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.shared.deps import Deps


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """The consequences of switching to another provider, shown before the switch.

    Attributes:
        before: Name of the current provider in the settings.
        to: Name of the new provider in the settings.
        word: Word to type to confirm the switch: the new provider's label.
        agents: Number of agents whose busy times are deleted.
        events: Number of future appointments in the host calendar. The actor chooses
            whether to remove these appointments from the host calendar.
        waiting_writes: Number of waiting writes to the host calendar, which are
            dropped.
        conflicts: Number of open conflicts with the host calendar, which are dropped.
        sentences: The consequences in words.
    """

    before: str
    to: str
    word: str
    agents: int
    events: int
    waiting_writes: int
    conflicts: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Counts of what is lost when a connection ends; see ``Consequences``."""

    agents: int = 0
    events: int = 0
    waiting_writes: int = 0
    conflicts: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """The numbers in words, without numbers that are zero."""
        counts = (
            (self.agents, "admin.switching.readings_deleted", "agent"),
            (self.events, "admin.switching.host_events", "appointment"),
            (
                self.waiting_writes,
                "admin.switching.waiting_writes",
                "appointment",
            ),
            (self.conflicts, "admin.switching.host_conflicts_dropped", "decision"),
        )
        return tuple(
            _counted_events(number, say(key), noun)
            for number, key, noun in counts
            if number
        )


def switching_consequences(deps: Deps, actor: Actor, to: str) -> Consequences:
    """Return the consequences of switching to a provider. Changes nothing.

    Raises:
        NotAllowedError: If the actor is not allowed to change the provider.
        InvalidInputError: If there is no such provider.
        ConflictError: If ``to`` is the current provider.
    """
    _require_right(actor)
    with deps.unit_of_work() as work:
        _check_switch(work, to)
        return _consequences(deps, work, to)


def switch_provider(
    deps: Deps, actor: Actor, to: str, *, typed: str, cancel_events: bool
) -> str:
    """Switch to another provider, in one transaction.

    With ``cancel_events``, the worker removes the events soon after the transaction,
    through the previous connection. The grant of the previous connection is then
    deleted.

    Args:
        actor: A super admin.
        to: Name of the new provider in the settings.
        typed: The word that the actor typed to confirm the switch.
        cancel_events: Whether to remove future appointments from the previous host
            calendar, which notifies the attendees.

    Returns:
        Why the sign-in was not revoked at the previous provider, as a sentence;
        empty if the sign-in was revoked, or is still needed to remove events.

    Raises:
        The errors of ``switching_consequences``. Also ``InvalidInputError`` if
        ``typed`` is not the word that confirms the switch.
    """
    _require_right(actor)
    if text_to_compare(typed) != text_to_compare(provider_label(to)):
        raise InvalidInputError(
            {"typed": say("admin.switching.confirm", provider=provider_label(to))}
        )
    with deps.unit_of_work() as work:
        work.lock_roster()
        _check_switch(work, to)
        before = settling.state_before(deps, work)
        connection = work.connections.active()
        grant = None
        if connection is not None:
            grant = leave_connection(
                deps, work, actor, connection, cancel_events=cancel_events
            )
        settings_saving.save_settings_within(deps, work, actor, _changes(work, to))
        settling.mail_outdated(deps, work, actor, before)
    deps.wake()
    return revoke_grant(deps, connection.provider, grant) if connection else ""


def leave_connection(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    connection: Connection,
    *,
    cancel_events: bool,
) -> Grant | None:
    """End a connection; with ``cancel_events``, queue the removal of its events.

    Returns:
        The grant to revoke; ``None`` if the grant is still needed, for example to
        remove events, or cannot be decrypted.
    """
    now = deps.now()
    grant = grant_to_revoke(deps, work, connection)
    connecting.end_connection(deps, work, actor, connection)
    work.outbox.drop_open(CALENDAR, now)
    if cancel_events and removing.add_all_removals(work, connection.id, now):
        return None
    work.connections.keep_grant(connection.id, "")
    return grant


def _changes(work: UnitOfWork, to: str) -> dict[str, SettingEdit]:
    changes = {PRIMARY_PROVIDER.key: SettingEdit(text=to)}
    if _ends_two_way(work, to):
        changes[TWO_WAY.key] = SettingEdit(text=TWO_WAY.show(False))
    return changes


def _ends_two_way(work: UnitOfWork, to: str) -> bool:
    return not calendars.may_follow_changes(to) and work.settings[TWO_WAY]


def _require_right(actor: Actor) -> None:
    if not has_any_role(actor, PRIMARY_PROVIDER.changeable_by):
        raise NotAllowedError(say("admin.switching.super_admin_only"))


def _check_switch(work: UnitOfWork, to: str) -> None:
    try:
        PRIMARY_PROVIDER.parse(to)
    except ValueError as error:
        raise InvalidInputError({"to": str(error)}) from error
    if work.settings[PRIMARY_PROVIDER] == to:
        raise ConflictError(
            say("admin.switching.already_primary", provider=provider_label(to))
        )


def _consequences(deps: Deps, work: UnitOfWork, to: str) -> Consequences:
    connection = work.connections.active()
    losses = losses_of(deps, work, connection)
    before = work.settings[PRIMARY_PROVIDER]
    sentences = (
        _ends(before, connection),
        say("admin.switching.personal_off", label=TWO_WAY.label)
        if _ends_two_way(work, to)
        else "",
        *losses.sentences,
        _begins(to),
    )
    return Consequences(
        before=before,
        to=to,
        word=provider_label(to),
        agents=losses.agents,
        events=losses.events,
        waiting_writes=losses.waiting_writes,
        conflicts=losses.conflicts,
        sentences=tuple(filter(None, sentences)),
    )


def losses_of(deps: Deps, work: UnitOfWork, connection: Connection | None) -> Losses:
    """Return how much is lost when a connection ends."""
    if connection is None:
        return Losses(agents=len(work.busy.calendars()))
    return Losses(
        agents=len(work.busy.calendars()),
        events=len(connecting.events_ahead(deps, work, connection)),
        waiting_writes=work.outbox.count_open(CALENDAR),
        conflicts=work.host_events.count_to_decide(connection.id),
    )


def _ends(before: str, connection: Connection | None) -> str:
    if connection is None:
        return ""
    return say(
        "admin.switching.connection_ends",
        provider=provider_label(before),
        account=connection.account,
    )


def _begins(to: str) -> str:
    ours = say("admin.switching.stored_data_only")
    if to == calendars.NO_PROVIDER:
        return f"{ours}."
    return say(
        "admin.switching.until_connected", ours=ours, provider=provider_label(to)
    )


def _counted_events(count: int, sentence: str, noun: str) -> str:
    plural = noun if count == 1 else f"{noun}s"
    return sentence.format(f"{count} {plural}") if count else ""
