from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.search.engines.bits import bits_of, docs_of, flags, years_of
from indexer.search.engines.slices import at_least, highest, larger_of, planes_of, plus, smaller_of, times

some_docs = st.sets(st.integers(0, 3000))
some_numbers = st.lists(st.integers(0, 255), min_size=1, max_size=40)
pairs = st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), min_size=1, max_size=40)


def numbers_of(planes, size):
    return [sum((plane >> doc & 1) << place for place, plane in enumerate(planes)) for doc in range(size)]


def both(numbers):
    return [planes_of(bytearray(each)) for each in zip(*numbers, strict=True)]


@given(some_docs)
def test_a_set_gives_back_its_numbers_in_order(docs):
    bits = bits_of(docs, 3001)
    assert docs_of(bits) == sorted(docs)
    assert flags(bits, 3001) == bytes(doc in docs for doc in range(3001))


def test_an_empty_index_has_an_empty_set():
    assert bits_of([], 0) == 0
    assert docs_of(0) == []


def test_the_articles_of_a_year_are_those_with_a_day_in_it():
    assert years_of([20230517, 0, 20221231, 20230101], 4) == {2023: 0b1001, 2022: 0b0100}


@given(pairs)
def test_sums_and_comparisons_hold_for_every_article(numbers):
    one, other = both(numbers)
    size = len(numbers)
    assert numbers_of(plus(one, other), size) == [sum(pair) for pair in numbers]
    assert numbers_of(smaller_of(one, other), size) == [min(pair) for pair in numbers]
    assert numbers_of(larger_of(one, other), size) == [max(pair) for pair in numbers]


@given(some_numbers, st.integers(0, 1000))
def test_numbers_are_multiplied(numbers, factor):
    assert numbers_of(times(planes_of(bytearray(numbers)), factor), len(numbers)) == [n * factor for n in numbers]


@given(some_numbers, st.data())
def test_the_highest_of_some_articles_are_found(numbers, data):
    planes = planes_of(bytearray(numbers))
    among = data.draw(st.sets(st.integers(0, len(numbers) - 1), min_size=1))
    count = data.draw(st.integers(1, len(among)))
    least = highest(planes, bits_of(among, len(numbers)), count)
    assert least == sorted((numbers[doc] for doc in among), reverse=True)[count - 1]
    assert docs_of(at_least(planes, bits_of(among, len(numbers)), least)) == sorted(
        doc for doc in among if numbers[doc] >= least
    )


def test_none_reaches_a_number_above_all():
    assert at_least(planes_of(bytearray([3, 200])), 0b11, 1000) == 0
