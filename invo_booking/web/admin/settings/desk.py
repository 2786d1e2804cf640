"""The unsaved changes of an administrator on a settings page.

All values are immutable: every change returns a new form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from invo_booking.settings.spec import SettingKind
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.admin.setting_words import setting_values_of

LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class SettingDraft:
    """A value that is typed or chosen but not saved.

    Attributes:
        text: Text of the field; ``None`` restores the default.
        was: Fingerprint of the stored value on which this draft is based.
    """

    text: str | None
    was: str


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The stored rows of a page, and the unsaved changes.

    Attributes:
        rounds: By key, how often the page itself has filled in the field; a new
            number redraws the field.
    """

    rows: Mapping[str, SettingEntry] = field(default_factory=dict[str, SettingEntry])
    drafts: Mapping[str, SettingDraft] = field(default_factory=dict[str, SettingDraft])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    rounds: Mapping[str, int] = field(default_factory=dict[str, int])

    def with_rows(self, rows: Sequence[SettingEntry]) -> "SettingsForm":
        """Return the form with newly loaded rows; unsaved changes stay."""
        fresh = {row.key: row for row in rows}
        old = {
            key
            for key in fresh
            if key not in self.drafts and self._is_changed(fresh, key)
        }
        return replace(self.with_redraw(old), rows=fresh)

    def with_value(self, key: str, text: str) -> "SettingsForm":
        """Return the form with a typed value; typing the stored value is no change."""
        row = self.rows.get(key)
        if row is None or not row.editable:
            return self
        typed = text[:LONGEST]
        if typed == row.text:
            return self.without_drafts({key})
        was = self.drafts[key].was if key in self.drafts else row.was
        return replace(
            self.without_drafts({key}),
            drafts={**self.drafts, key: SettingDraft(typed, was)},
        )

    def with_option(self, key: str, value: str, *, on: bool) -> "SettingsForm":
        """Return the form with one option of a multiple choice added or removed."""
        row = self.rows.get(key)
        if row is None:
            return self
        chosen = set(setting_values_of(self.field_text(key))) - {value} | (
            {value} if on else set()
        )
        listed = [each.value for each in row.choices if each.value in chosen]
        return self.with_value(key, ", ".join(listed))

    def with_default(self, key: str) -> "SettingsForm":
        """Return the form with a setting changed to its default."""
        row = self.rows.get(key)
        if row is None or not row.editable:
            return self
        drafts = {**self.drafts, key: SettingDraft(None, row.was)}
        return replace(self.without_drafts({key}).with_redraw({key}), drafts=drafts)

    def without_changes(self, *keys: str) -> "SettingsForm":
        """Return the form without the changes of ``keys``; by default, of all keys."""
        gone = set(keys or self.drafts)
        return self.without_drafts(gone).with_redraw(gone)

    def with_own_value(self, key: str) -> "SettingsForm":
        """Return the form with a draft that may overwrite what another person saved."""
        if key not in self.drafts or key not in self.rows:
            return self
        draft = replace(self.drafts[key], was=self.rows[key].was)
        return replace(self, drafts={**self.drafts, key: draft})

    def with_errors(self, errors: Mapping[str, str]) -> "SettingsForm":
        """Return the form with error messages beside the fields at fault."""
        return replace(self, errors=errors)

    def field_text(self, key: str) -> str:
        """Return the text that the field of a setting shows."""
        row, draft = self.rows[key], self.drafts.get(key)
        if draft is None:
            return row.text
        if draft.text is None:
            return "" if row.kind is SettingKind.SECRET else row.default
        return draft.text

    def is_changed_elsewhere(self, key: str) -> bool:
        """Whether another person saved a setting after the change began here."""
        return key in self.drafts and self.drafts[key].was != self.rows[key].was

    def changes(self) -> dict[str, SettingEdit]:
        """Return the changes to save, by key."""
        return {
            key: SettingEdit(text=self._value_to_save(key, draft), was=draft.was)
            for key, draft in self.drafts.items()
        }

    def _value_to_save(self, key: str, draft: SettingDraft) -> str | None:
        return None if draft.text == self.rows[key].default else draft.text

    def _is_changed(self, fresh: Mapping[str, SettingEntry], key: str) -> bool:
        return key in self.rows and fresh[key].text != self.rows[key].text

    def without_drafts(self, keys: set[str]) -> "SettingsForm":
        """Return the form without the changes of some settings."""
        drafts = {key: draft for key, draft in self.drafts.items() if key not in keys}
        errors = {
            key: sentence for key, sentence in self.errors.items() if key not in keys
        }
        return replace(self, drafts=drafts, errors=errors)

    def with_redraw(self, keys: set[str]) -> "SettingsForm":
        """Return the form with some fields marked to be redrawn."""
        rounds = {key: self.rounds.get(key, 0) + 1 for key in keys}
        return replace(self, rounds={**self.rounds, **rounds})
