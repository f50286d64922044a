"""Dress the example blog in a theme like those of many WordPress sites: all that stands around a post."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from scraper.demo.markup import to_html
from scraper.demo.reader import AUTHORS, BRAND, PHONE, POSTS, PlainPage, Post, slug_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

ADDRESS = "48 Millrace Lane, Tamarack Falls"
TRACKER = "trkpx"
SHARE = ("Share this:", "Share on Facebook", "Share by email", "Print this page")
SUBSCRIBE = (
    "Get New Posts by Email",
    "One letter a month, no advertising. Leave whenever you like.",
    "You're on the list! Look for our confirmation letter.",
)
COOKIES = (
    "This site uses cookies to remember your choices and to count visits. Nothing you read here is linked to your name."
)
LEGAL = f"© 2026 {BRAND}. All rights reserved. Reading this site does not make you our patient."
RELATED_HEADING = "You may also like"
AUTHOR_HEADING = "About the author"
MENU = (
    ("Home", "/"),
    ("Treatments", "/treatments/"),
    ("About", "/about/"),
    ("Blog", "/blog/"),
    ("Contact", "/contact/"),
)

CHROME: tuple[str, ...] = (
    TRACKER,
    *SHARE,
    *SUBSCRIBE,
    COOKIES,
    LEGAL,
    RELATED_HEADING,
    AUTHOR_HEADING,
    *AUTHORS.values(),
    f"Call us: {PHONE}",
    "Skip to content",
    "Recent Posts",
    "Archives",
    "Leave a Reply",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page's surroundings need: its address, its name, its classes, and what it tells machines."""

    url: str
    title: str
    body_class: str
    head: str = ""
    og_type: str = "website"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """The theme at one address: `root` is the site without its last slash, e.g. "http://127.0.0.1:8000"."""

    root: str
    style: str
    sidebar: str

    @classmethod
    def at(cls, root: str) -> Theme:
        """Make the theme for a site's address."""
        style = (files(__package__) / "theme.css").read_text(encoding="utf-8")
        return cls(root, style, _sidebar(root))

    def post(self, post: Post, newer: Post | None, older: Post | None) -> str:
        """Write a post's page."""
        url = self.root + post.path
        content = to_html(post.elements, f"{self.root}/blog/", self.uploads)
        classes = f"post-{post.number} post type-post status-publish category-{slug_of(post.category)} hentry"
        main = f"""{self._crumbs((("Blog", "/blog/"), (post.category, category_path(post.category))), post.title)}
<article id="post-{post.number}" class="{classes}">
<header class="entry-header"><h1 class="entry-title">{escape(post.title)}</h1>
{self._meta(post)}</header>
<div class="entry-content">
{content}
{_share_bar(url)}
</div>
<footer class="entry-footer">{self._tag_list(post)}</footer>
</article>
{self._author_box(post)}
{self._related(post)}
{self._neighbours(newer, older)}
{_comments(post, url)}
{_subscribe(1)}"""
        frame = Frame(
            url,
            post.title,
            f"wp-singular post-template-default single single-post postid-{post.number} single-format-standard",
            self._post_head(post, url),
            "article",
            post.excerpt,
        )
        return self.page(frame, main)

    def listing(self, frame: Frame, heading: str, posts: Sequence[Post], pager: str) -> str:
        """Write a page of excerpts."""
        teasers = "\n".join(self._teaser(post) for post in posts)
        heading_html = f'<header class="page-header"><h1 class="page-title">{escape(heading)}</h1></header>'
        return self.page(frame, f"{heading_html}\n{teasers}\n{pager}")

    def plain_page(self, page: PlainPage) -> str:
        """Write a page that is no post."""
        url = self.root + page.path
        content = to_html(page.elements, f"{self.root}/blog/", self.uploads)
        main = f"""{self._crumbs((), page.title)}
<article id="page-{slug_of(page.title)}" class="page type-page status-publish hentry">
<header class="entry-header"><h1 class="entry-title">{escape(page.title)}</h1></header>
<div class="entry-content">
{content}
</div>
</article>"""
        data = {"@type": "WebPage", "@id": url, "url": url, "name": page.title, "dateModified": _stamp(page.modified)}
        frame = Frame(url, page.title, "wp-singular page-template-default page", _json_ld([data]), "article")
        return self.page(frame, main)

    def front(self, posts: Sequence[Post]) -> str:
        """Write the site's front page."""
        teasers = "\n".join(self._teaser(post) for post in posts)
        main = f"""<section class="hero"><h1>Careful ketamine care in Tamarack Falls</h1>
<p>Infusions for chronic pain and for stubborn depression, with time for your questions.</p>
<p><a class="button" href="{self.root}/contact/">Ask for a first talk</a></p></section>
<section class="latest"><h2>From the blog</h2>
{teasers}</section>"""
        return self.page(Frame(f"{self.root}/", "Home", "home page-template-front page"), main)

    def page(self, frame: Frame, main: str) -> str:
        """Put the header, the sidebar and the footer around a page's main part."""
        title = escape(frame.title)
        description = escape(frame.description or f"Notes on ketamine care by {BRAND}.")
        return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - {BRAND}</title>
