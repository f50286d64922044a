"""Measure search beside its peers, taking turns: CPU time of whole processes, of warm queries and of building.

    python benchmarks/search.py relevance|spelling|cold|warm|build|update [--bench ../bench] [--work DIR] [--rounds 9]

Corpora come from the generator in `bench/search`. tantivy-py is a peer where it is installed. Every figure is a median; a
ratio compares medians of one run, never figures of two runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUERIES = {
    "word": ["accessibility", "security", "analytics", "budget", "video"],
    "words": ["mobile website", "customer experience", "open data", "social media policy", "user research"],
    "phrase": ['"plain language"', '"social media"', '"user experience"', '"open source"', '"federal government"'],
    "or": ["mobile OR tablet OR phone", "survey OR feedback", "video OR podcast OR webinar"],
    "date": ["mobile", "website", "data"],
    "facets": ["mobile", "website", "data"],
}
SINCE, UNTIL = date(2018, 1, 1), date(2020, 12, 31)

WHOOSH_DOCUMENTED = """
import sys, click
from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser
@click.command()
@click.argument("words", nargs=-1)
def search(words):
    with open_dir(FOLDER).searcher() as searcher:
        query = MultifieldParser(["title", "text"], searcher.schema).parse(" ".join(words))
        results = searcher.search(query, limit=10)
        for hit in results:
            click.echo(hit["url"] + "\\t" + hit["title"] + "\\t" + hit.highlights("text"))
search()
"""
FTS5_BARE = """
import sqlite3, sys
connection = sqlite3.connect(FILE)
match = " ".join('"' + word.replace('"', '""') + '"' for word in sys.argv[1:])
for row in connection.execute(
    "SELECT url, title, snippet(post, 2, '[', ']', '...', 32) FROM post WHERE post MATCH ? ORDER BY rank LIMIT 10", (match,)
):
    print(*row, sep="\\t")
"""
WHOOSH_UPDATE = """
import json, sys
from datetime import datetime
from whoosh.index import open_dir
post = json.loads(open(POST).read())
writer = open_dir(FOLDER).writer()
writer.update_document(url=post["url"], title=post["title"], text=post["text"], author=post["author"],
    published=datetime.fromisoformat(post["published"]))
writer.commit()
"""
OUR_UPDATE = """
import json, sys
from pathlib import Path
sys.path.insert(0, ROOT)
from indexer.search.engine import Location
from indexer.search.engines.registry import open_engine
from indexer.search.indexed import indexed
sys.path.insert(0, BENCHMARKS)
from search_corpus import article
engine = open_engine(NAME, Location(FOLDER))
engine.replace([indexed(article(7, json.loads(open(POST).read())))])
engine.close()
"""


def cpu_of(command: list[str]) -> float:
    """Return the CPU milliseconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def take_turns(runs: dict[str, Callable[[int], float]], rounds: int) -> dict[str, float]:
    """Return the median of each run, all runs taking turns."""
    figures: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            figures[name].append(run(number))
    return {name: statistics.median(values) for name, values in figures.items()}


def report(title: str, figures: dict[str, float], unit: str, against: dict[str, str]) -> None:
    """Print the figures, and their ratios to a peer."""
    print(f"\n{title}")
    for name, figure in figures.items():
        peer = against.get(name)
        ratio = f"   {figure / figures[peer]:5.2f} of {peer}" if peer in figures else ""
        print(f"  {name:<44}{figure:10.2f} {unit}{ratio}")


def corpus(work: Path, bench: Path, posts: int) -> Path:
    """Return the file of a generated corpus, made where it is missing."""
    path = work / f"articles{posts}.jsonl"
    if not path.exists():
        generator = bench / "search" / "gen_articles.py"
        subprocess.run([sys.executable, str(generator), str(posts), str(path)], check=True, stderr=subprocess.DEVNULL)
    return path


def rows(path: Path) -> list[dict[str, object]]:
    """Return the posts of a corpus."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def library(work: Path, path: Path, engine: str) -> Path:
    """Return a library with the corpus, made through the command line where it is missing."""
    folder = work / f"library-{path.stem}-{engine}"
    if not folder.exists():
        subprocess.run(
            [sys.executable, "-m", "cli", "--library", str(folder), "--engine", engine, "import", str(path)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip
    return folder


def whoosh_documented(work: Path, path: Path) -> tuple[Path, float]:
    """Build an index as Whoosh's quick start does; return its folder and the CPU seconds, 0 where it was there."""
    folder = work / f"whoosh-{path.stem}"
    if folder.exists():
        return folder, 0.0
    from datetime import datetime

    from whoosh.analysis import StemmingAnalyzer
    from whoosh.fields import DATETIME, ID, KEYWORD, TEXT, Schema
    from whoosh.index import create_in

    folder.mkdir(parents=True)
    begun = time.process_time()
    schema = Schema(
        url=ID(stored=True, unique=True),
        title=TEXT(stored=True, analyzer=StemmingAnalyzer()),
        text=TEXT(stored=True, analyzer=StemmingAnalyzer()),
        author=ID(stored=True),
        published=DATETIME(stored=True, sortable=True),
        categories=KEYWORD(stored=True, commas=True),
    )
    writer = create_in(str(folder), schema).writer()
    for post in rows(path):
        writer.add_document(
            url=post["url"], title=post["title"], text=post["text"], author=post["author"],
            published=datetime.fromisoformat(str(post["published"])), categories=",".join(post["categories"]),
        )  # fmt: skip
    writer.commit()
    return folder, time.process_time() - begun


