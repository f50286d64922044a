"""Score the language of posts: alone, stating English, and with others of their site.

Usage: language.py SENTENCES.json    {"es": ["…", …], …}, such as the `# text` lines of Universal Dependencies treebanks
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from scraper.text.language import LanguageEvidence, hear, settle
from scraper.text.tags import primary

POSTS = 50
SITE = 30


def paragraph(sentences: list[str], chance: random.Random, most: int) -> str:
    """Return up to so many sentences in a row."""
    number = chance.randint(1, most)
    start = chance.randrange(len(sentences) - number)
    return " ".join(sentences[start : start + number])


def main() -> None:
    """Print the share of posts whose language is right."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for most in (1, 4):
        chance = random.Random(most)
        alone, stating, sited, number = 0, 0, 0, 0
        for code, sentences in texts.items():
            if len(sentences) <= most:
                continue
            wanted = primary(code)
            heard = [hear(paragraph(sentences, chance, most)) for _ in range(POSTS)]
            number += POSTS
            alone += sum(settle([LanguageEvidence(None, one)]) == [wanted] for one in heard)
            stating += sum(primary(settle([LanguageEvidence("en", one)])[0]) == wanted for one in heard)
            for start in range(POSTS):
                site = (heard + heard)[start : start + SITE + 1]
                sited += primary(settle([LanguageEvidence("en", one) for one in site])[0]) == wanted
        print(
            f"1-{most} sentences, {number} posts: alone {alone / number:.4f}, alone and stating English "
            f"{stating / number:.4f}, with {SITE} of a site that states English {sited / number:.4f}"
        )


if __name__ == "__main__":
    main()
