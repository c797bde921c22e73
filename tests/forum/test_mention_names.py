"""Names for the list after an @: of the topic first, and of nobody whom the reader should not meet there."""

from datetime import timedelta

import pytest

from accounts.models import Ignored, User
from forum.actions import posts
from forum.models import PostReference, Subforum
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = make_user("looker")
    client.force_login(user)
    return user


def names(client, topic, q=""):
    answer = client.get("/mentions/", {"topic": topic.pk, "q": q})
    assert answer.status_code == 200
    return answer.json()["names"]


def test_members_of_the_topic_come_first(client, reader):
    topic = make_topic(author=make_user("zigzag_yak"))
    make_user("yak_elsewhere")
    make_post(topic=topic, author=make_user("yak_in_topic"))

    assert names(client, topic, "yak") == ["yak_in_topic", "yak_elsewhere"]
    assert names(client, topic) == ["yak_in_topic", "zigzag_yak"]


def test_a_name_is_found_in_any_script_and_with_blanks(client, reader):
    topic = make_topic(author=make_user("Вера Север"))
    for name in ("张伟国", "Anna Maria Lopez", "संजयकुमार"):
        make_user(name)

    for begins, name in [("вера с", "Вера Север"), ("张", "张伟国"), ("ANNA m", "Anna Maria Lopez"), ("संज", "संजयकुमार")]:
        assert names(client, topic, begins) == [name]


def test_who_is_suspended_banned_unconfirmed_or_ignored_is_not_named(client, reader):
    topic = make_topic()
    gone = {
        "yak_suspended": {"suspended_until": now() + timedelta(days=1)},
        "yak_banned": {"banned_at": now()},
        "yak_inactive": {"is_active": False},
        "yak_unconfirmed": {"email_confirmed_at": None},
    }
    for name, fields in gone.items():
        make_user(name)
        User.objects.filter(username=name).update(**fields)
    Ignored.objects.create(user=reader, member=make_user("yak_ignored"), ignored_at=now())
    make_user("yak_free")

    assert names(client, topic, "yak") == ["yak_free"]
    assert names(client, topic, "looker") == []


def test_who_may_not_read_the_subforum_is_not_named_there(client):
    topic = make_topic(author=make_user("yak_staff", is_staff=True))
    Subforum.objects.update(access="staff")
    make_user("yak_member")
    client.force_login(make_user(is_staff=True))

    assert names(client, topic, "yak") == ["yak_staff"]


def test_the_list_is_short_and_costs_the_same_for_many(client, reader, django_assert_max_num_queries):
    topic = make_topic()
    for number in range(30):
        make_user(f"yak{number:02}")

    with django_assert_max_num_queries(8):
        assert len(names(client, topic, "yak")) == 6


def test_in_a_closed_subforum_it_costs_no_more_and_a_reader_behind_many_others_is_found(
    client, django_assert_max_num_queries
):
    topic = make_topic(author=make_user("zoe_writes"))
    Subforum.objects.update(access="staff")
    for number in range(30):
        make_user(f"yak{number:02}")
    make_user("yak_zz_staff", is_staff=True)
    client.force_login(make_user(is_staff=True))

    with django_assert_max_num_queries(8):
        assert names(client, topic, "yak") == ["yak_zz_staff"]


def test_what_may_not_be_read_is_not_found(client, reader):
    hidden = make_topic(hidden_at=now())

    topics, subforums = (hidden.pk, "x", "9" * 30), ("nowhere", "..")
    asked_for = [{"topic": pk} for pk in topics] + [{"subforum": slug} for slug in subforums] + [{}]
    for asked in asked_for:
        assert client.get("/mentions/", {**asked, "q": "a"}).status_code == 404
    assert client.get("/mentions/", {"subforum": make_subforum().slug, "q": "%_"}).json() == {"names": []}


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/mentions/", {"topic": make_topic().pk}).status_code == 302


def test_too_many_questions_are_refused(client, reader, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mention": "2/10m"}
    topic = make_topic()
    for _ in range(2):
        names(client, topic, "a")

    assert client.get("/mentions/", {"topic": topic.pk, "q": "a"}).status_code == 429


@pytest.mark.parametrize(
    "name",
    [
        "yak", "_x_", "__init", "x__", "j.doe", "a-b", "2wheels", "Anna Maria Lopez", "Вера 2", "Zoë", "მარიამი",
        "علی رضا",
        "संजयकुमार", "สมชายใจดี", "ကိုကိုအောင်", "张伟", "小林 太郎", "박지성", "Տիգրան", "אבי כהן", "བོད་པ",
    ],
)  # fmt: skip
def test_what_the_list_inserts_is_a_mention_of_that_member(client, reader, name):
    topic, member = make_topic(), make_user(name, email="member@example.org")

    found = names(client, topic, name[:2])
    post = posts.reply(reader, topic, source=f"Thanks @{found[0]} for all")

    assert found == [member.username]
    assert PostReference.objects.get(referrer=post).user == member
