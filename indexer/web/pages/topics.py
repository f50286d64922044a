"""Show what the blog is about: the topics, one with its posts, and how it is renamed or merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.present.forms import MEMBER_COLUMNS, TOPIC_COLUMNS, member_form
from indexer.web.common.changing import writing_library
from indexer.web.common.lists import downloads, table
from indexer.web.routing import Route
from indexer.web.views import Page, SeeOther
from scraper.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.store.derived.topic_rows import Branch, TopicView
    from indexer.web.views import Text
    from indexer.web.visit import Visit


def topics(visit: Visit) -> Page:
    """List the topics with their posts over the years."""
    from indexer.stats import sum_up

    views = views_of(visit)
    years = [year for view in views for year in view.years]
    span = range(min(years), max(years) + 1) if years else range(0)
    gaps = {told.label: told.gap for told in sum_up((), views).topics}
    others = len(visit.library.store.topics.others(visit.site_id))
    return Page(
        "topics.html", {"views": views, "branches": tree_of(visit), "span": span, "gaps": gaps, "others": others}
    )


def topics_table(visit: Visit) -> Text:
    """Return the topics as a file."""
    from indexer.topics.run import topics_form

    return table(visit, TOPIC_COLUMNS, topics_form(views_of(visit), tree=tree_of(visit)), "topics")


def topic(visit: Visit, topic_id: int) -> Page:
    """Show a topic with its posts, those most about it first; `rename` or `merge` shows what that would do."""
    views = views_of(visit)
    view = found(visit, topic_id)
    branches = [branch for branch in tree_of(visit) if branch.topics]
    under = next((branch.topics for branch in branches if branch.view.topic.id == topic_id), ())
    values = {
        "view": view,
        "under": under,
        "area": next((branch.view for branch in branches if view in branch.topics), None),
        "others": [] if under else [other for other in views if other is not view],
        "preview": None,
    }
    return Page("topic.html", values | _preview(visit, views, view))


def topic_table(visit: Visit, topic_id: int) -> Text:
    """Return the posts of a topic as a file."""
    view = found(visit, topic_id)
    return table(visit, MEMBER_COLUMNS, map(member_form, view.members), f"topic-{topic_id}")


def rename(visit: Visit, topic_id: int) -> SeeOther:
    """Give a topic another name, for good."""
    from indexer.topics import run

    name = visit.request.form.get("name", "")
    with writing_library(visit, "topics") as library:
        run.rename(library.store.topics, library.topics_file, topic_id, " ".join(name.split())[:200])
    return SeeOther(visit.at(f"/topics/{topic_id}"))


def merge(visit: Visit, topic_id: int) -> SeeOther:
    """Make a topic part of another one, for good."""
    from indexer.topics import run

    into = _number(visit.request.form.get("into"))
    with writing_library(visit, "topics") as library:
        run.merge(library.store.topics, library.topics_file, into, topic_id)
    return SeeOther(visit.at(f"/topics/{into}"))


def tree_of(visit: Visit) -> list[Branch]:
    """Return the same under their areas."""
    from indexer.topics.shown.tree import tree

    return tree(views_of(visit), visit.built.store.topics.areas())


def found(visit: Visit, topic_id: int) -> TopicView:
    """Return the topic or area with this number."""
    areas = [branch.view for branch in tree_of(visit) if branch.topics]
    return _named([*views_of(visit), *areas], topic_id)


def views_of(visit: Visit) -> Sequence[TopicView]:
    """Return the topics, of the blog that is asked about or of all."""
    return visit.built.store.topics.views(visit.site_id)


def _named(views: Sequence[TopicView], topic_id: int) -> TopicView:
    """Return the topic with this id. Raise `UnknownTopicError`."""
    from indexer.topics.run import find_topic

    return find_topic(views, str(topic_id))


def _preview(visit: Visit, views: Sequence[TopicView], view: TopicView) -> dict[str, Any]:
    if name := visit.value("rename"):
        return {"preview": "rename", "name": name[:200]}
    if other := visit.value("merge"):
        into = _named(views, _number(other))
        own, theirs = ({member.article_id for member in one.members} for one in (view, into))
        return {"preview": "merge", "into": into, "both": len(own & theirs), "whole": len(own | theirs)}
    return {}


def _number(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise UsageError("Choose a topic of the list.")
    return int(text)


ROUTES = (
    Route("topics", "/topics", topics),
    *downloads("topics", "/topics", topics_table),
    Route("topic", "/topics/<int:topic_id>", topic),
    *downloads("topic", "/topics/<int:topic_id>", topic_table),
    Route("topic_rename", "/topics/<int:topic_id>/rename", rename, ("POST",)),
    Route("topic_merge", "/topics/<int:topic_id>/merge", merge, ("POST",)),
)
