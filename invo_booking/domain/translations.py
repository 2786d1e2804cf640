"""Texts of an entry in languages besides the institution's own."""

from collections.abc import Mapping
from typing import Final

OWN_LANGUAGE: Final = "en"
"""The language of the texts that administrators type first."""

Translations = Mapping[str, Mapping[str, str]]
"""Texts of an entry in other languages: by language (ISO 639-1), then by field. A text
that is missing is told in the institution's own language."""


def no_translations() -> Translations:
    """Return the translations of an entry that has none."""
    return {}
