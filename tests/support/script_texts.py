"""Finds text in scripts and templates that people would read."""

import re

COMMENT = re.compile(r"(?<!:)//[^\n]*|/\*.*?\*/", re.DOTALL)
LITERAL = re.compile(r'"([^"\n]*)"|`([^`]*)`')
SENTENCE = re.compile(r"[A-Z][a-z']+(,? [A-Za-z$][^\s]*)+[.?!…]?|[A-Z][a-z]{3,}…")
"""What begins like a sentence; classes, events and addresses do not."""

BLANK = re.compile(r"\$\{[^{}]*\}")
CHILD = re.compile(r"(?<![=|&])>\s*([A-Za-z][\w',?.!… ]*[a-z?.!…])\s*[<{]")
"""Text between two tags, as in ``<b>Why not</b>``."""

UNREAD = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<(style|script)\b.*?</\1>", re.DOTALL)
BLOCK_OF_STYLE = re.compile(r"\{% block style %\}.*?\{% endblock %\}", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|placeholder|title)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
WORDS = re.compile(r"[A-Za-z]{2}[^\n]*")


def texts_of_script(source: str) -> list[str]:
    """Return the literals and the children of elements that people would read."""
    code = COMMENT.sub("", source)
    literals = ("".join(pair) for pair in LITERAL.findall(code))
    plain = (BLANK.sub("$", text).strip() for text in literals)
    found = [text for text in plain if SENTENCE.fullmatch(text)]
    return found + [text for text in CHILD.findall(code) if text[:1].isupper()]


def texts_of_template(source: str) -> list[str]:
    """Return the words of a template that are not filled in."""
    html = UNREAD.sub("", BLOCK_OF_STYLE.sub("", source))
    spoken = SPOKEN_ATTRIBUTE.findall(html)
    plain = re.sub(r"&\w+;", "", TAG.sub("\n", html))
    return [*filter(WORDS.search, spoken), *(it.strip() for it in WORDS.findall(plain))]
