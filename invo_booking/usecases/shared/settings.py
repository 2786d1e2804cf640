"""Read settings and their history, for administrators' pages and the API."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from invo_booking.domain.access.roles import Actor, has_any_role
from invo_booking.domain.errors import NotFoundError
from invo_booking.persistence.settings import SettingChange, StoredSetting
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import registry
from invo_booking.settings.spec import Page, Setting, SettingChoice, SettingKind, Values
from invo_booking.texts import say
from invo_booking.usecases.shared import purge_plan
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.rights import administer, require_administrator
from invo_booking.usecases.shared.settings_trouble import (
    settings_trouble,
    settings_warnings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingEntry:
    """A setting as an administrator sees it.

    Attributes:
        text: Current value as form text; always empty for a secret.
        default: Default as form text.
        was: Value to pass as ``SettingEdit.was``, which detects changes by other
            people.
        changed_by: Author of the last change; empty if the setting was never changed.
        changed_at: Time of the last change, in UTC.
        is_set: Whether a value is stored. For a secret, no other information about the
            value is shown.
        editable: Whether this actor may change the setting.
        broken: Why the stored value cannot be used and the default applies; empty if
            the value can be used.
        warning: Warning about the current value; empty if there is none.
        consequence: Irreversible effect of switching the setting on; empty if there is
            none.
        word: Word that must be typed to confirm the change; empty if no word is needed.
    """

    key: str
    page: Page
    label: str
    help: str
    unit: str
    kind: SettingKind
    choices: tuple[SettingChoice, ...]
    minimum: int | None
    maximum: int | None
    text: str
    default: str
    was: str
    changed_by: str
    changed_at: datetime | None
    is_set: bool
    editable: bool
    deprecated: bool
    broken: str
    warning: str
    consequence: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One settings page.

    Attributes:
        slug: Name of the page in URLs.
    """

    page: Page
    slug: str
    rows: tuple[SettingEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingHistoryEntry(SettingChange):
    """One change in a setting's history, which ``undo_setting_change`` can undo.

    Attributes:
        undoable: Whether the change can be undone: the previous value is known, and
            restoring this value undoes all effects.
    """

    undoable: bool


def settings_page(deps: Deps, actor: Actor, page: Page) -> PageView:
    """Return one page with the current values.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    rows = _rows(deps, actor, registry.settings_on_page(page))
    return PageView(page=page, slug=page.slug, rows=rows)


def all_setting_entries(deps: Deps, actor: Actor) -> tuple[SettingEntry, ...]:
    """Return every setting, in the order of the pages.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    return _rows(deps, actor, registry.ENTRIES)


def search_setting_entries(
    deps: Deps, actor: Actor, words: str
) -> tuple[SettingEntry, ...]:
    """Return the settings that contain all words; matches in the label come first.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    return _rows(deps, actor, registry.search_settings(words))


def setting_history(
    deps: Deps, actor: Actor, key: str
) -> tuple[SettingHistoryEntry, ...]:
    """Return the changes of one setting, latest first.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If there is no such setting.
    """
    require_administrator(actor)
    entry = setting_of_key(key)
    with deps.unit_of_work() as work:
        return tuple(map(_history_entry, work.stored_settings.history(entry.key)))


def setting_of_key(key: str) -> Setting[Any]:
    """Return the setting with this key.

    Raises:
        NotFoundError: If there is no such setting.
    """
    entry = registry.BY_KEY.get(key)
    if entry is None:
        raise NotFoundError(say("refusals.settings.unknown_setting"))
    return entry


def version_mark(entry: Setting[Any], text: str, stored: StoredSetting | None) -> str:
    """Return a text that changes whenever a setting's value changes.

    A page keeps the text from when the page was opened. If the current text is
    different, somebody changed the setting meanwhile. For a secret, whose value is
    never shown, the text is the time of the last change.
    """
    if not entry.is_secret:
        return text
    return stored.changed_at.isoformat() if stored else ""


def last_setting_change(
    stored: StoredSetting | None, change: SettingChange | None
) -> tuple[str, datetime | None]:
    """Return author and time (UTC) of a setting's last change.

    After a reset to the default, ``stored`` is ``None``. In this case ``change`` is
    used, the setting's latest change in the audit log.
    """
    if stored is not None:
        return stored.changed_by, stored.changed_at
    return (change.by, change.at) if change else ("", None)


def _rows(
    deps: Deps, actor: Actor, entries: Iterable[Setting[Any]]
) -> tuple[SettingEntry, ...]:
    with administer(deps, actor) as work:
        state = _state(deps, work, actor)
        rows = (_row(state, entry) for entry in entries)
        return tuple(_with_consequence(deps, work, row) for row in rows)


def _with_consequence(deps: Deps, work: UnitOfWork, row: SettingEntry) -> SettingEntry:
    if row.key not in purge_plan.CANNOT_BE_UNDONE:
        return row
    sentence = purge_plan.plan_purge(deps, work).sentence
    return replace(row, consequence=sentence, word=purge_plan.WORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredState:
    actor: Actor
    values: Values
    stored: Mapping[str, StoredSetting]
    last: Mapping[str, SettingChange]
    trouble: Mapping[str, str]
    warnings: Mapping[str, str]


def _state(deps: Deps, work: UnitOfWork, actor: Actor) -> _StoredState:
    return _StoredState(
        actor=actor,
        values=work.settings,
        stored=work.stored_settings.all(),
        last=work.stored_settings.last_changes(registry.BY_KEY),
        trouble=settings_trouble(deps.config, work.settings),
        warnings=settings_warnings(work.settings),
    )


def _row(state: _StoredState, entry: Setting[Any]) -> SettingEntry:
    field, stored = entry.field, state.stored.get(entry.key)
    text = "" if entry.is_secret else state.values.text(entry)
    changed_by, changed_at = last_setting_change(stored, state.last.get(entry.key))
    return SettingEntry(
        key=entry.key,
        page=entry.page,
        label=entry.label,
        help=entry.help,
        unit=field.unit,
        kind=field.kind,
        choices=field.choices,
        minimum=field.minimum,
        maximum=field.maximum,
        text=text,
        default=entry.show(entry.default),
        was=version_mark(entry, text, stored),
        changed_by=changed_by,
        changed_at=changed_at,
        is_set=stored is not None,
        editable=has_any_role(state.actor, entry.changeable_by),
        deprecated=entry.deprecated,
        broken=state.trouble.get(entry.key, ""),
        warning=state.warnings.get(entry.key, ""),
    )


def _history_entry(change: SettingChange) -> SettingHistoryEntry:
    is_reversible = change.key not in purge_plan.CANNOT_BE_UNDONE
    undoable = change.before is not None and is_reversible
    return SettingHistoryEntry(**asdict(change), undoable=undoable)
