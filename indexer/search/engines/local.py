"""Keep an index in a folder on this machine: stamped with its format, sealed by a manifest, swapped in one step."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from indexer.errors import IndexUnusableError
from indexer.search import manifest
from indexer.search.engine import Checksum, VocabularyEntry, seal
from indexer.search.words.spelling import one_slip_away

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from indexer.search.engine import Plan, Results, Vocabulary

_STAMP = "format"


class LocalEngine:
    """What engines on this machine have in common; one of them says how it is opened, read and written."""

    name: ClassVar[str]
    form: ClassVar[str]
    """What is written beside the index; an index of another format is made again, never read."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def search(self, plan: Plan) -> Results:
        """Run the plan."""
        raise NotImplementedError

    def known(self, words: Iterable[str]) -> Mapping[str, VocabularyEntry]:
        """Return those of the folded words that some article has."""
        raise NotImplementedError

    def starting(self, prefix: str, limit: int | None = None) -> Mapping[str, VocabularyEntry]:
        """Return the folded words that start so, the commonest first."""
        raise NotImplementedError

    def ids(self) -> Iterable[tuple[int, str]]:
        """Return id and digest of every article in the index."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of files."""
        raise NotImplementedError

    def foresee(self, asking: Callable[[Vocabulary], object]) -> None:
        """Do nothing: what is near is asked when it is needed."""

    def totals(self, plans: Iterable[Plan]) -> Iterator[int]:
        """Return how many articles each plan matches, one after the other as they are wanted."""
        for plan in plans:
            yield self.search(plan._replace(limit=0, facets=())).total

    def similar(self, word: str, slips: int) -> Mapping[str, VocabularyEntry]:
        """Return the folded words at most so many slips away, and some that are further."""
        if slips == 1:
            return self.known(one_slip_away(word))
        letters = set(word)
        return {
            other: entry
            for other, entry in self.starting("").items()
            if abs(len(other) - len(word)) <= slips and len(letters.difference(other)) <= slips
        }

    def checksum(self) -> Checksum:
        """Return what tells whether the index holds what the library does."""
        seals = [seal(article_id, digest) for article_id, digest in self.ids()]
        return Checksum(len(seals), sum(seals))

    def exists(self) -> bool:
        """Tell whether there is an index, of whatever state."""
        return os.path.isdir(self._folder)  # noqa: PTH112

    def check(self) -> None:
        """Read all of the index. Raise `DamagedIndexError` where anything is not what was written."""
        manifest.check(self._folder, wholly=True)

    def discard(self) -> None:
        """Take the index away."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Take the seals off while the index is changed; after an error nothing is promised of it."""
        self.close()
        self._check_format()
        before = manifest.drop(Path(self._folder))
        yield
        self.close()
        if self.exists():
            manifest.save(Path(self._folder), before)

    @contextmanager
    def rebuilding(self) -> Iterator[Self]:
        """Give an empty index in a folder beside, and exchange the two folders when the block ends without an error."""
        from indexer.search.swap import take_place

        making = Path(f"{self._folder}.new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        fresh = type(self)(str(making))
        try:
            yield fresh
        finally:
            fresh.close()
        manifest.save(making)
        self.close()
        take_place(making, Path(self._folder))

    def _is_written(self) -> bool:
        """Tell whether an index was ever completed here. Raise `IndexUnusableError` for one that is damaged."""
        manifest.check(self._folder)
        return self._check_format()

    def _check_format(self) -> bool:
        """Tell whether an index was ever completed. Raise `IndexUnusableError` where it has another format."""
        try:
            with open(f"{self._folder}/{_STAMP}", encoding="utf-8") as file:  # noqa: PTH123
                if file.read() != self.form:
                    raise IndexUnusableError
        except FileNotFoundError:
            return False
        except (OSError, UnicodeDecodeError) as problem:
            raise IndexUnusableError from problem
        return True


def save_format(folder: Path, form: str) -> None:
    """Write down in which format the index in the folder is."""
    if not (folder / _STAMP).exists():
        written = folder / f"{_STAMP}.new"
        written.write_text(form, encoding="utf-8")
        written.replace(folder / _STAMP)
