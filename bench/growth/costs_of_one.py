"""The costs of all pages on the database of the settings, as JSON on stdout."""

import json
import os
import sys
from dataclasses import asdict

import django


def main() -> None:
    """Django is set up here, because its settings need the database's URL."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from bench.growth import page_costs

    told, sys.stdout = sys.stdout, sys.stderr  # whatever else is printed is no JSON
    json.dump([asdict(cost) for cost in page_costs.measure()], told)


if __name__ == "__main__":
    main()
