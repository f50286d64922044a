"""Lay out an audit as lines: what to do, what recurs, what is stale, where copies and gaps are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.audit.similarity.variants import families, steps
from indexer.present.terminal.check_views import SHOWN, around, check_lines, said
from indexer.present.terminal.style import style
from indexer.present.terminal.text import clean, one_line, pad, shorten, width, wrap
from indexer.quantities import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from indexer.audit.findings import Audit, Cluster, Duplicate, Mark, Passage, Series, Stale, Variant
    from indexer.audit.fixes import Fix
    from indexer.audit.memory.accepted import Acceptance

_WORDINGS = 5
_NAME = 160
_BAR = 30
"""Wordings of a cluster, characters of a finding's name and cells of half a bar; chosen: a kind
fits on a screen."""
_COLORS = {"fix-phone": "red", "fix-brand": "red", "fix-email": "red", "add-cta": "yellow"}


def summary_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield what the blog is made of and the ranked list of actions; what was accepted is only counted."""
    found = audit.summary
    own = f"{count(found.words, 'word')} in {count(found.posts, 'post')}"
    yield style(f"{own}: {found.unique_share:.0%} unique, {found.editorial_share:.0%} repeated", "bold")
    yield _bar((found.unique_share, found.editorial_share, found.template_share), min(_BAR * 2, cells - 2))
    yield (
        f"unique {found.unique_share:.0%} · repeated by editors {found.editorial_share:.0%}"
        f" · printed by the theme {found.template_share:.0%}"
    )
    yield f"Calls to action: {count(found.asks, 'post')} ask, {found.weak_asks:,} only invite, {_without_ask(audit)}"
    for line in audit.expected:
        yield style(f"taken for true: {one_line(line)}", "dim")
    for gone in audit.gone:
        yield style(f"since the audit before: {gone.gone:,} of {gone.before:,} {gone.kind} gone", "green")
    yield ""
    actions = [action for action in audit.actions if not action.mark.accepted]
    if not actions:
        yield style("Nothing to do.", "green")
        return
    yield style(f"{count(len(actions), 'action')}, most urgent first", "bold")
    for number, action in enumerate(actions[:shown], 1):
        flag = _flag(action.mark, audit)
        room = max(24, cells - 5 - width(flag) - 14)
        color = _COLORS.get(action.kind)
        looks = ("bold", color) if color else ("bold",)
        newest = action.why.partition(", ")[2]
        advice = one_line(action.advice) + (f" · {newest}" if newest else "")
        (start, end), *rest = wrap(advice, room)
        begin = style(pad(advice[start:end], room), *looks)
        yield f"{number:>3}  {begin}{style(flag, 'yellow')} {style(action.mark.id, 'dim')}"
        yield from (f"     {style(advice[left:right], *looks)}" for left, right in rest)
    if len(actions) > shown:
        yield style(f"     and {len(actions) - shown:,} more: blogdex audit --json", "dim")
    yield ""
    yield "Which posts: blogdex audit show ID · All right as it is: blogdex audit accept ID"


def library_lines(audits: Mapping[str, Audit], cells: int) -> Iterator[str]:
    """Yield a line for each blog of a library: its posts, and what is to be done first."""
    posts = sum(found.summary.posts for found in audits.values())
    yield style(f"{count(len(audits), 'blog')}, {count(posts, 'post')}", "bold")
    room = max(width(key) for key in audits)
    for key, found in audits.items():
        todo = [action for action in found.actions if not action.mark.accepted]
        first = f", first: {one_line(todo[0].advice)}" if todo else ""
        told = f"{pad(one_line(key), room)}  {count(found.summary.posts, 'post')}, {count(len(todo), 'action')}{first}"
        yield shorten(told, cells)


def blog_line(key: str) -> str:
    """Return the heading of a blog's own audit."""
    return style(one_line(key), "bold", "blue")


