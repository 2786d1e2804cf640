"""English names of languages and countries, by their codes of two letters."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from babel import Locale

CODE_LENGTH = 2
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def languages() -> Mapping[str, str]:
    """Return the name of every language by its ISO 639-1 code, in order of names."""
    return _by_name(cast("Any", Locale("en").languages))


@cache
def countries() -> Mapping[str, str]:
    """Return the name of every country by its ISO 3166 code, in order of names."""
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
