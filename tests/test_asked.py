"""What a person asks is one value, whichever way it was typed."""

from datetime import date

import pytest

from indexer.search.asked import Asked
from scraper.errors import UsageError


def test_words_are_ordered_by_relevance_and_their_absence_by_day():
    assert Asked(("sleep",)).options().order == "relevance"
    assert Asked().options().order == "newest"
    assert Asked(("sleep",), order="oldest").options().order == "oldest"


def test_days_are_read_when_they_are_needed():
    assert Asked(since="2023-05", until="2023").days == (date(2023, 5, 1), date(2023, 12, 31))


def test_days_that_no_day_fits_are_refused():
    with pytest.raises(UsageError, match=r"--since 2024 is later than --until 2023"):
        Asked(since="2024", until="2023").options()


def test_only_what_lets_through_some_posts_counts_as_a_filter():
    assert Asked(("sleep",), author="Ann", limit=3, match_any=True).filters == {"author": "Ann"}
