"""Say in a sentence what a cluster refused or could not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import BlogdexError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOST = (
    "search_phase_execution_exception",
    "node_not_connected_exception",
    "node_disconnected_exception",
    "node_closed_exception",
)
"""What is said with 500 of a node that fell away while it was asked."""
_SAFE = "Your posts are safe in the library."


class ClusterError(BlogdexError):
    """The cluster did not do what it was asked for."""


class ClusterUnreachableError(ClusterError):
    """No node answered."""

    def __init__(self, hosts: tuple[str, ...], why: str) -> None:
        super().__init__(f"The search cluster at {', '.join(hosts)} does not answer ({why}). {_SAFE} Try again later.")


class ClusterCertificateError(ClusterError):
    """The other side could not show that it is who it is taken for."""

    def __init__(self, hosts: tuple[str, ...], why: str) -> None:
        if "hostname" in why.lower() or "doesn't match" in why:
            told = "its certificate is of another name. Name it as its certificate does"
        else:
            told = (
                "nobody known signed its certificate. Name the file of its authority: BLOGDEX_OPENSEARCH_CA_FILE=FILE"
            )
        super().__init__(f"The search cluster at {', '.join(hosts)} can't be trusted: {told}. Nothing was sent.")


class PartialAnswerError(ClusterError):
    """A part of the index was not asked: what the rest says would be wrong."""

    def __init__(self, answered: int, parts: int) -> None:
        super().__init__(
            f"The search cluster could look into {answered} of {parts} parts of its index only, so nothing is shown. "
            "Try again later, or ask who runs it: blogdex cluster status"
        )


class NoClusterIndexError(ClusterError):
    """The alias is not there."""

    def __init__(self, index: str) -> None:
        super().__init__(f"The search cluster has no index {index} yet. Make it: blogdex cluster init")


class OtherFormatError(ClusterError):
    """The index was made by another version."""

    def __init__(self, index: str, found: str) -> None:
        super().__init__(
            f"The index {index} on the search cluster was made by another version ({found}). {_SAFE} "
            "Bring this library over: blogdex cluster migrate"
        )


class CopiedLibraryError(ClusterError):
    """Another copy of the library writes to the index."""

    def __init__(self, when: str) -> None:
        super().__init__(
            f"Another copy of this library feeds the search cluster (last {when}). Nothing was changed. If this one is "
            "to take its place: blogdex cluster init --take-over; to stand beside it: blogdex cluster init --as-new"
        )


class PostRefusedError(ClusterError):
    """The cluster did not take a post."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The search cluster refused post {name}: {why}. {_SAFE} Run: blogdex rebuild")


def refusal(status: int, error: object, index: str) -> ClusterError:
    """Return what a refusal means, from its HTTP status and the `error` of its answer."""
    facts: Mapping[str, object] = error if isinstance(error, dict) else {"reason": str(error or "")}
    kind, reason = str(facts.get("type", "")), str(facts.get("reason", ""))
    if is_full(facts):
        return ClusterError(
            "The disks of the search cluster are full, so it takes no more posts. "
            f"{_SAFE} Make room there, then run the same command again."
        )
    if status == 401:
        return ClusterError(
            "The search cluster does not accept the user or the password. Set BLOGDEX_OPENSEARCH_USER and "
            "BLOGDEX_OPENSEARCH_PASSWORD anew."
        )
    if status == 403:
        action = reason.partition("[")[2].partition("]")[0]
        return ClusterError(
            f"The search cluster does not allow this user to do that ({action or kind or 'forbidden'}). "
            "Ask who runs it for a role that does."
        )
    if status == 404 and (kind == "index_not_found_exception" or "alias" in reason or not kind):
        return NoClusterIndexError(index)
    if status == 429:
        return ClusterError(f"The search cluster has too much to do. {_SAFE} Run the same command again later.")
    if is_passing(status, error):
        return ClusterError(
            f"The search cluster can't answer in full now ({kind or status}), so nothing is shown or changed. "
            "Try again later, or look: blogdex cluster status"
        )
    return ClusterError(f"The search cluster refused: {status} {kind} {reason[:200]}".rstrip() + f". {_SAFE}")


def is_passing(status: int, error: object) -> bool:
    """Tell whether a refusal may be otherwise in a moment: too much to do, or a node that is not there just now.

    3.x says 500 where a part of the index was lost between two phases of a search, 2.x 503; both say 500 where a node
    fell away that nobody has missed yet.
    """
    lost = status == 500 and isinstance(error, dict) and error.get("type") in _LOST
    return (status in (429, 502, 503, 504) or lost) and not is_full(error)


def is_full(error: object) -> bool:
    """Tell whether an error says that the disks are full, which no waiting mends."""
    facts = error if isinstance(error, dict) else {}
    reason = str(facts.get("reason", ""))
    return facts.get("type") == "cluster_block_exception" and ("read-only" in reason or "flood-stage" in reason)
