"""Measure topics on blogs with human labels: agreement, coherence, stability, sameness, CPU; optionally beside scikit-learn.

    python benchmarks/topics.py DATA [--scorer FILE] [--peer] [--labels] [--sets a,b]

DATA holds NAME/docs.jsonl (id, title, date, labels, primary, text); the scorer beside it is `score_topics.py`. Each blog
goes through a library of its own, from articles on: extraction is not measured. `--peer` runs scikit-learn's TF-IDF and
NMF in turn with ours, where it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.store.database import Store
from indexer.store.derived.topics import Topics, create_topic_tables
from indexer.topics.run import topics_form, update_topics
from scraper.model import Article, ArticleBlock, Metadata, Page, Role

if TYPE_CHECKING:
    from types import ModuleType

_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_topics", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _add(store: Store, posts: list[dict[str, Any]]) -> None:
    with store.transaction():
        for post in posts:
            page = Page("topics.test", post["url"], post["url"], 200, (), post["text"].encode(), _DAY)
            page_id = store.pages.save(page)
            texts = [text.strip() for text in post["text"].split("\n\n") if text.strip()]
            blocks = tuple(ArticleBlock(text, (), i, "", True, Role.CONTENT, "") for i, text in enumerate(texts))
            known = Metadata(title=post.get("title"), published=_day(post.get("date")), language="en")
            store.articles.save(page_id, Article(post["url"], known, blocks), "benchmark")


def _library(folder: Path, *parts: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], float]:
    """Add the parts one after the other, each with an update; return the topics and the CPU seconds of the updates."""
    folder.mkdir()
    store = Store(folder / "library.db", writable=True)
    if not store.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'topic_placed'").fetchone():
        store.connection.execute("DROP TABLE IF EXISTS article_topic")
        store.connection.execute("DROP TABLE IF EXISTS topic")
        create_topic_tables(store.connection)
    topics, spent = Topics(store), 0.0
    for part in parts:
        _add(store, part)
        began = time.process_time()
        update_topics(topics, store.articles)
        spent += time.process_time() - began
    form = topics_form(topics.views())
    store.close()
    return form, spent


def _peer(posts: list[dict[str, Any]], number: int) -> float:
    """Return the CPU seconds of scikit-learn for the same number of topics, words and topics only: no labels."""
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    began = time.process_time()
    texts = [f"{post.get('title') or ''}\n{post['text']}" for post in posts]
    matrix = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=3).fit_transform(texts)
    NMF(number, init="nndsvd", random_state=0).fit_transform(matrix)
    return time.process_time() - began


def _measure(scorer: ModuleType, data: Path, name: str, peer: bool, labels: bool) -> None:
    posts = scorer.docs(str(data), name)
    every, base, rest = (scorer.part(posts, part) for part in ("all", "base", "rest"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours, spent = _library(folder / "all", every)
        peer_spent = _peer(every, len(ours)) if peer else 0.0
        again, spent_again = _library(folder / "again", every)
        before, _ = _library(folder / "base", base)
        after, _ = _library(folder / "grown", base, rest)
    quality = scorer.quality(ours, posts)
    figures = {key: round(value, 3) for key, value in quality.items()}
    figures["stable_add"] = round(scorer.stable(before, after, [post["url"] for post in base]), 3)
    figures["same_twice"] = json.dumps(ours) == json.dumps(again)
    figures["cpu_s"] = round(min(spent, spent_again), 2)
    if peer:
        figures["peer_cpu_s"] = round(peer_spent, 2)
    sys.stdout.write(f"{name} {json.dumps(figures)}\n")
    for topic in ours if labels else ():
        sys.stdout.write(f"  {topic['posts']:>4}  {topic['label']}  ({', '.join(topic['terms'])})\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and print one line a blog."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("--sets")
    options = parser.parse_args()
    scorer = _scorer(options.scorer or options.data / "score_topics.py")
    found = sorted(path.parent.name for path in options.data.glob("*/docs.jsonl"))
    for name in options.sets.split(",") if options.sets else found:
        _measure(scorer, options.data, name, options.peer, options.labels)


if __name__ == "__main__":
    main()
