import pytest

from crossings import loading


@pytest.fixture
def matters(db):
    """What questions may be about. The migration wrote it, but tests that commit empty all tables."""
    loading.load_matters()
