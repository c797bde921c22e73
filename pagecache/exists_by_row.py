"""EXISTS that PostgreSQL asks for each row that is shown."""

from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


def exists_by_row(rows: QuerySet) -> Coalesce:
    """An expression: whether a correlated subquery finds a row. Exists(rows) says the same, but PostgreSQL may answer
    it for all rows of the forum at once, by a hash of whatever the subquery could find; with LIMIT it does not.
    """
    return Coalesce(Subquery(rows.order_by().values(said=Value(True))[:1]), False)
