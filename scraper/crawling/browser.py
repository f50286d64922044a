"""Render pages in a browser that has no network: whatever a page asks for is asked by the crawl, or not at all.

A browser that fetched by itself would resolve names and follow redirects where no guard, no robots.txt, no pace and no
limit of this crawl is asked (Playwright shows a route handler the first address of a chain of redirects only).
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import BlogdexError
from scraper.judgement.obstacles import LOAD_MORE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from playwright.async_api import Browser, BrowserContext, Page, Playwright, Request, Route

logger = logging.getLogger(__name__)

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""With these a browser asks for nothing that nobody told it to load."""
ARGUMENTS = (
    *QUIET,
    "--dns-prefetch-disable",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
NO_NETWORK = "http://127.0.0.1:9"
"""The proxy that the browser is told of: the port of `discard`, on which nobody answers."""

PAGE_S, LIST_S = 30.0, 180.0
"""How long a page, and a list that grows, may take, pauses between requests included; then it is taken as it stands."""
QUIET_S, POLL_S = 0.5, 0.05
"""A page is through when it has asked for nothing for so long."""
EMPTY_S = 4.0
"""How long a page that is still empty is waited for, although it asks for nothing: timers come late."""
FEW_CHARACTERS = 120
"""Characters of visible text below which a page is still waited for; chosen: shorter than any post, longer than
"Loading…"."""
MAX_ROUNDS = 300
"""Rounds of scrolling or clicking a list; chosen so that a list of 3,000 posts at ten a round is read to its end."""
MAX_RESOURCES, MAX_LIST_RESOURCES = 100, 600
"""Requests that one page may make, and one that grows; chosen so that no page asks without end."""
CACHE_BYTES = 64 * 1024 * 1024
"""Scripts and styles that are kept for the next pages of a site; chosen: enough for a theme, in bounded memory."""
START_S, CLOSE_S = 30.0, 5.0
"""How long the browser may take to start and to close a page; chosen: what takes longer hangs."""
_ASKED_FOR = ("script", "xhr", "fetch")

_LENGTH = "() => document.body ? document.body.innerText.length : 0"
_GROW = """async () => {
  const root = document.scrollingElement || document.documentElement;
  const isTall = box => box.scrollHeight > box.clientHeight + 80;
  const scrolls = box => isTall(box) && /auto|scroll/.test(getComputedStyle(box).overflowY);
  const boxes = [root, ...[...document.querySelectorAll('body *')].filter(scrolls)];
  const pause = () => new Promise(done => setTimeout(done, 40));
  for (const box of boxes.slice(0, 20)) {
    box.scrollTop -= box.clientHeight;  // what waits to come into sight may be there already
    await pause();
    const end = box.scrollHeight - 1;
    for (let step = 0; step < 50 && box.scrollTop + box.clientHeight < end; step++) {
      box.scrollTop += Math.max(200, box.clientHeight * 0.9);
      await pause();
    }
  }
}"""
_CLICK = """pattern => {
  const more = new RegExp(pattern, 'i'), next = /^(?:next|older|weiter|ältere|suivant|siguiente|próxim[oa]|›|»|→)/i;
  for (const control of document.querySelectorAll('button, [role=button], a')) {
    const text = (control.innerText || control.getAttribute('aria-label') || '').trim();
    const href = control.getAttribute('href');
    const leads = control.tagName === 'A' && href && !/^(?:#|javascript:)/.test(href);
    const sends = control.form && control.type === 'submit';
    if (leads || sends || control.disabled || !control.offsetParent || text.length > 60) continue;
    if (more.test(text) || next.test(text)) { control.click(); return true; }
  }
  return false;
}"""
_LINKS = """() => {
  const seen = window.__blogdexSeen = window.__blogdexSeen || new Map();
  const heading = 'h1, h2, h3, h4';
  for (const link of document.querySelectorAll('a[href]'))
    if (!link.closest('nav, header, footer, aside') && !seen.has(link.href))
      seen.set(link.href, [link.textContent.trim(), !!(link.closest(heading) || link.querySelector(heading))]);
  return [...seen.keys()];
}"""
_RESTORE = """() => {
  const shown = new Set([...document.querySelectorAll('a[href]')].map(link => link.href));
  for (const [href, [text, headed]] of window.__blogdexSeen || [])
    if (!shown.has(href) && text) {
      const article = document.createElement('article'), link = document.createElement('a');
      link.href = href; link.textContent = text;
      const box = headed ? document.createElement('h2') : document.createElement('p');
      box.append(link); article.append(box);
      (document.querySelector('main') || document.body).append(article);
    }
}"""


class BrowserMissingError(BlogdexError):
    """What `crawl --browser` needs is not installed, or does not start."""

    def __init__(self, what: str, step: str) -> None:
        super().__init__(f"crawl --browser: {what}. {step}")


@dataclass(frozen=True, slots=True)
class Resource:
    """An answer to what a page asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for. `headers` are the page's own, without those that name the browser or a visit."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Document:
    """A page as it came, to be rendered. `grows`: it is a list that may show more when it is scrolled."""

    url: str
    content_type: str
    body: bytes
    grows: bool = False


def find() -> Path:
    """Return the browser to use: what `BLOGDEX_BROWSER` names, else the first that is on the path.

    Raise `BrowserMissingError` with what to install where there is none, or no Playwright.
    """
    if importlib.util.find_spec("playwright") is None:
        raise BrowserMissingError("the extra is not installed", "Install it with: pip install 'blogdex[browser]'")
    named = os.environ.get("BLOGDEX_BROWSER")
    if named:
        path = shutil.which(named)
        if path is None:
            raise BrowserMissingError(f"BLOGDEX_BROWSER names {named}, and there is no such program", "Correct it.")
        return Path(path)
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise BrowserMissingError(
            "there is no Chromium or Chrome on this computer",
            "Install one, on Debian with: apt install chromium, or name yours in BLOGDEX_BROWSER",
        )
    return Path(path)


@dataclass(slots=True)
class _Traffic:
    """What one page asks for: how much, how much of it is under way, and since when nothing is."""

    most: int
    asked: int = 0
    open: int = 0
    quiet_since: float = field(default_factory=lambda: asyncio.get_event_loop().time())


class Renderer:
    """A browser for one crawl, started with its first page.

    `fetch` gets what pages ask for, `knows` tells of addresses whether an earlier crawl saved them all, `is_stopping`
    whether no more is wanted.
    """

    def __init__(
        self,
        program: Path,
        user_agent: str,
        fetch: Callable[[Wanted], Awaitable[Resource | None]],
        knows: Callable[[Sequence[str]], bool],
        is_stopping: Callable[[], bool],
    ) -> None:
        self._program = program
        self._user_agent = user_agent
        self._fetch = fetch
        self._knows = knows
        self._is_stopping = is_stopping
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None
        self._cache: dict[str, asyncio.Task[Resource | None]] = {}
        self._cached_bytes = 0

    async def render(self, document: Document) -> bytes:
        """Return a page as its scripts leave it, in UTF-8; what is not through in time as it stands then.

        Raise `BrowserMissingError` where the browser does not start, and Playwright's errors where it breaks down.
        """
        page = await (await self._started()).new_page()
        traffic = _Traffic(MAX_LIST_RESOURCES if document.grows else MAX_RESOURCES)
        try:
            await page.route("**/*", lambda route: self._answer(route, page, document, traffic))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LIST_S if document.grows else PAGE_S):
                    await self._read(page, document, traffic)
            html: str = await asyncio.wait_for(page.content(), CLOSE_S)
            return html.encode("utf-8", "replace")
        finally:
            traffic.most = 0
            await self._close_page(page)

    async def close(self) -> None:
        """End the browser."""
        for task in self._cache.values():
            task.cancel()
        with contextlib.suppress(Exception):
            if self._browser is not None:
                await asyncio.wait_for(self._browser.close(), CLOSE_S)
        with contextlib.suppress(Exception):
            if self._playwright is not None:
                await asyncio.wait_for(self._playwright.stop(), CLOSE_S)
        self._playwright = self._browser = self._context = None

    async def _started(self) -> BrowserContext:
        from playwright.async_api import Error, async_playwright

        async with self._starting:
            if self._context is not None and self._browser is not None and self._browser.is_connected():
                return self._context
            try:
                async with asyncio.timeout(START_S):
                    self._playwright = self._playwright or await async_playwright().start()
                    self._browser = await self._playwright.chromium.launch(
                        executable_path=str(self._program),
                        headless=True,
                        chromium_sandbox=getattr(os, "geteuid", lambda: 1)() != 0,
                        args=list(ARGUMENTS),
                        proxy={"server": NO_NETWORK, "bypass": "<-loopback>"},
                        handle_sigint=False,
                    )
                    self._context = await self._browser.new_context(
                        user_agent=self._user_agent,
                        service_workers="block",
                        accept_downloads=False,
                        viewport={"width": 1280, "height": 720},
                    )
            except (Error, OSError, TimeoutError, NotImplementedError) as error:
                said = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
                raise BrowserMissingError(
                    f"{self._program} does not start ({said})", "Try another: BLOGDEX_BROWSER=PATH"
                ) from error
            return self._context

    async def _close_page(self, page: Page) -> None:
        """Close a page; a browser that can't is ended, and started anew for the next one."""
        try:
            await asyncio.wait_for(page.close(), CLOSE_S)
        except Exception as error:
            logger.info("The browser does not close a page: %s", error)
            browser, self._browser, self._context = self._browser, None, None
            with contextlib.suppress(Exception):
                if browser is not None:
                    await asyncio.wait_for(browser.close(), CLOSE_S)

    async def _read(self, page: Page, document: Document, traffic: _Traffic) -> None:
        await page.goto(document.url, wait_until="domcontentloaded", timeout=0)
        await self._settle(traffic)
        loop = asyncio.get_event_loop()
        end = loop.time() + EMPTY_S
        while await page.evaluate(_LENGTH) < FEW_CHARACTERS and loop.time() < end and not self._is_stopping():
            await asyncio.sleep(QUIET_S)
            await self._settle(traffic)
        if document.grows:
            await self._grow(page, traffic)

    async def _settle(self, traffic: _Traffic) -> None:
        """Wait until a page has asked for nothing for a while."""
        loop = asyncio.get_event_loop()
        began = loop.time()
        while traffic.open or loop.time() - max(traffic.quiet_since, began) < QUIET_S:
            if self._is_stopping():
                return
            await asyncio.sleep(POLL_S)

    async def _grow(self, page: Page, traffic: _Traffic) -> None:
        """Scroll a list to its end, and press what shows more of it, as long as that brings links nobody knew."""
        links = set(await page.evaluate(_LINKS))
        for _ in range(MAX_ROUNDS):
            await page.evaluate(_GROW)
            await self._settle(traffic)
            fresh = set(await page.evaluate(_LINKS)) - links
            if not fresh and await page.evaluate(_CLICK, LOAD_MORE.pattern):
                await self._settle(traffic)
                fresh = set(await page.evaluate(_LINKS)) - links
            if not fresh or self._knows(sorted(fresh)) or self._is_stopping() or traffic.asked >= traffic.most:
                break
            links |= fresh
        await page.evaluate(_RESTORE)

    async def _answer(self, route: Route, page: Page, document: Document, traffic: _Traffic) -> None:
        """Answer one request of a page: the page itself as it came, what its scripts ask for from the crawl."""
        traffic.open += 1
        try:
            await self._fulfill(route, page, document, traffic)
        except Exception as error:
            logger.info("Could not answer a page's request for %s: %s", route.request.url[:200], error)
            with contextlib.suppress(Exception):
                await route.abort()
        finally:
            traffic.open -= 1
            traffic.quiet_since = asyncio.get_event_loop().time()

    async def _fulfill(self, route: Route, page: Page, document: Document, traffic: _Traffic) -> None:
        asked = route.request
        if asked.is_navigation_request() and asked.frame == page.main_frame and not traffic.asked:
            traffic.asked = 1
            await route.fulfill(body=document.body, content_type=document.content_type or "text/html")
            return
        if asked.resource_type == "stylesheet":
            await route.fulfill(body="", content_type="text/css")
            return
        traffic.asked += 1
        is_wanted = traffic.asked <= traffic.most and _is_allowed(asked, document.url) and not self._is_stopping()
        resource = await self._resource(asked) if is_wanted else None
        if resource is None:
            await route.abort()
        else:
            await route.fulfill(status=resource.status, headers=dict(resource.headers), body=resource.body)

    async def _resource(self, asked: Request) -> Resource | None:
        """Get what a page asks for; scripts once for all pages of a crawl."""
        wanted = Wanted(asked.url, asked.method, _own(asked.headers), asked.post_data_buffer)
        if asked.resource_type != "script" or asked.method != "GET":
            return await self._fetch(wanted)
        first = asked.url not in self._cache
        if first:
            self._cache[asked.url] = asyncio.ensure_future(self._fetch(wanted))
        resource = await asyncio.shield(self._cache[asked.url])
        if first:
            self._cached_bytes += len(resource.body) if resource else 0
            if resource is None or self._cached_bytes > CACHE_BYTES:
                self._cached_bytes -= len(resource.body) if resource else 0
                del self._cache[asked.url]
        return resource


def _is_allowed(asked: Request, page_url: str) -> bool:
    """Tell whether a page may ask for something: scripts and data; by POST only on its own host."""
    if asked.resource_type not in _ASKED_FOR:
        return False
    is_own = urlsplit(asked.url).netloc == urlsplit(page_url).netloc
    return asked.method in (("GET", "POST") if is_own else ("GET",))


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that a page's script chose, without cookies and what Chromium says of itself."""
    left_out = (
        "cookie",
        "user-agent",
        "host",
        "accept-encoding",
        "content-length",
        "connection",
        "upgrade-insecure-requests",
    )
    return {name: value for name, value in headers.items() if name not in left_out and not name.startswith("sec-")}
