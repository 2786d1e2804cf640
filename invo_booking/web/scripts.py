"""Scripts that lie beside the module that uses them.

Reflex's own ``rx.asset`` finds the module by looking through everything that is loaded,
for each frame of the stack. With our scripts this took most of the time in which a web
process starts.
"""

import sys
from pathlib import Path
from uuid import uuid4

_PUBLISHED = Path("assets") / "external"
"""Folder of the pages' scripts, in the working folder, as Reflex names it."""


def script(module: str, name: str) -> str:
    """Publish a script, and return the name by which components import it.

    Args:
        module: Name of the module that the script lies beside.
        name: Name of the file, which components of other scripts may import by a
            relative path.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    beside = Path(sys.modules[module].__file__ or "").resolve().with_name(name)
    if not beside.exists():
        raise FileNotFoundError(beside)
    place = _PUBLISHED.joinpath(*module.split("."), name)
    if place.resolve() != beside:
        _link(place, beside)
    return f"$/public/external/{module.replace('.', '/')}/{name}"


def _link(place: Path, source: Path) -> None:
    """Make a symbolic link in one step: several processes may do it at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{uuid4().hex}")
    draft.symlink_to(source)
    draft.replace(place)
