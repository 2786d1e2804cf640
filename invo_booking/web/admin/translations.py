"""Form fields for the translations of texts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import reflex as rx

from invo_booking.domain.institution import Translations
from invo_booking.texts import own_language_name, say
from invo_booking.usecases.shared.translations import other_languages
from invo_booking.web.kit.forms import field_text

Fields = Callable[[str], Sequence[rx.Component]]


def translation_sections(fields_in: Fields, *, hint: str) -> rx.Component:
    """Return a section for each language, initially collapsed.

    Args:
        fields_in: Returns the fields of a language, with names like ``title-es``.
        hint: Says what customers read if a text is missing.
    """
    sections = [
        rx.el.details(
            rx.el.summary(rx.el.span(own_language_name(code), lang=code)),
            *fields_in(code),
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


def label_in_language(label: str, code: str) -> str:
    """Return the label of a field in a language, such as ``Title (Español)``."""
    return say("admin.translated", label=label, language=own_language_name(code))


def translations_as_form(
    translations: Translations, fields: Sequence[str]
) -> dict[str, str]:
    """Return all translations as values of form fields, named like ``title-es``."""
    return {
        f"{name}-{code}": translations.get(code, {}).get(name, "")
        for code in other_languages()
        for name in fields
    }


def translations_of_form(
    form: Mapping[str, Any], fields: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the typed texts by language and field."""
    return {
        code: {name: field_text(form, f"{name}-{code}") for name in fields}
        for code in other_languages()
    }


def untranslated_languages(translations: Translations, field: str) -> list[str]:
    """Return the languages that lack a text, each named in its own language."""
    return [
        own_language_name(code)
        for code in other_languages()
        if not translations.get(code, {}).get(field)
    ]
