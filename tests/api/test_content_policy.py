import base64
import hashlib

from invo_booking.api.core.content_policy import (
    ContentPolicies,
    built_pages_with_policies,
    content_policy_of,
)


def mark(script):
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_page_may_run_its_own_inline_scripts_and_no_other():
    script = 'a && b("</p>")'
    policy = content_policy_of(
        f"<script>{script}</script><script src='/x.js'></script>"
    )

    assert f"script-src 'self' {mark(script)};" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy


def test_line_ends_are_hashed_as_browsers_read_them():
    assert mark("a\nb") in content_policy_of("<script>a\r\nb</script>")


def test_same_script_twice_is_named_once():
    assert (
        content_policy_of("<script>a</script><script>a</script>").count("sha256-") == 1
    )


def test_every_page_has_its_own_policy_and_unknown_addresses_the_fallback(tmp_path):
    (tmp_path / "index.html").write_text("<script>home</script>")
    (tmp_path / "404.html").write_text("<script>fallback</script>")
    (tmp_path / "sign-in").mkdir()
    (tmp_path / "sign-in" / "index.html").write_text("<script>sign in</script>")
    (tmp_path / "schedule.html").write_text("<script>schedule</script>")

    policies = ContentPolicies(tmp_path)

    assert mark("home") in policies.of("/")
    assert mark("sign in") in policies.of("/sign-in")
    assert mark("sign in") in policies.of("/sign-in/")
    assert mark("schedule") in policies.of("/schedule")
    assert mark("fallback") in policies.of("/a/some-secret")
    assert mark("home") not in policies.of("/a/some-secret")


def test_no_build_means_no_inline_script_at_all(tmp_path):
    policies = ContentPolicies(tmp_path / "missing")

    assert "script-src 'self';" in policies.of("/")


def test_pages_are_looked_for_where_reflex_builds_them():
    assert built_pages_with_policies({}).as_posix() == ".web/build/client"
    assert (
        built_pages_with_policies({"REFLEX_WEB_WORKDIR": "/tmp/w"}).as_posix()  # noqa: S108
        == "/tmp/w/build/client"  # noqa: S108
    )
