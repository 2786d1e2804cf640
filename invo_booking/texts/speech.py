"""What pages and refusals say; English is the only language so far."""

from functools import cache
from importlib.resources import files
from typing import TypeVar

from invo_booking.texts.catalogue import TextCatalogue

LANGUAGE = "en"
AUDIENCES = ("public", "staff")
"""Folders of files by language: what customers read as well, and what staff read."""

Part = TypeVar("Part")


def say(key: str, /, **values: object) -> str:
    """Return the text of a key with its blanks filled in.

    Raises:
        TextError: If there is none, or its blanks have other names.
    """
    return page_texts().say(key, values)


def count(key: str, number: int, /, **values: object) -> str:
    """Return the text of a key for a number, which is its blank ``{n}``.

    Raises:
        TextError: If there is none, or its other blanks have other names.
    """
    return page_texts().count(key, number, values)


def weave(key: str, /, **parts: Part) -> list[str | Part]:
    """Return the text of a key around parts that are not text, such as links.

    Raises:
        TextError: If there is none, or its blanks have other names.
    """
    return page_texts().weave(key, parts)


@cache
def page_texts() -> TextCatalogue:
    """Return all texts of pages and refusals."""
    folder = files("invo_booking.texts")
    return TextCatalogue.read(
        LANGUAGE, *(folder.joinpath(it, f"{LANGUAGE}.toml") for it in AUDIENCES)
    )
