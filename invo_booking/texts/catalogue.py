"""Read the texts of one language from TOML files and fill in their placeholders.

A placeholder, such as ``{name}``, is called a *blank*.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, Self, TypeVar, cast

from babel import Locale
from babel.numbers import format_decimal

PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
"""Plural categories of Unicode; every language has the category ``other``."""

NUMBER = "n"
"""Name of the blank that contains the number in a plural text."""

_THOUSAND = 1_000
"""Smallest number whose digits are grouped, as in ``1,000``."""

Part = TypeVar("Part")


class TextError(LookupError):
    """A text does not exist, or the given values do not match its blanks."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text, split at its blanks.

    Attributes:
        template: The text as it is in the file.
        pieces: For each blank, the words before the blank and the blank's name. Words
            after the last blank have an empty name.
        blanks: Names of all blanks.
    """

    template: str
    pieces: tuple[tuple[str, str], ...]
    blanks: frozenset[str]

    @classmethod
    def parse(cls, template: str) -> Self:
        """Split a text at its ``{blanks}``; ``{{`` and ``}}`` stand for braces.

        Raises:
            TextError: If a blank is not just a name, such as ``{name.first}``.
        """
        pieces: list[tuple[str, str]] = []
        for words, blank, spec, conversion in _fields(template):
            if spec or conversion or (blank is not None and not blank.isidentifier()):
                raise TextError(f"A blank is a name and nothing else: {template}")
            pieces.append((words, blank or ""))
        blanks = frozenset(name for _, name in pieces if name)
        return cls(template, tuple(pieces), blanks)

    def fill(self, values: Mapping[str, object]) -> str:
        """Return the text with its blanks filled in; surplus values are ignored."""
        return self.template.format_map(values)

    def weave(self, parts: Mapping[str, Part]) -> list[str | Part]:
        """Return the words of the text and the part for each blank, in order."""
        return list(self._woven(parts))

    def _woven(self, parts: Mapping[str, Part]) -> Iterator[str | Part]:
        for words, blank in self.pieces:
            if words:
                yield words
            if blank:
                yield parts[blank]


class TextCatalogue:
    """The texts of one language by their keys, such as ``landing.title``.

    Values are inserted as they are, so braces that a customer typed stay braces.
    """

    def __init__(self, language: str, texts: Mapping[str, Text]) -> None:
        self.language = language
        self._texts = dict(texts)
        self._plural_form = Locale(language).plural_form

    @classmethod
    def read(cls, language: str, *sources: Traversable) -> Self:
        """Read TOML files and join their tables as ``of_tables`` does."""
        tables = (tomllib.loads(source.read_text("utf-8")) for source in sources)
        return cls.of_tables(language, *tables)

    @classmethod
    def of_tables(cls, language: str, *tables: Mapping[str, Any]) -> Self:
        """Join tables; a key is the table's name, a dot and the key in the table.

        Raises:
            TextError: If two tables have the same key, or a blank is not just a name.
        """
        texts: dict[str, Text] = {}
        for table in tables:
            for key, template in _flatten(table):
                if key in texts:
                    raise TextError(f"Two texts have the key {key}.")
                texts[key] = Text.parse(template)
        return cls(language, texts)

    def over(self, others: Self) -> Self:
        """Return this catalogue, with texts of ``others`` for keys that it lacks."""
        return type(self)(self.language, {**others._texts, **self._texts})

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __getitem__(self, key: str) -> Text:
        try:
            return self._texts[key]
        except KeyError:
            raise TextError(f"There is no text {key}.") from None

    def say(self, key: str, values: Mapping[str, object]) -> str:
        """Return a text with its blanks filled in.

        Raises:
            TextError: If there is no such text, or ``values`` do not match its blanks.
        """
        text = self[key]
        _require_blanks(key, text, values)
        return text.fill(values)

    def count(self, key: str, number: int, values: Mapping[str, object]) -> str:
        """Return a text in its plural form for a number, which replaces ``{n}``.

        A plural form can do without the number, as in ``one of them``.

        Raises:
            TextError: If there is no such text, or ``values`` do not match its other
                blanks.
        """
        form = f"{key}.{self._plural_form(number)}"
        key = form if form in self._texts else f"{key}.other"
        text = self[key]
        if (text.blanks - {NUMBER}) ^ values.keys():
            _require_blanks(key, text, {NUMBER: number, **values})
        return text.fill({NUMBER: _number_text(number, self.language), **values})

    def weave(self, key: str, parts: Mapping[str, Part]) -> list[str | Part]:
        """Return a text as a list, with objects such as links in place of its blanks.

        Raises:
            TextError: If there is no such text, or ``parts`` do not match its blanks.
        """
        text = self[key]
        _require_blanks(key, text, parts)
        return text.weave(parts)


def _number_text(number: int, language: str) -> str:
    is_small = -_THOUSAND < number < _THOUSAND
    return str(number) if is_small else format_decimal(number, locale=language)


def _require_blanks(key: str, text: Text, values: Mapping[str, object]) -> None:
    if text.blanks ^ values.keys():
        expected, names = sorted(text.blanks), sorted(values)
        raise TextError(f"The text {key} has the blanks {expected}, not {names}.")


def _flatten(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flatten(cast("dict[str, Any]", value), f"{key}.")
        else:
            yield key, str(value)


def _fields(
    template: str,
) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    try:
        yield from Formatter().parse(template)
    except ValueError as error:
        raise TextError(f"{error}: {template}") from error
