"""A filter in an address that means nothing: every list is shown without it, and says so."""

import pytest

from forum.models import Subforum
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_subforum, make_topic

pytestmark = pytest.mark.django_db
OF_ALL = ["/crossings/?status=x", "/latest/?forum=x", "/latest/posts/?country=x", "/forums/open/?tab=x"]
OF_MEMBERS = ["/members/?order=x", "/members/keeper/reactions/?kind=x", "/notifications/?tab=x", "/watches/?of=x"]
OF_MODERATORS = [
    "/moderation/?kind=x",
    "/moderation/?order=x",
    "/moderation/newest/?only=x",
    "/moderation/sign-up/?kind=x",
    "/moderation/log/?act=x",
]


@pytest.fixture
def keeper():
    make_crossing()
    make_topic(subforum=make_subforum(slug="open"), title="Is the arch open?")
    return make_user("keeper", is_staff=True)


def word_for(address):
    return f"a choice that is not there ({address.split('?')[1].split('=')[0]})"


@pytest.mark.parametrize("address", OF_ALL)
def test_visitors_read_it(client, keeper, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert word_for(address) in answer.text


@pytest.mark.parametrize("address", OF_ALL + OF_MEMBERS + OF_MODERATORS)
def test_members_and_moderators_do(client, keeper, address):
    client.force_login(keeper)

    answer = client.get(address)

    assert answer.status_code == 200
    assert word_for(address) in answer.text


def test_no_word_stands_where_nothing_is_wrong(client, keeper):
    client.force_login(keeper)

    for address in OF_ALL + OF_MEMBERS + OF_MODERATORS:
        assert "a choice that is not there" not in client.get(address.split("?")[0]).text


def test_what_was_typed_is_not_repeated(client, keeper):
    page = client.get("/forums/open/?tab=%3Cb%3Eyaks").text

    assert "yaks" not in page
    assert "Is the arch open?" in page


def test_search_engines_leave_such_an_address_out(client, keeper):
    Subforum.objects.update(topics_count=1)

    assert '<meta name="robots" content="noindex"' in client.get("/forums/open/?tab=x").text
