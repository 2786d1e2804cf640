"""Provide the texts that people read, from TOML files for each language."""

from invo_booking.texts.addresses import in_language, preferred_language, split_language
from invo_booking.texts.catalogue import TextCatalogue, TextError
from invo_booking.texts.speech import (
    LANGUAGE,
    count,
    html_language,
    language_name,
    own_language_name,
    page_language,
    page_languages,
    page_texts,
    say,
    speak,
    speak_within,
    text_direction,
    weave,
)

__all__ = [
    "LANGUAGE",
    "TextCatalogue",
    "TextError",
    "count",
    "html_language",
    "in_language",
    "language_name",
    "own_language_name",
    "page_language",
    "page_languages",
    "page_texts",
    "preferred_language",
    "say",
    "speak",
    "speak_within",
    "split_language",
    "text_direction",
    "weave",
]
