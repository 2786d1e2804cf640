"""Provide English names of languages and countries, by their two-letter codes."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from babel import Locale

CODE_LENGTH = 2
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def languages() -> Mapping[str, str]:
    """Return the English names of languages by ISO 639-1 code, sorted by name."""
    return _by_name(cast("Any", Locale("en").languages))


@cache
def countries() -> Mapping[str, str]:
    """Return the English names of countries by ISO 3166 code, sorted by name."""
    return {
        code: name
        for code, name in _by_name(cast("Any", Locale("en").territories)).items()
        if code not in _NO_COUNTRIES
    }


def _by_name(names: Mapping[str, str]) -> dict[str, str]:
    short = [
        (name, code)
        for code, name in names.items()
        if len(code) == CODE_LENGTH and code.isalpha()
    ]
    return {code: name for name, code in sorted(short)}
