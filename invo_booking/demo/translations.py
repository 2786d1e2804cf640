"""Read the demo's texts in other languages from ``translations.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from invo_booking.domain.institution import Translations


def demo_tagline_translations() -> Translations:
    """Return the institution's tagline in other languages."""
    return {code: {"tagline": texts["tagline"]} for code, texts in _texts().items()}


def demo_queue_translations(name: str) -> Translations:
    """Return the translated names of the queue with this English name."""
    return {
        code: {"name": texts["queues"][name]}
        for code, texts in _texts().items()
        if name in texts["queues"]
    }


def demo_topic_translations(title: str) -> Translations:
    """Return the translated texts of the topic with this English title."""
    return {
        code: texts["topics"][title]
        for code, texts in _texts().items()
        if title in texts["topics"]
    }


@cache
def _texts() -> dict[str, Any]:
    source = files("invo_booking.demo").joinpath("translations.toml")
    return tomllib.loads(source.read_text("utf-8"))
