"""What speaks for each crossing in a text: names, spellings of them, numbers of bridges, towns and countries."""

from collections.abc import Iterator
from itertools import pairwise

from crossings.gazetteer import cities, journey, likeness, spelling
from crossings.gazetteer.context import STOP_WORDS, Kind, words
from crossings.gazetteer.name_index import BRIDGE, FUZZY_FROM, KnownNames
from crossings.gazetteer.named_places import Name
from crossings.gazetteer.scores import Scores
from crossings.gazetteer.text import LIKENED, Text, read_text
from crossings.models import Crossing

IN_CONTEXT = 0.7  # what a name counts that may also be something else, beside a word of borders alone
SURE = 0.9  # nobody looks for misspelt names beside one so sure
ENOUGH = 0.4
FROM_TOWNS = 0.6
LONGEST_LIKENED = 40  # letters: no name is so long, and looking costs their square
SHORT_NAME = 0.6
NUMBERED = 0.9
PIECE = 0.7  # what a name without its first word, or its last, is worth
BEFORE_BRIDGE, AFTER_BRIDGE = 5, 3  # words among which the number of a bridge stands
PAIRS_ALIKE = 0.84  # two words as one name; less than that are too many pairs of everyday words


class Gazetteer(KnownNames):
    """Says which crossings a text names."""

    def best(self, text: str, *, by_countries: bool = True) -> int | None:
        """The crossing that most speaks for, if anything speaks for it alone.

        If nothing does, the only one between two countries that are named: a guess, which makes no link
        (not `by_countries`).
        """
        read = read_text(text, self)
        scores = self._scores(read)
        ranked = sorted(
            scores.items(), key=lambda item: (round(item[1], 3), self.places[item[0]].rank, -item[0]), reverse=True
        )
        if not ranked or ranked[0][1] < ENOUGH:
            return self._guess(read) if by_countries else None
        level = [pk for pk, score in ranked if round(score, 3) == round(ranked[0][1], 3)]
        if len(level) > 1 and len(spelt := [pk for pk in level if self._is_spelt_so(read, pk)]) == 1:
            return spelt[0]
        if len(ranked) > 1 and self._are_level(ranked[0], ranked[1]):
            return None
        return ranked[0][0]

    def _is_spelt_so(self, read: Text, pk: int) -> bool:
        """Whether a name of it stands in the text letter for letter: "La Linea" is not "La Línea"."""
        raw = read.raw.casefold()
        return any(spelling_.casefold() in raw for spelling_ in self.spellings.get(pk, ()))

    def _guess(self, read: Text) -> int | None:
        """The crossing on the way from one city to another, or else the only one between two countries."""
        found = journey.crossing_between(read, self)
        return journey.only_between(read, self) if found is None else found

    def _are_level(self, first: tuple[int, float], second: tuple[int, float]) -> bool:
        same = round(first[1], 3) == round(second[1], 3)
        return same and self.places[first[0]].rank == self.places[second[0]].rank

    def countries_in(self, text: str) -> set[str]:
        """The codes of the countries that a text names."""
        return read_text(text, self).countries & self.country_titles.keys()

    def between_any(self, codes: set[str]) -> list[int]:
        """The crossings between any two of these countries."""
        return [pk for pair, pks in self.between.items() if pair <= codes for pk in pks]

    def named(self, text: str) -> list[int]:
        """The crossings that are named in it as they are written, and by names that mean no other."""
        read = read_text(text, self)
        scores = self._exact(read)
        return [pk for pk, score in sorted(scores.by_place.items(), key=lambda item: -item[1]) if score >= 0.65]

    def called(self, text: str) -> list[int]:
        """The crossings that are called just so, those spelt in most ways first, be it an everyday word as well."""
        name = self.exact.get(spelling.key(text))
        return sorted(name.places, key=lambda pk: (-self.places[pk].names_count, pk)) if name else []

    def words_beside(self, text: str) -> list[str]:
        """The words of a text that are no part of the names in it."""
        read = read_text(text, self)
        scores = self._names_in(read)
        return [
            word
            for place, word in enumerate(read.words)
            if place not in scores.used and not any(key in word for key in scores.keys if not key.isascii())
        ]

    def scores(self, text: str) -> dict[int, float]:
        """What speaks for each crossing that a text may be about."""
        return self._scores(read_text(text, self))

    def _scores(self, read: Text) -> dict[int, float]:
        scores = self._names_in(read)
        if not scores.has_name_of_its_own:
            self._add_towns(read, scores)
        for pk in scores.by_place:
            beside = read.towns.get(pk, set()) - scores.keys
            scores.by_place[pk] += 0.15 * len(beside) + 0.1 * self._countries_of(read, pk)
        return scores.by_place

    def _names_in(self, read: Text) -> Scores:
        """Names as they are written; if none is sure, also as somebody heard or mistyped them."""
        scores = self._exact(read)
        self._find_in_spaceless(read, scores)
        self._find_numbered(read, scores)
        if scores.best < ENOUGH:
            self._find_pieces(read, scores)
        if scores.best < SURE:
            self._find_misspelt(read, scores)
        return scores

    def _countries_of(self, read: Text, pk: int) -> int:
        return sum(code in read.countries for code in self.places[pk].countries)

    # --- Names as they are written ---

    def _exact(self, read: Text) -> Scores:
        scores = Scores()
        for place, letters in read.runs:
            name = self.exact.get(letters)
            if name and scores.used.isdisjoint(place) and not (len(place) == 1 and letters in STOP_WORDS):
                self._count(read, scores, name, place, 1.0)
        return scores

    def _count(self, read: Text, scores: Scores, name: Name, place: range, worth: float) -> None:
        """A name counts for all crossings called so; more, the earlier it stands."""
        is_greeted = read.is_greeted(place)
        means = [
            pk
            for pk, in_need in name.places.items()
            if not (in_need or is_greeted or self._is_of_a_stay(read, pk, name, place))
            or self._has_context(read, pk, name, place)
        ]
        for pk in means:
            share = IN_CONTEXT if name.places[pk] and not self._has_place(read, pk, name) else 1.0
            scores.add(pk, share * worth * _by_place(place.start) / len(means) ** 0.5, place)
            scores.has_name_of_its_own |= not name.places[pk]
        if means:
            scores.keys.add(name.key)

    def _is_of_a_stay(self, read: Text, pk: int, name: Name, place: range) -> bool:
        """Whether it is a town of the crossing too, and the text speaks of hotels and sights there: "Museum in Van"."""
        return pk in self.towns.get(name.key, ()) and read.context.near(
            Kind.STAY, place.start, before=3, after=len(place)
        )

    def _has_context(self, read: Text, pk: int, name: Name, place: range) -> bool:
        """A word of borders near it; or a place of the crossing, and that somebody goes there, or both countries.

        Of two words and more, a place alone is enough: "Red Bridge in Georgia".
        """
        if read.speaks_of_borders(place) or self._has_its_way(read, pk, name, place):
            return True
        if not self._has_place(read, pk, name):
            return False
        return len(place) > 1 or self._countries_of(read, pk) > 1 or read.speaks_of_going(place)

    def _has_its_way(self, read: Text, pk: int, name: Name, place: range) -> bool:
        """Whether a ferry stands near the name of one: "Rosso, last ferry at six". A town of it has ferries besides."""
        is_ferry = self.places[pk].kind == Crossing.Kind.FERRY and pk in name.titles
        return is_ferry and read.context.near(Kind.WATER, place.start)

    def _has_place(self, read: Text, pk: int, name: Name) -> bool:
        """Whether the text also names a country or another town of the crossing."""
        return bool(self._countries_of(read, pk) or read.towns.get(pk, set()) - {name.key})

    def _find_in_spaceless(self, read: Text, scores: Scores) -> None:
        letters = read.letters
        at = 0
        while at < len(letters) - 1:
            found = next(
                (name for name in self.spaceless.get(letters[at : at + 2], ()) if letters.startswith(name.key, at)),
                None,
            )
            if found is not None:
                self._count(read, scores, found, range(0), 1.0 - at / 1000)
                at += len(found.key) - 1
            at += 1

    def _find_numbered(self, read: Text, scores: Scores) -> None:
        """ "The 2nd bridge to Laos", "Friendship Bridge IV": the number says which of the bridges."""
        for place, word in enumerate(read.words if self.numbered else ()):
            if word != BRIDGE:
                continue
            numbers = read.words[max(0, place - BEFORE_BRIDGE) : place] + read.words[place + 1 : place + AFTER_BRIDGE]
            meant = {pk for word in numbers for pk in self.numbered.get(spelling.number(word), ())}
            of_it = {pk for pk in meant if pk not in scores.by_place and self._is_bridge_of(read, pk)}
            for pk in of_it:
                scores.add(pk, NUMBERED / len(of_it) ** 0.5)
                scores.has_name_of_its_own = True

    def _is_bridge_of(self, read: Text, pk: int) -> bool:
        return "friendship" in read.words or bool(self._countries_of(read, pk))

    def _find_pieces(self, read: Text, scores: Scores) -> None:
        """Names without their first word, or their last. One word alone counts beside a word of borders only, or where
        somebody goes to a country of the crossing."""
        for place, letters in read.runs:
            if read.words[place.start] not in self.piece_starts or not scores.used.isdisjoint(place):
                continue
            meant = self.pieces.get(" ".join(read.words[place.start : place.stop]), ())
            if len(meant) != 1 or self._is_place(letters) or not read.in_countries.isdisjoint(place):
                continue
            (pk,) = meant
            is_beside = letters not in STOP_WORDS and self._is_beside(read, pk, place)
            if len(place) > 1 or (is_beside and not cities.begins_city(read.words, place)):
                scores.add(pk, PIECE * _by_place(place.start), place)

    def _is_place(self, letters: str) -> bool:
        return letters in self.towns or letters in self.countries

    def _is_beside(self, read: Text, pk: int, place: range) -> bool:
        return read.speaks_of_borders(place) or bool(self._countries_of(read, pk) and read.speaks_of_going(place))

    # --- Names as somebody heard or mistyped them ---

    def _find_misspelt(self, read: Text, scores: Scores) -> None:
        for place, letters in self._maybe_misspelt(read):
            if scores.used.isdisjoint(place) and (nearest := self._nearest(read, place, letters)):
                self._count(read, scores, *nearest)
        if scores.best < SURE:
            self._find_long_misspelt(read, scores)
        if scores.best < ENOUGH and read.context.has(Kind.BORDER):
            self._find_short(read, scores)

    def _find_long_misspelt(self, read: Text, scores: Scores) -> None:
        """Names of three words and more, with a mistake or two where their first or their last word is right."""
        for at, word in enumerate(read.words[:LIKENED]):
            for key, length, is_first in self.long_names.get(word, ()):
                place = range(at, at + length) if is_first else range(at - length + 1, at + 1)
                if place.start < 0 or not scores.used.isdisjoint(place):
                    continue
                if like := likeness.likeness_of_long("".join(read.words[place.start : place.stop]), key):
                    self._count(read, scores, self.exact[key], place, 0.8 * like)

    def _find_short(self, read: Text, scores: Scores) -> None:
        """Words of four or five letters that are nearly a name of four, beside a word of borders."""
        for place, word in enumerate(read.words[:LIKENED]):
            if not (len(word) in (4, 5) and word.isascii() and read.speaks_of_borders(range(place, place + 1))):
                continue
            if place in read.in_countries or word in spelling.ordinary_words():
                continue
            if not self._is_known(word):
                for name in self.nearest_short(word):
                    self._count(read, scores, name, range(place, place + 1), SHORT_NAME)

    def _nearest(self, read: Text, place: range, letters: str) -> tuple[Name, range, float] | None:
        """The name most like a run, where it stands, and what it is worth. Less likeness is enough beside a place of
        the crossing or a word of borders."""
        if not FUZZY_FROM <= len(letters) <= LONGEST_LIKENED:
            return None
        heard = self.heard(letters)
        if not heard.among and letters.isascii():
            return None
        for is_beside in (False, True) if read.countries or read.towns or read.context.has(Kind.BORDER) else (False,):
            nearest = self.nearest(heard, is_beside=is_beside)
            if nearest is None and not letters.isascii():
                nearest = self._in_latin(letters, is_beside=is_beside)
            if nearest is None or not (is_beside or len(place) == 1 or nearest[0] >= PAIRS_ALIKE):
                continue
            name = self._as_one(read, nearest[1], place, is_beside=is_beside)
            if name.places:
                return name, place, 0.8 * nearest[0]
        return None

    def _as_one(self, read: Text, names: list[Name], place: range, *, is_beside: bool) -> Name:
        """Several names that a run is like, as one: two spellings of one crossing count once."""
        places: dict[int, bool] = {}
        for name in names:
            for pk, in_need in name.places.items():
                if not is_beside or read.speaks_of_borders(place) or self._has_place(read, pk, name):
                    places[pk] = in_need and places.get(pk, True)
        return Name(names[0].key, places, names[0].sound)

    def _maybe_misspelt(self, read: Text) -> Iterator[tuple[range, str]]:
        """Two words without the space, then words alone, that are not known for something else."""
        beginning = read.words[:LIKENED]
        known = [word in spelling.ordinary_words() or self._is_known(word) for word in beginning]
        apart = [
            word in STOP_WORDS or word in self.countries or Kind.GREETING in words().get(word, ()) for word in beginning
        ]
        for first, (one, other) in enumerate(pairwise(beginning)):
            if not (apart[first] or apart[first + 1] or (known[first] and known[first + 1])):
                yield range(first, first + 2), one + other
        for first, word in enumerate(beginning):
            if not known[first]:
                yield range(first, first + 1), word

    def _is_known(self, word: str) -> bool:
        return word in STOP_WORDS or word in self.towns or word in self.countries or spelling.is_inflected(word)

    def _in_latin(self, word: str, *, is_beside: bool) -> tuple[float, list[Name]] | None:
        """A name written in Cyrillic that is known in Latin letters only. A town ("Самару") is not likened to names."""
        letters = spelling.in_latin(word)
        if not letters.isascii():
            return None
        if name := self.exact.get(letters):
            return 1.0, [name]
        return None if self.town_called(word) else self.nearest(self.heard(letters), is_beside=is_beside)

    # --- Towns alone ---

    def _add_towns(self, read: Text, scores: Scores) -> None:
        """Two towns of one crossing say it, and one town with both countries, if no other crossing has as many."""
        sides = {
            pk: len(towns) + 0.3 * self._countries_of(read, pk)
            for pk, towns in read.towns.items()
            if (len(towns) > 1 and not self._are_on_one_side(read, pk, towns)) or self._countries_of(read, pk) > 1
        }
        most = max(sides.values(), default=0.0)
        for pk, count in sides.items():
            if count == most and not read.context.has(Kind.AIR):
                scores.add(pk, FROM_TOWNS)

    def _are_on_one_side(self, read: Text, pk: int, towns: set[str]) -> bool:
        """Whether the towns are known to lie in one country, and the text speaks of no border: "Osh to Sary Tash"."""
        if read.context.has(Kind.BORDER):
            return False
        sides = [self.country_of(self.towns[town]) or cities.sides(town, self.places[pk]) for town in towns]
        return len(sides[0]) == 1 and all(side == sides[0] for side in sides)


def _by_place(first: int) -> float:
    return 1.0 - 0.04 * min(first, 8)
