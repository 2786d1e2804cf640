"""Save changed settings and their audit entries in one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from invo_booking.domain.access.roles import Actor, has_any_role
from invo_booking.domain.errors import (
    ChangedMeanwhile,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    SettingChangedError,
)
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.persistence.settings import KIND
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calendars, calls, rules, time
from invo_booking.settings.registry import BROWSER_ONLY
from invo_booking.settings.spec import Setting
from invo_booking.texts import say
from invo_booking.usecases.admin import bound_secrets, settling
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.calendars import connecting, outside_agents
from invo_booking.usecases.shared import purge_plan
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer
from invo_booking.usecases.shared.sealing import seal
from invo_booking.usecases.shared.settings import (
    last_setting_change,
    setting_of_key,
    version_mark,
)
from invo_booking.usecases.shared.settings_trouble import (
    settings_trouble,
    settings_warnings,
)

_NOT_UNDONE = "admin.settings_saving.not_undoable"
LONGEST = 4_000
"""Maximum number of characters of a form text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingEdit:
    """A new value of one setting.

    Attributes:
        text: The new form text; ``None`` resets the setting to its default.
        was: The actor's view of the current value, from ``SettingEntry.was``; with
            ``None``, any value is overwritten.
        word: The word typed to confirm an irreversible change.
    """

    text: str | None
    was: str | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSettings:
    """The result of saving settings.

    Attributes:
        keys: Keys of the changed settings.
        warnings: Warnings about the new values, by key of the setting; also about
            unchanged settings that no longer fit the new values.
    """

    keys: tuple[str, ...]
    warnings: Mapping[str, str]


CONCERN_APPOINTMENTS = frozenset(
    it.key
    for it in (
        time.WEEKENDS_OFF,
        calls.PHONE_CALLER,
        calls.ROOM,
        calls.SERVERS,
        calls.TOKEN_SECRET,
        calendars.PRIMARY_PROVIDER,
        calendars.TWO_WAY,
        calendars.ONLINE_MEETING,
    )
)
"""Keys of the settings that can affect live appointments, or make a mail about an
appointment outdated. Other settings are saved without examining all live appointments,
because bookings must wait for the examination."""

Dispositions = Mapping[UUID, Disposition]
"""Decisions about appointments, by the appointment's id."""

NOTHING_DECIDED: Dispositions = {}


def save_settings(
    deps: Deps,
    actor: Actor,
    changes: Mapping[str, SettingEdit],
    *,
    dispositions: Dispositions = NOTHING_DECIDED,
) -> SavedSettings:
    """Change settings in one transaction. Idempotent.

    If the change makes mails to customers outdated, for example about who calls at a
    phone appointment, these customers get a new mail.

    Args:
        changes: The new values, by key of the setting.
        dispositions: Decisions about live appointments that the change affects.

    Raises:
        AffectedAppointmentsError: If no decision is given for an appointment that the
            change affects.
        NotAllowedError: If the actor is not allowed to change one of the settings.
        NotFoundError: If there is no setting with one of the keys.
        InvalidInputError: With an error message for each value that cannot be used.
        SettingChangedError: If another person changed one of the settings meanwhile.
    """
    return _apply(deps, actor, changes, "changed", dispositions)


def reset_setting(
    deps: Deps,
    actor: Actor,
    key: str,
    was: str | None = None,
    *,
    dispositions: Dispositions = NOTHING_DECIDED,
) -> SavedSettings:
    """Reset one setting to its default.

    Raises:
        The errors of ``save_settings``.
    """
    changes = {key: SettingEdit(text=None, was=was)}
    return _apply(deps, actor, changes, "reset", dispositions)


def undo_setting_change(
    deps: Deps,
    actor: Actor,
    number: int,
    was: str | None = None,
    *,
    dispositions: Dispositions = NOTHING_DECIDED,
) -> SavedSettings:
    """Restore the value that a setting had before a change in its history.

    Raises:
        NotFoundError: If there is no such change.
        ConflictError: If the setting is a secret, because its previous value is not
            stored, or if the effect of the change cannot be undone.
        Further errors: those of ``save_settings``.
    """
    with administer(deps, actor) as work:
        change = work.stored_settings.change(number)
    if change.before is None:
        raise ConflictError(say("admin.settings_saving.secret_not_restorable"))
    if change.key in purge_plan.CANNOT_BE_UNDONE:
        raise ConflictError(say(_NOT_UNDONE))
    entry = setting_of_key(change.key)
    text = None if change.before == entry.show(entry.default) else change.before
    changes = {entry.key: SettingEdit(text=text, was=was)}
    return _apply(deps, actor, changes, "undone", dispositions)


def _apply(
    deps: Deps,
    actor: Actor,
    changes: Mapping[str, SettingEdit],
    action: str,
    dispositions: Dispositions,
) -> SavedSettings:
    with administer(deps, actor) as work:
        work.lock_roster()
        before = settling.state_before(deps, work)
        saved = save_settings_within(deps, work, actor, changes, action)
        if CONCERN_APPOINTMENTS & set(saved.keys):
            settling.settle_change(deps, work, actor, before, dispositions)
    deps.wake()
    return saved


