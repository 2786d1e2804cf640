"""The words of every mail, one TOML file for each language."""

from functools import cache
from importlib.resources import files

from babel import Locale
from babel.core import UnknownLocaleError

from invo_booking.domain.contact import known_locale
from invo_booking.texts import TextCatalogue

DEFAULT_LANGUAGE = "en"


class Words:
    """What mails say in one language."""

    def __init__(self, catalogue: TextCatalogue) -> None:
        self.language = catalogue.language
        self.catalogue = catalogue

    def say(self, *path: str, **values: str) -> str:
        """Return one sentence, filled in; empty if this language has none there."""
        key = ".".join(path)
        return self.catalogue[key].fill(values) if key in self.catalogue else ""


@cache
def mail_words(language: str) -> Words:
    """Return the words of an ISO 639-1 language, or the English ones.

    Only languages with a file of their own are ever looked up on disk.
    """
    known = language if language in mail_languages() else DEFAULT_LANGUAGE
    source = files("invo_booking.mail").joinpath("templates", f"{known}.toml")
    return Words(TextCatalogue.read(known, source))


@cache
def mail_languages() -> frozenset[str]:
    """Return the languages mail can be written in."""
    folder = files("invo_booking.mail").joinpath("templates")
    return frozenset(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )


def readable_locale(tag: str) -> Locale:
    """Return the locale to write dates in, so that they suit the words around them.

    A reader whose language we have no words for gets English as written in the
    same country: ``"sv-SE"`` becomes ``en_SE``, and an unknown tag ``en_US``.
    """
    try:
        locale = Locale.parse(known_locale(tag, "en-US").replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en", "US")
    if locale.language in mail_languages():
        return locale
    return _english_of(locale.territory)


def _english_of(territory: str | None) -> Locale:
    try:
        return Locale("en", territory or "US")
    except UnknownLocaleError:
        return Locale("en", "US")