<meta name="description" content="{description}">
<link rel="canonical" href="{frame.url}">
<meta property="og:locale" content="en_US">
<meta property="og:type" content="{frame.og_type}">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<meta property="og:url" content="{frame.url}">
<meta property="og:site_name" content="{BRAND}">
<link rel="alternate" type="application/rss+xml" title="{BRAND} &raquo; Feed" href="{self.root}/blog/feed/">
{frame.head}
<style>
{self.style}</style>
</head>
<body class="{frame.body_class}">
{TRACKER}
<a class="skip-link screen-reader-text" href="#primary">Skip to content</a>
{self._masthead()}
<div id="content" class="site-content">
<main id="primary" class="site-main">
{main}
</main>
{self.sidebar}
</div>
{self._footer()}
</body>
</html>
"""

    @property
    def uploads(self) -> str:
        """Return where the images are."""
        return f"{self.root}/wp-content/uploads/"

    def _link(self, path: str, words: str, extra: str = "") -> str:
        return f'<a href="{self.root}{path}"{extra}>{escape(words)}</a>'

    def _menu(self) -> str:
        return "".join(f'<li class="menu-item">{self._link(path, words)}</li>' for words, path in MENU)

    def _masthead(self) -> str:
        return f"""<header id="masthead" class="site-header">
<p class="site-title">{self._link("/", BRAND, ' rel="home"')}</p>
<p class="header-phone"><a href="tel:+1-{PHONE}">Call us: {PHONE}</a></p>
<nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">{self._menu()}</ul></nav>
</header>"""

    def _footer(self) -> str:
        return f"""<footer id="colophon" class="site-footer">
<div class="footer-address"><p>{BRAND}</p><p>{ADDRESS}</p><p>Monday to Friday, 8 to 5</p></div>
<ul class="footer-menu">{self._menu()}<li class="menu-item">{self._link("/privacy/", "Privacy")}</li></ul>
<p class="site-info">{LEGAL}</p>
</footer>
<div id="cookie-consent" class="cookie-box" role="dialog" aria-label="Cookies"><p>{COOKIES}</p>
<button type="button">Accept</button> <button type="button">Only what is needed</button></div>"""

    def _crumbs(self, steps: Sequence[tuple[str, str]], here: str) -> str:
        links = [self._link(path, words) for words, path in (("Home", "/"), *steps)]
        trail = " &raquo; ".join([*links, f"<span>{escape(here)}</span>"])
        return f'<nav class="breadcrumbs" aria-label="Breadcrumbs">{trail}</nav>'

    def _meta(self, post: Post) -> str:
        updated = ""
        if post.modified != post.published:
            updated = f' <time class="updated" datetime="{_stamp(post.modified)}">Updated {_long(post.modified)}</time>'
        author = self._link(author_path(post.author), post.author, ' class="url fn" rel="author"')
        category = self._link(category_path(post.category), post.category, ' rel="category tag"')
        return f"""<div class="entry-meta"><span class="posted-on">
