"""Pages that are built once, however many products run side by side.

A build belongs to one port. Who runs at another one gets a copy in which the port is
exchanged, in the one file that knows it.
"""

import gzip
import shutil
from collections.abc import Mapping

import brotli

from invo_booking.config import load_config
from invo_booking.run import frontend

PORT = 8931
"""The pages are built for one port; the same one each time spares a build.

Of several test processes side by side each runs the whole product, at a port, with
servers and in a folder of its own.
"""

_KNOWS_THE_PORT = "build/client/assets/reflex-env-*.js"


def lend(builder: Mapping[str, str], borrower: Mapping[str, str]) -> None:
    """Give one deployment the pages of another, which are built if need be.

    Args:
        builder: Environment they are built for; several may ask for the same at once.
        borrower: Environment of whoever gets a copy.
    """
    built, config = load_config(builder), load_config(borrower)
    frontend.build_pages(built, builder, lambda _: None)
    if frontend.has_built_pages(config):
        return
    folder = frontend.web_dir(config)
    shutil.rmtree(folder, ignore_errors=True)
    left_out = shutil.ignore_patterns("node_modules", "invo-build.*")
    shutil.copytree(frontend.web_dir(built), folder, ignore=left_out)
    (script,) = folder.glob(_KNOWS_THE_PORT)
    text = script.read_text()
    assert f":{built.port}/" in text, text
    text = text.replace(f":{built.port}/", f":{config.port}/")
    script.write_text(text)
    script.with_name(f"{script.name}.gz").write_bytes(gzip.compress(text.encode()))
    script.with_name(f"{script.name}.br").write_bytes(brotli.compress(text.encode()))
    stamp = folder / frontend._STAMP  # noqa: SLF001
    stamp.write_text(frontend.pages_fingerprint(config), encoding="ascii")
