"""What a web process leaves to the worker."""

import subprocess
import sys
import textwrap

EVERYTHING = """
    import sys
    from invo_booking import bootstrap
    from invo_booking.config import load_config
    {here}
    parts = bootstrap.build_deps(load_config({{
        "INVO_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "INVO_DATA_DIR": {folder!r},
    }}))
    {more}
    print([it for it in ("exchangelib", "lxml", "spnego") if it in sys.modules])
"""

ACCOUNT = "parts.servers['exchange'].open(lambda: None)"


def imported(tmp_path, *, here="", more="") -> str:
    """Return which libraries a new process has imported."""
    script = textwrap.dedent(EVERYTHING).format(
        here=here, more=more, folder=str(tmp_path)
    )
    return subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_web_process_imports_nothing_that_only_workers_need(tmp_path):
    pages = "from invo_booking import api, app"

    assert imported(tmp_path, more=f"{pages}; {ACCOUNT}") == "[]"


def test_worker_has_imported_it_before_its_first_question(tmp_path):
    begun = (
        "from celery.signals import worker_init; from invo_booking.tasks import "
        "schedule; schedule.bootstrap.start_refusal = lambda _: ''; "
        "worker_init.send(None)"
    )

    assert "exchangelib" in imported(tmp_path, here=begun)
