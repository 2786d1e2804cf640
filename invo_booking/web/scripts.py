"""Publish the scripts that are stored beside the modules that use them.

Reflex's own ``rx.asset`` finds the calling module by a search of all loaded modules for
each frame of the stack. For our scripts, this search took most of the time that a web
process needs to start.
"""

import sys
from pathlib import Path
from uuid import uuid4

_PUBLISHED = Path("assets") / "external"
"""Folder of the pages' scripts in the working directory, as Reflex names it."""


def script(module: str, name: str) -> str:
    """Publish a script, and return the path under which components import it.

    Args:
        module: Name of the module beside which the script is stored.
        name: File name of the script; other scripts may import it by a relative path.

    Raises:
        FileNotFoundError: If the script does not exist.
    """
    beside = Path(sys.modules[module].__file__ or "").resolve().with_name(name)
    if not beside.exists():
        raise FileNotFoundError(beside)
    place = _PUBLISHED.joinpath(*module.split("."), name)
    if place.resolve() != beside:
        _link(place, beside)
    return f"$/public/external/{module.replace('.', '/')}/{name}"


def _link(place: Path, source: Path) -> None:
    """Make a symbolic link atomically, because several processes may do so at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{uuid4().hex}")
    draft.symlink_to(source)
    draft.replace(place)
