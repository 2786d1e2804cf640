"""Collect all settings in the order of the pages."""

from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple, cast

from invo_booking.domain.contact import text_to_compare
from invo_booking.settings import calendars, calls, general, mailer, providers, time, ux
from invo_booking.settings.spec import Page, Setting


def setting_entries_of(module: ModuleType) -> tuple[Setting[Any], ...]:
    """Return the settings of a module, in the order of their definition.

    Settings in a mapping of the module are included.
    """
    defined = (it for name, it in vars(module).items() if not name.startswith("__"))
    return tuple(_settings_among(defined))


def _settings_among(values: Iterable[object]) -> Iterator[Setting[Any]]:
    for value in values:
        if isinstance(value, Setting):
            yield cast("Setting[Any]", value)
        elif isinstance(value, dict):
            yield from _settings_among(cast("dict[object, object]", value).values())


MODULES = (general, time, calendars, providers, calls, ux, mailer)
ENTRIES = tuple(entry for module in MODULES for entry in setting_entries_of(module))
BY_KEY = {entry.key: entry for entry in ENTRIES}
BROWSER_ONLY: frozenset[str] = frozenset(
    entry.key
    for entry in (
        *general.WHO_CAN.values(),
        general.PROGRAM_REQUESTS,
        calendars.PRIMARY_PROVIDER,
        calls.SERVERS,
        calls.TOKEN_SECRET,
        *setting_entries_of(providers),
        *setting_entries_of(mailer),
    )
)
"""Keys of settings that cannot be changed with a bearer token: permissions of roles,
request limits of programs, the primary provider, credentials, the mail server (mails
contain secret links), and the video servers to which customers are sent."""


def settings_on_page(page: Page) -> tuple[Setting[Any], ...]:
    """Return the settings of a page, in the order in which the page shows them."""
    return tuple(entry for entry in ENTRIES if entry.page is page)


def search_settings(words: str) -> tuple[Setting[Any], ...]:
    """Return the settings whose texts contain all words.

    Settings whose label contains all words come first.

    Searches label, help, key, page, unit and choices; ignores case and hyphens, so that
    "email" finds "E-mail".
    """
    terms = _plain(words).split()
    hits = [it for it in _searched_settings() if _holds(it.words, terms)]
    hits.sort(key=lambda it: not _holds(it.label, terms))
    return tuple(it.entry for it in hits)


class _Searched(NamedTuple):
    """A setting with all its texts and its label, normalized for a search."""

    entry: Setting[Any]
    words: str
    label: str


@cache
def _searched_settings() -> tuple[_Searched, ...]:
    return tuple(
        _Searched(entry, _plain(_all_words(entry)), _plain(entry.label))
        for entry in ENTRIES
    )


def _holds(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _plain(text: str) -> str:
    return text_to_compare(text).replace("-", "")


def _all_words(entry: Setting[Any]) -> str:
    choices = (choice.label for choice in entry.field.choices)
    parts = (entry.label, entry.help, entry.key, entry.page, entry.field.unit)
    return " ".join((*parts, *choices))
