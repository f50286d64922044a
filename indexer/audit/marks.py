"""Give findings ids that stay the same from build to build."""

from __future__ import annotations

from hashlib import blake2b

from indexer.audit.findings import Mark


def identify(prefix: str, *parts: str) -> str:
    """Return a short id made from what the finding is about: equal parts give equal ids."""
    digest = blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{prefix}-{digest}"


def mark(prefix: str, *parts: str) -> Mark:
    """Return the mark of a finding that nobody has seen or accepted yet."""
    return Mark(identify(prefix, *parts))
