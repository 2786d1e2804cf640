"""Convert between a public page's path in English and in another language.

For example, ``/schedule`` is in English and ``/es/schedule`` in Spanish.
"""

from collections.abc import Sequence

from invo_booking.texts.speech import LANGUAGE, page_language, page_languages

_MOST_CHARACTERS = 200
"""Number of characters of ``Accept-Language`` that are read; browsers send about 50."""


def in_language(path: str, language: str = "") -> str:
    """Return the path of a public page in a language.

    Args:
        path: Path of the English page, beginning with a slash.
        language: ISO 639-1 code; empty for the current language. The path is returned
            unchanged if there are no pages in the language.
    """
    spoken = language or page_language()
    if spoken == LANGUAGE or spoken not in page_languages():
        return path
    return f"/{spoken}{path}".rstrip("/")


def split_language(address: str) -> tuple[str, str]:
    """Return the language of a page's path, and the path of the page in English."""
    first, _, rest = address.removeprefix("/").partition("/")
    if first == LANGUAGE or first not in page_languages():
        return LANGUAGE, address
    return first, f"/{rest}"


def preferred_language(header: str, offered: Sequence[str]) -> str:
    """Return the offered language that a browser prefers, else the first one offered.

    Args:
        header: ``Accept-Language``, such as ``es-MX,es;q=0.9,en;q=0.8``. A language
            without weight, or with an invalid weight, has the weight 1. Only the
            beginning of the header is read, because anyone can send a long header.
        offered: ISO 639-1 codes; if empty, the result is empty too.

    Source:
        RFC 9110 §12.5.4
    """
    wishes = [item.split(";") for item in header[:_MOST_CHARACTERS].split(",")]
    for code, *_ in sorted(wishes, key=lambda it: -_weight_of(it[1:])):
        if (language := code.strip().partition("-")[0].lower()) in offered:
            return language
    return offered[0] if offered else ""


def _weight_of(parameters: Sequence[str]) -> float:
    try:
        return float("".join(parameters).strip().removeprefix("q="))
    except ValueError:
        return 1
