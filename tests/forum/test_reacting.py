import pytest

from forum.actions import reactions
from forum.models import Reaction
from tests.factories import make_user
from tests.forum.factories import make_post, now

pytestmark = pytest.mark.django_db


def test_reacting_twice_counts_once(client):
    post, member = make_post(), make_user()
    client.force_login(member)

    for _ in range(2):
        client.post(f"/posts/{post.pk}/react/helpful/")

    post.refresh_from_db()
    member.refresh_from_db()
    post.author.refresh_from_db()
    assert (post.helpful_count, member.reactions_given, post.author.reactions_received) == (1, 1, 1)


def test_a_reaction_can_be_taken_back_and_twice_changes_nothing(client):
    post, member = make_post(), make_user()
    client.force_login(member)
    client.post(f"/posts/{post.pk}/react/helpful/")

    for _ in range(2):
        client.post(f"/posts/{post.pk}/unreact/helpful/")

    post.refresh_from_db()
    member.refresh_from_db()
    assert (post.helpful_count, member.reactions_given) == (0, 0)


@pytest.mark.parametrize("kind", ["still_true", "outdated"])
def test_newcomers_thank_and_do_not_say_how_long_an_answer_holds(client, kind):
    post = make_post()
    client.force_login(make_user(trust=0))

    assert client.post(f"/posts/{post.pk}/react/{kind}/").status_code == 403
    assert client.post(f"/posts/{post.pk}/react/helpful/").status_code == 302
    page = client.get(post.topic.get_absolute_url()).text

    assert f'id="helpful-{post.pk}"' in page
    assert f'id="{kind}-{post.pk}"' not in page
    assert Reaction.objects.get().kind == "helpful"


def test_members_say_how_long_an_answer_holds(client):
    post = make_post()
    client.force_login(make_user(trust=1))

    client.post(f"/posts/{post.pk}/react/outdated/")

    assert f'id="outdated-{post.pk}"' in client.get(post.topic.get_absolute_url()).text
    assert Reaction.objects.get().kind == "outdated"


def test_still_true_takes_the_place_of_outdated(client):
    post, member = make_post(), make_user(trust=1)
    client.force_login(member)

    client.post(f"/posts/{post.pk}/react/outdated/")
    client.post(f"/posts/{post.pk}/react/still_true/")

    post.refresh_from_db()
    assert (post.still_true_count, post.outdated_count) == (1, 0)
    assert Reaction.objects.get().kind == "still_true"


def test_nobody_thanks_themselves(client):
    post = make_post()
    client.force_login(post.author)

    assert client.post(f"/posts/{post.pk}/react/helpful/").status_code == 403


def test_nobody_reacts_in_a_locked_topic(client):
    post = make_post()
    type(post.topic).objects.update(locked_at=now())
    client.force_login(make_user())

    assert client.post(f"/posts/{post.pk}/react/helpful/").status_code == 403


def test_a_hidden_post_is_not_there_to_react_to(client):
    post = make_post(hidden_at=now())
    client.force_login(make_user())

    assert client.post(f"/posts/{post.pk}/react/helpful/").status_code == 404


def test_an_unknown_reaction_is_not_there(client):
    post = make_post()
    client.force_login(make_user())

    assert client.post(f"/posts/{post.pk}/react/hate/").status_code == 404


def test_a_visitor_is_sent_to_sign_in_and_then_on_to_the_post(client):
    post = make_post()

    assert client.post(f"/posts/{post.pk}/react/helpful/").url.startswith("/account/login/")
    client.force_login(make_user())
    assert client.get(f"/posts/{post.pk}/react/helpful/").url == f"/posts/{post.pk}/"
    assert not Reaction.objects.exists()


def test_with_htmx_only_the_reactions_come_back(client):
    post = make_post()
    client.force_login(make_user())

    answer = client.post(f"/posts/{post.pk}/react/helpful/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert 'aria-pressed="true"' in answer.text
    assert "<html" not in answer.text


def test_everybody_sees_who_found_a_post_helpful(client):
    post, member = make_post(), make_user(username="yak_rider")
    Reaction.objects.create(post=post, user=member, kind="helpful", given_at=now())

    assert "yak_rider" in client.get(f"/posts/{post.pk}/reactions/").text


def versions_of(post):
    post.refresh_from_db()
    post.topic.refresh_from_db()
    post.topic.subforum.refresh_from_db()
    return post.version, post.topic.version, post.topic.subforum.version


@pytest.mark.parametrize("kind", Reaction.Kind.values)
def test_a_reaction_and_its_end_each_raise_the_version_of_the_post(kind):
    post, member = make_post(), make_user(trust=1)
    version, of_topic, of_subforum = versions_of(post)

    reactions.react(member, post, kind)
    given = versions_of(post)
    reactions.withdraw_reaction(member, post, kind)

    assert given == (version + 1, of_topic + 1, of_subforum + 1)
    assert versions_of(post) == (version + 2, of_topic + 2, of_subforum + 2)


def test_who_takes_one_reaction_back_leaves_the_other():
    post, member = make_post(), make_user(trust=1)
    for kind in ("helpful", "still_true"):
        reactions.react(member, post, kind)

    reactions.withdraw_reaction(member, post, "helpful")

    assert [reaction.kind for reaction in Reaction.objects.all()] == ["still_true"]


@pytest.mark.parametrize("kind", Reaction.Kind.values)
def test_a_reaction_that_changes_nothing_raises_no_version(kind):
    post, member = make_post(), make_user(trust=1)
    reactions.withdraw_reaction(member, post, kind)
    reactions.react(member, post, kind)
    before = versions_of(post)

    reactions.react(member, post, kind)

    assert versions_of(post) == before
