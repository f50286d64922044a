from __future__ import annotations

from search_helpers import article, block

from indexer.search.indexed import indexed
from scraper.model import Role


def test_each_block_goes_to_the_field_of_its_role():
    made = indexed(
        article(
            1,
            "Title",
            block("Head", heading=2),
            "Text",
            block("Call", role=Role.CTA),
            block("Menu", kept=False, role=Role.NAVIGATION),
        )
    )
    assert {name: list(terms) for name, terms in made.fields.items()} == {
        "title": ["titl"],
        "headings": ["head"],
        "body": ["text"],
        "editorial": ["call"],
        "template": ["menu"],
    }


def test_filters_hold_what_is_known_and_nothing_else():
    made = indexed(article(1, "T", "Text", author="Kim Reyes", categories=("A",), published="2024-05-02"))
    assert made.filters == {
        "site": ("clinic.example",),
        "author": ("Kim Reyes",),
        "category": ("A",),
        "language": ("en",),
        "year": ("2024",),
        "url": ("https://clinic.example/1-post/",),
    }
    assert made.published == "2024-05-02"


def test_the_vocabulary_leaves_out_what_was_set_aside():
    made = indexed(article(1, "Infusions", "help", block("Menu", kept=False)))
    assert made.words == {"infusions": "infus", "help": "help"}


def test_a_post_of_which_nothing_tells_the_language_is_in_none():
    assert "language" not in indexed(article(1, None, "Pricing", language=None)).filters
