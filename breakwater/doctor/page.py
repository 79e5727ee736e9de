"""The page around the chat: what on it would tell somebody else who came (safeguarding rule 25).

It reads what the server sends, as a browser would before any script runs. What a script adds later is not seen, so
a tag manager is an error by itself. docs/webmaster.md gives the reason for each point.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from breakwater.doctor.findings import Finding

_TELLING = re.compile(r"sext|blackmail|extort|nude|abuse|suicid|selbst|chantage|erpress|self-?harm", re.IGNORECASE)
_TRACKERS = {
    "Google Analytics or Tag Manager": r"googletagmanager|google-analytics|gtag\(|dataLayer",
    "a Google advertising tag": r"doubleclick|googleadservices|googlesyndication",
    "Meta's pixel": r"connect\.facebook|facebook\.com/tr|fbq\(",
    "TikTok's pixel": r"analytics\.tiktok|ttq\.",
    "Snapchat's pixel": r"sc-static\.net|snaptr\(",
    "X's pixel": r"static\.ads-twitter|twq\(",
    "LinkedIn's tag": r"snap\.licdn|_linkedin_partner_id",
    "a session recorder": r"hotjar|clarity\.ms|fullstory|mouseflow|smartlook|logrocket|luckyorange|inspectlet",
    "an A/B test": r"optimizely|visualwebsiteoptimizer|vwo\.com|googleoptimize|abtasty",
    "Matomo": r"matomo|piwik|_paq",
    "another analytics service": r"mixpanel|segment\.(com|io)|amplitude|plausible\.io|heapanalytics|cloudflareinsights",
}
_FONTS = re.compile(r"fonts\.(googleapis|gstatic)|use\.typekit|fonts\.bunny|cloud\.typography", re.IGNORECASE)
_QUIET_REFERRERS = {"no-referrer", "same-origin", "origin", "strict-origin", "strict-origin-when-cross-origin"}
_LOADER = "/embed.js"


class PageError(ValueError):
    """The page could not be read; the message says why."""


@dataclass(frozen=True)
class Fetched:
    """A page as its server sent it. Header names in small letters; `cookies`: the names that it set."""

    url: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


Fetch = Callable[[str], Fetched]


def fetch(url: str) -> Fetched:
    """Raises PageError."""
    try:
        answer = httpx.get(url, follow_redirects=True, timeout=15, headers={"User-Agent": "Mozilla/5.0"})
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PageError(f"{url} could not be read: {error}") from None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Fetched(str(answer.url), answer.text[:2_000_000], headers, tuple(answer.cookies))


def examine_page(url: str, get: Fetch = fetch, integrity: str | None = None) -> list[Finding]:
    """Everything on the page that breaks a promise of the chat. `integrity`: the hash that our loader has now."""
    try:
        page = get(url)
    except PageError as error:
        return [Finding("error", str(error), "Check the address, and that the page can be seen without signing in.")]
    parts = _Parts.of(page)
    found = [*_address(page), *_elsewhere(page, parts), *_headers(page, parts), *_loader(page, parts, get, integrity)]
    return found or [Finding("ok", f"Nothing on {page.url} tells anybody who came.")]


@dataclass
class _Parts(HTMLParser):
    """What a page loads. `loads`: (tag, absolute address)."""

    base: str
    loads: list[tuple[str, str]] = field(default_factory=list)
    scripts: dict[str, dict[str, str]] = field(default_factory=dict)
    code: str = ""
    referrer: str = ""
    policy: str = ""
    _inside: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, page: Fetched) -> _Parts:
        parts = cls(page.url)
        parts.feed(page.body)
        return parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag if tag in ("script", "style") else ""
        if tag == "meta" and given.get("name", "").lower() == "referrer":
            self.referrer = given.get("content", "").lower()
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given.get("content", "")
        names = ("href",) if tag == "link" else ("src", "data", "poster", "srcset")
        if tag == "a" or (tag == "link" and given.get("rel", "").lower() in ("canonical", "alternate", "author", "me")):
            return
        for address in (given[name].split(" ")[0] for name in names if given.get(name)):
            try:
                whole = urljoin(self.base, address)
                urlsplit(whole)
            except ValueError:  # not an address; no browser loads it
                continue
            if whole.startswith("http"):
                self.loads.append((tag, whole))
            if tag == "script":
                self.scripts[whole] = given

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.code += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    @property
    def loader(self) -> str | None:
        return next((src for src in self.scripts if urlsplit(src).path == _LOADER), None)


def _address(page: Fetched) -> Iterator[Finding]:
    parts = urlsplit(page.url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        yield Finding("error", "The page is not served by HTTPS.", "Get a certificate; browsers send it in clear now.")
    if telling := _TELLING.search(parts.path):
        what = f"The page's address says {telling[0]!r}: it stays in the history, and school filters read it."
        yield Finding("error", what, "Give the page a neutral path, such as /chat or /talk.")
    title = re.search(r"<title[^>]*>(.*?)</title>", page.body, re.IGNORECASE | re.DOTALL)
    if title and (telling := _TELLING.search(title[1])):
        yield Finding("warning", f"The page's title says {telling[0]!r}; it shows on the tab and in the history.",
                      "Give it a neutral title, such as Chat.")  # fmt: skip
    for name in page.cookies:
        yield Finding("warning", f"The page sets the cookie {name!r}.", "Set none on a page with the chat.")


def _elsewhere(page: Fetched, parts: _Parts) -> Iterator[Finding]:
    """Whoever else a visitor's browser speaks to."""
    everything = "\n".join([*(address for _, address in parts.loads), parts.code])
    for name, sign in _TRACKERS.items():
        if re.search(sign, everything, re.IGNORECASE):
            yield Finding("error", f"There is {name} on the page: it tells others who opened it.",
                          "Take it off every page with the chat; not only until consent.")  # fmt: skip
    if _FONTS.search(everything):
        yield Finding("error", "Fonts come from another company, which learns every visitor's address.",
                      "Serve them from your own site.")  # fmt: skip
    chat = _origin(parts.loader) if parts.loader else None
    known = re.compile("|".join([*_TRACKERS.values(), _FONTS.pattern]), re.IGNORECASE)
    strangers: dict[str, set[str]] = {}
    for tag, address in parts.loads:
        if _origin(address) not in (_origin(page.url), chat) and not known.search(address):
            strangers.setdefault(_origin(address), set()).add(tag)
    for origin, tags in sorted(strangers.items()):
        level = "error" if tags & {"script", "iframe"} else "warning"
        yield Finding(level, f"The page loads {', '.join(sorted(tags))} from {origin}, which learns who came.",
                      "Serve it from your own site, or leave it out.")  # fmt: skip


