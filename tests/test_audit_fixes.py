"""From a finding to what an editor puts in its place."""

import json

import pytest

from indexer.audit.fixes import Fix, fixes, wp_cli
from indexer.audit.owner.identity import Facts
from indexer.audit.run import audit
from scraper.facts.edit_address import edit_address
from scraper.markup import parse
from scraper.model import Link
from tests.audit_blog import BEFORE, BRAND, FORMER, NOW, THEME, article, blog, call, own
from tests.commandline import blogdex

FACTS = Facts.from_table({"phone": [NOW], "brand": BRAND, "old_brands": [FORMER]})
HEAD = """<link rel="https://api.w.org/" href="https://aster.test/news/wp-json/">
<link rel="shortlink" href="https://aster.test/news/?p=41">"""


def test_each_old_value_is_a_change_with_the_words_before_and_after():
    found = [fix for fix in fixes(audit(blog(), facts=FACTS)) if fix.post.endswith("/post-0/")]
    assert {(fix.old, fix.new, fix.sure) for fix in found} == {(BEFORE, NOW, True), (FORMER, BRAND, True)}
    [phone] = [fix for fix in found if fix.kind == "phone"]
    assert (f"office at {BEFORE} to book" in phone.before, f"office at {NOW} to book" in phone.after) == (True, True)
    assert (phone.title, phone.published.isoformat()) == ("Post 0", "2020-01-06")


@pytest.mark.parametrize(
    ("dialled", "now"), [("+13035550199", "+13035550100"), ("3035550199", "3035550100"), ("13035550199", "3035550100")]
)
def test_a_number_in_a_link_is_replaced_as_it_is_dialled(dialled, now):
    texts = [own(30, 0), "Our nurses answer all day."]
    post = article(30, texts, THEME)
    linked = type(post)(
        *(getattr(post, name) for name in post.__slots__[:-1]), {1: (Link("nurses", f"tel:{dialled}"),)}
    )
    facts = Facts.from_table({"phone": [NOW], "old_phones": [BEFORE], "brand": BRAND})
    [fix] = [fix for fix in fixes(audit([*blog(), linked], facts=facts)) if fix.post == post.url]
    assert (fix.old, fix.new) == (dialled, now)


def test_commands_for_wordpress_count_first_and_quote_what_they_are_given():
    odd = Facts.from_table(
        {"phone": [NOW], "old_phones": [BEFORE], "brand": "Aster's; rm -rf $HOME", "old_brands": [FORMER]}
    )
    script = list(wp_cli(fixes(audit(blog(), facts=odd))))
    runs = [line for line in script if line.startswith("wp ")]
    assert len(runs) == 2
    assert all(line.endswith(" --dry-run") for line in runs)
    assert any("""'Aster'"'"'s; rm -rf $HOME'""" in line for line in runs)


def fix(finding, old, new):
    return Fix(finding, "https://aster.test/a/", None, None, None, "brand", old, new, old, new, sure=True)


def test_a_command_for_all_posts_is_given_only_where_it_is_right_in_all_of_them():
    told = [
        fix("s-one", "12 Elm Street", "3 Oak Road, Linden"),
        fix("s-two", "12 Elm Street", "9 Fir Lane, Alder"),
        fix("s-three", "Aster", "Aster Home Care"),
        fix("s-four", "Willow\nCare", "Aster Home Care"),
        fix("s-five", "Willow", "Aster Home Care"),
        fix("s-six", "Willow Nursing", "Aster Home Care"),
    ]
    script = list(wp_cli(told))
    runs = [line for line in script if line.startswith("wp ")]
    assert [line.split(" 'Aster Home Care'")[0] for line in runs] == [
        "wp search-replace 'Willow Nursing'",
        "wp search-replace Willow",
    ]
    assert script[-1].endswith(": s-one, s-two, s-three, s-four")


@pytest.mark.parametrize(
    ("html", "edited"),
    [
        (f"<head>{HEAD}</head>", "https://aster.test/news/wp-admin/post.php?post=41&action=edit"),
        (f'<head>{HEAD}</head><body class="single postid-7">', "https://aster.test/news/wp-admin/post.php?post=7&action=edit"),
        ('<body class="single postid-7">', None),
        ("<p>Words.</p>", None),
        (f'<head>{HEAD.replace("aster.test", "evil.test")}</head>', None),
    ],
)  # fmt: skip
def test_where_a_post_is_edited_is_told_by_its_page_and_for_its_own_host_alone(html, edited):
    assert edit_address(parse(html.encode(), "text/html"), "https://www.aster.test/news/post/") == edited


def test_the_command_prints_a_table_with_the_address_to_edit_each_post(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(12):
        phone = BEFORE if number < 2 else NOW
        words = f"<p>{own(number, 0)}</p><p>{own(number, 1)}</p><p>{call(phone=phone)}</p>"
        shell = f"<head><title>Post {number}</title>{HEAD}</head><body><article><h1>Post {number}</h1>{words}</article>"
        (pages / f"post-{number}.html").write_text(f"<!doctype html><html lang=en>{shell}</html>")
    library = tmp_path / "library"
    command = ("import", str(pages), "--base-url", "https://aster.test/news/")
    assert blogdex(*command, library=library).returncode == 0
    (library / "facts.toml").write_text(f'phone = ["{NOW}"]\nold_phones = ["{BEFORE}"]\n')
    rows = json.loads(blogdex("audit", "fixes", "--json", library=library).stdout)
    assert [(row["old"], row["new"], row["edit_url"]) for row in rows] == [
        (BEFORE, NOW, "https://aster.test/news/wp-admin/post.php?post=41&action=edit")
    ] * 2
    assert blogdex("audit", "fixes", "--csv", library=library).stdout.startswith("old,new,post,edit_url,title")
    assert "--dry-run" in blogdex("audit", "fixes", "--wp-cli", library=library).stdout
    assert blogdex("audit", "--wp-cli", library=library).returncode == 2
    edited = "https://aster.test/news/wp-admin/post.php?post=41&action=edit"
    form = json.loads(blogdex("audit", "--json", library=library).stdout)
    assert {row["edit_url"] for name in ("stale", "posts") for row in form[name]} == {edited}
    assert form["actions"][0]["edit_urls"] == [edited] * 2
    for kind in ("stale", "boilerplate"):
        assert edited in blogdex("audit", kind, "--csv", library=library).stdout
    assert json.loads(blogdex("search", "ended", "--json", library=library).stdout)["results"][0]["edit_url"] == edited
    assert json.loads(blogdex("show", "post-1", "--json", library=library).stdout)["edit_url"] == edited
