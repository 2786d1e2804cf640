"""What a letter consists of, before it is rendered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tone:
    """Colors of the mark above the heading.

    Attributes:
        name: CSS class for dark mode.
    """

    name: str
    ground: str
    ink: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its label."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One fact in a mail.

    Attributes:
        strong: Main lines.
        more: Further lines.
        holds: Whether the fact still holds; otherwise it is struck through.
        links: Lead to more about the fact, such as a map or a number to call.
    """

    label: str
    strong: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    holds: bool = True
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The contents of a mail; HTML and text both show all of it.

    Attributes:
        language: ISO 639-1 code of the words.
        direction: ``"ltr"`` or ``"rtl"``.
        preview: Text that mail programs show beside the subject.
        button: What most readers want to do next; ``None`` if nothing.
        links: What else they can do.
        calendars: Links that add the appointment to a calendar of the reader's own.
        call: Sentence with the institution's number as a link; may be empty.
    """

    language: str
    direction: str
    subject: str
    preview: str
    institution: str
    tone: Tone
    mark: str
    heading: str
    greeting: str
    opening: tuple[str, ...]
    button: Link | None
    links: tuple[Link, ...]
    calendars: tuple[Link, ...]
    rows: tuple[LetterRow, ...]
    closing: tuple[str, ...]
    call: tuple[str | Link, ...]
    footer: str
