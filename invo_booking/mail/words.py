"""Read the texts of mails, one TOML file for each language."""

from functools import cache
from importlib.resources import files
from typing import TypeVar

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
        """Return one sentence with its values; empty if this language has none."""
        key = ".".join(path)
        return self.catalogue[key].fill(values) if key in self.catalogue else ""

    def weave(self, key: str, **parts: Part) -> list[str | Part]:
        """Return one sentence around parts that are not text, such as links."""
        return self.catalogue[key].weave(parts)


@cache
def mail_words(language: str) -> Words:
    """Return the texts of an ISO 639-1 language, or the English ones.

    Only languages with a file are read from disk.
    """
    supported = language if language in mail_languages() else DEFAULT_LANGUAGE
    source = files("invo_booking.mail").joinpath("templates", f"{supported}.toml")
    return Words(TextCatalogue.read(supported, source))


@cache
def mail_languages() -> frozenset[str]:
    """Return the languages of mails."""
    folder = files("invo_booking.mail").joinpath("templates")
    return frozenset(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )


def readable_mail_locale(tag: str) -> Locale:
    """Return the locale of dates that matches the language of the text.

    A reader of a language that we write in keeps it also where nobody speaks it:
    ``"pl-US"`` becomes ``pl``. A reader of another language gets English of the same
    country: ``"sv-SE"`` becomes ``en_SE``, and an unknown tag ``en_US``.
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
    """Return the country of a tag in capitals; empty if it has none."""
    parts = tag.split("-")[1:]
    return next((it.upper() for it in parts if len(it) == COUNTRY_LETTERS), "")


def _english_of(country: str) -> Locale:
    try:
        return Locale("en", country or "US")
    except UnknownLocaleError:
        return Locale("en", "US")
