"""The history of one setting, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from invo_booking.settings.spec import SettingKind
from invo_booking.texts import say
from invo_booking.usecases.shared.settings import SettingEntry, SettingHistoryEntry
from invo_booking.web.admin import setting_words as words
from invo_booking.web.kit.text.words import ViewerContext

DONE = {
    "changed": "settings.history.changed",
    "reset": "settings.history.reset",
}


@dataclass(frozen=True)
class SettingChangeView:
    """One change of a setting, and whether it can be undone."""

    number: int
    at: str
    sentence: str
    before: str
    after: str
    undo: str


def setting_change_views(
    row: SettingEntry, changes: Sequence[SettingHistoryEntry], viewer: ViewerContext
) -> list[SettingChangeView]:
    """Return the changes of a setting, newest first."""
    return [_change_view(row, change, viewer) for change in changes]


def _change_view(
    row: SettingEntry, change: SettingHistoryEntry, viewer: ViewerContext
) -> SettingChangeView:
    before = (
        "" if change.before is None else words.setting_value_text(row, change.before)
    )
    after = "" if change.after is None else words.setting_value_text(row, change.after)
    back = row.editable and change.undoable and change.before != row.text
    return SettingChangeView(
        number=change.number,
        at=f"{words.setting_change_time_text(change.at, viewer)}",
        sentence=f"{change.by} {_done_text(row, change)}",
        before=before,
        after=after,
        undo=say("settings.history.go_back", value=before) if back else "",
    )


def _done_text(row: SettingEntry, change: SettingHistoryEntry) -> str:
    if change.action == "undone":
        return say("settings.history.undid")
    if row.kind is SettingKind.SECRET:
        return (
            say("settings.history.replaced")
            if change.action == "replaced"
            else say("settings.history.removed")
        )
    return say(DONE.get(change.action, "settings.history.changed"))