def _without_ask(audit: Audit) -> str:
    """Return how many posts have no call to action, those that were accepted so apart."""
    accepted = sum(finding.mark.accepted for finding in audit.missing_cta)
    told = f"{audit.summary.no_asks - accepted:,} have none"
    return f"{told} ({accepted:,} accepted so)" if accepted else told


def _bar(shares: Sequence[float], cells: int) -> str:
    signs = ("█", "▒", "░")
    looks = ("green", "yellow", "dim")
    sizes = [round(share * cells) for share in shares]
    return "".join(style(sign * size, look) for sign, size, look in zip(signs, sizes, looks, strict=True))


def _flag(mark: Mark, audit: Audit) -> str:
    """Return ` new` for what earlier audits did not have, unless everything is new."""
    every = all(action.mark.new for action in audit.actions)
    return " new" if mark.new and not every else ""


def boilerplate_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield the paragraphs that editors repeat, each with its wordings; what recurs with copied posts is counted."""
    found = [cluster for cluster in audit.clusters if cluster.kind == "editorial" and not cluster.mark.accepted]
    found.sort(key=lambda cluster: (cluster.copied, -cluster.posts))
    own = [cluster for cluster in found if not cluster.copied]
    if not own:
        yield "No paragraph recurs."
    for cluster in own[:shown]:
        yield from _cluster_lines(cluster, cells, _WORDINGS)
        yield ""
    if len(own) > shown:
        yield f"and {count(len(own) - shown, 'more paragraph')}: blogdex audit boilerplate --json"
    if len(found) > len(own):
        yield style(f"{count(len(found) - len(own), 'paragraph')} recur only because whole posts do.", "dim")


def _cluster_lines(cluster: Cluster, cells: int, wordings: int) -> Iterator[str]:
    facts = f"{count(len(cluster.variants), 'wording')} · {count(cluster.posts, 'post')} ({cluster.share:.0%})"
    facts += f" · {cluster.role}, {cluster.place} · {cluster.mark.id}"
    yield style(shorten(one_line(cluster.text), cells), "bold")
    yield "  " + style(facts, "dim")
    yield from _variant_lines(cluster, cluster.variants[0], 1, cells)
    if filled := cluster.filled:
        days = sorted(day for variant in filled for day in (variant.first, variant.last) if day)
        posts = len({url for variant in filled for url in variant.posts})
        lead = _lead("", posts, _span(days[0], days[-1]) if days else "")
        yield lead + style("the same words, other names, numbers or links", "dim")
    reworded = families(cluster)
    numbers = {variant.text: number for number, variant in enumerate(cluster.variants, 1)}
    for variant in reworded[: wordings - 1]:
        yield from _variant_lines(cluster, variant, numbers[variant.text], cells)
    left = len(reworded) - (wordings - 1)
    if left > 0:
        yield style(f"  and {count(left, 'more wording')}: blogdex audit show {cluster.mark.id}", "dim")


def _variant_lines(cluster: Cluster, variant: Variant, number: int, cells: int) -> Iterator[str]:
    lead = _lead(f"V{number}", variant.count, _span(variant.first, variant.last))
    if not variant.diff:
        yield lead + style("this wording" if number == 1 else "the same words", "dim")
        return
    yield lead + _changes(cluster.text, variant.text, cells - width(lead))


def _lead(name: str, posts: int, span: str) -> str:
    return f"  {name:<4}{posts:>5} {'post ' if posts == 1 else 'posts'}  {pad(span, 17)}  "


def _changes(old: str, new: str, cells: int) -> str:
    """Return what changed, with a little of what stands around it, in so many cells."""
    pieces: list[tuple[str, str]] = []
    for step in steps(one_line(old), one_line(new)):
        text = step.text
        if step.change == "same":
            words = text.split()
            text = text if len(words) <= 4 else f"{words[0]} … {words[-1]}" if pieces else f"… {words[-1]}"
        pieces.append((step.change, text))
    if pieces and pieces[-1][0] == "same" and pieces[-1][1].count("…"):
        pieces[-1] = ("same", pieces[-1][1].split(" … ")[0] + " …")
    shown, used = [], 0
    looks = {"same": (), "out": ("red",), "in": ("green",)}
    for change, text in pieces:
        marked = {"same": text, "out": f"[-{text}-]", "in": f"{{+{text}+}}"}[change]
        room = cells - used
        if room < 4:
            break
        cut = shorten(marked, room)
        used += width(cut) + 1
        shown.append(style(cut, *looks[change]))
    return " ".join(shown)


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    one, other = f"{first:%Y-%m}", f"{last:%Y-%m}"
    return one if one == other else f"{one} → {other}"


def stale_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield the values that are no longer true, each with its posts from the newest."""
    open_ones = [finding for finding in audit.stale if not finding.mark.accepted]
    groups: dict[tuple[str, str, str | None], list[Stale]] = {}
    for finding in open_ones:
        groups.setdefault((finding.kind, finding.found.lower(), finding.expected), []).append(finding)
    checks = [finding for finding in audit.checks_of("stale") if not finding.mark.accepted]
    if not groups and not checks:
        yield "Nothing stale was found."
    for (kind, _, expected), found in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0][:2])):
        now = f", now {one_line(expected)}" if expected else ""
        doubt = "" if not found[0].learnt else " (by the newest posts)"
        low = "" if found[0].severity == "high" else "  perhaps"
        head = f'{kind} "{one_line(found[0].found)}"{now}{doubt}{low}: {count(len(found), "post")}'
        yield from (style(head[start:end], "bold") for start, end in wrap(head, cells))
        for finding in found[:shown]:
            day = finding.published.isoformat() if finding.published else "no date   "
            yield f"  {day}  {style(shorten(one_line(finding.post), cells - 14), 'blue')}"
            yield f"              {shorten(around(finding.text, finding.found), cells - 14)}"
        if len(found) > shown:
            yield style(f"  and {count(len(found) - shown, 'more post')}: blogdex audit stale --csv", "dim")
    if open_ones:
        posts = len({finding.post for finding in open_ones})
        carry = "carries" if posts == 1 else "carry"
        yield style(f"{count(posts, 'post')} {carry} an old value. List them: blogdex audit stale --csv", "dim")
    yield from check_lines(checks[:shown], cells)
    if audit.unattributed:
        yield ""
        yield style(
            f"{count(len(audit.unattributed), 'other number or address', 'other numbers and addresses')}:", "dim"
        )
        for contact in audit.unattributed[:shown]:
            yield style(f"  {one_line(contact.found)}  {count(len(contact.posts), 'post')}", "dim")


