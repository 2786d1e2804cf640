"""What the documentation says is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from invo_booking.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CHANGELOG.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
LINK = re.compile(r"\[[^]]*\]\((?P<target>[^)\s]+)\)|<img src=\"(?P<picture>[^\"]+)\"")
ELSEWHERE = re.compile(r"https?://|#")
TARGET = re.compile(r"(?:^|`|\$ )(?:INVO_\w+=\S+ )*make ([a-z]+)\b", re.MULTILINE)
COMMAND = re.compile(r"\binvo-booking ([a-z-]+)(?: ([a-z-]+))?")
QUOTED = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LARGEST_PICTURE = 150_000


def named(path):
    return str(path.relative_to(ROOT))


def read(path):
    return path.read_text(encoding="utf-8")


def code_in(path):
    return "\n".join(QUOTED.findall(read(path)))


def targets():
    return set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))


def test_tables_are_in_step_with_the_code():
    command = [sys.executable, str(ROOT / "bin" / "make-docs"), "--check"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_local_link_leads_somewhere(page):
    found = [match["target"] or match["picture"] for match in LINK.finditer(read(page))]
    local = [target for target in found if not ELSEWHERE.match(target)]

    missing = [
        name for name in local if not (page.parent / name.split("#")[0]).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_exists(page):
    assert set(TARGET.findall(code_in(page))) <= targets()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_exists(page):
    commands = get_command(app).commands
    for name, second in COMMAND.findall(code_in(page)):
        assert name in commands
        assert not hasattr(commands[name], "commands") or second in {
            "",
            *commands[name].commands,
        }


def test_the_rules_above_find_something():
    readme = ROOT / "README.md"

    assert {"run", "test", "check", "pictures"} <= set(TARGET.findall(code_in(readme)))
    assert ("user", "create") in COMMAND.findall(code_in(ROOT / "docs/operations.md"))
    assert len(LINK.findall(read(readme))) > 5


def test_pictures_are_small():
    sizes = {p.name: p.stat().st_size for p in (ROOT / "docs/pictures").iterdir()}

    assert sizes
    assert {n: size for n, size in sizes.items() if size > LARGEST_PICTURE} == {}


def test_every_picture_is_shown():
    shown = "".join(map(read, PAGES))

    assert [
        p.name for p in (ROOT / "docs/pictures").iterdir() if p.name not in shown
    ] == []
