"""Let administrators manage the languages in which appointments are held."""

from collections import Counter
from dataclasses import dataclass

from invo_booking.domain.access.roles import Actor
from invo_booking.domain.errors import ConflictError, InvalidInputError, NotFoundError
from invo_booking.domain.institution import Roster
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import code_lists
from invo_booking.usecases.admin.editing import NewEntry, edit_catalogue
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.fields import Problems
from invo_booking.usecases.shared.rights import administer

NAME_LIMIT = 60
KIND = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedLanguage:
    """A language as administrators see it.

    Attributes:
        answers: Titles of Answers offered in the language, without archived Answers.
        people: Names of active people who speak the language.
        live: Number of live appointments in the language.
    """

    code: str
    name: str
    answers: tuple[str, ...]
    people: tuple[str, ...]
    live: int


def managed_languages(deps: Deps, actor: Actor) -> tuple[ManagedLanguage, ...]:
    """Return the offered languages, each with its Answers and people.

    Raises:
        NotAllowedError: If the actor is no administrator.
    """
    with administer(deps, actor) as work:
        live = Counter[str]()
        for use in work.catalogue.live_uses():
            live[use.language] += use.count
        return tuple(
            _managed_language(work.roster, code, live[code])
            for code in work.roster.languages
        )


def add_language(
    deps: Deps, actor: Actor, code: str, name: str = "", *, key: str = ""
) -> None:
    """Add a language in which appointments can be held.

    Args:
        code: ISO 639-1 code, such as ``"es"``.
        name: Name shown to staff and customers; if empty, the English name.
        key: Idempotency key; repeating it changes nothing and raises no error.

    Raises:
        NotAllowedError: If the actor is no administrator.
        InvalidInputError: If the code is unknown, or code or name is already in use.
        IdempotencyMismatchError: If the key was used with different data.
    """
    with edit_catalogue(deps, actor, KIND) as edit:

        def create() -> NewEntry[None]:
            new_name = _check_new_language(edit.work.roster, code, name)
            edit.work.catalogue.set_language(code, new_name)
            return NewEntry(code, {"name": new_name}, None)

        edit.create_once(key, (code, name), create, lambda _: None)


def rename_language(
    deps: Deps, actor: Actor, code: str, name: str, *, seen: str
) -> None:
    """Rename a language.

    Args:
        code: Code of the language.
        name: New name, shown to staff and customers.
        seen: The name the actor saw.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If the language is not offered.
        ConflictError: If another person renamed the language in the meantime.
        InvalidInputError: If the name cannot be used.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        before = _language_name(work.roster, code)
        edit.check_seen(
            code,
            say("catalogue.languages.language", before=before),
            is_seen=before == seen,
        )
        problems = Problems()
        after = _read_name(problems, work.roster, code, name)
        problems.refuse()
        if after == before:
            return
        work.catalogue.set_language(code, after)
        edit.record(code, {"name": before}, {"name": after}, "renamed")


def remove_language(deps: Deps, actor: Actor, code: str) -> None:
    """Remove a language that nothing uses.

    Raises:
        NotAllowedError: If the actor is no administrator.
        NotFoundError: If the language is not offered.
        ConflictError: If something uses the language; the message says what.
        InvalidInputError: If this is the last language.
    """
    with edit_catalogue(deps, actor, KIND) as edit:
        work = edit.work
        name = _language_name(work.roster, code)
        if len(work.roster.languages) == 1:
            raise InvalidInputError(
                {"code": say("catalogue.languages.last", name=name)}
            )
        live = sum(
            use.count for use in work.catalogue.live_uses() if use.language == code
        )
        _refuse_used(_managed_language(work.roster, code, live))
        work.catalogue.remove_language(code)
        edit.record(code, {"name": name}, {}, "removed")


def _check_new_language(roster: Roster, code: str, name: str) -> str:
    """Check a new language; return its name, as typed or else in English."""
    problems, english = Problems(), code_lists.languages()
    if code not in english:
        problems.add("code", say("catalogue.languages.unknown"))
    elif code in roster.languages:
        problems.add(
            "code",
            say(
                "catalogue.languages.already_offered", languages=roster.languages[code]
            ),
        )
    checked = _read_name(problems, roster, code, name or english.get(code, "?"))
    problems.refuse()
    return checked


def _language_name(roster: Roster, code: str) -> str:
    name = roster.languages.get(code)
    if name is None:
        raise NotFoundError(say("catalogue.languages.not_offered"))
    return name


def _read_name(problems: Problems, roster: Roster, code: str, name: str) -> str:
    text = problems.line(
        "name", name, NAME_LIMIT, say("catalogue.branches.name_needed")
    )
    others = (
        other.casefold() for each, other in roster.languages.items() if each != code
    )
    if text.casefold() in others:
        problems.add("name", say("catalogue.languages.name_in_use", text=text))
    return text


def _refuse_used(language: ManagedLanguage) -> None:
    used = uses_in_words(
        answers=language.answers, people=language.people, live=language.live
    )
    if used:
        raise ConflictError(
            say(
                "catalogue.languages.needed",
                name=language.name,
                used=used,
            )
        )


def _managed_language(roster: Roster, code: str, live: int) -> ManagedLanguage:
    return ManagedLanguage(
        code=code,
        name=roster.languages[code],
        answers=tuple(
            answer.title
            for answer in roster.answers.values()
            if code in answer.languages and not answer.archived
        ),
        people=tuple(
            person.name
            for person in roster.people.values()
            if person.active and code in person.languages
        ),
        live=live,
    )
