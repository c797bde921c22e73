import pytest

from crossings.editorial import importer


@pytest.fixture
def matters(db):
    """What questions may be about. The migration wrote it, but tests that commit empty all tables."""
    importer.load_matters()
