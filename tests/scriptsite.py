"""A blog on 127.0.0.1 whose pages are empty shells that a script fills from an API, with a list that grows."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from blogsite import Answer, Post, Server, make_post

PAGE_SIZE = 5
SHELL = (
    b'<!doctype html><html lang="en"><head><title>Journal</title><script src="/app.js" defer></script></head>'
    b'<body><noscript>Please enable JavaScript.</noscript><div id="root"></div></body></html>'
)
APP = """
const root = document.getElementById('root');
const make = (name, inside) => `<${name}>${inside}</${name}>`;
const teaser = post => make('article', `<h2><a href="/${post.slug}/">${post.title}</a></h2><p>${post.text.slice(0, 120)}</p>`);
let from = 0, busy = false;
async function more() {
  if (busy) return;
  busy = true;
  const found = await (await fetch('/api/posts?from=' + from)).json();
  from += found.posts.length;
  const list = document.getElementById('list');
  if (MODE === 'replaced') list.innerHTML = '';
  list.insertAdjacentHTML('beforeend', found.posts.map(teaser).join(''));
  busy = !found.more;
  const button = document.getElementById('more');
  if (button && !found.more) button.remove();
}
async function listing() {
  root.innerHTML = '<nav><a href="/">Home</a></nav><main><h1>Journal</h1><div id="list"></div><div id="end">.</div></main>';
  await more();
  if (MODE === 'endless')
    new IntersectionObserver(seen => { if (seen[0].isIntersecting) more().then(() => scrollBy(0, -1)); }).observe(document.getElementById('end'));
  if (MODE === 'endless') addEventListener('scroll', () => { if (innerHeight + scrollY > document.body.scrollHeight - 300) more(); });
  if (MODE === 'button' || MODE === 'replaced') {
    document.getElementById('end').outerHTML = `<button id="more">${MODE === 'button' ? 'Load more' : 'Next'}</button>`;
    document.getElementById('more').onclick = more;
  }
}
async function post() {
  const found = await (await fetch('/api/post' + location.pathname)).json();
  document.title = found.title;
  root.innerHTML = '<nav><a href="/">Home</a></nav>' + make('main', make('article', `<h1>${found.title}</h1>
    <time datetime="${found.published}">${found.published}</time>` + found.text.split('\\n').map(part => make('p', part)).join('')));
}
location.pathname === '/' ? listing() : post();
"""


class ScriptSite(Server):
    """A blog that only a browser can read. `mode` is how its list grows: `endless`, `button` or `replaced`."""

    def __init__(self, posts: int, mode: str = "endless", robots: str = "") -> None:
        super().__init__()
        self.posts = {post.slug: post for post in map(make_post, range(posts))}
        self.mode, self.robots, self.extra = mode, robots, ""
        self.start_url = self.url + "/"

    def addresses(self) -> set[str]:
        """Return the addresses of all posts."""
        return {f"{self.url}/{slug}/" for slug in self.posts}

    def newest_first(self) -> list[Post]:
        """Return the posts, the newest first."""
        return sorted(self.posts.values(), key=lambda post: post.published, reverse=True)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Answer with a shell, the script, or what the script asks for."""
        parts = urlsplit(path)
        if parts.path == "/robots.txt":
            return Answer(self.robots.encode(), content_type="text/plain")
        if parts.path == "/app.js":
            script = f"const MODE = '{self.mode}';{APP}{self.extra}"
            return Answer(script.encode(), content_type="text/javascript; charset=utf-8")
        if parts.path == "/api/posts":
            first = int(parse_qs(parts.query)["from"][0])
            posts = self.newest_first()
            plain = {"posts": [_plain(post) for post in posts[first : first + PAGE_SIZE]]}
            return _json({**plain, "more": first + PAGE_SIZE < len(posts)})
        slug = parts.path.removeprefix("/api/post").strip("/")
        if parts.path.startswith("/api/post/"):
            return _json(_plain(self.posts[slug])) if slug in self.posts else Answer(status=404)
        return Answer(SHELL, headers={"ETag": '"shell"'}) if not slug or slug in self.posts else Answer(status=404)


def _plain(post: Post) -> dict[str, str]:
    day = post.published.date().isoformat()
    return {"slug": post.slug, "title": post.title, "text": post.text, "published": day}


def _json(value: object) -> Answer:
    return Answer(json.dumps(value).encode(), content_type="application/json")
