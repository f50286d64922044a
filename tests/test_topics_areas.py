from __future__ import annotations

import random

import pytest
from topic_helpers import add, article, library

from indexer.store.derived.topic_rows import Area, Model, Topic, Vocabulary
from indexer.store.derived.topics import Topics
from indexer.topics.areas import group, middles, nearest
from indexer.topics.fit import transform
from indexer.topics.inference import LEAST_SHARE, shares_shown
from indexer.topics.run import TopicChoiceError, merge, rename, topics_form, update_topics
from indexer.topics.shown.tree import areas_at, tree
from indexer.topics.terms import read

KINDS = {
    "garden": "soil seed compost leaf root bloom prune water shade bed harvest frost",
    "kitchen": "oven dough butter spice knife simmer flavour bowl recipe crust stir plate",
    "harbour": "ship crane tide dock cargo anchor pilot rope captain container wharf mooring",
}
SUBJECTS = {
    "garden": ("tomato plants", "rose bushes", "apple trees"),
    "kitchen": ("rye bread", "onion soup", "plum cake"),
    "harbour": ("ferry lines", "night fishing", "grain exports"),
}


def post(number: int, kind: str, subject: str) -> object:
    chance = random.Random(number)
    common, own = KINDS[kind].split(), [f"{word}{end}" for word in subject.split() for end in ("ling", "wise", "mere")]
    sentences = [f"This is about {subject} and the {chance.choice(common)}"]
    for _ in range(9):
        words = [*chance.choices(common, k=5), *chance.choices(own, k=4)]
        chance.shuffle(words)
        sentences.append(f"The {' '.join(words)} of {subject}")
    return article(number, f"{subject.capitalize()}, part {number}", ". ".join(sentences) + ".")


def blog(posts: int) -> list[object]:
    kinds = [(kind, subject) for place in range(3) for kind in KINDS for subject in (SUBJECTS[kind][place],)]
    return [post(i + 1, *kinds[i % 9]) for i in range(posts)]


def kind_of(url: str) -> str:
    number = int(url.rstrip("/").rsplit("/", 1)[1])
    return list(KINDS)[(number - 1) % 9 % 3]


@pytest.fixture
def store(tmp_path):
    opened = library(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def grouped(store):
    add(store, blog(135))
    update_topics(Topics(store), store.articles)
    return Topics(store)


def rows(topics, **options):
    views = topics.views()
    return topics_form(views, tree=tree(views, topics.areas()), **options)


def test_topics_of_a_kind_stand_in_one_area(grouped):
    branches = [branch for branch in tree(grouped.views(), grouped.areas()) if branch.topics]
    assert len(branches) == 3
    for branch in branches:
        assert len({kind_of(member.url) for view in branch.topics for member in view.members}) == 1


def test_an_area_has_the_posts_of_its_topics(grouped):
    found = rows(grouped)
    by_id = {row["id"]: row for row in found}
    topics = [row for row in found if row["parent"] is not None]
    assert topics
    assert all(set(row["urls"]) <= set(by_id[row["parent"]]["urls"]) for row in topics)
    assert all(row["posts"] == len(set(row["urls"])) for row in found)


def test_topics_come_first_in_the_list_and_a_flat_one_has_no_areas(grouped):
    found, flat = rows(grouped), rows(grouped, flat=True)
    assert found[: len(flat)] == flat
    assert {row["parent"] for row in flat} == {row["id"] for row in found[len(flat) :]}


def test_areas_keep_ids_names_and_topics_when_posts_are_added(store, grouped):
    before = {area.named.id: (area.named.label, area.topics) for area in grouped.areas()}
    add(store, blog(150)[135:])
    assert not update_topics(grouped, store.articles).refitted
    assert {area.named.id: (area.named.label, area.topics) for area in grouped.areas()} == before
    assert set.union(*(set(area.members) for area in grouped.areas())) == set(range(1, 151))


def test_areas_keep_ids_and_names_when_topics_are_fitted_again(store, grouped):
    before = {area.named.id: area.named.label for area in grouped.areas()}
    add(store, blog(190)[135:])
    assert update_topics(grouped, store.articles).refitted
    assert {area.named.id: area.named.label for area in grouped.areas()} == before


def test_as_many_areas_are_made_as_are_asked_for(store, grouped):
    before = grouped.areas()
    assert len(areas_at(grouped, store.articles, 2)) == 2
    assert len(areas_at(grouped, store.articles, 4)) == 4
    assert grouped.areas() == before


def test_a_post_that_fits_no_topic_well_goes_to_the_best_one_of_its_area():
    words = [f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400)]
    new = read(article(99, "", " ".join([*words, words[1]])))
    known = Vocabulary(sorted(new.counts), [1.0] * len(new.counts), 400)
    numbers = known.numbers()
    first, second = (next(iter(read(article(98, "", words[n])).counts)) for n in (0, 1))
    model = Model(known, {1: {numbers[first]: 1.0}, 2: {numbers[second]: 1.0}}, {})
    areas = [
        Area(Topic(7, "Rest", "found"), (1,), {n: 0.05 for n in range(len(numbers)) if n != numbers[second]}, {}),
        Area(Topic(8, "Second", "found"), (2,), {numbers[second]: 0.1}, {}),
    ]
    placed = transform([new], model, areas)
    assert placed.areas[99][0] == 7
    assert list(placed.weights[99]) == [1]
    assert 0 < shares_shown(placed.weights[99])[1] < LEAST_SHARE
    assert next(iter(transform([new], model).weights[99])) == 2


def test_an_area_can_be_renamed_but_not_like_another(tmp_path, grouped):
    first, second = grouped.areas()[:2]
    rename(grouped, tmp_path / "topics.toml", first.named.id, "Green things")
    assert grouped.areas()[0].named.label == "Green things"
    with pytest.raises(TopicChoiceError):
        rename(grouped, tmp_path / "topics.toml", second.named.id, "green things")


def test_an_area_of_which_one_topic_is_left_gives_way_to_it(tmp_path, grouped):
    area = grouped.areas()[0]
    for other in area.topics[1:]:
        merge(grouped, tmp_path / "topics.toml", area.topics[0], other)
    branches = tree(grouped.views(), grouped.areas())
    assert area.named.id not in {branch.view.topic.id for branch in branches}
    assert area.topics[0] in {branch.view.topic.id for branch in branches if not branch.topics}


def test_few_topics_have_no_areas():
    posts = [[(n % 3, 1.0)] for n in range(12)]
    assert group(posts, [{n % 3: 1.0} for n in range(12)]) == []


def test_groups_are_those_that_lose_least():
    # Topics 0 and 1 share term 9, topics 2 and 3 term 8.
    posts = [sorted([(n % 4, 0.6), (9 if n % 4 < 2 else 8, 0.8)]) for n in range(16)]
    shares = [{n % 4: 1.0} for n in range(16)]
    groups = group(posts, shares, 2)
    assert sorted(groups) == [[0, 1], [2, 3]]
    near = nearest(posts, middles(groups, posts, shares))
    assert [groups[one.area] for one in near] == [[0, 1] if n % 4 < 2 else [2, 3] for n in range(16)]


def test_a_post_without_a_term_of_any_area_is_near_none():
    assert nearest([[(5, 1.0)]], [{1: 1.0}]) == [None]
