"""What pages and refusals say, in the language of the page that is shown."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TypeVar, cast

from babel import Locale, UnknownLocaleError

from invo_booking.texts.catalogue import TextCatalogue

LANGUAGE = "en"
"""The language of staff pages, of the API and of every text without a translation."""

PUBLIC, STAFF = "public", "staff"
"""Folders with a folder for each language: what customers read too, what staff read."""

Part = TypeVar("Part")

_PACKAGE = "invo_booking.texts"

_language: ContextVar[str] = ContextVar("language", default=LANGUAGE)


def say(key: str, /, **values: object) -> str:
    """Return the text of a key with its blanks filled in.

    Raises:
        TextError: If there is none, or its blanks have other names.
    """
    return page_texts(_language.get()).say(key, values)


def count(key: str, number: int, /, **values: object) -> str:
    """Return the text of a key for a number, which is its blank ``{n}``.

    Raises:
        TextError: If there is none, or its other blanks have other names.
    """
    return page_texts(_language.get()).count(key, number, values)


def weave(key: str, /, **parts: Part) -> list[str | Part]:
    """Return the text of a key around parts that are not text, such as links.

    Raises:
        TextError: If there is none, or its blanks have other names.
    """
    return page_texts(_language.get()).weave(key, parts)


def page_language() -> str:
    """Return the ISO 639-1 language that is spoken now."""
    return _language.get()


def speak(language: str) -> None:
    """Speak a language until the end of this event, request or thread."""
    _language.set(language)


@contextmanager
def speak_within(language: str) -> Generator[None]:
    """Speak a language within a block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def page_languages() -> tuple[str, ...]:
    """Return the languages of public pages: English, then the others by their codes."""
    folders = files(_PACKAGE).joinpath(PUBLIC).iterdir()
    codes = sorted(it.name for it in folders if it.is_dir())
    return (LANGUAGE, *(it for it in codes if it != LANGUAGE))


@cache
def own_language_name(language: str) -> str:
    """Return a language in its own words, such as ``Español``.

    A language whose own words are not known is named in the one that is spoken now.
    """
    try:
        name = Locale.parse(language).get_display_name(language) or language
    except (ValueError, UnknownLocaleError):
        return language_name(language)
    return name[:1].upper() + name[1:]


def language_name(language: str) -> str:
    """Return a language in the one that is spoken now, such as ``Spanish``."""
    names = cast("Mapping[str, str]", Locale(_language.get()).languages)
    name = names.get(language, language)
    return name[:1].upper() + name[1:]


@cache
def page_texts(language: str = LANGUAGE) -> TextCatalogue:
    """Return all texts of pages and refusals; English where there is no other."""
    texts = _texts_of(LANGUAGE, PUBLIC, STAFF)
    return texts if language == LANGUAGE else _texts_of(language, PUBLIC).over(texts)


@cache
def customer_texts(language: str) -> TextCatalogue:
    """Return what customers read in a language, and nothing from another one."""
    return _texts_of(language, PUBLIC)


def _texts_of(language: str, *folders: str) -> TextCatalogue:
    package = files(_PACKAGE)
    sources = (
        file
        for folder in folders
        for file in package.joinpath(folder, language).iterdir()
        if file.name.endswith(".toml")
    )
    return TextCatalogue.read(language, *sources)
