"""The demo's articles on six countries: demo text, written from the list of crossings alone, and marked as such."""

from datetime import date
from pathlib import Path

from accounts.models import User
from crossings.editorial.articles import edit_article
from crossings.models import Country

FOLDER = Path(__file__).parent / "articles"
# Newest month of the list of crossings from which they were written.
AS_OF = date(2026, 1, 1)


def plant_articles(editor: User) -> None:
    """Write the articles of countries that never had one. Idempotent."""
    for path in sorted(FOLDER.glob("*.md")):
        country = Country.objects.filter(pk=path.stem.upper(), article_number=0).first()
        if country is not None:
            text = path.read_text(encoding="utf-8").strip()
            edit_article(editor, country, article=text, as_of=AS_OF, reason="Text for the demo", based_on=0)
