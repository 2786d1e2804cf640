"""Convert the rows of a settings page for display."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from invo_booking.settings import calendars, contrast, ux
from invo_booking.settings.parsers import COLOR
from invo_booking.settings.spec import Page, SettingKind
from invo_booking.texts import say
from invo_booking.usecases.shared.settings import SettingEntry
from invo_booking.web.admin import setting_words as words
from invo_booking.web.admin.connection.provider_words import PROVIDER_NOTES
from invo_booking.web.admin.settings.desk import SettingsForm
from invo_booking.web.kit.text.words import ViewerContext

NUMBERS = frozenset(
    {SettingKind.NUMBER, SettingKind.MINUTES, SettingKind.DAYS, SettingKind.PERCENT}
)
CONTROLS: Mapping[SettingKind, str] = {
    SettingKind.SWITCH: "switch",
    SettingKind.CHOICE: "choice",
    SettingKind.ROLES: "roles",
    SettingKind.COLOR: "color",
    SettingKind.SECRET: "secret",
    SettingKind.MINUTES_LIST: "list",
}
CARDS = frozenset({calendars.PRIMARY_PROVIDER.key})


@dataclass(frozen=True)
class SettingOptionView:
    """One of the options of a setting."""

    value: str = ""
    label: str = ""
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class SettingRowView:
    """One setting: its texts, its control, and its state.

    Attributes:
        control: Name of the control to draw.
        said: The current value in words.
        drawn: A new value makes the browser redraw the field.
        bounds: Which numbers are allowed; empty if all are.
        history: Whether the setting was ever changed.
        was: The value in force, if the field shows a different value; otherwise empty.
        clash: A value that another person has saved meanwhile; may be empty.
        resettable: Whether the default can be restored.
    """

    key: str = ""
    control: str = ""
    label: str = ""
    help: str = ""
    unit: str = ""
    value: str = ""
    said: str = ""
    options: list[SettingOptionView] = field(default_factory=list[SettingOptionView])
    drawn: str = ""
    bounds: str = ""
    default: str = ""
    changed: str = ""
    history: bool = False
    was: str = ""
    clash: str = ""
    error: str = ""
    notice: str = ""
    hint: str = ""
    look: str = ""
    described_by: str = ""
    deprecated: bool = False
    editable: bool = False
    stored: bool = False
    resettable: bool = False
    differs: bool = False


@dataclass(frozen=True)
class SettingGroupView:
    """A group of settings."""

    title: str
    lead: str
    rows: list[SettingRowView]


@dataclass(frozen=True)
class SettingDifferenceView:
    """One unsaved change."""

    key: str
    label: str
    before: str
    after: str
    warning: str
    word: str = ""  # the word to type before saving


@dataclass(frozen=True)
class SettingLinkView:
    """A link to a field with an invalid value."""

    key: str
    label: str


@dataclass(frozen=True)
class RatioView:
    """The contrast between the text of a time and one background color."""

    name: str
    ratio: str
    background: str
    reads_well: bool


@dataclass(frozen=True)
class SlotsView:
    """The unsaved colors of slots, for the preview."""

    text: str = ""
    available: str = ""
    selected: str = ""
    ratios: list[RatioView] = field(default_factory=list[RatioView])


def settings_part_views(
    page: Page, form: SettingsForm, viewer: ViewerContext
) -> list[SettingGroupView]:
    """Return the rows of a page by group."""
    return [
        SettingGroupView(
            part.title, part.lead, [setting_row_view(row, form, viewer) for row in rows]
        )
        for part, rows in words.setting_rows_by_part(page, list(form.rows.values()))
    ]


def setting_row_view(
    row: SettingEntry, form: SettingsForm, viewer: ViewerContext
) -> SettingRowView:
    """Return the view of one setting."""
    text, error = form.field_text(row.key), form.errors.get(row.key, "")
    differs = row.key in form.drafts
    notice = row.broken or ("" if differs else row.warning)
    return SettingRowView(
        key=row.key,
        control=_control_kind(row),
        label=row.label,
        help=row.help,
        unit=row.unit,
        value=text,
        said=_before_text(row),
        options=_option_views(row, text),
        drawn=f"{row.key}.{form.rounds.get(row.key, 0)}",
        bounds=_bounds_text(row),
        default=say("settings.default", value=_default_text(row)),
        changed=_change_text(row, viewer),
        history=row.changed_at is not None,
        was=_previous_text(row) if differs else "",
        clash=_clash_text(row, viewer) if form.is_changed_elsewhere(row.key) else "",
        error=error,
        notice=notice,
        hint=words.longer_setting_words(row, text),
        look=_row_class(differs=differs, refused=bool(error)),
        described_by=f"{row.key}-h" + (f" {row.key}-e" if error else ""),
        deprecated=row.deprecated,
        editable=row.editable,
        stored=row.kind is SettingKind.SECRET and row.is_set,
        resettable=row.editable and not differs and _is_resettable(row),
        differs=differs,
    )


def setting_difference_views(form: SettingsForm) -> list[SettingDifferenceView]:
    """Return the unsaved changes."""
    return [
        SettingDifferenceView(
            key=key,
            label=row.label,
            before=_before_text(row),
            after=_after_text(row, form, key),
            warning=_warning_text(form, row),
            word=row.word if _is_deletion(form, row) else "",
        )
        for key, row in form.rows.items()
        if key in form.drafts
    ]


def settings_confirmation_word(form: SettingsForm) -> str:
    """Return the word that confirms the changes; empty if none is needed."""
    return next((it.word for it in setting_difference_views(form) if it.word), "")


def settings_saved_notice(form: SettingsForm, keys: Sequence[str]) -> str:
    """Return how to stop the purge; empty unless the purge was just switched on."""
    rows = [form.rows[key] for key in keys if key in form.rows]
    if any(row.word and row.text == "on" for row in rows):
        return say("settings.purge_note")
    return ""


def can_undo_settings(form: SettingsForm, keys: Iterable[str]) -> bool:
    """Whether restoring the previous values undoes all effects of these settings."""
    return not any(form.rows[key].word for key in keys if key in form.rows)


def _is_deletion(form: SettingsForm, row: SettingEntry) -> bool:
    return bool(row.word) and form.field_text(row.key) == "on"


def _warning_text(form: SettingsForm, row: SettingEntry) -> str:
    if _is_deletion(form, row):
        return row.consequence
    return words.BEFORE_SAVING.get(row.key, "")


def setting_error_links(form: SettingsForm) -> list[SettingLinkView]:
    """Return links to the fields with invalid values."""
    return [
        SettingLinkView(k, row.label)
        for k, row in form.rows.items()
        if k in form.errors
    ]


def settings_slots_view(form: SettingsForm) -> SlotsView:
    """Return slots in the unsaved colors; stored colors replace invalid colors."""
    text, available, selected = (
        _color_of(form, entry.key)
        for entry in (ux.SLOT_TEXT, ux.SLOT_AVAILABLE, ux.SLOT_SELECTED)
    )
    grounds = {
        say("settings.preview.available"): available,
        say("settings.preview.selected"): selected,
    }
    ratios = [
        _ratio_view(name, text, ground) for name, ground in grounds.items() if ground
    ]
    return SlotsView(text, available, selected, ratios)


def _color_of(form: SettingsForm, key: str) -> str:
    if key not in form.rows:
        return ""
    typed = form.field_text(key)
    return typed if COLOR.fullmatch(typed) else form.rows[key].text


def _ratio_view(name: str, text: str, ground: str) -> RatioView:
    ratio = contrast.contrast_ratio(text, ground)
    shown = int(ratio * 10) / 10  # rounded down, so that it never looks sufficient
    return RatioView(
        say("settings.preview.text_on", ground=name),
        say("settings.preview.ratio", ratio=shown),
        ground,
        ratio >= contrast.READABLE,
    )


def _control_kind(row: SettingEntry) -> str:
    if row.key in CARDS:
        return "cards"
    return CONTROLS.get(row.kind, "number" if row.kind in NUMBERS else "text")


def _option_views(row: SettingEntry, text: str) -> list[SettingOptionView]:
    chosen = (
        {text} if row.kind is SettingKind.CHOICE else set(words.setting_values_of(text))
    )
    notes = PROVIDER_NOTES if row.key in CARDS else {}
    return [
        SettingOptionView(
            it.value, it.label, notes.get(it.value, ""), it.value in chosen
        )
        for it in row.choices
    ]


def _bounds_text(row: SettingEntry) -> str:
    if (
        row.minimum is None
        or row.maximum is None
        or row.kind is SettingKind.MINUTES_LIST
    ):
        return ""
    return say("settings.bounds", lowest=f"{row.minimum:,}", highest=f"{row.maximum:,}")


def _default_text(row: SettingEntry) -> str:
    return (
        say("settings.empty")
        if row.kind is SettingKind.SECRET
        else words.setting_value_text(row, row.default)
    )


def _change_text(row: SettingEntry, viewer: ViewerContext) -> str:
    if row.changed_at is None:
        return say("settings.never_changed")
    is_secret = row.kind is SettingKind.SECRET
    key = "settings.replaced_by" if is_secret else "settings.changed_by"
    when = words.setting_change_time_text(row.changed_at, viewer)
    return say(key, who=row.changed_by, when=when)


def _previous_text(row: SettingEntry) -> str:
    if row.kind is SettingKind.SECRET:
        return (
            say("settings.secret.in_use")
            if row.is_set
            else say("settings.secret.not_saved")
        )
    return say("settings.in_use", value=words.setting_value_text(row, row.text))


def _clash_text(row: SettingEntry, viewer: ViewerContext) -> str:
    who = row.changed_by or say("settings.somebody")
    at = (
        f" {words.setting_change_time_text(row.changed_at, viewer)}"
        if row.changed_at
        else ""
    )
    if row.kind is SettingKind.SECRET:
        return say("settings.clash.replaced", who=who, at=at)
    return say(
        "settings.clash.changed",
        who=who,
        at=at,
        value=words.setting_value_text(row, row.text),
    )


def _row_class(*, differs: bool, refused: bool) -> str:
    if refused:
        return "row refused"
    return "row changed" if differs else "row"


def _is_resettable(row: SettingEntry) -> bool:
    return row.is_set if row.kind is SettingKind.SECRET else row.text != row.default


def _before_text(row: SettingEntry) -> str:
    if row.kind is SettingKind.SECRET:
        return (
            say("settings.secret.the_stored") if row.is_set else say("settings.nothing")
        )
    return words.setting_value_text(row, row.text)


def _after_text(row: SettingEntry, form: SettingsForm, key: str) -> str:
    if row.kind is SettingKind.SECRET:
        return (
            say("settings.secret.a_new")
            if form.drafts[key].text
            else say("settings.nothing")
        )
    return words.setting_value_text(row, form.field_text(key))
