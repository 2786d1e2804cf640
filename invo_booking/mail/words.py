"""Read the texts of mails from TOML files.

``templates/`` has a file for each language, with the texts that all mails share.
``kinds/`` has a file for each kind of mail, with a table for each language.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from babel import Locale
from babel.core import UnknownLocaleError

from invo_booking.domain.contact import known_locale, language_of_locale
from invo_booking.texts import TextCatalogue

DEFAULT_LANGUAGE = "en"
COUNTRY_LETTERS = 2

Part = TypeVar("Part")


class Words:
    """The texts of mails in one language."""

    def __init__(self, catalogue: TextCatalogue) -> None:
        self.language = catalogue.language
        self.catalogue = catalogue

    def say(self, *path: str, **values: str) -> str:
        """Return the text at a path with its values; empty if there is no such text."""
        key = ".".join(path)
        return self.catalogue[key].fill(values) if key in self.catalogue else ""

    def weave(self, key: str, **parts: Part) -> list[str | Part]:
        """Return a text as a list in which ``parts``, such as links, are inserted."""
        return self.catalogue[key].weave(parts)


@cache
def mail_words(language: str) -> Words:
    """Return the texts in an ISO 639-1 language, or else in English.

    The files of each language are read once.
    """
    supported = language if language in mail_languages() else DEFAULT_LANGUAGE
    kinds = {
        name: tables[supported]
        for name, tables in _files_in("kinds").items()
        if supported in tables
    }
    shared = _files_in("templates")[supported]
    return Words(TextCatalogue.of_tables(supported, shared, kinds))


@cache
def mail_languages() -> frozenset[str]:
    """Return the ISO 639-1 codes of all languages in which mails are written."""
    return frozenset(_files_in("templates"))


@cache
def _files_in(folder: str) -> dict[str, dict[str, Any]]:
    """Return the contents of a folder's TOML files by their names without ending."""
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
        for entry in files("invo_booking.mail").joinpath(folder).iterdir()
        if entry.name.endswith(".toml")
    }


def readable_mail_locale(tag: str) -> Locale:
    """Return the locale for dates in a mail; its language is that of the mail's text.

    If mails are written in the reader's language, that language stays, even if CLDR has
    no locale for it in the reader's country: ``"pl-US"`` becomes ``pl``. Readers of
    other languages get English dates as in their country: ``"sv-SE"`` becomes
    ``en_SE``. An unknown tag becomes ``en_US``.
    """
    known = known_locale(tag, "en-US")
    language, region = language_of_locale(known), _region_of(known)
    if language not in mail_languages():
        return _english_of(region)
    try:
        return Locale.parse(known.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return _english_of(region) if language == DEFAULT_LANGUAGE else Locale(language)


def _region_of(tag: str) -> str:
    """Return the country of a tag in capitals; empty if the tag has none."""
    parts = tag.split("-")[1:]
    return next((it.upper() for it in parts if len(it) == COUNTRY_LETTERS), "")


def _english_of(country: str) -> Locale:
    try:
        return Locale("en", country or "US")
    except UnknownLocaleError:
        return Locale("en", "US")
