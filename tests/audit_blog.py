"""A small blog to audit, built in memory."""

from __future__ import annotations

from datetime import date, timedelta

from indexer.store.rows import StoredArticle
from scraper.model import ArticleBlock, Metadata, Role

BRAND, FORMER = "Aster Pain Clinic", "Blue Mesa Wellness"
NOW, BEFORE = "(303) 555-0100", "(303) 555-0199"
SUBJECTS = [
    "sleep",
    "fear",
    "pain",
    "grief",
    "stress",
    "focus",
    "memory",
    "energy",
    "mood",
    "balance",
    "breath",
    "anger",
    "hope",
    "trust",
    "calm",
    "work",
]


def call(city="Denver", brand=BRAND, phone=NOW):
    return f"If you are struggling, {brand} can help. Call our {city} office at {phone} to book your first visit."


def own(number, paragraph):
    """Return a paragraph that no other post has: its words are made from its number and place."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    code = f"{chr(97 + number // 26)}{chr(97 + number % 26)}{chr(97 + paragraph)}"
    return (
        f"{subject.capitalize()}: {' '.join(f'{subject}{code}{chr(97 + at)}' for at in range(26))}. And {code} ended."
    )


def block(text, position, kept=True, role=Role.CONTENT, heading=0):
    digest = " ".join(text.lower().split())
    return ArticleBlock(text, ("body", "p"), position, digest, kept, role, "x", "", heading)


def article(number, texts, template=(), gone=False, published=True):
    kept = [block(text, at) for at, text in enumerate(texts)]
    around = [block(text, len(kept) + at, False, role) for at, (text, role) in enumerate(template)]
    day = date(2020, 1, 6) + timedelta(days=7 * number) if published else None
    url = f"https://aster.test/blog/post-{number}/"
    metadata = Metadata(title=f"Post {number}", published=day)
    words = sum(len(text.split()) for text in texts)
    state = f"{number}{hash(tuple(texts))}"
    return StoredArticle(number + 1, "aster.test", url, None, gone, metadata, (*kept, *around), words, (), state)


THEME = (("Home", Role.NAVIGATION), (f"{BRAND} | Denver, CO | {NOW}", Role.NAVIGATION), ("fbpx", Role.TRACKER))


def blog(posts=20):
    """Twenty posts: the first four with the former name and number, post 7 without a call, the rest as today."""
    made = []
    for number in range(posts):
        texts = [own(number, paragraph) for paragraph in range(4)]
        if number < 4:
            texts.append(call(brand=FORMER, phone=BEFORE))
        elif number != 7:
            texts.append(call(city=("Denver", "Boulder")[number % 2]))
        made.append(article(number, texts, THEME))
    return made
