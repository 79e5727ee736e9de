"""School years as ages, by country, and hints of being under or over 18 (`data/lexicon`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from breakwater.understanding.lexicon import LexiconBroken, read_list
from breakwater.understanding.phrase_tree import PhraseTree
from breakwater.understanding.phrases import PhraseBroken
from breakwater.understanding.text import Text

T = TypeVar("T")


@dataclass(frozen=True)
class SchoolYear:
    """The usual ages in one school year; `country` is empty where no country is named."""

    age_min: int
    age_max: int
    country: str = ""
    own: bool = True


NOT_OWN = SchoolYear(0, 0, own=False)


class SchoolYears:
    """Reads "year 10", "9th grade", "4 havo" in a text. May be shared by threads."""

    def __init__(self, tree: PhraseTree[SchoolYear], countries: Mapping[str, str], hints: PhraseTree[str]) -> None:
        self._tree = tree
        self._countries = countries
        self._hints = hints

    @classmethod
    def load(cls, folder: Path) -> SchoolYears:
        """Raises `LexiconBroken` naming file and phrase."""
        file = folder / "school_years.yml"
        content = read_list(file)
        tree: PhraseTree[SchoolYear] = PhraseTree()
        rows = [
            (SchoolYear(int(row["min"]), int(row["max"]), row.get("country", "")), phrase)
            for row in content.get("years", [])
            for phrase in row["phrases"]
        ]
        for year, phrase in [*rows, *((NOT_OWN, phrase) for phrase in content.get("not_own", []))]:
            _add(tree, file, phrase, year)
        hints: PhraseTree[str] = PhraseTree()
        for kind, group in read_list(folder / "age_hints.yml").items():
            for phrase in group["phrases"] if isinstance(group, dict) else ():
                _add(hints, folder / "age_hints.yml", phrase, kind)
        countries = {word: code for code, words in content.get("countries", {}).items() for word in words}
        return cls(tree, countries, hints)

    def find(self, text: Text) -> list[tuple[SchoolYear, int, int]]:
        """The school years in `text` with the places of their words, others' years left out."""
        country = next((self._countries[w.norm] for w in text.words if w.norm in self._countries), "")
        found = self._tree.find(text)
        not_own = {at for year, start, end in found if not year.own for at in range(start, end)}
        mine = [f for f in found if f[0].own and f[1] not in not_own and f[0].country in ("", country)]
        here = {f[1] for f in mine if f[0].country}
        return [f for f in mine if f[0].country or f[1] not in here]

    def hints(self, text: Text) -> dict[str, tuple[int, int]]:
        """`minor`, `adult`, `other_minor` and the place of the first words that show it."""
        found: dict[str, tuple[int, int]] = {}
        for kind, start, end in self._hints.find(text):
            found.setdefault(kind, (start, end))
        return found


def _add(tree: PhraseTree[T], file: Path, phrase: str, value: T) -> None:
    try:
        tree.add(phrase, value, {})
    except PhraseBroken as error:
        raise LexiconBroken(f"{file.name}, phrase {phrase!r}: {error}") from error
