"""A language made from English: accents on every letter, forty percent longer.

What is read on a page in it, and has no accents, is in no catalogue.
"""

import re

from invo_booking.texts.catalogue import Text, TextCatalogue
from invo_booking.texts.speech import customer_texts

ACCENTS = str.maketrans("aceilnosuyzACEILNOSUYZ", "àćéîłñøšûýžÀĆÉÎŁÑØŠÛÝŽ")
LONGER = 1.4
VOWELS = "aeiou"
BLANK = re.compile(r"(\{\{.*?\}\}|\{[^{}]*\})")


def pseudo_words(words: str) -> str:
    """Return words with accents; vowels come again until they are long enough."""
    missing = round(len(words) * LONGER) - len(words)
    vowels = sum(it.lower() in VOWELS for it in words)
    each, more = divmod(missing, vowels) if vowels else (0, 0)
    longer = ""
    for letter in words:
        longer += letter
        if letter.lower() in VOWELS:
            longer += letter.lower() * (each + (more > 0))
            more -= 1
    return longer.translate(ACCENTS)


def pseudo_template(template: str) -> str:
    """Return a sentence of the language; its blanks stay as they are."""
    return "".join(
        it if BLANK.fullmatch(it) else pseudo_words(it) for it in BLANK.split(template)
    )


def pseudo_catalogue(english: TextCatalogue | None = None) -> TextCatalogue:
    """Return texts, by default those of customers' pages, in the language."""
    english = english or customer_texts("en")
    texts = {key: pseudo_template(english[key].template) for key in english}
    return TextCatalogue("en", {key: Text.parse(it) for key, it in texts.items()})


class PseudoReader:
    """Reads English texts as they are shown, and says them in the language.

    Args:
        english: The texts; by default those of customers' pages.
    """

    def __init__(self, english: TextCatalogue | None = None) -> None:
        english = english or customer_texts("en")
        theirs = pseudo_catalogue(english)
        self._exact: dict[str, str] = {}
        self._filled: list[tuple[re.Pattern[str], Text]] = []
        for key in english:
            self._learn(english[key], theirs[key])

    def _learn(self, text: Text, pseudo: Text) -> None:
        if not text.blanks:
            self._exact[text.template.strip()] = pseudo.template
            return
        pattern = "".join(
            re.escape(words) + (f"(?P<{name}>.+)" if name else "")
            for words, name in _with_single_names(text)
        ).removeprefix("\\ ")
        if any(words.strip(" .,:()") for words, _ in text.pieces):
            self._filled.append((re.compile(pattern, re.DOTALL), pseudo))
        for (words, _), (other, _) in zip(text.pieces, pseudo.pieces, strict=True):
            if words.strip(" .,:()"):  # around links and other parts
                self._exact.setdefault(words.strip(), other)

    def read(self, shown: str) -> str | None:
        """Return what is shown in the language; ``None`` if it is in no catalogue."""
        shown = shown.strip()
        if shown in self._exact:
            return self._exact[shown]
        for pattern, pseudo in self._filled:
            if match := pattern.fullmatch(shown):
                values = {
                    name: self._exact.get(value, value)
                    for name, value in match.groupdict().items()
                }
                return pseudo.fill(values)
        return None


def _with_single_names(text: Text) -> list[tuple[str, str]]:
    """Return the pieces; a blank that comes again is not named again."""
    seen: set[str] = set()
    pieces = []
    for words, name in text.pieces:
        again = name in seen
        seen.add(name)
        pieces.append((words, "" if again else name))
    return pieces
