"""Currencies were typed in three letters, and a browser cut what was longer: "YUA" is a yuan. What may mean several is
left as it is, and its author may choose from the list."""

from django.db import migrations

# What was typed, or what is left of it: a code, or a code for each country of the crossing in which it is a word.
MEANT = {
    "YUA": "CNY", "RMB": "CNY", "KUA": "CNY", "CNH": "CNY", "DOL": "USD", "BAH": "THB", "KIP": "LAK", "DON": "VND",
    "KYA": "MMK", "TAK": "BDT", "DRA": "AMD", "LAR": "GEL", "TUG": "MNT", "TOG": "MNT", "RIN": "MYR", "GRI": "UAH",
    "HRY": "UAH", "FOR": "HUF", "ZLO": "PLN", "AFG": "AFN", "LEK": "ALL", "TEN": "KZT", "ROU": "RUB", "RUR": "RUB",
    "SOU": "UZS", "SUM": "UZS",
    "SOM": {"KG": "KGS", "UZ": "UZS", "TJ": "TJS"},
    "MAN": {"AZ": "AZN", "TM": "TMT"},
    "RUP": {"IN": "INR", "NP": "NPR", "PK": "PKR"},
    "RIA": {"IR": "IRR"},
    "RIE": {"KH": "KHR"},
    "DIN": {"IQ": "IQD", "RS": "RSD"},
    "DEN": {"MK": "MKD"},
    "LIR": {"TR": "TRY", "SY": "SYP"},
    "LEI": {"MD": "MDL", "RO": "RON"},
    "LEU": {"MD": "MDL", "RO": "RON"},
    "WON": {"KR": "KRW"},
}  # fmt: skip


def name_by_code(apps, schema_editor):
    Fee = apps.get_model("crossings", "ReportFee")
    old = Fee.objects.filter(currency__in=MEANT)
    sides = ("report__crossing__country_a", "report__crossing__country_b")
    for pk, typed, *countries in old.values_list("pk", "currency", *sides).iterator():
        if code := _code_of(typed, countries):
            Fee.objects.filter(pk=pk).update(currency=code)


def _code_of(typed, countries):
    meant = MEANT[typed]
    if isinstance(meant, str):
        return meant
    here = {meant[country] for country in countries if country in meant}
    return here.pop() if len(here) == 1 else None


class Migration(migrations.Migration):
    dependencies = [("crossings", "0013_reports_stand_in_running_topics")]
    operations = [migrations.RunPython(name_by_code, migrations.RunPython.noop)]
