"""The names of all crossings, ready to be found in a text: as they are written, without one letter, by their sound."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from crossings.gazetteer import likeness, spelling
from crossings.gazetteer.context import STOP_WORDS
from crossings.gazetteer.country_names import CountryNames
from crossings.gazetteer.named_places import Heard, Name, Place
from crossings.models import Country, Crossing, CrossingName, Matter

FUZZY_FROM = 5  # letters
BRIDGE = "bridge"
_BORDER = "border"  # "Chetumal border" is found as it is written: what stands before it is a town
SHORTEST_TAIL = 3
MOST_WORDS = 5  # of names that are likened whole
_OF = frozenset({"of", "de", "del", "des", "du", "do", "da", "dos", "di", "am", "an"})
# First words of many towns.
_FIRST_OF_MANY = frozenset(
    {"puerto", "ciudad", "santa", "santo", "saint", "villa", "bandar", "nueva", "nuevo", "nizhny"}
)
_NONE: frozenset[str] = frozenset()


class KnownNames:
    """All names of all crossings, made ready to be found. Nothing in it changes once it is built."""

    def __init__(
        self,
        crossings: Iterable[dict],
        country_words: dict[str, list[str]],
        matters: Mapping[str, Sequence[int]],
    ) -> None:
        """`crossings` have pk, slug, name, posts, names (text and whether it needs context), towns and countries.

        `country_words`: by country code, what it is called. `matters`: by word, the primary keys of the matters.
        """
        rows = list(crossings)
        self.matters = matters
        self.country_titles = {
            code: found[0] for code, found in country_words.items() if found
        }  # each country's first name
        self.places: dict[int, Place] = {}
        self.exact: dict[str, Name] = {}
        self.spellings: dict[int, list[str]] = {}
        self.spaceless: dict[str, list[Name]] = {}
        self.near: dict[str, list[Name]] = {}
        self.by_sound: dict[str, list[Name]] = {}
        self.by_broad_sound: dict[str, list[Name]] = {}
        self.pieces: dict[str, set[int]] = {}  # names without their first word or words, or without their last
        self.piece_starts: set[str] = set()
        self.between: dict[frozenset[str], list[int]] = {}  # crossings by their two countries
        self.long_names: dict[str, list[tuple[str, int, bool]]] = {}  # by the first and by the last of their words
        self.numbered: dict[int, set[int]] = {}  # of bridges with a number in their name
        self.short: dict[str, list[Name]] = {}  # four letters, without one letter
        self.by_single: dict[str, list[Name]] = {}  # by the key with doubled letters collapsed
        self.towns: dict[str, set[int]] = {}
        self.town_heads: dict[str, set[int]] = {}  # the "San Pedro" of "San Pedro de Atacama"
        self.town_keys: dict[str, str] = {}  # of towns in another script: the key in `towns`
        self.countries: dict[str, set[str]] = {}
        self.country_words = country_words
        self.country_keys = {spelling.key(word) for found in country_words.values() for word in found}
        self.apart: dict[str, str] = {}  # by its key, a name or town of several words, which may be typed as one
        self.country_stems: dict[str, set[str]] = {}  # for words with the endings of cases
        towns = spelling.towns_of((row["name"], row["towns"], [text for text, _ in row["names"]]) for row in rows)
        for row in rows:
            self._add(row, towns)
        for name in self.exact.values():
            self._make_findable(name)
        for code, found in country_words.items():
            for key in map(spelling.key, found):
                if key not in self.exact:
                    self.countries.setdefault(key, set()).add(code)
                    self.country_stems.setdefault(spelling.stem(key) or key, set()).add(code)
        self.place_keys = self.towns.keys() | self.countries.keys()
        written = [(row["pk"], part) for row in rows for part in _parts_of(row)]
        self.common_words = _words_of_many(written)  # "Rio" and "Paso" alone are no name
        for pk, part in written:
            self._add_pieces(pk, part)

    def _add(self, row: dict, towns: dict[str, set[str]]) -> None:
        pk = row["pk"]
        self.places[pk] = Place(
            pk, len(row["names"]), row["countries"], row.get("kind", Crossing.Kind.ROAD), row.get("point"),
            tuple(map(spelling.key, row["towns"])),
        )  # fmt: skip
        self.between.setdefault(frozenset(row["countries"]), []).append(pk)
        for text, needs_context in row["names"]:
            self._add_name(pk, text, needs_context or bool(spelling.why_refused(text, row["name"], towns)))
        # What one may call it besides: one of its two posts, its address, or a name without the word "Pass" behind it.
        typed = [text for text, _ in row["names"]]
        called = [row["name"], *row["posts"], row["slug"].replace("-", " ")]
        shorter = [(part, False) for text in called for part in spelling.parts(text)]
        for text in [*typed, *(part for part, _ in shorter)]:
            if bare := spelling.without_kind(text):
                shorter.append((bare, spelling.is_named_after_town(text)))
        for text, is_of_town in shorter:
            key = spelling.key(text)
            if self._is_new(pk, key):
                refused = is_of_town or bool(spelling.why_refused(text, row["name"], towns))
                is_town = key in towns and key not in {spelling.key(part) for part in spelling.parts(row["name"])}
                self._add_name(pk, text, refused or is_town)
        for key in {spelling.key(part) for part in [row["name"], *spelling.parts(row["name"])]} & self.exact.keys():
            if pk in self.exact[key].places:
                self.exact[key].titles.add(pk)
        # What stands in brackets tells it from others of the name: without it the text has to.
        for text in map(spelling.without_brackets, typed):
            if self._is_new(pk, spelling.key(text)):
                self._add_name(pk, text, needs_context=True)
        for town in row["towns"]:
            for written in [*spelling.parts(town), *spelling.in_brackets(town)]:
                self._add_town(pk, spelling.key(written))
                self._add_apart(written)
                self._add_heads(pk, written)

    def _add_heads(self, pk: int, town: str) -> None:
        found = spelling.words(town)
        for length in range(1, len(found)):
            key = "".join(found[:length])
            if len(key) >= FUZZY_FROM and key not in _FIRST_OF_MANY and key not in spelling.ordinary_words():
                self.town_heads.setdefault(key, set()).add(pk)

    def _is_new(self, pk: int, key: str) -> bool:
        known = self.exact.get(key)
        return bool(key) and (known is None or pk not in known.places)

    def _add_town(self, pk: int, key: str) -> None:
        self.towns.setdefault(key, set()).add(pk)
        for word in spelling.town_words().get(key, ()):
            self.town_keys[spelling.key(word)] = key
            if stem := spelling.stem(spelling.key(word)):
                self.town_keys.setdefault(stem, key)

    def _add_name(self, pk: int, text: str, needs_context: bool) -> None:
        """A country is no name of a crossing, though a post may be called "Singapore (HarbourFront)"."""
        key = spelling.key(text)
        if len(key) < 2 or key in self.country_keys:
            return
        name = self.exact.setdefault(key, Name(key, {}, spelling.sound(key) if key.isascii() else ""))
        name.places[pk] = needs_context and name.places.get(pk, True)
        self.spellings.setdefault(pk, []).append(text)
        self._add_apart(text)
        found = spelling.words(text)
        if 2 < len(found) <= MOST_WORDS and key.isascii():
            for word, is_first in ((found[0], True), (found[-1], False)):
                entry = (key, len(found), is_first)
                if word not in STOP_WORDS and entry not in (entries := self.long_names.setdefault(word, [])):
                    entries.append(entry)
        if BRIDGE in found:
            for number in filter(None, map(spelling.number, found)):
                self.numbered.setdefault(number, set()).add(pk)

    def _add_apart(self, written: str) -> None:
        if len(words := spelling.words(written)) > 1:
            self.apart.setdefault("".join(words), " ".join(words))

    def _add_pieces(self, pk: int, text: str) -> None:
        """The "Kolok" of "Sungai Kolok" and the "Benque" of "Benque Viejo", as far as it says something: people leave
        the first word out, or the last."""
        found = spelling.words(text)
        for cut in range(1, len(found)):
            for piece, shortest in ((found[cut:], SHORTEST_TAIL), (found[:cut], FUZZY_FROM)):
                key = "".join(piece)
                if len(key) >= shortest and key not in self.exact and not self._says_nothing(piece):
                    self.pieces.setdefault(" ".join(piece), set()).add(pk)
                    self.piece_starts.add(piece[0])

    def _says_nothing(self, piece: Sequence[str]) -> bool:
        """Whether it is made of everyday words and places, or of signs without case: those are found in the middle.

        Nor does "del Desierto": what begins so is no name."""
        if not piece[0].isascii() or piece[0] in _OF or piece[-1] in _OF or "".join(piece) in self.country_keys:
            return True
        return all(
            word in self.common_words
            or word in spelling.ordinary_words()
            or word in spelling.kinds()
            or word in self.towns
            or word in self.countries
            or spelling.is_inflected(word)
            for word in piece
        )

    def _make_findable(self, name: Name) -> None:
        if spelling.SPACELESS.match(name.key):
            self.spaceless.setdefault(name.key[:2], []).append(name)
            self.spaceless[name.key[:2]].sort(key=lambda other: -len(other.key))
        elif len(name.key) >= FUZZY_FROM and not name.key.endswith(_BORDER):
            for form in likeness.shortened(name.key):
                self.near.setdefault(form, []).append(name)
            if name.sound:
                self.by_sound.setdefault(name.sound, []).append(name)
                self.by_broad_sound.setdefault(spelling.broad_sound(name.sound), []).append(name)
        elif len(name.key) == spelling.SHORTEST and name.key.isascii():
            for form in likeness.shortened(name.key):
                self.short.setdefault(form, []).append(name)
        if len(name.key) >= spelling.SHORTEST:
            self.by_single.setdefault(likeness.single(name.key), []).append(name)

    @cached_property
    def country_names(self) -> CountryNames:
        """Made when it is first asked for: the composer needs no names of countries in all languages."""
        return CountryNames(self.country_words, self.exact)

    def countries_called(self, word: str) -> Set[str]:
        """The codes of the countries that a word means, by its stem if it stands in another case."""
        found = self.countries.get(word)
        if found or (word.isascii() and "isch" not in word):
            return found or _NONE
        return self.country_stems.get(spelling.stem(word), _NONE)

    def town_called(self, word: str) -> str:
        """The key of the town that a word means, in any script and case; "" if it means none."""
        if word in self.towns:
            return word
        if word.isascii():
            return ""
        return self.town_keys.get(word) or self.town_keys.get(spelling.stem(word), "")

    def country_of(self, pks: Set[int]) -> frozenset[str]:
        """The country of a town that lies near crossings from it into several; none where that is not known."""
        both = [frozenset(self.places[pk].countries) for pk in pks]
        shared = both[0].intersection(*both) if both else frozenset()
        return shared if len(shared) == 1 else frozenset()

    def nearest(self, heard: Heard, *, is_beside: bool) -> tuple[float, list[Name]] | None:
        """The names most like a word, and how like they are, if they are like enough.

        If the word `is_beside` what speaks of the place, less is enough.
        """
        like = {
            key: likeness.likeness(heard.word, heard.sound, key, name.sound, is_beside=is_beside)
            for key, name in heard.among.items()
        }
        best = max(like.values(), default=0.0)
        if best < likeness.ENOUGH:
            return None
        return min(best, 1.0), [heard.among[key] for key, found in like.items() if found >= best - 0.02]

    def heard(self, word: str) -> Heard:
        """The word with the names that may be meant by it."""
        sound = spelling.sound(word) if word.isascii() else ""
        return Heard(word, sound, {name.key: name for name in self._candidates(word, sound)})

    def nearest_short(self, word: str) -> list[Name]:
        """The names of four letters that a word differs from by one mistake, and not in the first letter."""
        found = {name.key: name for form in likeness.shortened(word) for name in self.short.get(form, ())}
        return [name for name in found.values() if likeness.is_near(word, name.key)]

    def _candidates(self, word: str, heard: str) -> Iterator[Name]:
        for form in likeness.shortened(word):
            yield from self.near.get(form, ())
        if not word.isascii():  # endings of cases: "Торугартом"
            yield from self.near.get(word[:-2], ())
        if len(heard) >= 3:
            yield from self.by_sound.get(heard, ())
        if len(heard) >= likeness.CLEARLY_HEARD:
            yield from self.by_broad_sound.get(spelling.broad_sound(heard), ())
        if (single := likeness.single(word)) != word:
            yield from self.by_single.get(single, ())


def _parts_of(row: dict) -> Iterator[str]:
    for text in [*(text for text, _ in row["names"]), *row["posts"]]:
        yield from spelling.parts(text)


def _words_of_many(written: Iterable[tuple[int, str]]) -> frozenset[str]:
    """The words that stand in names of more than two crossings."""
    found: dict[str, set[int]] = {}
    for pk, text in written:
        for word in spelling.words(text):
            found.setdefault(word, set()).add(pk)
    return frozenset(word for word, pks in found.items() if len(pks) > 2)


def read_crossings() -> Iterator[dict]:
    """Crossings as KnownNames wants them."""
    typed: dict[int, list[tuple[str, bool]]] = {}
    for crossing_id, text, needs_context in CrossingName.objects.values_list("crossing_id", "text", "needs_context"):
        typed.setdefault(crossing_id, []).append((text, needs_context))
    crossings = Crossing.objects.values_list(
        "pk",
        "slug",
        "name",
        "post_a",
        "post_b",
        "towns",
        "country_a_id",
        "country_b_id",
        "kind",
        "latitude",
        "longitude",
    )
    for pk, slug, name, post_a, post_b, towns, country_a, country_b, kind, *point in crossings.order_by("pk"):
        yield {
            "pk": pk, "slug": slug, "name": name, "posts": [post_a, post_b], "towns": towns,
            "kind": kind, "point": tuple(point), "countries": (country_a, country_b),
            "names": typed.get(pk, []) or [(name, False)],
        }  # fmt: skip


def read_countries() -> dict[str, list[str]]:
    """What each country is called."""
    called = dict(Country.objects.values_list("code", "name"))
    return {code: [name, *spelling.country_words().get(code, [])] for code, name in called.items()}


def read_matters() -> dict[str, list[int]]:
    """The primary keys of the matters that each word speaks of, by spelling.key of the word."""
    found: dict[str, list[int]] = {}
    for pk, words in Matter.objects.values_list("pk", "words"):
        for word in words.split():
            found.setdefault(spelling.key(word), []).append(pk)
    return found
