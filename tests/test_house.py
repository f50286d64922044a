"""Hold the house together: who imports whom, and what starts fast."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("house")  # one worker parses the tree once

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("commands", "scraper", "indexer")
MODULES = [
    ROOT / "blogdex.py",
    ROOT / "cli.py",
    *(file for package in PACKAGES for file in sorted(ROOT.glob(f"{package}/**/*.py"))),
]
MOST_IN_A_ROOM = 15
"""What one glance at a folder takes in."""
HEAVY = ("scrapy", "twisted", "whoosh", "tantivy", "bs4", "lxml", "werkzeug", "jinja2", "waitress", "xlsxwriter")


def _names(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the dotted names of what is imported below a node, each with whether it is for type checking only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, False) for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield child.module, False
            yield from ((f"{child.module}.{alias.name}", False) for alias in child.names)
        elif isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            yield from ((name, True) for name, _ in _names(child))
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _names(child)


@cache
def _imports(file: Path) -> frozenset[tuple[str, bool]]:
    return frozenset(_names(ast.parse(file.read_text(encoding="utf-8"))))


def imports_of(file: Path) -> set[str]:
    """Return the dotted names of everything a file imports, those for type checking only left out."""
    return {name for name, types_only in _imports(file) if not types_only}


def importers(package: str) -> set[str]:
    return {
        str(file.relative_to(ROOT))
        for file in MODULES
        if any(name == package or name.startswith(f"{package}.") for name in imports_of(file))
    }


def test_the_scraper_never_imports_the_indexer():
    assert not [name for name in importers("indexer") if name.startswith("scraper")]


def test_nobody_imports_the_command_line():
    assert importers("cli") == {"blogdex.py"}
    assert {name.split("/")[0] for name in importers("commands")} == {"cli.py", "commands"}


def test_only_the_command_line_imports_click():
    assert {name.split("/")[0] for name in importers("click")} == {"commands"}


def test_only_its_engine_imports_the_library_of_an_engine():
    assert importers("whoosh") == {"indexer/search/engines/whoosh_library.py"}
    assert importers("tantivy") == {"indexer/search/engines/tantivy_engine.py"}


def test_only_the_crawl_modules_import_scrapy_and_twisted():
    own = {f"scraper/crawling/{name}.py" for name in ("scheduler", "allowed", "download", "rendering", "unanswered")}
    allowed = own | {"scraper/crawling/spider.py", "scraper/crawling/politeness.py"}
    assert importers("scrapy") | importers("twisted") <= allowed


def test_only_the_browser_module_imports_playwright():
    assert importers("playwright") == {"scraper/crawling/browser.py"}


def test_only_the_pages_import_what_serves_them_and_the_report_its_templates():
    packages = ("werkzeug", "jinja2", "markupsafe", "waitress")
    others = {name for package in packages for name in importers(package) if not name.startswith("indexer/web/")}
    assert others == {"indexer/present/templating.py", "indexer/present/report/page.py"}
    assert not {name for name in importers("werkzeug") if not name.startswith("indexer/web/")}
    assert importers("waitress") == {"indexer/web/serving.py"}


def test_sql_about_the_library_stands_in_the_store_only():
    assert not {name for name in importers("sqlite3") if not name.startswith("indexer/store/")}


def dotted(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def arrows() -> dict[str, set[str]]:
    """Return for each module those of the house that it imports, be it for type checking only."""
    known = {dotted(file) for file in MODULES}
    found = {}
    for file in MODULES:
        names = {name for name, _ in _imports(file)} & known
        # `from package import module` names the package too, which is not meant by it.
        meant = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
        found[dotted(file)] = meant - {dotted(file)}
    return found


def room_of(module: str) -> str:
    """Return the folder a module stands in; one that stands beside folders is a room of its own."""
    file = ROOT / f"{module.replace('.', '/')}.py"
    if not file.exists() or any(file.parent.glob("*/__init__.py")):
        return module
    return module.rpartition(".")[0]


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_modules_import_each_other_in_a_circle():
    assert not circle(arrows())


def test_no_rooms_import_each_other_in_a_circle():
    rooms: dict[str, set[str]] = {}
    for module, imported in arrows().items():
        rooms.setdefault(room_of(module), set()).update({room_of(name) for name in imported} - {room_of(module)})
    assert not circle(rooms)


def test_a_circle_is_found():
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


def test_no_room_has_more_modules_than_one_glance_takes_in():
    rooms = Counter(file.parent for file in MODULES if file.name != "__init__.py")
    assert not {str(room.relative_to(ROOT)): number for room, number in rooms.items() if number > MOST_IN_A_ROOM}


def test_starting_the_command_line_loads_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import cli"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded.intersection(HEAVY)


@pytest.mark.parametrize("module", ["scraper.model", "indexer.store.database", "indexer.search.query"])
def test_values_store_and_queries_load_nothing_heavy(module):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded.intersection(("scrapy", "twisted", "bs4", "lxml"))


def test_modules_stay_within_comfort():
    long = {
        str(f.relative_to(ROOT)): n for f in MODULES if (n := len(f.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert not long


def holds_number(node: ast.expr) -> bool:
    """Tell whether a value is a number, or numbers, and nothing else: no text, call or mapping."""
    found = list(ast.walk(node))
    others = (ast.Call, ast.Dict, ast.Lambda, ast.Subscript, ast.JoinedStr, ast.ListComp, ast.SetComp, ast.GeneratorExp)
    numbers = [type(one.value) in (int, float) for one in found if isinstance(one, ast.Constant)]
    return any(numbers) and all(numbers) and not any(isinstance(one, others) for one in found)


def constants_of(statement: ast.stmt) -> list[str]:
    """Return the names in capitals that a statement gives a value."""
    targets = statement.targets if isinstance(statement, ast.Assign) else ()
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = (statement.target,)
    names = (one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
    return [name for name in names if name.isupper()]


def groups_of(body: list[ast.stmt]) -> Iterator[tuple[list[ast.stmt], ast.stmt | None]]:
    """Yield the constants that stand together, without a line between, each time with the statement below."""
    group: list[ast.stmt] = []
    for statement, below in zip(body, [*body[1:], None], strict=True):
        if constants_of(statement):
            group.append(statement)
            if below is None or not constants_of(below) or below.lineno > statement.end_lineno + 1:
                yield group, below
                group = []


def unexplained(source: str) -> list[str]:
    """Return the numeric constants of a module that nothing explains: no sentence below, no comment above or behind.

    What stands together, without a line between, may share its sentence.
    """
    lines, found = source.splitlines(), []
    for group, below in groups_of(ast.parse(source).body):
        said = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if said or lines[group[0].lineno - 2].startswith("#"):
            continue
        bare = [one for one in group if "#" not in " ".join(lines[one.lineno - 1 : one.end_lineno])]
        found += [name for one in bare if holds_number(one.value) for name in constants_of(one)]
    return found


def test_every_numeric_constant_says_how_it_was_found():
    silent = {str(file.relative_to(ROOT)): unexplained(file.read_text(encoding="utf-8")) for file in MODULES}
    assert not {name: found for name, found in silent.items() if found and "/engines/" not in name}


def test_a_constant_that_nothing_explains_is_found():
    source = (
        'import re\n\nA = 1\nB: int = 2\n"""Both are chosen."""\nC = (3, -4)\n\n# Measured.\nD = 5\nE = 6  # chosen\n'
    )
    assert unexplained(source) == ["C"]
    assert unexplained("A = {1: 2}\nB = 'b'\nC = max(1, 2)\nd = 7\n") == []
    assert unexplained("A = 1\nB = 2\n\nclass C:\n    pass\n") == ["A", "B"]