<time class="entry-date published" datetime="{_stamp(post.published)}">{_long(post.published)}</time>{updated}</span>
<span class="byline">by <span class="author vcard">{author}</span></span>
<span class="cat-links">in {category}</span></div>"""

    def _tag_list(self, post: Post) -> str:
        links = ", ".join(self._link(tag_path(tag), tag, ' rel="tag"') for tag in post.tags)
        return f'<span class="tags-links">Tagged {links}</span>'

    def _author_box(self, post: Post) -> str:
        return f"""<section class="author-box"><h3>{AUTHOR_HEADING}</h3>
<p class="author-description">{escape(AUTHORS[post.author])}</p>
<p>{self._link(author_path(post.author), "More from " + post.author)}</p></section>"""

    def _related(self, post: Post) -> str:
        teasers = "\n".join(
            f'<div class="related-post"><h4>{self._link(other.path, other.title)}</h4>'
            f"<p>{escape(other.excerpt)}</p></div>"
            for other in related(post)
        )
        return f'<section class="related-posts"><h3>{RELATED_HEADING}</h3>\n{teasers}</section>'

    def _neighbours(self, newer: Post | None, older: Post | None) -> str:
        links = [
            f'<span class="nav-{side}">{self._link(post.path, post.title, f" rel={rel}")}</span>'
            for side, rel, post in (("previous", "prev", older), ("next", "next", newer))
            if post
        ]
        return f'<nav class="post-navigation" aria-label="Posts">{" ".join(links)}</nav>'

    def _teaser(self, post: Post) -> str:
        more = self._link(post.path, "Continue reading", ' class="more-link"')
        return f"""<article id="post-{post.number}" class="post-{post.number} post type-post hentry teaser">
<h2 class="entry-title">{self._link(post.path, post.title, ' rel="bookmark"')}</h2>
{self._meta(post)}
<div class="entry-summary"><p>{escape(post.excerpt)}</p><p>{more}</p></div>
</article>"""

    def _post_head(self, post: Post, url: str) -> str:
        published, modified = _stamp(post.published), _stamp(post.modified)
        author = {"@type": "Person", "name": post.author, "url": self.root + author_path(post.author)}
        article = {
            "@type": "BlogPosting",
            "@id": f"{url}#article",
            "headline": post.title,
            "datePublished": published,
            "dateModified": modified,
            "author": author,
            "publisher": {"@type": "MedicalClinic", "name": BRAND, "telephone": PHONE},
            "mainEntityOfPage": url,
            "articleSection": [post.category],
            "keywords": list(post.tags),
            "inLanguage": "en-US",
        }
        steps = ((BRAND, "/"), ("Blog", "/blog/"), (post.title, post.path))
        crumbs = {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name, "item": self.root + path}
                for place, (name, path) in enumerate(steps, 1)
            ],
        }
        tags = "\n".join(f'<meta property="article:tag" content="{escape(tag)}">' for tag in post.tags)
        return f"""<meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{modified}">
<meta property="article:section" content="{escape(post.category)}">
{tags}
<meta name="author" content="{escape(post.author)}">
<link rel="shortlink" href="{self.root}/blog/?p={post.number}">
{_json_ld([article, crumbs])}"""


def related(post: Post) -> list[Post]:
    """Return the three posts that share most with a post: tags count two, the category one."""

    def likeness(other: Post) -> int:
        return 2 * len({*post.tags} & {*other.tags}) + (post.category == other.category)

    others = sorted((other for other in POSTS if other is not post), key=lambda other: other.published, reverse=True)
    return sorted(others, key=likeness, reverse=True)[:3]


def category_path(category: str) -> str:
    """Return the path of a category's archive."""
    return f"/blog/category/{slug_of(category)}/"