def fts5_bare(work: Path, path: Path) -> Path:
    """Return a plain FTS5 file with the corpus."""
    import sqlite3

    file = work / f"fts5-{path.stem}.db"
    if not file.exists():
        connection = sqlite3.connect(file)
        connection.execute(
            "CREATE VIRTUAL TABLE post USING fts5(url UNINDEXED, title, text, tokenize = 'porter unicode61')"
        )
        posts = ((post["url"], post["title"], post["text"]) for post in rows(path))
        connection.executemany("INSERT INTO post VALUES (?, ?, ?)", posts)
        connection.commit()
        connection.close()
    return file


def tantivy_index(path: Path) -> tuple[object, float]:
    """Build an index in memory with tantivy-py; return it and the CPU seconds."""
    import tantivy

    posts = rows(path)
    builder = tantivy.SchemaBuilder()
    for name in ("url", "title", "text"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw" if name == "url" else "en_stem")
    builder.add_date_field("published", stored=True, indexed=True, fast=True)
    index = tantivy.Index(builder.build())
    begun = time.process_time()
    writer = index.writer(num_threads=1)
    from datetime import datetime

    for post in posts:
        writer.add_document(
            tantivy.Document(
                url=post["url"],
                title=post["title"],
                text=post["text"],
                published=datetime.fromisoformat(str(post["published"])),
            )
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, time.process_time() - begun


def relevance(options: argparse.Namespace) -> None:
    """Score nDCG@10, MAP and recall on the test collections, imported and searched as a person would."""
    from indexer.library import reading
    from indexer.search import query
    from indexer.search.answer import SearchOptions, search

    sys.path.insert(0, str(options.bench / "search"))
    import score_ir

    for name in ("cisi", "cacm"):
        queries, relevant = score_ir.load(str(options.bench / "search"), name)
        wanted = SearchOptions(limit=100, match_any=True)
        with reading(collection(options, name)) as opened:
            found = {
                each["id"]: [
                    hit.url.rsplit("/", 1)[1]
                    for hit in search(
                        opened.store.articles, opened.engine(), query.parse(score_ir.words(each["text"])), wanted
                    ).results
                ]
                for each in queries
            }
        figures = score_ir.measure(found, relevant)
        print(f"{name:<6}" + "  ".join(f"{key} {value:.4f}" for key, value in figures.items()))


def collection(options: argparse.Namespace, name: str) -> Path:
    """Return a library with a test collection, imported anew."""
    import score_ir

    folder, file = options.work / f"relevance-{name}", options.work / f"{name}.jsonl"
    shutil.rmtree(folder, ignore_errors=True)
    with file.open("w", encoding="utf-8") as lines:
        score_ir.convert(str(options.bench / "search"), name, lines)
    command = [sys.executable, "-m", "cli", "--library", str(folder), "import", str(file)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def spelling(options: argparse.Namespace) -> None:
    """Count how often the word meant is suggested first for a word with one slip, over words of three posts and more."""
    from indexer.analysis import analyzer
    from indexer.library import reading
    from indexer.search.words.spelling import Speller

    sys.path.insert(0, str(options.bench / "search"))
    for name in ("cisi", "cacm"):
        with reading(collection(options, name)) as opened:
            vocabulary = opened.engine().starting("")
            terms = {known.term for known in vocabulary.values()}
            words = sorted(
                word for word, known in vocabulary.items() if len(word) > 4 and word.isalpha() and known.articles > 2
            )
            speller, chance = Speller(opened.engine()), random.Random(1)
            tried = [(word, slip(word, chance)) for word in chance.choices(words, k=1500)]
            unknown = [(word, typed) for word, typed in tried if analyzer("en").term(typed) not in terms]
            right = sum(speller.guesses(typed)[:1] == [word] for word, typed in unknown)
        print(f"{name}: {right / len(unknown):.3f} of {len(unknown)} single slips right first")


def slip(word: str, chance: random.Random) -> str:
    """Return the word with a letter left out, put in, changed, or two swapped."""
    at = chance.randrange(len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    ways = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    ways.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    typed = chance.choice(ways)
    return typed if typed != word else slip(word, chance)


def cold(options: argparse.Namespace) -> None:
    """Compare whole processes that answer one query."""
    words = [each.split() for each in QUERIES["word"] + QUERIES["words"]]
    small, large = corpus(options.work, options.bench, 1000), corpus(options.work, options.bench, options.posts)
    documented = WHOOSH_DOCUMENTED.replace("FOLDER", repr(str(whoosh_documented(options.work, small)[0])))
    bare = FTS5_BARE.replace("FILE", repr(str(fts5_bare(options.work, large))))
    small_library, large_library = library(options.work, small, "whoosh"), library(options.work, large, "tantivy")

    def run(*command: str) -> Callable[[int], float]:
        return lambda number: cpu_of([sys.executable, *command, *words[number % len(words)]])

    os.environ["PYTHONPATH"] = str(ROOT)
    runs = {
        "bare Python": lambda _: cpu_of([sys.executable, "-c", "pass"]),
        "click + Whoosh as documented, 1k": run("-c", documented),
        "blogdex, whoosh, 1k": run("-m", "cli", "--library", str(small_library), "search"),
        "bare FTS5 script, large": run("-c", bare),
        "blogdex, tantivy, large": run("-m", "cli", "--library", str(large_library), "search"),
    }
    against = {
        "blogdex, whoosh, 1k": "click + Whoosh as documented, 1k",
        "blogdex, tantivy, large": "bare FTS5 script, large",
        "blogdex, tantivy, ten times that": "blogdex, tantivy, large",
    }
    huge = options.work / f"library-articles{10 * options.posts}-sqlite"
    if huge.exists():  # importing so many takes an hour: measured where somebody did
        runs["blogdex, tantivy, ten times that"] = run("-m", "cli", "--library", str(huge), "search")
    figures = take_turns(runs, options.rounds)
    report(f"cold search, large = {options.posts} posts, CPU of a process", figures, "ms", against)


def warm(options: argparse.Namespace) -> None:
    """Compare queries in a process that has everything open; ours with passages from the store."""
    from indexer.library import reading

    path = corpus(options.work, options.bench, options.posts)
    peers = [_whoosh_query(options, path)]
    try:
        peers.append(_tantivy_query(path))
    except ImportError:
        print("tantivy is not installed: left out")
    with ExitStack() as stack:
        for engine in ("whoosh", "tantivy"):
            opened = stack.enter_context(reading(library(options.work, path, engine), engine))
            peers.append((f"blogdex, {engine}", _our_query(opened)))
        for kind, queries in QUERIES.items():
            runs = {name: _timed(partial(run, kind), queries) for name, run in peers}
            figures = take_turns(runs, len(queries) * max(2, options.rounds // 3))
            against = {"blogdex, whoosh": "Whoosh as documented", "blogdex, tantivy": "bare tantivy"}
            report(f"warm, {kind}, {options.posts} posts", figures, "ms", against)


def _timed(run: Callable[[str], object], queries: list[str]) -> Callable[[int], float]:
    def once(number: int) -> float:
        begun = time.process_time()
        run(queries[number % len(queries)])
        return 1000 * (time.process_time() - begun)

    return once


def _our_query(opened: object) -> Callable[[str, str], object]:
    from indexer.search import query
    from indexer.search.answer import SearchOptions, search

    options = {
        "date": SearchOptions(since=SINCE, until=UNTIL),
        "facets": SearchOptions(facets=True),
    }
    articles, engine = opened.store.articles, opened.engine()  # type: ignore[attr-defined]
    return lambda kind, text: search(articles, engine, query.parse(text), options.get(kind, SearchOptions()))


def _whoosh_query(options: argparse.Namespace, path: Path) -> tuple[str, Callable[[str, str], object]]:
    from datetime import datetime

    from whoosh import query as whoosh_query
    from whoosh.index import open_dir
    from whoosh.qparser import MultifieldParser

    searcher = open_dir(str(whoosh_documented(options.work, path)[0])).searcher()
    parser = MultifieldParser(["title", "text"], searcher.schema)
    days = whoosh_query.DateRange("published", datetime(SINCE.year, 1, 1), datetime(UNTIL.year, 12, 31))

    def run(kind: str, text: str) -> object:
        options: dict[str, object] = {"filter": days} if kind == "date" else {}
        if kind == "facets":
            options = {"groupedby": ["author"]}
        return [
            (hit["title"], hit.highlights("text")) for hit in searcher.search(parser.parse(text), limit=10, **options)
        ]

    return "Whoosh as documented", run


def _tantivy_query(path: Path) -> tuple[str, Callable[[str, str], object]]:
    import tantivy

    index, _ = tantivy_index(path)
    searcher = index.searcher()  # type: ignore[attr-defined]

    def run(kind: str, text: str) -> object:
        written = text if "OR" in text or '"' in text else " AND ".join(text.split())
        if kind == "date":
            written += f" AND published:[{SINCE}T00:00:00Z TO {UNTIL}T00:00:00Z]"
        parsed = index.parse_query(written, ["title", "text"])  # type: ignore[attr-defined]
        passages = tantivy.SnippetGenerator.create(searcher, parsed, index.schema, "text")  # type: ignore[attr-defined]
        found = [searcher.doc(address) for _, address in searcher.search(parsed, 10).hits]
        return [(post["title"], passages.snippet_from_doc(post).to_html()) for post in found]

    return "bare tantivy", run


def build(options: argparse.Namespace) -> None:
    """Compare building an index of the corpus; ours from articles, analysis counted apart."""
    from search_corpus import article

    from indexer.search.engine import Location
    from indexer.search.engines.registry import open_engine
    from indexer.search.indexed import indexed

    path = corpus(options.work, options.bench, options.posts)
    posts = [article(number, row) for number, row in enumerate(rows(path), 1)]

    def ours(name: str) -> Callable[[int], float]:
        def run(_: int) -> float:
            folder = options.work / f"build-{name}"
            shutil.rmtree(folder, ignore_errors=True)
            made = [indexed(post) for post in posts]
            begun = time.process_time()
            open_engine(name, Location(str(folder))).replace(made)
            return time.process_time() - begun

        return run

    def analysis(_: int) -> float:
        begun = time.process_time()
        for post in posts:
            indexed(post)
        return time.process_time() - begun

    def documented(_: int) -> float:
        shutil.rmtree(options.work / f"whoosh-{path.stem}", ignore_errors=True)
        return whoosh_documented(options.work, path)[1]

    runs: dict[str, Callable[[int], float]] = {
        "analysis": analysis,
        "whoosh": ours("whoosh"),
        "tantivy": ours("tantivy"),
    }
    try:
        import tantivy  # noqa: F401

        runs["bare tantivy"] = lambda _: tantivy_index(path)[1]
    except ImportError:
        print("tantivy is not installed: left out")
    runs["Whoosh as documented"] = documented
    seconds = take_turns(runs, max(1, options.rounds // 4))
    seconds["whoosh with analysis"] = seconds["whoosh"] + seconds["analysis"]
    seconds["tantivy with analysis"] = seconds["tantivy"] + seconds["analysis"]
    speed = {name: len(posts) / took for name, took in seconds.items()}
    against = {name: "Whoosh as documented" for name in speed if name.startswith("whoosh")}
    against |= {name: "bare tantivy" for name in speed if name.startswith("tantivy")}
    report(f"build, {len(posts)} posts", speed, "posts/s", against)


def update(options: argparse.Namespace) -> None:
    """Compare whole processes that change one post."""
    path = corpus(options.work, options.bench, options.posts)
    post = options.work / "post.json"
    post.write_text(json.dumps({**rows(path)[6], "text": "A changed text about ketamine."}), encoding="utf-8")
    documented, _ = whoosh_documented(options.work, path)
    runs: dict[str, Callable[[int], float]] = {
        "Whoosh as documented": _script(WHOOSH_UPDATE, FOLDER=documented, POST=post),
    }
    for name in ("whoosh", "tantivy"):
        folder = library(options.work, path, name) / "search" / name
        copy = options.work / f"update-{name}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy / name)
        runs[f"blogdex, {name}"] = _script(
            OUR_UPDATE, NAME=name, FOLDER=copy, POST=post, ROOT=ROOT, BENCHMARKS=Path(__file__).parent
        )
    figures = take_turns(runs, options.rounds)
    against = dict.fromkeys(("blogdex, whoosh", "blogdex, tantivy"), "Whoosh as documented")
    report(f"update of one post in {options.posts}, CPU of a process", figures, "ms", against)


def _script(text: str, **values: object) -> Callable[[int], float]:
    for name, value in values.items():
        text = text.replace(name, repr(str(value)))
    return lambda _: cpu_of([sys.executable, "-c", text])


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the measurements that are named."""
    measures = {
        "relevance": relevance,
        "spelling": spelling,
        "cold": cold,
        "warm": warm,
        "build": build,
        "update": update,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="+", choices=[*measures, "all"])
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "bench")
    parser.add_argument("--work", type=Path, default=ROOT.parent / "bench-search")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--posts", type=int, default=10_000, help="size of the large corpus")
    options = parser.parse_args(list(arguments) if arguments is not None else None)
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(Path(__file__).parent))
    # As an installed package has it: modules are compiled once, not at every start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(options.work / "pyc")
    for name in measures if "all" in options.measures else options.measures:
        measures[name](options)


if __name__ == "__main__":
    main()
