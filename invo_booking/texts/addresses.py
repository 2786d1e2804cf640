"""Addresses of public pages by language: ``/schedule`` in English, ``/es/schedule``."""

from collections.abc import Sequence

from invo_booking.texts.speech import LANGUAGE, page_language, page_languages


def in_language(path: str, language: str = "") -> str:
    """Return the address of a page in a language, the one spoken now if none is given.

    Args:
        path: Address of the English page, beginning with a slash.
        language: ISO 639-1 code; English if there are no pages in it.
    """
    spoken = language or page_language()
    if spoken == LANGUAGE or spoken not in page_languages():
        return path
    return f"/{spoken}{path}".rstrip("/")


def split_language(address: str) -> tuple[str, str]:
    """Return the language of an address, and the address of the English page."""
    first, _, rest = address.removeprefix("/").partition("/")
    if first == LANGUAGE or first not in page_languages():
        return LANGUAGE, address
    return first, f"/{rest}"


def preferred_language(header: str, offered: Sequence[str]) -> str:
    """Return the offered language that a reader prefers, else the first one.

    Args:
        header: ``Accept-Language``, such as ``es-MX,es;q=0.9,en;q=0.8``; languages
            without a weight, or with one that cannot be read, come first.
        offered: ISO 639-1 codes.

    Source:
        RFC 9110 §12.5.4
    """
    wishes = [item.split(";") for item in header.split(",")]
    for code, *_ in sorted(wishes, key=lambda it: -_weight_of(it[1:])):
        if (language := code.strip().partition("-")[0].lower()) in offered:
            return language
    return offered[0] if offered else ""


def _weight_of(parameters: Sequence[str]) -> float:
    try:
        return float("".join(parameters).strip().removeprefix("q="))
    except ValueError:
        return 1
