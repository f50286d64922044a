"""Give an audit its JSON form and its rows for CSV. Field names are a promise: they are only ever added to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from indexer.audit.findings import (
        Action,
        Audit,
        Cluster,
        CtaNote,
        Deviation,
        Duplicate,
        Fact,
        Mark,
        MissingCta,
        Passage,
        PostFinding,
        Series,
        Shares,
        Stale,
        UnattributedContact,
        Variant,
    )
    from indexer.audit.fixes import Fix
    from indexer.audit.memory.accepted import Acceptance

_DIGITS = 4
"""Digits of a share in JSON: a hundredth of a percent."""


def audit_form(audit: Audit) -> dict[str, Any]:
    """Return an audit as `audit --json` prints it, each finding with the titles and days of its posts."""
    facts = {fact.url: fact for fact in audit.posts}
    form = _form(audit)
    return {name: [_dated(row, facts) for row in rows] if name != "summary" else rows for name, rows in form.items()}


def _dated(row: dict[str, Any], facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return a finding with what its posts are called, when they were published and where they are edited.

    Of several posts as lists. A cluster names its posts by wordings, and counts them.
    """
    told: dict[str, Any] = {}
    if isinstance(row.get("posts"), list):
        known = [facts.get(url) for url in row["posts"]]
        told["titles"] = [fact.title if fact else None for fact in known]
        told["days"] = [_day(fact.published) if fact else None for fact in known]
        told["edit_urls"] = [fact.edit_url if fact else None for fact in known]
    for name, prefix in (("post", ""), ("url", ""), ("a", "a_"), ("b", "b_")):
        fact = facts.get(row.get(name) or "")
        if fact is not None:
            told |= {f"{prefix}title": fact.title, f"{prefix}published": _day(fact.published)}
            told[f"{prefix}edit_url"] = fact.edit_url
    return row | told


def _form(audit: Audit) -> dict[str, Any]:
    return {
        "summary": _summary(audit),
        "actions": [_action(item) for item in audit.actions],
        "clusters": [_cluster(item) for item in audit.clusters],
        "duplicate_articles": [_duplicate(item) for item in audit.duplicates],
        "series": [_series(item) for item in audit.series],
        "passages": [_passage(item) for item in audit.passages],
        "stale": [_stale(item) for item in audit.stale],
        "other_values": [_unattributed(item) for item in audit.unattributed],
        "missing_cta": [_missing(item) for item in audit.missing_cta],
        "cta_notes": [_note(item) for item in audit.cta_notes],
        "deviations": [_deviation(item) for item in audit.deviations],
        "checks": [_check(item) for item in audit.checks],
        "posts": [_shares(item) for item in audit.shares],
    }


def library_form(audits: Mapping[str, Audit]) -> dict[str, Any]:
    """Return the audits of several blogs, by their keys, with one summary."""
    sizes = [found.summary for found in audits.values()]
    summary = {"blogs": len(audits), "posts": sum(each.posts for each in sizes), "words": sum(e.words for e in sizes)}
    return {"summary": summary, "blogs": [{"site": key, **audit_form(found)} for key, found in audits.items()]}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _share(value: float) -> float:
    return round(value, _DIGITS)


def _mark(mark: Mark) -> dict[str, Any]:
    return {"id": mark.id, "new": mark.new, "accepted": mark.accepted, "first_seen": _day(mark.first_seen)}


def _summary(audit: Audit) -> dict[str, Any]:
    found = audit.summary
    return {
        "posts": found.posts,
        "words": found.words,
        "template_share": _share(found.template_share),
        "editorial_share": _share(found.editorial_share),
        "unique_share": _share(found.unique_share),
        "cta": {"ask": found.asks, "weak": found.weak_asks, "none": found.no_asks},
        "expected": list(audit.expected),
        "gone": [{"kind": each.kind, "before": each.before, "gone": each.gone} for each in audit.gone],
    }


def _action(item: Action) -> dict[str, Any]:
    return _mark(item.mark) | {
        "kind": item.kind,
        "posts": list(item.posts),
        "advice": item.advice,
        "weight": round(item.weight, 1),
        "findings": list(item.findings),
        "why": item.why,
    }


def _variant(item: Variant) -> dict[str, Any]:
    return {
        "text": item.text,
        "diff": item.diff,
        "count": item.count,
        "posts": list(item.posts),
        "first_published": _day(item.first),
        "last_published": _day(item.last),
        "reworded": item.reworded,
    }


