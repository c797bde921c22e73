"""A site of ours on which social sign-in is on, and the other site."""

import pytest

from tests.accounts.social.fake_site import switched_on


@pytest.fixture
def other_site(settings):
    site = switched_on(settings)
    yield site
    site.close()
