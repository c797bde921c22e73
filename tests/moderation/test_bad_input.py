"""Whatever is sent to moderators' pages, no page breaks."""

import itertools

import pytest
from django.urls import reverse

from moderation.actions import topic_acts
from tests.forum.factories import make_post
from tests.moderation.factories import WHY, make_admin, make_flag

pytestmark = pytest.mark.django_db
BAD = ["", "0", "-1", "9" * 18, "9" * 40, "x\x00y", "\ud800", "٣", "//evil.example/", "é" * 600]


@pytest.fixture
def admin(client):
    admin = make_admin()
    client.force_login(admin)
    return admin


def never_breaks(client, path, data):
    data = {name: value.encode("utf-8", "surrogatepass") for name, value in data.items()}
    answer = client.post(path, data)
    assert answer.status_code in {200, 302, 400, 403, 404, 409, 413}, (path, data)
    assert not answer.get("Location", "").startswith("//"), (path, data)


def some_of(acts, bad):
    """Every third act, others for the next bad value: in the suite each act meets three values, in the proof all."""
    return acts[BAD.index(bad) % 3 :: 3]


@pytest.mark.parametrize("bad", BAD)
def test_no_field_of_the_page_to_act_from_breaks_it(client, admin, bad):
    act_on_a_topic(client, bad, some_of([*ACTS_ON_TOPICS, bad], bad))


@pytest.mark.proof
@pytest.mark.parametrize("bad", BAD)
def test_no_field_with_any_act_of_the_page_to_act_from_breaks_it(client, admin, bad):
    act_on_a_topic(client, bad, [*ACTS_ON_TOPICS, bad])


def act_on_a_topic(client, bad, acts):
    post = make_post()
    path = reverse("moderation:topic", args=[post.topic_id])
    bulk = reverse("moderation:subforum", args=[post.topic.subforum.slug])
    for act in acts:
        never_breaks(client, path, {"act": act, **dict.fromkeys(FIELDS, bad)})
        never_breaks(
            client, path, {"act": act, **dict.fromkeys(FIELDS, bad), "rule": "", "points": "", "posts": str(post.pk)}
        )
        never_breaks(client, bulk, {"act": act, **dict.fromkeys(FIELDS, bad), "rule": "", "topics": str(post.topic_id)})


ACTS_ON_TOPICS = ["move", "merge", "duplicate", "retitle", "split", "move-posts", "warn"]
ACTS_ON_MEMBERS = ["warn", "suspend", "duplicate", "merge"]
FIELDS = [
    "other",
    "similar",
    "subforum",
    "new_title",
    "split_title",
    "split_subforum",
    "points",
    "rule",
    "reason",
    "private_note",
    "posts",
    "topics",
]


@pytest.mark.parametrize("bad", BAD)
def test_no_question_breaks_a_list(client, admin, bad):
    for name, key in itertools.product(
        ["queue", "log", "public-log", "mine"], ["kind", "order", "done", "before", "member", "page"]
    ):
        path = reverse(f"moderation:{name}")
        assert client.get(path, {key: bad.encode("utf-8", "surrogatepass")}).status_code in {200, 400, 404}


@pytest.mark.parametrize("bad", BAD)
def test_no_field_of_a_member_or_an_item_breaks_it(client, admin, bad):
    act_on_a_member(client, admin, bad, some_of([*ACTS_ON_MEMBERS, bad], bad))


@pytest.mark.proof
@pytest.mark.parametrize("bad", BAD)
def test_no_field_with_any_act_on_a_member_or_an_item_breaks_it(client, admin, bad):
    act_on_a_member(client, admin, bad, [*ACTS_ON_MEMBERS, bad])


def act_on_a_member(client, admin, bad, acts):
    flag = make_flag()
    member = flag.post.author
    entry = topic_acts.pin(admin, flag.post.topic, WHY)
    values = {"reason": bad, "private_note": bad, "other": bad, "days": bad, "points": bad, "next": bad, "text": bad}
    for act in acts:
        never_breaks(client, reverse("moderation:act-on-member", args=[member.username]), {"act": act, **values})
        never_breaks(client, reverse("moderation:act", args=[flag.item_id]), {"act": act, **values})
    never_breaks(client, reverse("moderation:note", args=[flag.item_id]), values)
    never_breaks(client, reverse("moderation:member", args=[member.username]), values)
    never_breaks(client, reverse("moderation:undo", args=[entry.pk]), values)
