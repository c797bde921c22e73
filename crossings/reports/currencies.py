"""Currencies by their codes (ISO 4217): the list of the form, and what people call them.

`crossings/data/currencies.csv` says for each its name, the countries that use it, and the words for it.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from crossings.gazetteer.spelling import fold
from crossings.models import Crossing

USED_EVERYWHERE = ["USD", "EUR"]


@dataclass(frozen=True)
class Currency:
    code: str
    name: str
    # Codes of countries (ISO 3166).
    countries: tuple[str, ...]
    # Folded, such as "yuan" and "renminbi".
    words: frozenset[str]

    @property
    def label(self) -> str:
        return f"{self.code}, {self.name}"


def _read() -> dict[str, Currency]:
    path = Path(__file__).parent.parent / "data" / "currencies.csv"
    with path.open(newline="") as file:
        return {row["code"]: _currency(row) for row in csv.DictReader(file)}


def _currency(row: dict[str, str]) -> Currency:
    words = frozenset(fold(word) for word in row["words"].split())
    return Currency(row["code"], row["name"], tuple(row["countries"].split()), words | {fold(row["name"])})


CURRENCIES = _read()


def of_crossing(crossing: Crossing) -> list[str]:
    """The codes of the currencies of a crossing's two countries, in the order of the countries."""
    sides = (crossing.country_a_id, crossing.country_b_id)
    codes = [currency.code for side in sides for currency in CURRENCIES.values() if side in currency.countries]
    return list(dict.fromkeys(codes))


def choices(crossing: Crossing) -> list:
    """The crossing's own currencies, dollars and euros first; then all of them by their codes."""
    first = list(dict.fromkeys([*of_crossing(crossing), *USED_EVERYWHERE]))
    rest = [code for code in CURRENCIES if code not in first]
    groups = {"Mostly used here": first, "All others": rest}
    listed = [(name, [(code, CURRENCIES[code].label) for code in codes]) for name, codes in groups.items()]
    return [("", "Choose"), *listed]


def codes_of(text: str, crossing: Crossing) -> list[str]:
    """The currencies that a code or a word may mean at a crossing, such as "cny", "Chinese yuan" or "som".

    One of the crossing's own comes before all others, then dollars and euros.
    """
    typed = " ".join(text.split())
    if typed.upper() in CURRENCIES:
        return [typed.upper()]
    found = [code for code, currency in CURRENCIES.items() if fold(typed) in currency.words]
    for near in (of_crossing(crossing), USED_EVERYWHERE):
        if here := [code for code in found if code in near]:
            return here
    return found
