"""Measure the main job as whole processes: import + build, search, and the size of the library.

    python benchmarks/pipeline.py FOLDER [FOLDER ...]

Each FOLDER of HTML pages becomes a library of its own. CPU seconds are those of the child processes, workers included,
so that a busy machine does not change them much; `bare python` is what an empty process costs beside it.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEARCHES = ("release", "async", "breaking change", "the best way to test", "error messages")


def cpu_of(command: list[str]) -> tuple[float, str]:
    """Run a command, return its CPU seconds (children included) and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def measure(folder: Path, repeats: int) -> None:
    """Print one line a figure for one folder of pages."""
    with tempfile.TemporaryDirectory() as temporary:
        library = Path(temporary) / "lib"
        base = [sys.executable, "-m", "cli", "--library", str(library)]
        built, _ = cpu_of([*base, "import", str(folder), "--base-url", f"https://{folder.parent.name}.test/"])
        status = json.loads(cpu_of([*base, "status", "--json"])[1])
        searches, bare = [], []
        for _ in range(repeats):
            for words in SEARCHES:
                searches.append(cpu_of([*base, "search", "--json", "--", *words.split()])[0])
                bare.append(cpu_of([sys.executable, "-c", "pass"])[0])
        pages = sum(site["pages"] for site in status["sites"])
        print(f"{folder}: {pages} pages, {status['posts']} posts")
        print(f"  import + build   {pages / built:8.1f} pages a CPU second ({built:.1f} s)")
        median, floor = statistics.median(searches), statistics.median(bare)
        print(
            f"  search, process  {1000 * median:8.0f} ms CPU, median of {len(searches)}; {median / floor:.1f} x bare python"
        )
        print(f"  library          {status['bytes'] / max(1, status['posts']) / 1000:8.1f} kB a post")


def main() -> None:
    """Measure every folder named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--repeats", type=int, default=4)
    wanted = parser.parse_args()
    for folder in wanted.folders:
        measure(folder.resolve(), wanted.repeats)


if __name__ == "__main__":
    main()
