"""What a person meets at the command line: output forms, exit codes, messages."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cli
from commands import program
from commands.common import output
from tests.commandline import ROOT, blogdex, environment

BASE = "https://clinic.example/blog/"

POSTS = {
    "crps-care": (
        "Ketamine for CRPS",
        "2023-05-02",
        "Pain",
        "Ketamine infusions ease the burning pain of CRPS for some people.",
    ),
    "ptsd-notes": (
        "Sleeping with PTSD",
        "2024-01-15",
        "Trauma",
        "Nightmares are common; treatment resistant cases need time.",
    ),
    "opioid-taper": (
        "Tapering opioids",
        "2022-09-30",
        "Pain",
        "An opioid taper is slow. Pain may rise before it falls.",
    ),
    "first-visit": (
        "Your first visit",
        "2021-03-08",
        "Visits",
        "Bring a list of your medicines and a friend to drive you home.",
    ),
}


def html(title: str, day: str, category: str, text: str) -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><title>{title} - Larch Clinic</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="Larch Clinic">
<meta property="article:published_time" content="{day}T09:00:00+00:00"></head>
<body class="single single-post"><header class="site-header"><nav class="menu"><ul><li><a href="/">Home</a></li>
<li><a href="/about">About our clinic</a></li></ul></nav></header>
<main><article class="post"><h1 class="entry-title">{title}</h1>
<p class="entry-meta">By <a rel="author" href="/a/kim">Kim Reyes</a>
in <a rel="category tag" href="/c">{category}</a></p>
<div class="entry-content"><p>{text}</p>
<p>We see people with this every week, and no two of them tell the same story; what helps one may do little
for another.</p>
<p>Talk to your own doctor before you change anything, and write down what you notice.</p></div>
</article></main><aside class="widget subscribe"><h3>Join our letter</h3><p>News in your inbox, monthly.</p></aside>
<footer class="site-footer"><p>© Larch Clinic. All rights reserved.</p></footer></body></html>"""


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for slug, post in POSTS.items():
        (folder / slug).mkdir()
        (folder / slug / "index.html").write_text(html(*post), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library(tmp_path_factory, pages) -> Path:
    folder = tmp_path_factory.mktemp("library") / "lib"
    done = blogdex("import", str(pages), "--base-url", BASE, library=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def call(library, monkeypatch, capsys):
    """Run a command in this process; faster than `blogdex`, and the terminal can be faked."""
    for name, value in environment(library).items():
        monkeypatch.setenv(name, value)

    def run(*args: str, terminal: bool = False) -> tuple[int, str, str]:
        monkeypatch.setattr(output, "on_terminal", lambda: terminal)
        # The short way of a plain search asks the stream itself.
        code = program.execute(args) if terminal else cli._run(list(args))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def slugs(result: str) -> list[str]:
    return [row["url"].rstrip("/").rsplit("/", 1)[1] for row in json.loads(result)["results"]]


# search


def test_a_search_in_a_pipe_is_one_tab_separated_row_a_result(call):
    code, out, _ = call("search", "crps")
    assert (code, out) == (0, f"1\t2023-05-02\tKetamine for CRPS\t{BASE}crps-care/\n")


def test_a_search_on_a_terminal_shows_title_date_passage_and_address(call):
    code, out, err = call("search", "nightmares", terminal=True)
    assert code == 0
    assert "Sleeping with PTSD" in out
    assert "2024-01-15" in out
    assert "Nightmares are common" in out
    assert f"{BASE}ptsd-notes/" in out
    assert "1 post" in err


def test_json_has_every_promised_field(call):
    code, out, _ = call("search", "pain", "--json", "--facets")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {
        "query",
        "total",
        "engine",
        "suggestion",
        "relaxed",
        "missing",
        "present",
        "results",
        "facets",
    }
    assert set(found["facets"]) == {"topic", "category", "author", "year", "language"}
    assert set(found["results"][0]) == {
        "rank", "id", "site", "url", "title", "author", "published", "topics", "score", "snippet",
        "expanded",
        "edit_url",
    }  # fmt: skip
    assert found["engine"] == "whoosh"
    assert found["total"] == len(found["results"])


def test_csv_has_a_header_and_a_row_a_result(call):
    _, out, _ = call("search", "crps", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["title"] for row in rows] == ["Ketamine for CRPS"]


def test_all_words_must_be_there(call):
    assert slugs(call("search", "pain", "taper", "--json")[1]) == ["opioid-taper"]


def test_a_dash_before_a_word_excludes_it_even_where_it_begins_like_an_option(call):
    assert "opioid-taper" not in slugs(call("search", "pain", "-opioid", "--json")[1])
    assert call("search", "pain", "-nothing", "-n", "1", "--json")[0] == 0


def test_a_phrase_matches_words_in_a_row_only(call):
    assert slugs(call("search", "treatment resistant", "--json")[1]) == ["ptsd-notes"]
    assert json.loads(call("search", '"resistant treatment"', "--json")[1])["relaxed"] in (True, False)


def test_either_word_is_enough_with_or(call):
    assert set(slugs(call("search", "nightmares", "OR", "medicines", "--json")[1])) == {"ptsd-notes", "first-visit"}


def test_a_word_can_be_asked_of_the_title_only(call):
    assert slugs(call("search", "title:opioids", "--json")[1]) == ["opioid-taper"]


def test_a_prefix_stands_for_all_words_that_start_so(call):
    assert slugs(call("search", "nightm*", "--json")[1]) == ["ptsd-notes"]


def test_stems_match_other_forms_of_a_word(call):
    assert "crps-care" in slugs(call("search", "infusion", "--json")[1])


def test_words_that_no_post_has_together_are_relaxed_to_any_and_said_so(call):
    code, out, _ = call("search", "nightmares", "taper", "--json")
    assert code == 0
    assert json.loads(out)["relaxed"] is True
    assert "these have some" in call("search", "nightmares", "taper")[2]


def test_the_word_that_no_post_has_is_named_and_those_that_these_have(call):
    code, out, err = call("search", "zeppelin", "nightmares")
    assert (code, bool(out)) == (0, True)
    assert "No post has 'zeppelin'; these have 'nightmares'." in err
    assert (
        "No post has 'airship' or 'zeppelin'; these have 'nightmares' or 'taper'."
        in (call("search", "airship", "zeppelin", "the", "nightmares", "taper")[2])
    )
    found = json.loads(call("search", "zeppelin", "nightmares", "--json")[1])
    assert (found["missing"], found["present"]) == (["zeppelin"], ["nightmares"])


def test_filters_and_order(call):
    assert slugs(call("search", "--category", "pain", "--sort", "oldest", "--json")[1]) == ["opioid-taper", "crps-care"]
    assert slugs(call("search", "--since", "2023", "--until", "2023-12", "--json")[1]) == ["crps-care"]
    assert slugs(call("search", "--author", "Kim Reyes", "-n", "1", "--offset", "1", "--json")[1]) == ["crps-care"]


def test_filters_without_words_list_the_newest_first(call):
    assert slugs(call("search", "--json")[1]) == ["ptsd-notes", "crps-care", "opioid-taper", "first-visit"]


def test_what_was_set_aside_is_found_only_when_asked_for(call):
    assert call("search", "inbox", "--json")[0] == 1
    assert len(slugs(call("search", "inbox", "--in", "boilerplate", "--json")[1])) == 4


def test_nothing_found_is_exit_code_1_and_says_so(call):
    code, out, err = call("search", "zebra")
    assert (code, out) == (1, "")
    assert 'No post has "zebra"' in err


@pytest.mark.parametrize(
    "query", ['"', "((", "OR", "-", "title:", "*", "a OR OR b", ")(", '-"', "\x00", "~~", "x" * 5000]
)
def test_nothing_a_person_types_ends_in_a_traceback(call, query):
    code, _, err = call("search", "--", query)
    assert code in (0, 1)
    assert "Traceback" not in err


def test_a_date_that_is_none_is_one_sentence(call):
    code, _, err = call("search", "pain", "--since", "someday")
    assert code == 2
    assert "someday" in err


# show


def test_a_result_number_names_a_post_of_the_last_search(call):
    call("search", "crps")
    assert "burning pain" in call("show", "1")[1]


def test_show_leaves_out_what_was_set_aside(call):
    out = call("show", "crps-care")[1]
    assert "burning pain" in out
    assert "inbox" not in out
    assert "All rights reserved" not in out


def test_why_names_a_verdict_and_a_reason_for_every_block(call):
    out = call("show", "crps-care", "--why")[1]
    rows = {row[4]: row for row in (line.split("\t") for line in out.splitlines())}
    widget = rows["News in your inbox, monthly."]
    assert (widget[0], widget[2]) == ("dropped", "widget")
    assert "4 of 4 pages" in widget[3]
    assert rows[POSTS["crps-care"][3]][0] == "kept"


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_why_fits_the_terminal(call, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    out = call("show", "crps-care", "--why", terminal=True)[1]
    assert all(len(line) <= int(columns) for line in out.splitlines())
    assert "widget" in out


def test_show_raw_gives_the_bytes_that_were_fetched(library, pages):
    done = subprocess.run(
        [sys.executable, "-m", "cli", "show", "crps-care", "--raw"],
        capture_output=True,
        env=environment(library),
        cwd=ROOT,
        check=True,
    )
    assert done.stdout == (pages / "crps-care" / "index.html").read_bytes()


def test_show_json_is_a_line_of_the_export(call):
    shown = json.loads(call("show", "crps-care", "--json")[1])
    exported = [json.loads(line) for line in call("export")[1].splitlines()]
    assert shown in exported


def test_an_unknown_post_is_exit_code_1(call):
    assert call("show", "no-such-post")[0] == 1
    assert call("show", "id:999")[0] == 1


# export, import, status, rebuild


def test_export_has_every_promised_field_and_imports_again(call, library, tmp_path):
    file = tmp_path / "out.jsonl"
    assert call("export", "--format", "jsonl", "-o", str(file))[0] == 0
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 4
    assert set(rows[0]) == {
        "id", "site", "url", "source", "gone", "title", "author", "published", "modified", "language", "categories",
        "tags", "topics", "words", "text", "blocks", "reviewer", "edit_url",
    }  # fmt: skip
    assert set(rows[0]["blocks"][0]) == {"position", "text", "kept", "role", "reason", "cluster"}
    again = tmp_path / "again"
    assert blogdex("import", str(file), library=again).returncode == 0
    back = {row["url"]: row for row in map(json.loads, blogdex("export", library=again).stdout.splitlines())}
    for row in rows:
        for name in ("url", "title", "author", "published", "categories", "text"):
            assert back[row["url"]][name] == row[name]


def test_importing_the_same_files_again_adds_nothing(library, pages, tmp_path):
    folder = tmp_path / "lib"
    for _ in range(2):
        assert blogdex("import", str(pages), "--base-url", BASE, library=folder).returncode == 0
    assert json.loads(blogdex("status", "--json", library=folder).stdout)["posts"] == 4


def test_status_names_site_posts_engine_and_index(call):
    found = json.loads(call("status", "--json")[1])
    assert (found["posts"], found["engine"], found["index"]) == (4, "whoosh", "up to date")
    assert found["sites"][0]["site"] == "clinic.example/blog"
    assert "up to date" in call("status", terminal=True)[1]


def test_rebuild_restores_a_lost_index_and_gives_the_same_answers(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    before = blogdex("search", "pain", "--json", library=copy).stdout
    exported = blogdex("export", library=copy).stdout
    shutil.rmtree(copy / "search")
    lost = blogdex("search", "pain", library=copy)
    assert lost.returncode == 2
    assert "blogdex rebuild" in lost.stderr
    assert blogdex("rebuild", library=copy).returncode == 0
    assert blogdex("search", "pain", "--json", library=copy).stdout == before
    assert blogdex("export", library=copy).stdout == exported


def test_a_damaged_index_is_one_sentence_and_rebuild_mends_it(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    for file in (copy / "search").rglob("*"):
        if file.is_file():
            file.write_bytes(b"\x00garbage")
    broken = blogdex("search", "pain", library=copy)
    assert (broken.returncode, broken.stderr.count("\n")) == (2, 1)
    assert "Your posts are safe. Run: blogdex rebuild" in broken.stderr
    assert blogdex("rebuild", library=copy).returncode == 0
    assert blogdex("search", "pain", library=copy).returncode == 0


def test_plain_text_is_imported_as_a_post(tmp_path):
    file = tmp_path / "post.txt"
    file.write_text(
        "A quiet room\n\nPeople ask what the room is like. It is quiet, with a window on the garden.\n",
        encoding="utf-8",
    )
    assert blogdex("import", str(file), library=tmp_path / "lib").returncode == 0
    assert blogdex("search", "garden", library=tmp_path / "lib").stdout.count("\n") == 1


# mistakes, codes, pipes


def test_searching_before_crawling_says_how_to_start(tmp_path):
    done = blogdex("search", "pain", library=tmp_path / "lib")
    assert (done.returncode, done.stderr) == (2, "No posts yet. Start with: blogdex crawl https://your-site/blog\n")


def test_a_mistyped_command_is_answered_with_the_right_one(call):
    code, _, err = call("serch", "pain")
    assert code == 2
    assert "'search'" in err.partition("Did you mean")[2]


def test_a_mistyped_option_is_refused(call):
    assert call("search", "pain", "--jsn")[0] == 2


def test_importing_nothing_is_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    for path in ("empty", "missing"):
        done = blogdex("import", str(tmp_path / path), library=tmp_path / "lib")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_import_names_by_kind_the_pages_that_are_no_posts(tmp_path):
    names = ["sleep", "knees", "nights", "visits"]
    shown = [f"<h2><a href='/{name}.html'>All about {name} at night</a></h2><p>It begins so.</p>" for name in names]
    for file, body in {
        **{
            f"{name}.html": f"<h1>All about {name} at night</h1><p>{name} {'and what to do ' * 30}</p>"
            for name in names
        },
        **{f"2024/0{month}/index.html": f"<p>Month {month}</p>{shown[month - 1]}" for month in range(1, 5)},
    }.items():
        (tmp_path / "copy" / file).parent.mkdir(parents=True, exist_ok=True)
        title = "All about " + file.removesuffix(".html") + " at night"
        (tmp_path / "copy" / file).write_text(f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    done = blogdex("import", str(tmp_path / "copy"), "--base-url", "https://clinic.test/", library=tmp_path / "lib")
    assert "has 4 posts and 4 pages that are none" in done.stdout
    assert (
        "No post: 4 pages (2024/01/index.html, 2024/02/index.html, 2024/03/index.html, …): "
        "it is an archive by its address, and shows posts" in done.stdout + done.stderr
    )


def test_a_locked_library_is_one_sentence_and_reading_still_works(library, pages):
    from indexer.library import writing

    with writing(library, "crawl"):
        done = blogdex("import", str(pages), library=library)
        assert done.returncode == 2
        assert f"Another blogdex is writing to this library (process {os.getpid()}, crawl, since" in done.stderr
        assert blogdex("search", "pain", library=library).returncode == 0


def test_global_options_work_before_and_after_the_command(library, tmp_path):
    nowhere = tmp_path / "nowhere"
    assert blogdex("--library", str(library), "search", "pain", library=nowhere).returncode == 0
    assert blogdex("search", "pain", "--library", str(library), library=nowhere).returncode == 0


def test_a_settings_file_in_a_parent_folder_names_the_library(library, tmp_path):
    (tmp_path / "blogdex.toml").write_text(f"library = {json.dumps(str(library))}\n[search]\nn = 1\n", encoding="utf-8")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    env = {name: value for name, value in environment(library).items() if name != "BLOGDEX_LIBRARY"}
    done = subprocess.run(
        [sys.executable, "-m", "cli", "search", "pain"], capture_output=True, text=True, env=env, cwd=below, check=False
    )
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('[search]\nsort = "oldest"\nn = 1', "first-visit"),
        ('[search]\ncategory = "Trauma"', "ptsd-notes"),
    ],
)
def test_settings_are_named_as_options_are(library, tmp_path, settings, words):
    (tmp_path / "blogdex.toml").write_text(settings, encoding="utf-8")
    done = blogdex("search", library=library, cwd=tmp_path)
    assert (done.returncode, done.stdout.count("\n"), words in done.stdout) == (0, 1, True)
    assert blogdex("search", library=library, BLOGDEX_SEARCH_N="2").stdout.count("\n") == 2


@pytest.mark.parametrize(
    "settings",
    [
        "library = 3",
        "[library]",
        "search = 3",
        "[serch]\nn = 1",
        "[search]\nlimit = 1",
        '[search]\nn = "x"',
        "quiet = 3",
        "[search.n]",
    ],
)
def test_a_setting_that_can_not_be_is_told(library, tmp_path, settings):
    (tmp_path / "blogdex.toml").write_text(settings, encoding="utf-8")
    done = blogdex("search", "pain", library=library, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "unexpected" not in done.stderr


def test_a_stream_that_is_closed_or_lacks_a_letter_is_no_error(library):
    command = f"{sys.executable} -m cli show ptsd-notes"
    env = environment(library)
    for line in (f"{command} >&-", f"PYTHONIOENCODING=ascii {command}"):
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=env, cwd=ROOT, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_filter_that_no_post_fits_is_named(call):
    code, _, err = call("search", "--category", "Pian")
    assert (code, err) == (1, 'No post has the category "Pian". Did you mean: Pain? There are: Pain, Trauma, Visits.\n')
    code, _, err = call("search", "pain", "--since", "2023", "--until", "2020")
    assert (code, "--since 2023 is later than --until 2020" in err) == (2, True)


def test_a_site_that_is_not_there_is_refused_by_every_command(call):
    for command in (["status"], ["doctor"], ["rebuild"], ["show", "ptsd-notes"], ["search", "pain"]):
        code, out, err = call(*command, "--site", "nope.example")
        assert (code, out) == (2, ""), command
        assert "clinic.example/blog" in err


def test_a_part_of_a_blog_that_the_library_has_makes_no_second_site(library):
    done = blogdex("crawl", "https://clinic.example/", library=library)
    assert (done.returncode, "clinic.example/blog already" in done.stderr) == (2, True)


def test_a_settings_file_with_an_error_is_one_sentence(library, tmp_path):
    (tmp_path / "blogdex.toml").write_text("library = ", encoding="utf-8")
    done = blogdex("status", library=library, cwd=tmp_path)
    assert done.returncode == 2
    assert "blogdex.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_colours_only_where_they_are_wanted(library):
    script = "import cli; from commands.common import output; output.on_terminal = lambda: True; cli.run()"

    def show(*args: str, **extra: str) -> str:
        command = [sys.executable, "-c", script, "show", "crps-care", *args]
        env = environment(library) | extra
        return subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, check=True).stdout

    assert "\x1b[" not in show()
    assert "\x1b[" in show("--color", "always")
    assert "\x1b[" in show(CLICOLOR_FORCE="1")
    assert "\x1b[" not in show(CLICOLOR_FORCE="1", NO_COLOR="1")


def test_a_closed_pipe_is_no_error(library):
    command = f"{sys.executable} -m cli export | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, env=environment(library), cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_ends_with_130(library, tmp_path):
    file = tmp_path / "posts.jsonl"
    lines = (json.dumps({"url": f"https://x.example/{n}", "text": f"Post {n}."}) for n in range(20_000))
    file.write_text("\n".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "import", str(file)],
        env=environment(tmp_path / "lib"),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "lib" / "writer.json").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode in (130, -signal.SIGINT), err  # a shell calls both 130
    assert "Traceback" not in err


def test_an_unexpected_error_is_one_line_and_a_traceback_only_with_vv(call, monkeypatch):
    from indexer.search import query

    def fail(*_: object) -> None:
        raise ZeroDivisionError("no reason")

    monkeypatch.setattr(query, "parse", fail)
    code, _, err = call("search", "pain")
    assert (code, err.count("\n")) == (2, 1)
    assert "ZeroDivisionError" in err
    assert "Traceback" in call("-vv", "search", "pain")[2]


@pytest.mark.parametrize("name", [name for section in program.COMMANDS.values() for name in section])
def test_every_command_has_help_with_an_example_and_stands_in_a_section(call, name):
    code, out, _ = call(name, "--help")
    assert code == 0
    assert "Example" in out
    assert f"blogdex {name}" in out.split("Example", 1)[1]


def test_hostile_text_is_harmless_on_the_terminal_and_in_csv(tmp_path, monkeypatch, capsys):
    post = {
        "url": "https://x.example/a",
        "title": "=HYPERLINK(1)\x1b]0;owned\x07",
        "text": "Red \x1b[31m\u202etext here.",
    }
    (tmp_path / "in.jsonl").write_text(json.dumps(post) + "\n", encoding="utf-8")
    folder = tmp_path / "lib"
    assert blogdex("import", str(tmp_path / "in.jsonl"), library=folder).returncode == 0
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    for args in (["search", "text"], ["show", "1"], ["show", "1", "--why"], ["search", "text", "--csv"]):
        monkeypatch.setattr(output, "on_terminal", lambda: True)
        assert program.execute([*args, "--color", "never"]) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\u202e" not in out
    assert "'=HYPERLINK" in blogdex("search", "text", "--csv", library=folder).stdout


def test_a_marked_page_is_no_post_and_marking_it_back_restores_it(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    assert blogdex("mark", f"{BASE}first-visit/", "page", library=copy).returncode == 0
    assert blogdex("search", "medicines", library=copy).returncode == 1
    assert blogdex("mark", f"{BASE}first-visit/", "post", library=copy).returncode == 0
    assert blogdex("search", "medicines", library=copy).returncode == 0


def test_a_forgotten_post_is_gone_and_a_forgotten_site_too(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    refused = blogdex("forget", "first-visit", library=copy)
    assert (refused.returncode, "Add --yes" in refused.stderr) == (2, True)
    assert blogdex("forget", "first-visit", "--yes", library=copy).returncode == 0
    assert json.loads(blogdex("status", "--json", library=copy).stdout)["posts"] == 3
    assert blogdex("forget", "clinic.example/blog", library=copy).returncode == 2
    host = blogdex("forget", "clinic.example", "--yes", library=copy)
    assert (host.returncode, "blogdex forget clinic.example/blog" in host.stderr) == (2, True)
    assert blogdex("forget", "clinic.example/blog", "--yes", library=copy).returncode == 0
    assert blogdex("search", "pain", library=copy).returncode == 2


def test_imported_posts_are_forgotten_by_the_name_that_is_shown(tmp_path):
    for number, text in enumerate(
        ("First notes about sleep and how it comes back.", "Second notes about pain and rest.")
    ):
        (tmp_path / f"note-{number}.txt").write_text(text)
    notes = [str(tmp_path / f"note-{number}.txt") for number in range(2)]
    assert blogdex("import", *notes, library=tmp_path / "library").returncode == 0
    assert blogdex("search", "notes", "--site", "file.invalid", library=tmp_path / "library").returncode == 0
    assert blogdex("forget", "file.invalid", "--yes", library=tmp_path / "library").returncode == 0
    assert blogdex("search", "notes", library=tmp_path / "library").returncode != 0


@pytest.mark.parametrize("form", ["json", "csv", "markdown", "html", "warc"])
def test_every_form_of_export_has_every_post(library, tmp_path, form):
    target = tmp_path / "out"
    assert blogdex("export", "--format", form, "-o", str(target), library=library).returncode == 0
    files = [file for file in target.rglob("*") if file.is_file()] if target.is_dir() else [target]
    everything = b"".join(file.read_bytes() for file in files)
    assert all(f"{BASE}{slug}/".encode() in everything for slug in POSTS) or form == "warc"
    assert everything


def test_stats_count_posts_words_and_authors(call):
    found = json.loads(call("stats", "--json")[1])
    assert (found["posts"], found["months"]["2023-05"], found["authors"]) == (4, 1, {"Kim Reyes": 4})
    assert 0 < found["template_share"] < 1
    assert call("stats")[1].splitlines()[0] == "2021-03\t1"
    assert "Kim Reyes" in call("stats", terminal=True)[1]


def test_searches_that_found_nothing_are_listed_with_how_often(call):
    for _ in range(2):
        call("search", "xylophone")
    assert "xylophone\t2\t" in call("stats", "--searches")[1]


def test_related_lists_other_posts_and_their_numbers_can_be_shown(call):
    found = json.loads(call("related", "crps-care", "--json")[1])
    assert found["results"]
    assert "crps-care" not in slugs(json.dumps(found))
    assert call("show", "1", "--json")[1].count(found["results"][0]["url"]) == 1


def test_an_interrupted_log_or_a_read_only_state_stops_no_search(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    for file in copy.glob("state.db*"):
        file.unlink()
    (copy / "state.db").mkdir()
    assert blogdex("search", "pain", library=copy).returncode == 0


def test_the_other_engine_gives_the_same_posts(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    assert blogdex("rebuild", "--engine", "tantivy", library=copy).returncode == 0
    other = json.loads(blogdex("search", "pain", "--json", library=copy).stdout)
    first = json.loads(blogdex("search", "pain", "--json", library=library).stdout)
    assert (other["engine"], first["engine"]) == ("tantivy", "whoosh")
    assert [row["url"] for row in other["results"]] == [row["url"] for row in first["results"]]


def test_a_full_disk_is_one_sentence(call, monkeypatch):
    import errno

    from indexer.search import query

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(query, "parse", fail)
    code, _, err = call("search", "pain")
    assert (code, err.count("\n")) == (2, 1)
    assert "The disk is full." in err


def test_pages_that_were_not_built_yet_are_told_apart_from_none(tmp_path, library):
    from indexer.library import writing
    from tests.test_build import page

    with writing(tmp_path / "lib", "crawl") as opened:
        opened.store.pages.save(page(1))
    done = blogdex("search", "pain", library=tmp_path / "lib")
    assert (done.returncode, done.stderr) == (
        2,
        "1 page is stored, but not built into an index yet. Run: blogdex rebuild\n",
    )
    assert blogdex("rebuild", library=tmp_path / "lib").returncode == 0
    assert blogdex("search", "river", library=tmp_path / "lib").returncode in (0, 1)


@pytest.mark.parametrize("address", ["", "mailto:x@y.example", "file:///etc/passwd", "ftp://x.example/"])
def test_what_is_no_address_of_a_blog_is_one_sentence(tmp_path, address):
    done = blogdex("crawl", address, library=tmp_path / "lib")
    assert done.returncode == 2
    assert "no address of a blog" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_clinic_can_say_what_means_the_same(library, tmp_path):
    import shutil

    copy = tmp_path / "lib"
    shutil.copytree(library, copy)
    assert blogdex("search", "bad dreams", library=copy).returncode == 1
    (copy / "synonyms.toml").write_text('nightmares = ["bad dreams"]\n', encoding="utf-8")
    done = blogdex("search", "bad dreams", library=copy)
    assert "ptsd-notes" in done.stdout, done.stderr