def save_settings_within(
    deps: Deps,
    work: UnitOfWork,
    actor: Actor,
    changes: Mapping[str, SettingEdit],
    action: str = "changed",
) -> SavedSettings:
    """Change settings as part of a larger transaction.

    The transaction must hold the roster's lock.

    Raises:
        The errors of ``save_settings``.
    """
    requested = {setting_of_key(key): change for key, change in changes.items()}
    _require_right(actor, requested)
    texts = _parse_edits({entry: change.text for entry, change in requested.items()})
    before = settings_warnings(work.settings)
    pending = _Pending(deps, work, actor, action)
    different = {e: text for e, text in texts.items() if pending.differs(e, text)}
    pending.refuse_changed_meanwhile({e: requested[e].was for e in different})
    connecting.refuse_switching(work, different)
    bound_secrets.require_secret_again(work, different)
    purge_plan.require_purge_word(
        deps, work, different, {e: c.word for e, c in requested.items()}
    )
    pending.refuse_clashes(different)
    for entry, text in different.items():
        pending.store(entry, text)
    purge_plan.record_purge_start(deps, work, different.items())
    if different:
        _make_obeyed(work, different, deps.now())
    keys = tuple(entry.key for entry in different)
    after = settings_warnings(work.settings)
    unwise = {k: v for k, v in after.items() if k in keys or v != before.get(k)}
    return SavedSettings(keys=keys, warnings=unwise)


def _make_obeyed(
    work: UnitOfWork, changed: Collection[Setting[Any]], now: datetime
) -> None:
    if calendars.PRIMARY_PROVIDER in changed:
        work.busy.forget()
    work.publish_roster_change()
    connecting.apply_connection_settings(work, changed, now)
    outside_agents.follow_agents(work, now)


def _require_right(actor: Actor, entries: Mapping[Setting[Any], SettingEdit]) -> None:
    for entry in entries:
        if not has_any_role(actor, entry.changeable_by):
            raise NotAllowedError(
                say("admin.settings_saving.super_admin_only", label=entry.label)
            )
        if actor.scope is not None and entry.key in BROWSER_ONLY:
            raise NotAllowedError(
                say("admin.settings_saving.browser_only", label=entry.label)
            )


def _parse_edits(
    texts: Mapping[Setting[Any], str | None],
) -> dict[Setting[Any], str | None]:
    """Return the texts in their stored form; raise an error if one is invalid."""
    canonical: dict[Setting[Any], str | None] = {}
    problems: dict[str, str] = {}
    for entry, text in texts.items():
        try:
            canonical[entry] = _canonical(entry, text)
        except ValueError as error:
            problems[entry.key] = str(error)
    if problems:
        raise InvalidInputError(problems)
    return canonical


def _canonical(entry: Setting[Any], text: str | None) -> str | None:
    if text is None:
        return None
    if len(text) > LONGEST:
        raise ValueError(f"Use at most {LONGEST} characters.")
    shown = entry.show(entry.parse(text))
    return None if entry.is_secret and not shown else shown


class _Pending:
    """The changes of one transaction, compared with the stored values."""

    def __init__(self, deps: Deps, work: UnitOfWork, actor: Actor, action: str) -> None:
        self._deps = deps
        self._work = work
        self._actor = actor
        self._action = action
        self._now = deps.now()
        self._values = work.settings
        self._stored = work.stored_settings.all()
        self._trouble = settings_trouble(deps.config, self._values)

    def differs(self, entry: Setting[Any], text: str | None) -> bool:
        """Whether this text changes the stored value of a setting."""
        if text is None:
            return entry.key in self._stored
        if entry.is_secret or entry.key in self._trouble:
            return True
        return text != self._values.text(entry)

    def refuse_changed_meanwhile(self, was: Mapping[Setting[Any], str | None]) -> None:
        """Refuse to overwrite values that the actor has not seen."""
        changed = [
            self._change_by_others(entry)
            for entry, text in was.items()
            if text is not None and _normal(entry, text) != self._seen_text(entry)
        ]
        if changed:
            raise SettingChangedError(changed)

    def refuse_clashes(self, texts: Mapping[Setting[Any], str | None]) -> None:
        """Refuse values that contradict each other."""
        by_key = {entry.key: text for entry, text in texts.items()}
        clashes = rules.setting_clashes(self._values.with_changes(by_key), by_key)
        if clashes:
            raise InvalidInputError(clashes)

    def store(self, entry: Setting[Any], text: str | None) -> None:
        """Write one value and its audit entry."""
        if text is None:
            self._work.stored_settings.remove(entry.key)
        else:
            sealed = (
                seal(self._deps.config, entry.key, text) if entry.is_secret else text
            )
            self._work.stored_settings.put(
                entry.key, sealed, self._actor.name, self._now
            )
        self._work.audit.add(self._change_entry(entry, text))

    def _change_entry(self, entry: Setting[Any], text: str | None) -> AuditEntry:
        after = entry.show(entry.default) if text is None else text
        before = self._values.text(entry)
        replaced = entry.is_secret and text is not None
        return AuditEntry.by(
            self._actor,
            "replaced" if replaced else self._action,
            (KIND, entry.key),
            self._now,
            {} if entry.is_secret else {"before": before, "after": after},
        )

    def _change_by_others(self, entry: Setting[Any]) -> ChangedMeanwhile:
        change = self._work.stored_settings.last_changes([entry.key]).get(entry.key)
        by, at = last_setting_change(self._stored.get(entry.key), change)
        return ChangedMeanwhile(
            key=entry.key,
            label=entry.label,
            by=by or say("admin.settings_saving.somebody"),
            at=at,
            text="" if entry.is_secret else self._values.text(entry),
            was=self._seen_text(entry),
        )

    def _seen_text(self, entry: Setting[Any]) -> str:
        text = self._values.text(entry)
        return version_mark(entry, text, self._stored.get(entry.key))


def _normal(entry: Setting[Any], text: str) -> str:
    try:
        return text if entry.is_secret else entry.show(entry.parse(text))
    except ValueError:
        return text
