"""Settings as they travel over the wire; values are text, as on the settings pages."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, create_model

from invo_booking.api.core.shapes import Body, InstantText, ResponseModel, read_from
from invo_booking.settings.registry import ENTRIES
from invo_booking.settings.spec import Setting, SettingKind
from invo_booking.usecases.admin.settings_saving import LONGEST, SettingEdit

Text = Annotated[str, Field(max_length=LONGEST)]


class SettingChangeBody(Body):
    """What one setting shall be; `null` for its default.

    Attributes:
        word: Where a change deletes something for good, the word that confirms it.
    """

    value: Text | None
    was: Text | None = None
    word: Annotated[str, Field(max_length=40)] = ""


class WasBody(Body):
    """What the setting was when it was looked at, as listed."""

    was: Text | None = None


def _member(entry: Setting[Any]) -> Any:
    field = Field(default=None, alias=entry.key, description=entry.label)
    return SettingChangeBody | None, field


_OneForEach = create_model(
    "_OneForEach",
    __base__=Body,
    **{entry.key.replace(".", "_"): _member(entry) for entry in ENTRIES},
)


class SettingsBody(_OneForEach):
    """Settings to change, by key."""

    def changes(self) -> dict[str, SettingEdit]:
        """Return what is given, by key."""
        return {
            type(self).model_fields[name].alias or name: SettingEdit(
                text=change.value, was=change.was, word=change.word
            )
            for name, change in self
            if change is not None
        }


class ChoiceResponse(ResponseModel):
    """One of the values to choose from."""

    value: str
    label: str


class SettingResponse(ResponseModel):
    """One setting.

    Attributes:
        value: In force; empty for a secret, which is never shown.
        was: What to send back with a change.
        broken: Why what is stored is not in force, if so.
        warning: What is unwise about the value, if anything.
        consequence: What switching it on would do for good, if anything.
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
    """What is different now, and what is unwise about it."""

    changed: tuple[str, ...] = read_from("keys")
    warnings: Mapping[str, str]


class SettingChangeResponse(ResponseModel):
    """One change; no values where they are secret."""

    number: int
    at: InstantText
    by: str
    action: str
    before: str | None
    after: str | None


class SettingHistoryResponse(ResponseModel):
    """How a setting came to be what it is, latest change first."""

    changes: tuple[SettingChangeResponse, ...]
