"""Check the translations that administrators typed."""

from collections.abc import Callable, Mapping

from invo_booking.domain.institution import OWN_LANGUAGE, Translations
from invo_booking.texts import page_languages, say
from invo_booking.usecases.shared.fields import Problems

Reader = Callable[[Problems, str, str], str]
"""Checks one typed text and returns it in its stored form. Takes the collected
problems, the name of the field in the problems, and the text."""


def other_languages() -> tuple[str, ...]:
    """Return the languages of public pages besides the institution's own."""
    return tuple(it for it in page_languages() if it != OWN_LANGUAGE)


def clean_translations(
    problems: Problems, typed: Translations, readers: Mapping[str, Reader | int]
) -> dict[str, dict[str, str]]:
    """Return the translations in their stored form; empty texts are left out.

    Args:
        problems: Collects the problems, under names such as ``title-es``.
        typed: Texts by language and field.
        readers: For each translatable field, by its name, the function that checks the
            field, or the largest number of characters of a line.
    """
    texts: dict[str, dict[str, str]] = {}
    for language, fields in sorted(typed.items()):
        if language not in other_languages():
            problems.add(
                "translations",
                say("refusals.translations.unknown_language", language=language[:20]),
            )
            continue
        for field, text in fields.items():
            if field not in readers:
                problems.add(
                    "translations",
                    say("refusals.translations.not_translatable", field=field[:40]),
                )
                continue
            name, reader = f"{field}-{language}", readers[field]
            if isinstance(reader, int):
                cleaned = problems.line(name, text, reader)
            else:
                cleaned = reader(problems, name, text)
            if cleaned:
                texts.setdefault(language, {})[field] = cleaned
    return texts