def _cluster(item: Cluster) -> dict[str, Any]:
    return _mark(item.mark) | {
        "kind": item.kind,
        "role": item.role,
        "text": item.text,
        "posts": item.posts,
        "share": _share(item.share),
        "first_published": _day(item.first_published),
        "last_published": _day(item.last_published),
        "place": item.place,
        "copied": item.copied,
        "variants": [_variant(variant) for variant in item.variants],
    }


def _duplicate(item: Duplicate) -> dict[str, Any]:
    return _mark(item.mark) | {
        "kind": item.kind,
        "a": item.a,
        "b": item.b,
        "a_in_b": _share(item.a_in_b),
        "b_in_a": _share(item.b_in_a),
        "shared_words": item.shared_words,
        "older": item.older,
        "only_a": list(item.only_a),
        "only_b": list(item.only_b),
    }


def _series(item: Series) -> dict[str, Any]:
    return _mark(item.mark) | {
        "posts": list(item.posts),
        "share": _share(item.share),
        "text": item.text,
        "kind": item.kind,
        "names": list(item.names),
    }


def _passage(item: Passage) -> dict[str, Any]:
    return _mark(item.mark) | {"a": item.a, "b": item.b, "words": item.words, "text": item.text, "source": item.source}


def _stale(item: Stale) -> dict[str, Any]:
    return _mark(item.mark) | {
        "post": item.post,
        "kind": item.kind,
        "found": item.found,
        "expected": item.expected,
        "text": item.text,
        "severity": item.severity,
        "published": _day(item.published),
        "learnt": item.learnt,
    }


def _check(item: PostFinding) -> dict[str, Any]:
    return _mark(item.mark) | {
        "check": item.check,
        "post": item.post,
        "found": item.found,
        "expected": item.expected,
        "text": item.text,
        "reason": item.reason,
    }


def _unattributed(item: UnattributedContact) -> dict[str, Any]:
    return {"kind": item.kind, "found": item.found, "posts": list(item.posts), "text": item.text}


def _missing(item: MissingCta) -> dict[str, Any]:
    return _mark(item.mark) | {"post": item.post, "reason": item.reason, "published": _day(item.published)}


def _note(item: CtaNote) -> dict[str, Any]:
    return _mark(item.mark) | {"kind": item.kind, "post": item.post, "text": item.text, "reason": item.reason}


def _deviation(item: Deviation) -> dict[str, Any]:
    return _mark(item.mark) | {"post": item.post, "cluster": item.cluster, "what": item.what}


def _shares(item: Shares) -> dict[str, Any]:
    return {
        "url": item.url,
        "words": item.words,
        "unique_share": _share(item.unique_share),
        "template_share": _share(item.template_share),
        "editorial_share": _share(item.editorial_share),
        "cta": item.ask,
    }


_MARK_COLUMNS = ("id", "new", "accepted", "first_seen")
_CHECK_COLUMNS = ("check", "post", "found", "expected", "text", "reason")
COLUMNS_OF_NONE: dict[str | None, tuple[str, ...]] = {
    None: ("kind", "posts", "advice"),
    "boilerplate": ("role", "wording", "post", "text"),
    "template": ("kind", "cluster", "role", "posts", "share", "text"),
    "duplicates": ("kind", "a", "b", "a_in_b", "b_in_a", "shared_words", "older"),
    "passages": ("a", "b", "words", "text", "source"),
    "stale": ("post", "kind", "found", "expected", "text", "severity", "published"),
    "cta": ("post", "reason", "published", "kind", "text"),
    "links": _CHECK_COLUMNS,
    "notices": _CHECK_COLUMNS,
    "upkeep": _CHECK_COLUMNS,
}
"""Names of the columns of a list that is empty, for whoever opens it as a table; those of others are their rows'."""


def audit_rows(audits: Mapping[str, Audit], kind: str | None) -> Iterator[list[str | int | float | None]]:
    """Yield the rows of one kind of finding for CSV, the names of the columns first; without a kind, the actions.

    One row is one thing to mend: a cluster's wording has a row for each post that carries it. Of several blogs, given
    by their keys, each row begins with its blog.
    """
    several = len(audits) > 1
    rows = [({"site": key} if several else {}) | row for key, found in audits.items() for row in _rows(found, kind)]
    columns = list(rows[0]) if rows else [*(["site"] if several else []), *_MARK_COLUMNS, *COLUMNS_OF_NONE[kind]]
    yield list(columns)
    for row in rows:
        yield [_cell(row.get(column)) for column in columns]