def _headers(page: Fetched, parts: _Parts) -> Iterator[Finding]:
    policy = page.headers.get("content-security-policy", "")
    if not policy and not parts.policy:
        yield Finding("warning", "The page has no Content-Security-Policy: a script added later can load anything.",
                      "Add the one of docs/webmaster.md.")  # fmt: skip
    if "frame-ancestors" not in policy and "x-frame-options" not in page.headers:
        yield Finding("warning", "Any site may put this page into a frame (no frame-ancestors).",
                      "Send frame-ancestors 'none' or 'self'; it counts only in a header.")  # fmt: skip
    referrer = page.headers.get("referrer-policy", "").lower().split(",")[-1].strip() or parts.referrer
    if referrer not in _QUIET_REFERRERS:
        yield Finding("warning", "Sites that are linked from here may learn the page's full address.",
                      "Send Referrer-Policy: no-referrer.")  # fmt: skip
    both = f"{policy}; {parts.policy}"
    if parts.loader and policy.strip() and _origin(parts.loader) not in both:
        yield Finding("error", f"The page's own policy does not allow {_origin(parts.loader)}: the chat cannot load.",
                      "Add it to script-src and frame-src.")  # fmt: skip


def _loader(page: Fetched, parts: _Parts, get: Fetch, integrity: str | None) -> Iterator[Finding]:
    if not parts.loader:
        yield Finding("warning", "The chat is not on this page (no embed.js), or a script adds it later.",
                      "Paste the lines of docs/webmaster.md into the page itself.")  # fmt: skip
        return
    chat, site = _origin(parts.loader), _origin(page.url)
    if chat == site:
        yield Finding("error", "The chat has the same origin as the page, which could then read it.",
                      "Give the chat a host name of its own.")  # fmt: skip
        return
    given = parts.scripts[parts.loader].get("integrity")
    if not given:
        yield Finding("warning", "The script tag has no integrity hash.", "Paste it with the hash: docs/webmaster.md.")
    elif integrity and given != integrity:
        yield Finding("error", "The script tag's integrity hash is not that of embed.js here: browsers refuse it.",
                      f'Paste integrity="{integrity}".')  # fmt: skip
    try:
        allowed = get(chat + "/").headers.get("content-security-policy", "")
    except PageError as error:
        yield Finding(
            "error", f"The chat itself does not answer: {error}", "Start it, or mend the address of embed.js."
        )
        return
    ancestors = re.search(r"frame-ancestors ([^;]*)", allowed)
    if ancestors and site not in ancestors[1].split():
        yield Finding("error", f"The chat does not let {site} hold it in a frame.",
                      f"Add {site} to BREAKWATER_EMBED_ON and restart.")  # fmt: skip


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