def fix_lines(found: Sequence[Fix], cells: int) -> Iterator[str]:
    """Yield what to replace, each with its post, where that is edited, and the words before and after."""
    if not found:
        yield "Nothing to replace."
    for fix in found:
        doubt = "" if fix.sure else "  perhaps"
        yield style(f'{fix.kind} "{one_line(fix.old)}" becomes "{one_line(fix.new)}"{doubt}', "bold")
        yield f"  {style(shorten(one_line(fix.edit_url or fix.post), cells - 2), 'blue')}"
        yield "  " + style(shorten(f"- {one_line(fix.before)}", cells - 2), "red")
        yield "  " + style(shorten(f"+ {one_line(fix.after)}", cells - 2), "green")
    if found:
        yield style(f"{count(len(found), 'change')}. As a table: blogdex audit fixes --csv", "dim")


def duplicates_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield the posts that are copies of others, and series of posts made after one pattern."""
    found = [finding for finding in audit.duplicates if not finding.mark.accepted]
    if not found and not audit.series:
        yield "No post is a copy of another."
    for finding in found[:shown]:
        yield from _duplicate_lines(finding, cells)
    if len(found) > shown:
        yield style(f"and {count(len(found) - shown, 'more pair')}: blogdex audit duplicates --csv", "dim")
    for series in audit.series:
        yield from _series_lines(series, cells)


def _series_lines(series: Series, cells: int) -> Iterator[str]:
    head = f"{one_line(series.called)}, sharing {series.share:.0%} on average"
    yield f"{style(head, 'bold')}  {style(series.mark.id, 'dim')}"
    yield "  " + shorten(one_line(series.text), cells - 2)


def _duplicate_lines(finding: Duplicate, cells: int) -> Iterator[str]:
    same = f"{finding.kind}: {finding.a_in_b:.0%} of the first in the second, {finding.b_in_a:.0%} the other way"
    yield f"{style(same, 'bold')}  {count(finding.shared_words, 'word')}  {style(finding.mark.id, 'dim')}"
    for url in (finding.a, finding.b):
        older = " older" if url == finding.older else ""
        yield f"  {style(shorten(one_line(url), cells - 10), 'blue')}{older}"
    if finding.only_a and finding.only_b:
        yield "  " + _changes(one_line(finding.only_a[0]), one_line(finding.only_b[0]), cells - 2)
    elif finding.only_a or finding.only_b:
        yield "  " + _changes("", one_line((finding.only_b or finding.only_a)[0]), cells - 2)


def _whole_duplicate(finding: Duplicate, cells: int) -> Iterator[str]:
    """Yield a pair with all that differs, uncut: what only the first has, then what only the second has."""
    yield from list(_duplicate_lines(finding, cells))[:3]
    for sign, texts, look in (("-", finding.only_a, "red"), ("+", finding.only_b, "green")):
        for text in texts:
            line = one_line(text)
            for i, (start, end) in enumerate(wrap(line, cells - 4)):
                yield style(f"  {sign if i == 0 else ' '} {line[start:end]}", look)


def passages_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield the passages that posts have word for word from others, longest first."""
    found = [finding for finding in audit.passages if not finding.mark.accepted]
    if not found:
        yield "No passage stands in two posts."
    for finding in found[:shown]:
        yield from _passage_lines(finding, cells)
        yield f"  {shorten(one_line(finding.text), cells - 2)}"
    if len(found) > shown:
        yield style(f"and {count(len(found) - shown, 'more passage')}: blogdex audit passages --csv", "dim")


