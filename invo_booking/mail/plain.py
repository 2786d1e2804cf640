"""Make text safe for headers, subjects and calendar lines."""

import re
import unicodedata

_LINE_BREAKS = frozenset("\r\n\t\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs"})


def one_line_of_mail(text: str, longest: int = 200) -> str:
    """Return ``text`` on one line, at most ``longest`` characters.

    Line breaks become spaces, so that typed text cannot add a header. Control
    characters, lone surrogates and bidirectional marks are removed. Text that is cut
    ends in an ellipsis.
    """
    visible = "".join(_visible_characters(character) for character in text)
    line = re.sub(" {2,}", " ", visible).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _visible_characters(character: str) -> str:
    if character in _LINE_BREAKS:
        return " "
    if character in _TURNS_TEXT_ROUND:
        return ""
    return "" if unicodedata.category(character) in _UNPRINTABLE else character
