"""What `breakwater doctor --page` finds on a page, and that it finds nothing on our own demo page."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from breakwater.channels.chat_page import page_headers
from breakwater.demo import demo_app, integrity
from breakwater.doctor.findings import Finding
from breakwater.doctor.page import Fetched, PageError, examine_page
from breakwater.settings import Settings

SITE, CHAT = "https://www.example.org", "https://chat.example.org"
GOOD_HEADERS = {
    "content-security-policy": f"script-src {CHAT}; frame-src {CHAT}; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
LOADER = f'<script src="{CHAT}/embed.js" integrity="sha384-x" crossorigin="anonymous" defer></script>'


def examined(body: str = LOADER, path: str = "/talk", site: str = SITE, **changes: object) -> list[Finding]:
    page = Fetched(
        site + path, f"<title>Chat</title>{body}",
        changes.get("headers", GOOD_HEADERS), changes.get("cookies", ()),  # type: ignore[arg-type]
    )  # fmt: skip
    chat = Fetched(CHAT + "/", "", {"content-security-policy": f"frame-ancestors {SITE}"})
    return examine_page(page.url, lambda url: page if url == page.url else chat, "sha384-x")


def told(findings: list[Finding], *words: str, level: str = "error") -> bool:
    return any(all(word in f.what for word in words) and f.level == level and f.do for f in findings)


def test_a_page_that_keeps_the_rules_is_well() -> None:
    assert [f.level for f in examined()] == ["ok"]


def test_our_own_demo_page_is_well() -> None:
    settings = Settings()
    answer = TestClient(demo_app(settings)).get("/")
    demo = Fetched(settings.demo_sites[0] + "/", answer.text, dict(answer.headers))
    chat = Fetched(settings.url + "/", "", {
        name.lower(): value for name, value in page_headers(settings.url, settings.demo_sites).items()
    })  # fmt: skip
    found = examine_page(demo.url, lambda url: demo if url == demo.url else chat, integrity())
    assert [f.level for f in found] == ["ok"], found


@pytest.mark.parametrize(
    ("snippet", "name"),
    [
        ("<script async src='https://www.googletagmanager.com/gtag/js?id=1'></script>", "Google Analytics"),
        ("<script>!function(){fbq('init','1')}()</script>", "Meta"),
        ("<img src='https://www.facebook.com/tr?id=1'>", "Meta"),
        ("<script src='//static.hotjar.com/c.js'></script>", "session recorder"),
        ("<script>var _paq = [];</script>", "Matomo"),
        ("<script src='https://cdn.optimizely.com/js/1.js'></script>", "A/B"),
        ("<link rel=stylesheet href='https://fonts.googleapis.com/css?family=X'>", "Fonts"),
        ("<style>@import url(https://fonts.googleapis.com/css)</style>", "Fonts"),
        ("<script src='https://cdn.example.net/lib.js'></script>", "cdn.example.net"),
        ("<iframe src='https://video.example.net/1'></iframe>", "video.example.net"),
    ],
)
def test_whoever_else_learns_of_a_visit_is_named(snippet: str, name: str) -> None:
    assert told(examined(LOADER + snippet), name)


def test_a_picture_from_elsewhere_is_a_warning_and_a_link_is_nothing() -> None:
    assert told(examined(LOADER + "<img src='https://img.example.net/a.png'>"), "img.example.net", level="warning")
    assert [f.level for f in examined(LOADER + "<a href='https://other.example.net'>x</a>")] == ["ok"]


@pytest.mark.parametrize("path", ["/sextortion-help", "/help/blackmail", "/nudes"])
def test_an_address_that_tells_is_an_error(path: str) -> None:
    assert told(examined(path=path), "address says")


def test_missing_headers_are_named_each() -> None:
    found = examined(headers={})
    for word in ("Content-Security-Policy", "frame-ancestors", "full address"):
        assert told(found, word, level="warning")


def test_a_policy_that_shuts_the_chat_out() -> None:
    headers = {**GOOD_HEADERS, "content-security-policy": "script-src 'self'; frame-ancestors 'none'"}
    assert told(examined(headers=headers), "does not allow", CHAT)


def test_a_cookie_and_plain_http() -> None:
    assert told(examined(cookies=("session",)), "cookie 'session'", level="warning")
    assert told(examined(site="http://www.example.org"), "HTTPS")


@pytest.mark.parametrize(
    ("loader", "words", "level"),
    [
        ("", "not on this page", "warning"),
        (f'<script src="{CHAT}/embed.js"></script>', "no integrity", "warning"),
        (f'<script src="{CHAT}/embed.js" integrity="sha384-old"></script>', "integrity hash is not", "error"),
        (f'<script src="{SITE}/embed.js"></script>', "same origin", "error"),
    ],
)
def test_the_script_tag(loader: str, words: str, level: str) -> None:
    assert told(examined(loader), words, level=level)


def test_a_site_that_the_chat_does_not_know() -> None:
    headers = {**GOOD_HEADERS}
    assert told(examined(site="https://other.example.org", headers=headers), "does not let")


def test_a_page_that_cannot_be_read_is_an_error() -> None:
    def get(url: str) -> Fetched:
        raise PageError("nobody is there")

    assert told(examine_page(SITE, get), "nobody is there")


@pytest.mark.parametrize(
    "body", ["", "<", "<script", "<script src=>", "<img src='http://['>", "\x00<<a>>", "<style>" * 500]
)
def test_broken_pages_break_nothing(body: str) -> None:
    assert examined(body)