def _passage_lines(finding: Passage, cells: int) -> Iterator[str]:
    yield f"{style(count(finding.words, 'word'), 'bold')}  {style(finding.mark.id, 'dim')}"
    for url in (finding.a, finding.b):
        source = " source" if url == finding.source else ""
        yield f"  {style(shorten(one_line(url), cells - 11), 'blue')}{source}"


def cta_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield the posts that ask their reader for nothing, then the ones that only invite or ask twice."""
    missing = [finding for finding in audit.missing_cta if not finding.mark.accepted]
    found = audit.summary
    yield style(f"{count(found.asks, 'post')} ask, {found.weak_asks:,} only invite, {_without_ask(audit)}", "bold")
    for finding in missing[:shown]:
        day = finding.published.isoformat() if finding.published else "no date   "
        yield f"  none     {day}  {style(shorten(one_line(finding.post), cells - 23), 'blue')}"
    if len(missing) > shown:
        yield style(f"  and {count(len(missing) - shown, 'more post')}: blogdex audit cta --csv", "dim")
    notes = [note for note in audit.cta_notes if not note.mark.accepted]
    for note in notes[:shown]:
        yield f"  {pad(note.kind, 8)} {style(shorten(one_line(note.post), cells - 11), 'blue')}"
        said = note.reason if note.kind == "location" else note.text
        yield f"           {shorten(one_line(said), cells - 11)}"
    if len(notes) > shown:
        yield style(f"  and {len(notes) - shown:,} more: blogdex audit cta --csv", "dim")


def template_lines(audit: Audit, cells: int, shown: int = SHOWN) -> Iterator[str]:
    """Yield what the theme prints around the posts, and where pages deviate from it."""
    found = [cluster for cluster in audit.clusters if cluster.kind == "template"]
    if not found:
        yield "Nothing was set aside as template on several posts."
    for cluster in found[:shown]:
        room = max(20, cells - 26)
        text = pad(shorten(f'"{one_line(cluster.text)}"', room), room)
        yield f"{cluster.posts:>6,} {cluster.share:>4.0%}  {pad(cluster.role, 10)}  {text}".rstrip()
    if len(found) > shown:
        yield style(f"and {count(len(found) - shown, 'more text')}: blogdex audit template --json", "dim")
    odd = [finding for finding in audit.deviations if not finding.mark.accepted]
    if odd:
        yield ""
        yield style(f"{count(len(odd), 'page deviates', 'pages deviate')}", "bold")
    for finding in odd[:shown]:
        yield f"  {style(shorten(one_line(finding.post), cells - 4), 'blue')}"
        yield f"    {shorten(one_line(finding.what), cells - 4)}"
    if len(odd) > shown:
        yield style(f"  and {len(odd) - shown:,} more: blogdex audit template --csv", "dim")


def finding_lines(audit: Audit, finding_id: str, cells: int) -> Iterator[str]:
    """Yield everything about one finding or action; nothing where there is none with that id."""
    for cluster in audit.clusters:
        if cluster.mark.id == finding_id:
            yield from _whole_cluster(cluster, cells)
            return
    for action in audit.actions:
        if action.mark.id == finding_id:
            yield style(one_line(action.advice), "bold")
            yield from (f"  {style(one_line(url), 'blue')}" for url in action.posts)
            return
    for duplicate in audit.duplicates:
        if duplicate.mark.id == finding_id:
            yield from _whole_duplicate(duplicate, cells)
            return
    for series in audit.series:
        if series.mark.id == finding_id:
            yield from _series_lines(series, cells)
            yield from (f"  {style(one_line(url), 'blue')}" for url in series.posts)
            return
    for passage in audit.passages:
        if passage.mark.id == finding_id:
            yield from _passage_lines(passage, cells)
            yield from _paragraph(passage.text, cells)
            return
    for own, url, text in _of_one_post(audit):
        if own == finding_id:
            yield style(one_line(url), "blue")
            yield from _paragraph(text, cells)
            return


def acceptance_lines(acceptance: Acceptance | None) -> Iterator[str]:
    """Yield when a finding was accepted, by whom and why; nothing where it was not."""
    if acceptance is not None:
        by = f" by {acceptance.remark.by}" if acceptance.remark.by else ""
        note = f": {acceptance.remark.note}" if acceptance.remark.note else ""
        yield one_line(f"Accepted {acceptance.on}{by}{note}")


def finding_name(audit: Audit, finding_id: str) -> str:
    """Return a finding or an action in one short line; empty where there is none with that id."""
    return shorten(one_line(next((name for own, name in _names(audit) if own == finding_id), "")), _NAME)


def _names(audit: Audit) -> Iterator[tuple[str, str]]:
    """Yield the id of every finding and action with what to call it by."""
    yield from ((cluster.mark.id, f'"{cluster.text}"') for cluster in audit.clusters)
    yield from ((action.mark.id, action.advice) for action in audit.actions)
    yield from ((pair.mark.id, f"{pair.a} and {pair.b}") for pair in audit.duplicates)
    yield from ((series.mark.id, f'{count(len(series.posts), "post")} like "{series.text}"') for series in audit.series)
    yield from ((passage.mark.id, f'"{passage.text}"') for passage in audit.passages)
    yield from ((own, f"{text.partition(chr(10))[0]}: {url}") for own, url, text in _of_one_post(audit))


def _of_one_post(audit: Audit) -> Iterator[tuple[str, str, str]]:
    """Yield id, post and words of every finding that is about a single post."""
    for stale in audit.stale:
        now = f', now "{stale.expected}"' if stale.expected else ""
        yield stale.mark.id, stale.post, f'{stale.kind} "{stale.found}"{now}\n{stale.text}'
    for missing in audit.missing_cta:
        yield missing.mark.id, missing.post, missing.reason
    for note in audit.cta_notes:
        yield note.mark.id, note.post, f"{note.reason}\n{note.text}"
    for deviation in audit.deviations:
        yield deviation.mark.id, deviation.post, deviation.what
    for check in audit.checks:
        yield check.mark.id, check.post, f"{said(check)}\n{check.text}".rstrip()


def _whole_cluster(cluster: Cluster, cells: int) -> Iterator[str]:
    facts = f"{cluster.kind}, {cluster.role}, {cluster.place} · {count(cluster.posts, 'post')} ({cluster.share:.0%})"
    yield style(facts + (" · accepted" if cluster.mark.accepted else ""), "bold")
    yield from _paragraph(cluster.text, cells)
    for number, variant in enumerate(cluster.variants, 1):
        yield ""
        span = _span(variant.first, variant.last)
        yield style(f"V{number}  {count(variant.count, 'post')}  {span}", "bold")
        if variant.diff:
            looks = {"same": (), "out": ("red",), "in": ("green",)}
            signs = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
            found = steps(one_line(cluster.text), one_line(variant.text))
            yield "  " + " ".join(style(signs[step.change].format(step.text), *looks[step.change]) for step in found)
        yield from (f"  {style(one_line(url), 'blue')}" for url in variant.posts)


def _paragraph(text: str, cells: int) -> Iterator[str]:
    for line in clean(text).split("\n"):
        for start, end in wrap(line, cells - 2):
            yield "  " + line[start:end]


def why_lines(audit: Audit, url: str, cells: int) -> Iterator[str]:
    """Yield everything that the audit says of one post; nothing where it did not look at it."""
    shares = next((item for item in audit.shares if item.url == url), None)
    if shares is None:
        return
    yield style(one_line(url), "blue")
    yield (
        f"{count(shares.words, 'word')} · unique {shares.unique_share:.0%} · repeated {shares.editorial_share:.0%}"
        f" · theme {shares.template_share:.0%} · call to action: {shares.ask}"
    )
    for cluster in audit.clusters:
        for number, variant in enumerate(cluster.variants, 1):
            if cluster.kind == "editorial" and url in variant.posts:
                lead = f"repeats  {cluster.mark.id}  {cluster.role}, {count(cluster.posts, 'post')}, wording {number}: "
                yield lead + shorten(one_line(variant.text), max(20, cells - width(lead)))
    for stale in audit.stale:
        if stale.post == url:
            now = f', now "{one_line(stale.expected)}"' if stale.expected else ""
            told = f'stale    {stale.mark.id}  {stale.kind} "{one_line(stale.found)}"{now}'
            yield from (told[start:end] for start, end in wrap(told, cells))
    for duplicate in audit.duplicates:
        if url in (duplicate.a, duplicate.b):
            other = duplicate.b if url == duplicate.a else duplicate.a
            yield f"{pad(duplicate.kind, 8)} {duplicate.mark.id}  copy, the other is {one_line(other)}"
    for series in audit.series:
        if url in series.posts:
            yield f"series   {series.mark.id}  one of {len(series.posts):,} posts: {one_line(series.called)}"
    for passage in audit.passages:
        if url in (passage.a, passage.b):
            other = passage.b if url == passage.a else passage.a
            yield f"passage  {passage.mark.id}  {count(passage.words, 'word')} also in {one_line(other)}"
    for missing in audit.missing_cta:
        if missing.post == url:
            yield f"no cta   {missing.mark.id}  {missing.reason}"
    for note in audit.cta_notes:
        if note.post == url:
            yield f"{pad(note.kind, 8)} {note.mark.id}  {note.reason}"
    for check in audit.checks:
        if check.post == url:
            yield f'check    {check.mark.id}  "{one_line(check.found)}": {one_line(check.reason)}'
    for deviation in audit.deviations:
        if deviation.post == url:
            yield f"template {deviation.mark.id}  {one_line(deviation.what)}"
