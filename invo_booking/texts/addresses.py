"""Addresses of public pages by language: ``/schedule`` in English, ``/es/schedule``."""

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
