from __future__ import annotations

import json
import re
import tomllib

import pytest

from indexer.audit.owner.identity import Facts, facts_of
from indexer.audit.run import audit, taken_for_true
from indexer.present.facts_form import fact_form, facts_toml
from tests.audit_blog import BEFORE, BRAND, FORMER, NOW, article, blog, call, own
from tests.commandline import blogdex

HOTLINE = "(800) 555-0142"
ODD = "(720) 555-0177"


def read(text, key=""):
    return Facts.from_table(facts_of(tomllib.loads(text), key))


def lines_of_others():
    """Return the blog with a hotline in three of its posts, and a number in two that nobody explains."""
    made = []
    for number in range(20):
        extra = [f"In a crisis ring the national lifeline {HOTLINE}, day and night."] * (number % 7 == 3)
        extra += [f"She wrote {ODD} on the wall, {own(number, 4)}"] * (number in (4, 9))
        made.append(article(number, [own(number, 0), own(number, 1), *extra, call()]))
    return made


def test_what_is_learnt_is_written_as_facts_that_find_the_same():
    found = taken_for_true(blog())
    facts = read(facts_toml({"aster.test": found}))
    assert (facts.brand, facts.old_brands, facts.phone, facts.old_phones) == (BRAND, (FORMER,), (NOW,), (BEFORE,))
    learnt, told = audit(blog()), audit(blog(), facts=facts)
    assert [each.mark.id for each in learnt.stale] == [each.mark.id for each in told.stale]
    rows = {row["entry"]: row for row in map(fact_form, found)}
    assert rows["phone"]["source"] == "learnt"
    assert rows["phone"]["posts"] == 20
    assert rows["old_phones"]["recent"] == 0
    assert BEFORE in rows["old_phones"]["text"]


def test_a_hotline_is_somebody_elses_and_a_number_nobody_explains_is_for_a_person_to_decide():
    found = {each.value: each for each in taken_for_true(lines_of_others())}
    assert found[HOTLINE].entry == found[ODD].entry == "others"
    assert (found[HOTLINE].sure, found[ODD].sure) == (True, False)
    text = facts_toml({"aster.test": list(found.values())})
    assert read(text).others == (HOTLINE,)
    assert f'# "{ODD}"' in text


def test_numbers_of_others_are_known_once_they_are_told():
    before = audit(lines_of_others())
    assert {each.found for each in before.unattributed} == {HOTLINE, ODD}
    after = audit(lines_of_others(), facts=Facts.from_table({"others": [HOTLINE, ODD.replace("-", ".")]}))
    assert after.unattributed == ()
    assert [each.mark.id for each in after.stale] == [each.mark.id for each in before.stale]


def test_an_office_is_a_place_with_its_numbers_address_and_hours():
    office = {"name": "West", "city": "Tamarack Falls", "phone": ODD, "address": "9 Fir Lane", "hours": ["Mon-Fri 9-5"]}
    facts = Facts.from_table({"phone": NOW, "offices": [office, {"city": "Alder", "phone": [NOW, HOTLINE]}]})
    assert facts.phone == (NOW, ODD, HOTLINE)
    assert facts.locations == {"Tamarack Falls": (ODD,), "Alder": (NOW, HOTLINE)}
    assert facts.address == ("9 Fir Lane",)
    assert facts.hours == {"Tamarack Falls": "Mon-Fri 9-5"}
    assert any("Tamarack Falls" in line and "Mon-Fri" in line for line in audit(blog(), facts=facts).expected)


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"offices": {"city": "Alder"}}, "[[offices]]"),
        ({"offices": [{"town": "Alder"}]}, "town"),
        ({"offices": [{"phone": NOW}]}, "city"),
        ({"hours": ["9-5"]}, "hours"),
        ({"others": ["none"]}, "others"),
        ({"blog": "aster.test"}, "blog"),
        ({"blog": {"aster.test": {"fone": NOW}}}, "fone"),
    ],
)
def test_what_can_not_be_understood_is_named(table, named):
    with pytest.raises(ValueError, match=re.escape(named)):
        Facts.from_table(facts_of(table, ""))


def test_each_of_several_blogs_has_a_table_of_its_own():
    found = taken_for_true(blog())
    text = facts_toml({"aster.test": found, "birch.test/news": []})
    assert read(text, "aster.test").brand == BRAND
    assert read(text, "birch.test/news").brand is None
    assert read('phone = "' + NOW + '"\n[blog."aster.test"]\nbrand = "Aster"', "aster.test").phone == (NOW,)


def test_values_of_a_page_are_quoted_in_the_file():
    odd = taken_for_true(blog())[0]._replace(value='A "name"\\ \x1b]\n[blog]', place='x"]')
    assert read(facts_toml({"aster.test": [odd]})).brand == odd.value


def test_the_command_writes_a_file_to_correct_and_never_over_one(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(12):
        words = f"<p>{own(number, 0)}</p><p>{own(number, 1)}</p><p>{call()}</p>"
        shell = (
            f"<head><title>Post {number}</title></head><body><article><h1>Post {number}</h1>{words}</article></body>"
        )
        (pages / f"post-{number}.html").write_text(f"<!doctype html><html lang=en>{shell}</html>")
    library = tmp_path / "library"
    assert blogdex("import", str(pages), "--base-url", "https://aster.test/news/", library=library).returncode == 0
    elsewhere = tmp_path / "mine.toml"
    rows = json.loads(blogdex("audit", "facts", "--json", "--facts", str(elsewhere), library=library).stdout)
    assert (NOW, "learnt", 12) in {(row["value"], row["source"], row["posts"]) for row in rows}
    assert not (library / "facts.toml").exists()
    assert NOW in elsewhere.read_text()
    shown = blogdex("audit", "facts", library=library)
    assert NOW in shown.stdout
    assert str(library / "facts.toml") in shown.stderr
    (library / "facts.toml").write_text(f'phone = "{BEFORE}"\n')
    again = blogdex("audit", "facts", "--csv", library=library)
    assert again.stdout.startswith("entry,value,place,source,posts")
    assert "left as it is" in again.stderr
    assert (library / "facts.toml").read_text() == f'phone = "{BEFORE}"\n'
