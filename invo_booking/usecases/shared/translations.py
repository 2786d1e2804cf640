"""Read texts that administrators typed in other languages."""

from collections.abc import Mapping

from invo_booking.domain.contact import clean_text
from invo_booking.domain.institution import OWN_LANGUAGE, Translations
from invo_booking.texts import page_languages
from invo_booking.usecases.shared.fields import Problems


def other_languages() -> tuple[str, ...]:
    """Return the languages of public pages besides the institution's own."""
    return tuple(it for it in page_languages() if it != OWN_LANGUAGE)


def clean_translations(
    problems: Problems, typed: Translations, limits: Mapping[str, int]
) -> dict[str, dict[str, str]]:
    """Return the texts as they are stored; empty ones are left out.

    Args:
        problems: Collects what is wrong, by names such as ``title-es``.
        typed: Texts by language and field.
        limits: Most characters of each field there is.
    """
    texts: dict[str, dict[str, str]] = {}
    for language, fields in sorted(typed.items()):
        if language not in other_languages():
            problems.add("translations", f"There are no pages in “{language[:20]}”.")
            continue
        for field, text in fields.items():
            cleaned = _clean_field(problems, f"{field}-{language}", text, limits, field)
            if cleaned:
                texts.setdefault(language, {})[field] = cleaned
    return texts


def _clean_field(
    problems: Problems, name: str, text: str, limits: Mapping[str, int], field: str
) -> str:
    if field not in limits:
        problems.add("translations", f"“{field[:40]}” has no translations.")
        return ""
    limit = limits[field]
    return problems.read(name, lambda: clean_text(text, limit=limit, lines=True), "")
