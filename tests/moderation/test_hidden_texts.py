"""What a moderator hid or rejected is given back to whoever wrote it, and to nobody else."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from forum.actions import visibility
from moderation.actions import post_acts, spam, topic_acts
from moderation.actions.undo import undo
from moderation.log import entries
from notifications.news import moderation_news
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic
from tests.moderation.factories import WHY, make_admin, make_moderator

pytestmark = pytest.mark.django_db
TYPED = "\nA *long* evening's work:\n\n- </textarea> & more\n- ölçü, 吐尔尕特"
LIST = "/moderation/mine/"


@pytest.fixture
def post():
    return make_post(source=TYPED, author=make_user(trust=User.Trust.MEMBER))


@pytest.fixture
def moderator(post):
    return make_moderator(post.topic.subforum)


def page_of(entry) -> str:
    return f"{LIST}{entry.pk}/"


def clean_up(post):
    """Everything by its author, whose sessions end with that."""
    entry = spam.clean_spam(make_admin(), post.author, WHY)
    post.author.refresh_from_db()
    return entry


def texts_on(client, url) -> list[str]:
    """What stands in the fields of a page, as a browser reads it."""
    fields = client.get(url).content.decode().split("<textarea")[1:]
    return [unescape(field.split(">", 1)[1].removeprefix("\n").split("</textarea>")[0]) for field in fields]


class TestItsAuthor:
    def test_gets_a_hidden_post_back_as_it_was_typed(self, client, post, moderator):
        entry = post_acts.hide(moderator, post, WHY)
        client.force_login(post.author)

        assert f'href="{page_of(entry)}"' in client.get(LIST).text
        assert texts_on(client, page_of(entry)) == [TYPED]
        assert "readonly>\n" in client.get(page_of(entry)).text

    def test_gets_a_rejected_one_back(self, client, post, moderator):
        visibility.hold_post(moderator, post)
        entry = post_acts.reject(moderator, post, WHY)
        client.force_login(post.author)

        assert f'href="{page_of(entry)}"' in client.get(LIST).text
        assert texts_on(client, page_of(entry)) == [TYPED]

    def test_gets_the_title_and_the_opening_post_of_a_rejected_topic_back(self, client, moderator, post):
        topic = make_topic(subforum=post.topic.subforum, title="By bus over the pass", author=post.author)
        visibility.hold_post(moderator, topic.opening_post)
        entry = post_acts.reject(moderator, topic.opening_post, WHY)
        client.force_login(post.author)

        assert texts_on(client, page_of(entry)) == [topic.opening_post.source]
        assert "Topic “By bus over the pass”" in client.get(page_of(entry)).text

    def test_gets_all_back_that_they_wrote_in_their_hidden_topic_and_no_more(self, client, moderator, post):
        topic = make_topic(subforum=post.topic.subforum, author=post.author)
        make_post(topic=topic, source="Of somebody else.")
        make_post(topic=topic, author=post.author, source="One more thing.")
        entry = topic_acts.hide(moderator, topic, WHY)
        client.force_login(post.author)

        assert texts_on(client, page_of(entry)) == [topic.opening_post.source, "One more thing."]

    def test_gets_back_what_a_clean_up_hid(self, client, post):
        topic = make_topic(author=post.author)
        entry = clean_up(post)
        client.force_login(post.author)

        assert f'href="{page_of(entry)}"' in client.get(LIST).text
        assert texts_on(client, page_of(entry)) == [TYPED, topic.opening_post.source]

    def test_gets_much_on_several_pages(self, client, post, monkeypatch):
        monkeypatch.setattr("moderation.views.own_words.SHOWN", 1)
        make_post(author=post.author, topic=post.topic, source="The second.")
        entry = clean_up(post)
        client.force_login(post.author)

        assert texts_on(client, page_of(entry)) == [TYPED]
        assert f'href="?after={post.pk}"' in client.get(page_of(entry)).text
        assert texts_on(client, f"{page_of(entry)}?after={post.pk}") == ["The second."]

    def test_is_not_told_a_title_in_a_place_they_may_not_read(self, client, post, moderator):
        entry = post_acts.hide(moderator, post, WHY)
        post.topic.subforum.access = "staff"
        post.topic.subforum.save()
        client.force_login(post.author)

        assert post.topic.title not in client.get(page_of(entry)).text
        assert texts_on(client, page_of(entry)) == [TYPED]

    def test_is_told_of_it_in_the_news(self, client, post, moderator, settings):
        settings.MODERATION_LETTER_DELAY = 0
        entry = post_acts.hide(moderator, post, WHY)
        moderation_news.tell_of(entry.pk)
        client.force_login(post.author)

        assert f'href="{page_of(entry)}"' in client.get("/notifications/").text


class TestNobodyElse:
    def test_gets_it(self, client, post, moderator):
        entry = post_acts.hide(moderator, post, WHY)

        for stranger in (moderator, make_admin(), make_user(), make_post(topic=post.topic).author):
            client.force_login(stranger)
            assert client.get(page_of(entry)).status_code == 404

    def test_keeps_it(self, client, post, moderator):
        entry = post_acts.hide(moderator, post, WHY)
        client.force_login(post.author)

        assert client.get(page_of(entry))["Cache-Control"] == "no-store"

    def test_does_anything_there(self, client, post, moderator):
        entry = post_acts.hide(moderator, post, WHY)
        client.force_login(post.author)

        assert client.post(page_of(entry)).status_code == 405


class TestNothingIsGivenBack:
    def test_of_an_act_that_hid_nothing(self, client, post, moderator):
        entry = topic_acts.lock(moderator, make_topic(subforum=post.topic.subforum, author=post.author), WHY)
        client.force_login(post.author)

        assert page_of(entry) not in client.get(LIST).text
        assert client.get(page_of(entry)).status_code == 404

    def test_of_an_act_that_was_taken_back(self, client, post, moderator):
        entry = post_acts.hide(moderator, post, WHY)
        undo(moderator, entry, WHY)
        client.force_login(post.author)

        assert page_of(entry) not in client.get(LIST).text
        assert client.get(page_of(entry)).status_code == 404

    def test_of_a_clean_up_whose_words_are_erased(self, client, post):
        entry = clean_up(post)
        entries.erase_words(make_admin(), entry)
        client.force_login(post.author)

        assert page_of(entry) not in client.get(LIST).text
        assert client.get(page_of(entry)).status_code == 404

    @pytest.mark.parametrize("after", ["x", "0", "-1", "9" * 30, "9" * 18])
    def test_after_what_is_no_post(self, client, post, moderator, after):
        entry = post_acts.hide(moderator, post, WHY)
        client.force_login(post.author)

        assert client.get(f"{page_of(entry)}?after={after}").status_code == 404


def test_the_page_asks_as_much_for_many_texts_as_for_one(client, post, django_assert_num_queries):
    make_topic(author=post.author)
    other = make_post()
    one, many = clean_up(other), clean_up(post)
    client.force_login(other.author)
    client.get(page_of(one))
    with CaptureQueriesContext(connection) as queries:
        client.get(page_of(one))
    once = len(queries)
    client.force_login(post.author)
    client.get(page_of(many))

    with django_assert_num_queries(once):
        client.get(page_of(many))
