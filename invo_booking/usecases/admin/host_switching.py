"""Let super admins switch to another kind of host calendar.

Each kind of host calendar needs different permissions. So a switch ends the connection
to the provider, and an administrator must sign in to the provider again.
"""

from dataclasses import dataclass

from invo_booking.domain.access.roles import Actor, has_any_role
from invo_booking.domain.contact import text_to_compare
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER
from invo_booking.settings.spec import Setting
from invo_booking.texts import say
from invo_booking.usecases.admin import settings_saving
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.admin.switching import leave_connection, losses_of
from invo_booking.usecases.calendars.granting import revoke_grant
from invo_booking.usecases.calendars.registration import FIELDS
from invo_booking.usecases.shared.deps import Deps


@dataclass(frozen=True, slots=True, kw_only=True)
class HostConsequences:
    """The consequences of switching the host calendar, shown before the switch.

    Attributes:
        to: The new kind, as a value of the setting.
        word: Word to type to confirm the switch: the new kind's label. Empty if no
            provider is connected, because then no connection ends.
        events: Number of future appointments in the host calendar. The actor chooses
            whether to remove these appointments from the host calendar.
        sentences: The consequences in words.
    """

    to: str
    word: str
    events: int = 0
    sentences: tuple[str, ...] = ()


def host_consequences(deps: Deps, actor: Actor, to: str) -> HostConsequences:
    """Return the consequences of switching the host calendar. Changes nothing.

    Raises:
        NotAllowedError: If the actor is not allowed to change the kind of host
            calendar.
        InvalidInputError: If there is no such kind.
        ConflictError: If ``to`` is the current kind, or the provider has only one kind.
    """
    with deps.unit_of_work() as work:
        label = _label_of(actor, work, to)
        connection = work.connections.active()
        if connection is None:
            return HostConsequences(to=to, word="")
        losses = losses_of(deps, work, connection)
        ends = say("admin.switching.host_ends", account=connection.account)
        begins = say("admin.switching.host_begins", host=label)
        return HostConsequences(
            to=to,
            word=label,
            events=losses.events,
            sentences=(ends, *losses.sentences, begins),
        )


def switch_host(
    deps: Deps, actor: Actor, to: str, *, typed: str, cancel_events: bool
) -> str:
    """Switch to another kind of host calendar, in one transaction.

    With ``cancel_events``, the worker removes the events soon after the transaction,
    through the previous connection. The grant of the previous connection is then
    deleted.

    Args:
        actor: A super admin.
        to: The new kind, as a value of the setting.
        typed: The word that the actor typed to confirm the switch.
        cancel_events: Whether to remove future appointments from the previous host
            calendar, which notifies the attendees.

    Returns:
        Why the sign-in was not revoked at the provider, as a sentence;
        empty if the sign-in was revoked, or is still needed to remove events.

    Raises:
        The errors of ``host_consequences``. Also ``InvalidInputError`` if ``typed`` is
        not the word that confirms the switch.
    """
    grant = None
    with deps.unit_of_work() as work:
        work.lock_roster()
        label = _label_of(actor, work, to)
        connection = work.connections.active()
        if connection is not None:
            _require_word(typed, label)
            grant = leave_connection(
                deps, work, actor, connection, cancel_events=cancel_events
            )
        change = {_setting_of(work).key: SettingEdit(text=to)}
        settings_saving.save_settings_within(deps, work, actor, change)
    deps.wake()
    return revoke_grant(deps, connection.provider, grant) if connection else ""


def _require_word(typed: str, label: str) -> None:
    if text_to_compare(typed) != text_to_compare(label):
        sentence = say("admin.switching.confirm", provider=label)
        raise InvalidInputError({"typed": sentence})


def _setting_of(work: UnitOfWork) -> Setting[str]:
    fields = FIELDS.get(work.settings[PRIMARY_PROVIDER])
    if fields is None or fields.host is None:
        raise ConflictError(say("admin.switching.one_host_only"))
    return fields.host


def _label_of(actor: Actor, work: UnitOfWork, to: str) -> str:
    """Return the label of a kind; refuse a kind to which the actor cannot switch."""
    setting = _setting_of(work)
    if not has_any_role(actor, setting.changeable_by):
        raise NotAllowedError(say("admin.switching.no_right"))
    try:
        setting.parse(to)
    except ValueError as error:
        raise InvalidInputError({"to": str(error)}) from error
    label = next(it.label for it in setting.field.choices if it.value == to)
    if work.settings[setting] == to:
        raise ConflictError(say("admin.switching.host_already", host=label))
    return label
