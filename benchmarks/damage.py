"""Damage a library and its indexes bit by bit, and look for what is shown wrong in silence: `python benchmarks/damage.py [N]`.

Of each file N single bits (100) are flipped at places drawn with a fixed seed, each in a fresh copy. A wrong text or hit is
silent where no line says that something is damaged. Ends with 1 where one is, or where an error has no sentence.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from tests.commandline import blogdex  # noqa: E402

POSTS = 60
SEED = 21
WORDS = [
    "lantern",
    "harbour",
    "meadow",
    "orchard",
    "thistle",
    "granite",
    "juniper",
    "saddle",
    "copper",
    "willow",
    "ember",
    "quarry",
    "heron",
    "lattice",
    "marrow",
    "pepper",
    "tundra",
    "velvet",
    "walnut",
    "yarrow",
]
QUERIES = ("lantern", "copper willow", "visit")


def write_pages(folder: Path) -> None:
    """Write the pages of an invented blog."""
    folder.mkdir()
    chance = random.Random(SEED)
    for number in range(POSTS):
        text = "".join(
            f"<p>{' '.join(chance.choices(WORDS, k=30)).capitalize()} <a href='/p{line}'>{line}</a>.</p>"
            for line in range(12)
        )
        page = (
            f"<html lang=en><head><title>Post {number} | Mill</title><link rel=canonical href=https://mill.example/p{number}/>"
            f"</head><body><nav><a href=/>Home</a></nav><article><h1>Post {number} of the mill</h1>{text}"
            "<p>Call us for a visit on any day.</p></article><footer>The mill at the river.</footer></body></html>"
        )
        (folder / f"p{number}.html").write_text(page, encoding="utf-8")


def shown(library: Path, engine: str) -> tuple[dict[str, str], str]:
    """Return everything that is shown, by command, and everything that is said."""
    results, said = {}, ""
    for args in (("export",), *(("search", *query.split(), "--json") for query in QUERIES)):
        done = blogdex("--engine", engine, *args, library=library)
        results[" ".join(args)] = done.stdout if done.returncode in (0, 1) else ""
        said += done.stderr
    return results, said


def is_wrong(name: str, found: str, whole: str) -> bool:
    """Tell whether something is shown that was not there, or something is missing."""
    if name == "export":
        return found != whole
    return _hits(found) != _hits(whole)


def _hits(text: str) -> list[dict[str, object]]:
    return json.loads(text)["results"] if text else []


def flip(file: Path, chance: random.Random) -> int:
    """Change one bit of a file; return where."""
    body = bytearray(file.read_bytes())
    place = chance.randrange(len(body))
    body[place] ^= 1 << chance.randrange(8)
    file.write_bytes(body)
    return place


def trial(built: Path, scratch: Path, engine: str, file: str, whole: dict[str, str], chance: random.Random) -> str:
    """Flip a bit and return what came of it."""
    library = scratch / "library"
    shutil.rmtree(library, ignore_errors=True)
    shutil.copytree(built, library)
    place = flip(library / file, chance)
    found, said = shown(library, engine)
    wrong = [name for name in whole if is_wrong(name, found[name], whole[name])]
    checked = blogdex("--engine", engine, "doctor", library=library)
    mended = blogdex("--engine", engine, "doctor", "--fix", library=library)
    blogdex("--engine", engine, "audit", "--json", library=library)
    said_all = said + checked.stderr + mended.stderr
    again, _ = shown(library, engine)
    if "unexpected" in said_all:
        print("  unexpected", file, place, next(line for line in said_all.splitlines() if "unexpected" in line)[:200])
        return "error without a sentence"
    if wrong and not said:
        print("  silent", file, place, wrong)
        return "wrong in silence"
    if wrong and checked.returncode == 0:
        print("  not seen by doctor", file, place, wrong, said[:200])
        return "not seen by doctor"
    if wrong:
        whole_again = all(not is_wrong(name, again[name], whole[name]) for name in whole)
        if not whole_again:
            print("  not mended", file, place, checked.stdout[:200].replace("\n", " / "), mended.stderr[:100])
        return "told and mended" if whole_again else "told, not mended"
    return "seen by doctor, nothing wrong shown" if checked.returncode else "nothing wrong shown"


def main(number: int) -> int:
    """Run the trials; return what the process ends with."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        write_pages(scratch / "pages")
        built = scratch / "built"
        assert blogdex("import", str(scratch / "pages"), library=built).returncode == 0
        bad = 0
        for engine in ("whoosh", "tantivy"):
            assert blogdex("--engine", engine, "rebuild", library=built).returncode == 0
            blogdex("audit", "--json", library=built)
            whole, _ = shown(built, engine)
            index = [file for file in (built / "search" / engine).iterdir() if file.stat().st_size > 20_000]
            files = ["library.db"] if engine == "whoosh" else []
            files += [str(max(index, key=lambda file: file.stat().st_size).relative_to(built))]
            for file in files:
                chance = random.Random(SEED)
                counts = Counter(trial(built, scratch, engine, file, whole, chance) for _ in range(number))
                print(engine, file, dict(counts), flush=True)
                bad += counts["wrong in silence"] + counts["error without a sentence"] + counts["not seen by doctor"]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
