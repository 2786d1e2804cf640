"""Requests and responses about settings; values are text."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, create_model

from invo_booking.api.admin.shapes import DecidedBody
from invo_booking.api.core.shapes import Body, InstantText, ResponseModel, read_from
from invo_booking.settings.registry import ENTRIES
from invo_booking.settings.spec import Setting, SettingKind
from invo_booking.usecases.admin.settings_saving import LONGEST, SettingEdit

Text = Annotated[str, Field(max_length=LONGEST)]


class SettingChangeBody(Body):
    """The new value of a setting; `null` for its default.

    Attributes:
        word: The word that confirms an irreversible deletion.
    """

    value: Text | None
    was: Text | None = None
    word: Annotated[str, Field(max_length=40)] = ""


class WasBody(DecidedBody):
    """The `was` of the setting as listed, and decisions about appointments."""

    was: Text | None = None


def _member(entry: Setting[Any]) -> Any:
    field = Field(default=None, alias=entry.key, description=entry.label)
    return SettingChangeBody | None, field


_OneForEach = create_model(
    "_OneForEach",
    __base__=DecidedBody,
    **{entry.key.replace(".", "_"): _member(entry) for entry in ENTRIES},
)


class SettingsBody(_OneForEach):
    """Settings to change, by key, and decisions about appointments."""

    def changes(self) -> dict[str, SettingEdit]:
        """Return the given changes, by key."""
        return {
            type(self).model_fields[name].alias or name: SettingEdit(
                text=change.value, was=change.was, word=change.word
            )
            for name, change in self
            if isinstance(change, SettingChangeBody)
        }


class ChoiceResponse(ResponseModel):
    """A value to choose."""

    value: str
    label: str


class SettingResponse(ResponseModel):
    """One setting.

    Attributes:
        value: Current value; empty for a secret, because secrets are never shown.
        was: Value to send back with a change.
        broken: Why the stored value cannot be used; empty if it can.
        warning: Warning about the current value; may be empty.
        consequence: Irreversible effect of switching the setting on; may be empty.
    """

    key: str
    page: str = read_from("page", "slug")
    label: str
    help: str
    kind: SettingKind
    unit: str
    choices: tuple[ChoiceResponse, ...]
    minimum: int | None
    maximum: int | None
    value: str = read_from("text")
    default: str
    was: str
    is_set: bool
    editable: bool
    deprecated: bool
    changed_by: str
    changed_at: InstantText | None
    broken: str
    warning: str
    consequence: str


class SettingsResponse(ResponseModel):
    """Settings, in the order of the pages."""

    settings: tuple[SettingResponse, ...]


class SavedSettingsResponse(ResponseModel):
    """The changed settings, and warnings."""

    changed: tuple[str, ...] = read_from("keys")
    warnings: Mapping[str, str]


class SettingChangeResponse(ResponseModel):
    """One change; without values of secrets."""

    number: int
    at: InstantText
    by: str
    action: str
    before: str | None
    after: str | None


class SettingHistoryResponse(ResponseModel):
    """The changes of a setting, latest first."""

    changes: tuple[SettingChangeResponse, ...]
