"""Return texts of pages and error messages in the current language.

The current language is that of the page or request being handled.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar, cast

from babel import Locale, UnknownLocaleError

from invo_booking.texts.catalogue import TextCatalogue

LANGUAGE = "en"
"""Language of staff pages, of the API and of texts that are not translated."""

PUBLIC, STAFF = "public", "staff"
"""Folders of texts that customers can read and of texts for staff only. Each contains a
folder for each language."""

BESIDE = ("providers", "web/admin")
"""Folders whose subfolders can each contain a file ``texts_en.toml`` with further texts
for staff."""

Part = TypeVar("Part")

_PRODUCT = "invo_booking"
_PACKAGE = f"{_PRODUCT}.texts"

_language: ContextVar[str] = ContextVar("language", default=LANGUAGE)


def say(key: str, /, **values: object) -> str:
    """Return a text in the current language with its blanks filled in.

    Raises:
        TextError: If there is no such text, or ``values`` do not match its blanks.
    """
    return page_texts(_language.get()).say(key, values)


def count(key: str, number: int, /, **values: object) -> str:
    """Return a text in its plural form for a number, which replaces ``{n}``.

    Raises:
        TextError: If there is no such text, or ``values`` do not match its other
            blanks.
    """
    return page_texts(_language.get()).count(key, number, values)


def weave(key: str, /, **parts: Part) -> list[str | Part]:
    """Return a text as a list, with objects such as links in place of its blanks.

    Raises:
        TextError: If there is no such text, or ``parts`` do not match its blanks.
    """
    return page_texts(_language.get()).weave(key, parts)


def page_language() -> str:
    """Return the ISO 639-1 code of the current language."""
    return _language.get()


def speak(language: str) -> None:
    """Set the current language until the end of this event, request or thread."""
    _language.set(language)


@contextmanager
def speak_within(language: str) -> Generator[None]:
    """Set the current language within a ``with`` block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def page_languages() -> tuple[str, ...]:
    """Return the languages of public pages as codes: English, then the rest, sorted."""
    folders = files(_PACKAGE).joinpath(PUBLIC).iterdir()
    codes = sorted(it.name for it in folders if it.is_dir())
    return (LANGUAGE, *(it for it in codes if it != LANGUAGE))


@cache
def own_language_name(language: str) -> str:
    """Return the name of a language in that language, such as ``Español``.

    If this name is not known, ``language_name`` is returned instead.
    """
    try:
        name = Locale.parse(language).get_display_name(language) or language
    except (ValueError, UnknownLocaleError):
        return language_name(language)
    return name[:1].upper() + name[1:]


@cache
def text_direction(language: str) -> str:
    """Return ``"rtl"`` if a language is written from right to left, else ``"ltr"``."""
    try:
        return Locale.parse(language).text_direction
    except (ValueError, UnknownLocaleError):
        return "ltr"


def html_language(language: str) -> str:
    """Return the ``html`` tag of a page in a language, without its closing bracket."""
    direction = text_direction(language)
    attribute = f' dir="{direction}"' if direction == "rtl" else ""
    return f'<html lang="{language}"{attribute}'


def language_name(language: str) -> str:
    """Return the name of a language in the current language, such as ``Spanish``."""
    names = cast("Mapping[str, str]", Locale(_language.get()).languages)
    name = names.get(language, language)
    return name[:1].upper() + name[1:]


@cache
def page_texts(language: str = LANGUAGE) -> TextCatalogue:
    """Return all texts of pages and error messages, in English where not translated."""
    if language != LANGUAGE:
        return customer_texts(language).over(page_texts(LANGUAGE))
    sources = (*_sources(LANGUAGE, PUBLIC), *_sources(LANGUAGE, STAFF), *_beside())
    return TextCatalogue.read(LANGUAGE, *sources)


@cache
def customer_texts(language: str) -> TextCatalogue:
    """Return those texts for customers that are translated to a language."""
    return TextCatalogue.read(language, *_sources(language, PUBLIC))


def _sources(language: str, folder: str) -> Iterator[Traversable]:
    for file in files(_PACKAGE).joinpath(folder, language).iterdir():
        if file.name.endswith(".toml"):
            yield file


def _beside() -> Iterator[Traversable]:
    """Yield the files of texts that lie in the folders of a provider or a page."""
    for above in BESIDE:
        for folder in files(_PRODUCT).joinpath(above).iterdir():
            if (file := folder.joinpath(f"texts_{LANGUAGE}.toml")).is_file():
                yield file