def tag_path(tag: str) -> str:
    """Return the path of a tag's archive."""
    return f"/blog/tag/{slug_of(tag)}/"


def author_path(author: str) -> str:
    """Return the path of an author's archive."""
    return f"/blog/author/{slug_of(author)}/"


def month_path(day: date) -> str:
    """Return the path of a month's archive."""
    return f"/blog/{day:%Y/%m}/"


def _stamp(day: date) -> str:
    return f"{day.isoformat()}T15:00:00+00:00"


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _json_ld(graph: Sequence[Mapping[str, object]]) -> str:
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def _share_bar(url: str) -> str:
    heading, facebook, email, print_it = SHARE
    return f"""<div class="sharedaddy share-bar"><h3 class="sd-title">{heading}</h3>
<ul><li><a href="https://facebook.example/sharer?u={url}" rel="nofollow noopener">{facebook}</a></li>
<li><a href="mailto:?body={url}">{email}</a></li><li><a href="#print">{print_it}</a></li></ul></div>"""


def _subscribe(number: int) -> str:
    heading, invitation, confirmation = SUBSCRIBE
    return f"""<section class="widget widget-subscribe" id="subscribe-{number}"><h3>{heading}</h3><p>{invitation}</p>
<form action="#subscribe-{number}" method="post"><label>Email address <input type="email" name="email"></label>
<button type="submit">Sign me up</button></form>
<p class="subscribe-success" style="display:none">{confirmation}</p></section>"""


def _comments(post: Post, url: str) -> str:
    form = """<div id="respond" class="comment-respond"><h3>Leave a Reply</h3>
<p>Your email address will not be published. Comments are read before they appear.</p></div>"""
    if not post.comments:
        return f'<section id="comments" class="comments-area">{form}</section>'
    items = "\n".join(
        f'<li class="comment" id="comment-{post.number}{place}"><p class="comment-author">{escape(comment.author)}</p>'
        f'<time datetime="{_stamp(comment.day)}">{_long(comment.day)}</time><p>{escape(comment.text)}</p>'
        f'<a rel="nofollow" href="{url}?replytocom={post.number}{place}#respond">Reply</a></li>'
        for place, comment in enumerate(post.comments, 1)
    )
    noun = "comment" if len(post.comments) == 1 else "comments"
    return f"""<section id="comments" class="comments-area"><h2 class="comments-title">{len(post.comments)} {noun}</h2>
<ol class="comment-list">
{items}
</ol>{form}</section>"""


def _sidebar(root: str) -> str:
    newest = sorted(POSTS, key=lambda post: post.published, reverse=True)
    recent = "".join(f'<li><a href="{root}{post.path}">{escape(post.title)}</a></li>' for post in newest[:5])
    months = dict.fromkeys(post.published.replace(day=1) for post in newest)
    archives = "".join(f'<li><a href="{root}{month_path(month)}">{month:%B %Y}</a></li>' for month in months)
    categories = "".join(
        f'<li class="cat-item"><a href="{root}{category_path(name)}">{escape(name)}</a></li>'
        for name in sorted({post.category for post in POSTS})
    )
    return f"""<aside id="secondary" class="widget-area">
<section class="widget widget_search"><form role="search" action="{root}/blog/" method="get">
<label>Search for: <input type="search" name="s"></label> <button type="submit">Search</button></form></section>
<section class="widget widget_recent_entries"><h3>Recent Posts</h3><ul>{recent}</ul></section>
<section class="widget widget_categories"><h3>Categories</h3><ul>{categories}</ul></section>
<section class="widget widget_archive"><h3>Archives</h3><ul>{archives}</ul></section>
{_subscribe(2)}
</aside>"""
