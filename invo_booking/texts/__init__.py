"""The sentences people read, in files by language, and how they are filled in."""

from invo_booking.texts.catalogue import TextCatalogue, TextError
from invo_booking.texts.speech import count, say, weave

__all__ = ["TextCatalogue", "TextError", "count", "say", "weave"]
