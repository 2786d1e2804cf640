"""Fields of administrators' forms, each declared once.

A page lists its fields in rows, each with its name, label and hint. Everything else
follows from the kind of the field: the component, the text shown for a stored value,
and the value of the draft for what was typed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import partial
from typing import Any, TypeVar

import reflex as rx

from invo_booking.domain.institution import Translations
from invo_booking.texts import own_language_name, say
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.translations import other_languages
from invo_booking.web.admin.form_view import FormView, ItemForm
from invo_booking.web.admin.parts import admin_switch_field, admin_tick_boxes
from invo_booking.web.kit import fields
from invo_booking.web.kit.fields import Errors
from invo_booking.web.kit.forms import field_text, ticked_form_values
from invo_booking.web.kit.text import zones
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.typed import has_item

F = TypeVar("F", bound=ItemForm)
Form = Mapping[str, Any]
ON = "on"
"""The text that stands for a switch that is on."""


@dataclass(frozen=True)
class FormField:
    """A field of a form.

    Attributes:
        name: Name of the field in the form, in the draft and in error messages.
        label: Label of the field.
        draw: Makes the component of the field.
        show: Converts a stored value to the text of the field.
        read: Returns the value for the draft from a form and the field's name; raises
            ``ValueError`` with a message if what was typed is not such a value.
        hint: Hint below the label.
        of: Attribute of the stored item; by default, the name of the field.
        is_translated: Whether the text is also typed in other languages.
        translation_hint: Hint of the fields for other languages.
    """

    name: str
    label: str
    _: KW_ONLY
    draw: Callable[["FormField", FormView, Errors], rx.Component]
    show: Callable[[Any], str] = str
    read: Callable[[Form, str], Any] = field_text
    hint: str = ""
    of: str = ""
    is_translated: bool = False
    translation_hint: str = ""

    @property
    def attribute(self) -> str:
        """The attribute of the stored item."""
        return self.of or self.name

    def in_language(self, code: str) -> "FormField":
        """Return the field for the text in another language."""
        language = own_language_name(code)
        return replace(
            self,
            name=f"{self.name}-{code}",
            label=say("admin.translated", label=self.label, language=language),
            hint=self.translation_hint,
        )


def line_component(
    it: FormField, form: FormView, errors: Errors, kind: str = "text", **more: Any
) -> rx.Component:
    """Return a field of one line.

    Args:
        it: The field.
        form: Initial values.
        errors: Error messages by field name.
        kind: Type of the ``input`` element.
        more: Further attributes of this element.
    """
    value = form.texts[it.name]
    return fields.text_field(
        it.name, it.label, errors, value, kind, hint=it.hint, **more
    )


def _area(it: FormField, form: FormView, errors: Errors) -> rx.Component:
    value = form.texts[it.name]
    return fields.text_area(it.name, it.label, errors, value, hint=it.hint)


def _zone(it: FormField, form: FormView, errors: Errors) -> rx.Component:
    value = form.texts[it.name]
    return fields.time_zone_field(it.name, it.label, errors, value, hint=it.hint)


def _switch(it: FormField, form: FormView, errors: Errors) -> rx.Component:
    return rx.el.div(
        admin_switch_field(it.name, it.label, it.hint, form.texts[it.name] == ON),
        rx.cond(
            has_item(errors, it.name),
            rx.el.p(errors[it.name], class_name="err", role="alert"),
        ),
    )


def _ticks(it: FormField, form: FormView, errors: Errors) -> rx.Component:
    return admin_tick_boxes(it.name, it.label, form.checks[it.name], errors, it.hint)


line_field = partial(FormField, draw=line_component)
text_field = partial(FormField, draw=_area)
phone_field = partial(FormField, draw=partial(line_component, kind="tel"))
email_field = partial(FormField, draw=partial(line_component, kind="email"))
lines_field = partial(
    FormField,
    draw=_area,
    show="\n".join,
    read=lambda form, name: tuple(field_text(form, name).splitlines()),
)
zone_field = partial(
    FormField,
    draw=_zone,
    show=lambda zone: zones.zone_label_of(zone.key),
    read=lambda form, name: zones.find_zone(field_text(form, name)),
)
switch_field = partial(
    FormField,
    draw=_switch,
    show=lambda is_on: ON if is_on else "",
    read=lambda form, name: name in form,
)


def choice_field(
    name: str,
    label: str,
    options: Sequence[OptionView] = (),
    *,
    nothing: str = "",
    **more: Any,
) -> FormField:
    """Return a drop-down list.

    Args:
        name: Name of the field.
        label: Label of the field.
        options: The options; empty if the form has them.
        nothing: Text of the option that stands for no choice; empty for none.
        more: Further attributes of the field.
    """

    def draw(it: FormField, form: FormView, errors: Errors) -> rx.Component:
        return fields.select_field(
            it.name,
            it.label,
            errors,
            list(options) or form.options[it.name],
            *([rx.el.option(nothing, value="")] if nothing else []),
            hint=it.hint,
            default_value=form.texts[it.name],
        )

    return FormField(name, label, draw=draw, **more)


def ticks_field(
    name: str, label: str, *, prefix: str, parse: Callable[[list[str]], Any] = tuple
) -> FormField:
    """Return a group of checkboxes, which are in the form.

    Args:
        name: Name of the group in the form and in the draft.
        label: Text above the boxes.
        prefix: Begin of the names of the boxes.
        parse: Converts the values of the ticked boxes for the draft.
    """
    return FormField(
        name,
        label,
        draw=_ticks,
        read=lambda form, _: parse(ticked_form_values(form, prefix)),
    )


Rows = Sequence[FormField | tuple[FormField, ...]]
"""Fields from top to bottom; the fields of a tuple are side by side."""

_SIDE_BY_SIDE = {2: "two", 3: "three", 4: "two"}
"""Class names by number of fields."""


def form_rows(rows: Rows, form: FormView, errors: Errors) -> list[rx.Component]:
    """Return the components of the fields."""
    return [
        rx.el.div(
            *(it.draw(it, form, errors) for it in row),
            class_name=_SIDE_BY_SIDE[len(row)],
        )
        if isinstance(row, tuple)
        else row.draw(row, form, errors)
        for row in rows
    ]


def translation_sections(
    rows: Rows, form: FormView, errors: Errors, *, hint: str
) -> rx.Component:
    """Return the fields for each other language, closed at first.

    Args:
        rows: All fields; those that are not translated are left out.
        form: Initial values.
        errors: Error messages by field name.
        hint: Says what customers read if a text is missing.
    """
    sections = [
        rx.el.details(
            rx.el.summary(rx.el.span(own_language_name(code), lang=code)),
            *form_rows(
                [it.in_language(code) for it in _translated_fields(rows)], form, errors
            ),
            class_name="more",
        )
        for code in other_languages()
    ]
    return rx.el.fieldset(
        rx.el.legend(say("admin.translations")),
        rx.el.p(hint, class_name="hint"),
        *sections,
        class_name="translations",
    )


def stored_form(
    kind: type[F], rows: Rows, item: Any, heading: str, stamp: str, **more: Any
) -> F:
    """Return the form of a stored item.

    Args:
        kind: Class of the form.
        rows: The fields of the form.
        item: The item, which has an id and a version.
        heading: Heading of the page while the form is shown.
        stamp: A new text, so that the browser fills in the form again.
        more: Further values of the form.
    """
    return kind(
        key=f"{item.id} {item.version} {stamp}",
        id=str(item.id),
        version=item.version,
        heading=heading,
        texts=form_texts(rows, item),
        **more,
    )


def form_texts(rows: Rows, item: Any) -> dict[str, str]:
    """Return the texts that the fields show of a stored item."""
    texts = {it.name: it.show(getattr(item, it.attribute)) for it in _fields_of(rows)}
    if not _translated_fields(rows):
        return texts
    return texts | _translation_texts(rows, item.translations)


def _translation_texts(rows: Rows, translations: Translations) -> dict[str, str]:
    """Return the stored texts in other languages, by names such as ``title-es``."""
    return {
        f"{it.name}-{code}": translations.get(code, {}).get(it.attribute, "")
        for code in other_languages()
        for it in _translated_fields(rows)
    }


def typed_values(rows: Rows, form: Form) -> dict[str, Any]:
    """Return the values of a draft that a submitted form describes.

    Raises:
        InvalidInputError: With an error message for each field that cannot be read.
    """
    problems = Problems()
    values = {
        it.name: problems.read(it.name, partial(it.read, form, it.name), None)
        for it in _fields_of(rows)
    }
    problems.refuse()
    if not _translated_fields(rows):
        return values
    return values | {"translations": _typed_translations(rows, form)}


def _typed_translations(rows: Rows, form: Form) -> dict[str, dict[str, str]]:
    """Return the typed texts by language and attribute."""
    return {
        code: {
            it.attribute: field_text(form, f"{it.name}-{code}")
            for it in _translated_fields(rows)
        }
        for code in other_languages()
    }


def untranslated_languages(translations: Translations, attribute: str) -> list[str]:
    """Return the languages that lack a text, each named in its own language."""
    return [
        own_language_name(code)
        for code in other_languages()
        if not translations.get(code, {}).get(attribute)
    ]


def _fields_of(rows: Rows) -> Iterator[FormField]:
    for row in rows:
        yield from row if isinstance(row, tuple) else (row,)


def _translated_fields(rows: Rows) -> list[FormField]:
    return [it for it in _fields_of(rows) if it.is_translated]
