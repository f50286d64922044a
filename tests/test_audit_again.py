"""An audit that goes on from what was seen before finds what one from zero finds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from indexer.audit import asking
from indexer.audit.checks.copies import passages
from indexer.audit.incremental.fingerprints import (
    COUNTED,
    LONE,
    NO_REQUEST,
    UNSHARED,
    Fingerprints,
    Memory,
    ParagraphPrints,
)
from indexer.audit.memory.persistence import post_digests
from indexer.audit.options import Options
from indexer.audit.owner.identity import Facts
from indexer.audit.run import survey
from indexer.audit.similarity import clusters, distinct, windows
from indexer.store.rows import StoredArticle
from scraper.model import Link, Metadata, Role
from scraper.text.requests import request_in
from tests.audit_blog import BRAND, FORMER, NOW, THEME, article, block, blog, call, own

CITIES = ("Denver", "Boulder", "Golden")
CLOSING = (
    "Come sit with us.",
    "Want to know more? Our nurses can tell you.",
    "Choose one of the openings.",
    "Have Aster Clinic take a look.",
    "Ask your doctor before you start.",
    "Next week we look at sleep.",
)
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "dlmnrst"]


class Writer:
    """Write posts that have much in common: copied, touched up, glued and shortened paragraphs, calls, headings."""

    def __init__(self, seed):
        self.drawn = random.Random(seed)
        self.few = self.drawn.sample(WORDS, 40)
        self.stock = [self.paragraph() for _ in range(self.drawn.randint(2, 8))]
        self.phones = [NOW, "(303) 555-0199", "720-555-0123"]
        self.written: list[str] = []
        self.number = 0

    def sentence(self):
        drawn = self.drawn
        vocabulary = self.few if drawn.random() < 0.3 else WORDS
        return " ".join(drawn.choices(vocabulary, k=drawn.randint(1, 14))).capitalize() + "."

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.drawn.randint(1, 6)))

    def touched(self, text):
        words = text.split()
        for _ in range(self.drawn.randint(0, 4)):
            at = self.drawn.randrange(len(words))
            words[at : at + self.drawn.randint(0, 2)] = [self.drawn.choice(WORDS)]
        return " ".join(words) or "Empty."

    def block(self):
        drawn = self.drawn
        kind = drawn.random()
        if kind < 0.3:
            self.written.append(self.paragraph())
            return self.written[-1]
        if kind < 0.42 and self.written:
            return self.touched(drawn.choice(self.written))
        if kind < 0.5:
            return drawn.choice(self.stock)
        if kind < 0.7:
            return self.touched(drawn.choice(self.stock))
        if kind < 0.78:
            return " ".join((drawn.choice(self.stock), self.touched(drawn.choice(self.stock))))
        if kind < 0.93:
            return self.touched(
                call(drawn.choice(CITIES), drawn.choice((BRAND, BRAND, FORMER)), drawn.choice(self.phones))
            )
        return f"{self.sentence()} In {drawn.choice(CITIES)} call {drawn.choice(self.phones)} or write to a@b.example."

    def post(self, own_id):
        drawn = self.drawn
        self.number += 1
        kept = []
        for at in range(drawn.randint(1, 7)):
            heading = 2 if drawn.random() < 0.15 else 0
            role = drawn.choice((Role.CONTENT, Role.CONTENT, Role.CONTENT, Role.CTA, Role.WIDGET))
            text = drawn.choice(("Call us today", "What to know", self.sentence())) if heading else self.block()
            kept.append(block(text, at, role=Role.HEADING if heading else role, heading=heading))
        if drawn.random() < 0.4:
            kept.insert(drawn.randint(0, len(kept)), block(drawn.choice(CLOSING), 0))
            kept = [replace(each, position=at) for at, each in enumerate(kept)]
        around = [block(text, len(kept) + at, False, role) for at, (text, role) in enumerate(THEME)]
        day = date(2020, 1, 1) + timedelta(days=drawn.randrange(400)) if drawn.random() < 0.95 else None
        title = f"{drawn.choice(CITIES)} and {self.sentence()}" if drawn.random() < 0.3 else self.sentence()
        return StoredArticle(
            own_id,
            "aster.test",
            f"https://aster.test/blog/{own_id}/",
            None,
            False,
            Metadata(title=title, published=day),
            (*kept, *around),
            9,
            (),
            f"digest {self.number}",
        )

    def retold(self, post):
        """Return a post with another title or day, and nothing around it."""
        if self.drawn.random() < 0.5:
            told = replace(post.metadata, title=self.sentence())
        else:
            told = replace(post.metadata, published=date(2020, 1, self.drawn.randint(1, 28)))
        return replace(post, metadata=told, blocks=tuple(block for block in post.blocks if block.kept))

    def changed(self, posts):
        """Return the posts after a crawl: new, edited, gone, with another title. What is pasted changes with time."""
        drawn = self.drawn
        parts = self.touched(drawn.choice(self.written or self.stock)).split(". ")
        self.stock[drawn.randrange(len(self.stock))] = ". ".join(parts[: drawn.randint(1, 3)])
        left = [post for post in posts if drawn.random() > 0.06]
        left = [self.post(post.id) if drawn.random() < 0.08 else post for post in left]
        left = [self.retold(post) if drawn.random() < 0.05 else post for post in left]
        first = max((post.id for post in posts), default=0) + 1
        return [*left, *(self.post(first + at) for at in range(drawn.randint(0, 6)))]


def after(memory, posts):
    """Return what the next audit knows after one of these posts: prints that were packed and unpacked."""
    prints = {own_id: Fingerprints.unpack(each.pack()) for own_id, each in {**memory.posts, **memory.made}.items()}
    there = {post.id for post in posts}
    return Memory({own_id: each for own_id, each in prints.items() if own_id in there}, inputs=memory.inputs)


def without(memory, before, posts):
    """Return a memory of these posts: prints of those that are the same as before, and of those that are not."""
    known, now = post_digests(before), post_digests(posts)
    departed = [each for own_id, each in memory.posts.items() if now.get(own_id) != known[own_id]]
    prints = {own_id: each for own_id, each in memory.posts.items() if now.get(own_id) == known[own_id]}
    return replace(memory, posts=prints, departed=departed)


class Gluer(Writer):
    """Write half of the paragraphs around the beginning of one, so that many share keys with many."""

    def block(self):
        if self.drawn.random() < 0.5:
            return super().block()
        words = self.stock[0].split()
        begun = words[: max(12, self.drawn.randint(0, len(words)))]
        return f"{self.sentence()} {' '.join(begun)} {self.sentence()}"


def tighten(monkeypatch, seed):
    """Let small blogs meet the limits that large ones meet."""
    monkeypatch.setattr(distinct, "_HEAD", (4, 8, 20)[seed % 3])
    monkeypatch.setattr(clusters, "_CROWDED", (4, 8, 48)[seed % 3])
    monkeypatch.setattr(windows, "MOST_POSTS", seed % 5 + 2)
    monkeypatch.setattr(passages, "LEAST_WORDS", (16, 20, 25)[seed % 3])
    monkeypatch.setattr(passages, "_TOUCHED_UP", 2)


@pytest.mark.parametrize(
    ("kind", "seed"), [*((Writer, seed) for seed in range(9)), *((Gluer, seed) for seed in (4, 8, 9, 12, 16))]
)
def test_after_any_crawl_it_finds_what_an_audit_from_zero_finds(kind, seed, monkeypatch):
    tighten(monkeypatch, seed)
    writer = kind(seed)
    posts = [writer.post(number + 1) for number in range(writer.drawn.randint(0, 40))]
    memory, options = Memory(), Options()
    for _ in range(6):
        found = survey(posts, options, None, memory)
        assert found == survey(posts, options)
        before, posts = posts, writer.changed(posts)
        memory = without(after(memory, before), before, posts)
        if writer.drawn.random() < 0.1:
            options = Options(similar=writer.drawn.choice((0.3, 0.45, 0.6)))


def paragraph(seed, words=60, changed=()):
    """Return a paragraph of words drawn by a seed, some of them changed to others."""
    drawn = random.Random(seed).sample(WORDS, words)
    return " ".join(f"{word}q" if at in changed else word for at, word in enumerate(drawn))


def seen(posts):
    """Audit posts, and return what the next audit knows of them."""
    memory = Memory()
    survey(posts, memory=memory)
    return after(memory, posts)


def flags_of(memory, post):
    return list({**memory.posts, **memory.made}[post.id].flags)


def test_paragraphs_of_a_posts_own_are_clean_and_its_call_is_not():
    posts = blog(8)
    memory = seen(posts)
    *paragraphs, asks = flags_of(memory, posts[6])
    assert all(flags & LONE and flags & UNSHARED and flags & NO_REQUEST for flags in paragraphs)
    assert not asks & LONE and not asks & NO_REQUEST


def test_only_what_is_new_or_was_not_clean_is_read_again(monkeypatch):
    monkeypatch.setattr(distinct, "_HEAD", 8)
    posts = blog(20)
    memory = seen(posts)
    judged: list[str] = []
    monkeypatch.setattr(asking, "request_in", lambda text, *told: judged.append(text) or request_in(text, *told))
    added = article(20, [own(20, 0), call()])
    survey([*posts, added], memory=memory)
    assert own(20, 0) in judged
    assert {own(number, at) for number in range(20) for at in range(4)}.isdisjoint(judged)


def test_a_lone_paragraph_is_compared_again_with_its_first_copy(monkeypatch):
    monkeypatch.setattr(distinct, "_HEAD", 8)
    posts = blog(20)
    copy = article(20, [own(20, 0), own(3, 1).replace("And", "But")])
    memory = seen(posts)
    found = survey([*posts, copy], memory=memory)
    assert [set(cluster.urls) for cluster in found.clusters if own(3, 1) in {v.text for v in cluster.variants}] == [
        {posts[3].url, copy.url}
    ]
    assert not flags_of(memory, posts[3])[1] & LONE


def test_a_lone_paragraph_is_held_against_what_leads_only_now(monkeypatch):
    """One that is like the second of three, whose first leads; then the first is taken away."""
    monkeypatch.setattr(distinct, "_HEAD", 8)
    first, middle, last = (paragraph(7, changed=changed) for changed in (range(3, 15, 3), (), range(20, 53, 3)))
    posts = [*blog(12), *(article(20 + at, [text]) for at, text in enumerate((first, middle, last)))]
    memory = seen(posts)
    assert flags_of(memory, posts[-1])[0] & LONE
    left = [post for post in posts if post is not posts[-3]]
    memory = without(memory, posts, left)
    found = survey(left, memory=memory)
    assert found == survey(left)
    assert {posts[-2].url, posts[-1].url} in [set(cluster.urls) for cluster in found.clusters]


def test_a_lone_paragraph_is_held_against_a_wording_that_comes_after_it_now(monkeypatch):
    """The second of three stands before and after the last one; then it is taken away before it."""
    monkeypatch.setattr(distinct, "_HEAD", 8)
    first, middle, last = (paragraph(7, changed=changed) for changed in (range(3, 15, 3), (), range(20, 53, 3)))
    posts = [*blog(12), *(article(20 + at, [text]) for at, text in enumerate((first, middle, last, middle)))]
    memory = seen(posts)
    assert flags_of(memory, posts[-2])[0] & LONE
    left = [post for post in posts if post is not posts[-3]]
    memory = without(memory, posts, left)
    found = survey(left, memory=memory)
    assert found == survey(left)
    assert {post.url for post in left[-3:]} in [set(cluster.urls) for cluster in found.clusters]


def test_calls_are_missing_once_the_blog_asks(monkeypatch):
    monkeypatch.setattr(distinct, "_HEAD", 8)
    quiet = [article(number, [own(number, 0), own(number, 1)]) for number in range(12)]
    posts = [*quiet, article(20, [own(20, 0), "There is more on our website."])]
    memory = seen(posts)
    assert survey(posts).missing_cta == ()
    asking = [*posts, *(article(30 + at, [own(30 + at, 0), call()]) for at in range(6))]
    found = survey(asking, memory=memory)
    assert found == survey(asking)
    assert len(found.missing_cta) == len(posts)


def test_another_owner_is_listened_for_in_every_paragraph(monkeypatch):
    monkeypatch.setattr(distinct, "_HEAD", 8)
    posts = [*blog(20), article(20, [own(20, 0), "Contact Cedar Ridge Dental whenever it suits you."])]
    memory = seen(posts)
    facts = Facts(brand="Cedar Ridge Dental")
    found = survey(posts, None, facts, memory)
    assert found == survey(posts, None, facts)
    assert posts[-1].url not in {finding.post for finding in found.missing_cta}


def test_other_places_are_looked_for_in_every_paragraph():
    told = [Facts(locations={"Denver": (NOW,), name: ("(303) 555-0177",)}) for name in ("Boulder", "Golden")]
    about = [f"In Golden the {own(20, at)}" for at in range(3)]
    posts = [*blog(20), article(20, [*about, call("Denver")])]
    memory = Memory()
    survey(posts, None, told[0], memory)
    memory = after(memory, posts)
    found = survey(posts, None, told[1], memory)
    assert found == survey(posts, None, told[1])
    assert [note.post for note in found.cta_notes if note.kind == "location"] == [posts[-1].url]


def test_a_sheet_comes_back_as_it_was():
    made = Fingerprints.of(
        5,
        [
            ParagraphPrints(0, LONE | COUNTED, [5, 1 << 31], 9, [7, 8]),
            ParagraphPrints(2, COUNTED, (), 3),
            ParagraphPrints(4, LONE, [1]),
        ],
    )
    assert Fingerprints.unpack(made.pack()) == made
    assert [(known.place, list(known.windows)) for known in made.paragraphs()] == [(0, [7, 8]), (2, []), (4, [])]


@pytest.mark.parametrize("places", [(1, 0), (0, 0), (0, 2)])
def test_a_sheet_with_paragraphs_out_of_place_is_refused(places):
    made = Fingerprints.of(2, [ParagraphPrints(place, LONE) for place in places])
    with pytest.raises(ValueError):
        Fingerprints.unpack(made.pack())


@pytest.mark.parametrize("cut", [0, 3, 5, 8, 20, -1])
def test_a_sheet_cut_short_is_refused(cut):
    whole = Fingerprints.of(3, [ParagraphPrints(0, LONE | COUNTED, [5, 6], 9, [7, 8]), ParagraphPrints(2, LONE)]).pack()
    with pytest.raises(ValueError):
        Fingerprints.unpack(whole[:cut])


def test_a_number_that_only_a_link_dials_is_told_after_a_crawl_too():
    posts = blog()
    memory = seen(posts)
    linked = {0: (Link("sleep", "tel:+1-303-555-0199"),)}
    changed = [replace(post, links=linked) if post.id == 12 else post for post in posts]
    found = survey(changed, memory=without(memory, posts, changed))
    assert found == survey(changed)
    assert ("https://aster.test/blog/post-11/", "+1-303-555-0199") in {(each.post, each.found) for each in found.stale}