def _rows(audit: Audit, kind: str | None) -> list[dict[str, Any]]:
    forms: dict[str | None, list[dict[str, Any]]] = {
        None: [_action(item) for item in audit.actions],
        "boilerplate": [row for item in audit.clusters if item.kind == "editorial" for row in _cluster_rows(item)],
        "template": [_template_row(item) for item in audit.clusters if item.kind == "template"]
        + [_deviation_row(item) for item in audit.deviations],
        "duplicates": [_duplicate(item) for item in audit.duplicates],
        "passages": [_passage(item) for item in audit.passages],
        "stale": [_stale(item) for item in audit.stale] + [_stale_check(item) for item in audit.checks_of("stale")],
        "cta": [{**_missing(item), "kind": "missing", "text": ""} for item in audit.missing_cta]
        + [{**_note(item), "published": None} for item in audit.cta_notes],
    }
    listed = forms[kind] if kind in forms else [_check(item) for item in audit.checks_of(kind or "")]
    facts = {fact.url: fact for fact in audit.posts}
    return [_dated(row, facts) for row in listed]


def finding_form(audit: Audit, finding_id: str, acceptance: Acceptance | None = None) -> dict[str, Any] | None:
    """Return one finding or action as the form of the audit has it, with its list, and who accepted it and why."""
    for name, rows in audit_form(audit).items():
        found = next((row for row in rows if isinstance(row, dict) and row.get("id") == finding_id), None)
        if found is not None:
            return {"list": name, **found, "acceptance": acceptance_form(acceptance)}
    return None


def acceptance_form(acceptance: Acceptance | None) -> dict[str, Any] | None:
    """Return when a finding was accepted, by whom and why; empty texts where nobody said."""
    if acceptance is None:
        return None
    return {"on": acceptance.on, "by": acceptance.remark.by, "note": acceptance.remark.note}


def post_form(audit: Audit, url: str) -> dict[str, Any]:
    """Return all that the audit says of one post: its shares, and the findings that name it, by list."""
    form = audit_form(audit)
    shares = next((row for row in form["posts"] if row["url"] == url), {"url": url})
    found = {
        name: [row for row in rows if url in _posts_of(row)]
        for name, rows in form.items()
        if isinstance(rows, list) and name != "posts"
    }
    return shares | found


def _posts_of(row: dict[str, Any]) -> set[str]:
    posts = row.get("posts")
    listed = posts if isinstance(posts, list) else [post for v in row.get("variants", ()) for post in v["posts"]]
    return {*listed, *(row[name] for name in ("post", "a", "b") if row.get(name))}


def _stale_check(item: PostFinding) -> dict[str, Any]:
    """Return the finding of a check with the columns of stale values."""
    return _check(item) | {"kind": item.check, "severity": "low"}


FIX_COLUMNS = (*("old", "new", "post", "edit_url", "title", "published", "kind", "before", "after", "sure", "id"),)


def fix_form(item: Fix) -> dict[str, Any]:
    """Return what to replace by what, with the address at which the post is edited, where that is known."""
    plain = {name: getattr(item, name) for name in FIX_COLUMNS if name not in ("id", "published")}
    plain |= {"id": item.finding, "published": _day(item.published)}
    return {name: plain[name] for name in FIX_COLUMNS}


def _template_row(item: Cluster) -> dict[str, Any]:
    return _deviation_columns(item.mark) | {
        "kind": "text",
        "cluster": item.mark.id,
        "role": item.role,
        "posts": item.posts,
        "share": _share(item.share),
        "text": item.text,
    }


def _deviation_row(item: Deviation) -> dict[str, Any]:
    return _deviation_columns(item.mark) | {
        "kind": "deviation",
        "cluster": item.cluster,
        "post": item.post,
        "text": item.what,
    }


def _deviation_columns(mark: Mark) -> dict[str, Any]:
    return _mark(mark) | dict.fromkeys(("kind", "cluster", "role", "posts", "share", "post", "text"))


def _cluster_rows(item: Cluster) -> Iterator[dict[str, Any]]:
    for number, variant in enumerate(item.variants, 1):
        for post in variant.posts:
            yield {
                "id": item.mark.id,
                "role": item.role,
                "wording": number,
                "post": post,
                "posts_with_wording": variant.count,
                "posts_in_all": item.posts,
                "text": variant.text,
                "diff": variant.diff,
                "new": item.mark.new,
                "accepted": item.mark.accepted,
            }


def _cell(value: object) -> str | int | float | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value))
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
