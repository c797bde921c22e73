"""When readers see that a post is called outdated: by three members, or by one expert of its country."""

from datetime import timedelta

import pytest

from accounts.models import ExpertBadge
from crossings.freshness import desk_queries, queries
from crossings.freshness.actions import confirm_answer
from crossings.links.actions import link_topic
from crossings.models import AnswerConfirmation
from forum.actions import reactions
from forum.actions.answers import accept_answer
from forum.experts.actions import save_badge, withdraw_badge
from forum.experts.tasks import count_replies
from forum.models import Post, Reaction
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_topic, now

pytestmark = pytest.mark.django_db
OUTDATED = Reaction.Kind.OUTDATED


@pytest.fixture
def post():
    topic = make_topic()
    link_topic(topic, make_crossing(countries=("CN", "KG")), source="author", by=topic.author)
    return make_post(topic=topic)


def call_outdated(post, *members):
    for member in members:
        reactions.react(member, post, OUTDATED)


def members(count):
    return [make_user(trust=1) for _ in range(count)]


def an_expert(*countries):
    member = make_user()
    badge = ExpertBadge(user=member, title="Pass expert", countries=list(countries), given_by=member, given_at=now())
    save_badge(badge, member)
    return member


def says_so(client, post):
    page = client.get(post.topic.get_absolute_url()).text
    return "Outdated, " in page or "Outdated <b>" in page or "it outdated" in page


@pytest.mark.parametrize(("count", "shown"), [(1, False), (2, False), (3, True)])
def test_visitors_see_it_from_the_third_member_on(client, post, count, shown):
    call_outdated(post, *members(count))

    assert says_so(client, post) == shown


@pytest.mark.parametrize(("countries", "shown"), [(("KG", "KZ"), True), (("IR",), False), ((), False)])
def test_one_expert_is_enough_if_of_its_country(client, post, countries, shown):
    call_outdated(post, an_expert(*countries))

    assert says_so(client, post) == shown
    assert bool(Post.objects.with_called_outdated().get(pk=post.pk).called_outdated_at) == shown


def test_an_expert_is_named_as_what_they_are(client, post):
    call_outdated(post, an_expert("KG"))

    assert "An expert of the country calls it outdated" in client.get(post.topic.get_absolute_url()).text


def test_who_pressed_sees_the_own_word_and_others_do_not(client, post):
    presser, other = members(2)
    call_outdated(post, presser)

    client.force_login(presser)
    own = client.get(post.topic.get_absolute_url()).text
    client.force_login(other)
    others = client.get(post.topic.get_absolute_url()).text

    assert "Outdated <b>1</b>" in own
    assert "Outdated <b>0</b>" in others


def test_the_answer_to_the_press_shows_it(client, post):
    [presser] = members(1)
    client.force_login(presser)

    fragment = client.post(f"/posts/{post.pk}/react/outdated/", headers={"HX-Request": "true"}).text

    assert "Outdated <b>1</b>" in fragment


def test_the_bar_of_an_accepted_answer_says_nothing_either(client, post):
    accept_answer(post.topic.author, post)
    call_outdated(post, *members(1))
    assert "Outdated for" not in client.get(post.topic.get_absolute_url()).text

    call_outdated(post, *members(2))

    assert "Outdated for 3" in client.get(post.topic.get_absolute_url()).text


def test_who_reacted_names_them_only_when_it_is_shown(client, post):
    presser = make_user("yakherder", trust=1)
    call_outdated(post, presser)
    assert "yakherder" not in client.get(f"/posts/{post.pk}/reactions/").text
    client.force_login(presser)
    assert "yakherder" in client.get(f"/posts/{post.pk}/reactions/").text.split("<main")[1]
    client.logout()

    call_outdated(post, *members(2))

    assert "yakherder" in client.get(f"/posts/{post.pk}/reactions/").text


def test_lists_of_posts_say_nothing_either(client, post):
    call_outdated(post, *members(2))
    path = f"/members/{post.author.username}/posts/"
    assert "said outdated" not in client.get(path).text

    call_outdated(post, *members(1))

    assert "3 said outdated" in client.get(path).text


def test_kept_pages_follow_a_badge_that_ends_or_is_given(client, post):
    expert = an_expert("KG")
    call_outdated(post, expert)
    assert says_so(client, post)
    badge = ExpertBadge.objects.get(user=expert)

    withdraw_badge(badge, expert)
    count_replies.call(expert.pk)
    assert not says_so(client, post)
    save_badge(ExpertBadge(user=expert, title="Again", countries=["CN"], given_by=expert, given_at=now()), expert)
    count_replies.call(expert.pk)
    assert says_so(client, post)


def test_newcomers_cannot_say_so_at_all(client, post):
    client.force_login(make_user())

    assert client.post(f"/posts/{post.pk}/react/outdated/").status_code == 403
    assert not says_so(client, post)


class TestTheDayOfAnExpertsWord:
    """An expert calls it outdated, another confirms it later, and then a member of no country presses "outdated"."""

    @pytest.fixture
    def confirmed(self, post):
        call_outdated(post, expert := an_expert("KG"))
        self.press_at(expert, 8)
        confirm_answer(an_expert("CN"), post)
        self.confirmed_days_ago(4)
        return post

    def confirmed_days_ago(self, days):
        """As `confirm_answer` notes it in both tables."""
        AnswerConfirmation.objects.update(confirmed_at=now() - timedelta(days=days))
        Post.objects.exclude(confirmed_at=None).update(confirmed_at=now() - timedelta(days=days))

    def press_at(self, member, days_ago):
        Reaction.objects.filter(user=member).update(given_at=now() - timedelta(days=days_ago))
        newest = Reaction.objects.latest("given_at").given_at
        Post.objects.update(outdated_at=newest)

    def facts(self, post):
        told = queries.as_json(Post.objects.annotate(is_accepted=queries.is_accepted()).filter(pk=post.pk)).get()
        return queries.of_json(told["json"]).facts

    def test_a_press_of_somebody_else_does_not_renew_it(self, client, confirmed):
        call_outdated(confirmed, *members(1))

        assert not self.facts(confirmed).is_called_outdated
        assert "An expert of the country calls it outdated" not in client.get(confirmed.topic.get_absolute_url()).text
        desk = desk_queries.called_outdated(make_user(is_staff=True), ["KG", "CN"])
        assert desk == []
        assert not says_so(client, confirmed)

    def test_what_is_settled_stands_in_no_list_of_reactions_either(self, client, confirmed):
        assert self.listed(client, confirmed) == []

        Post.objects.update(confirmed_at=None)  # the control

        assert self.listed(client, confirmed) == ["who reacted", "received", "given"]

    def listed(self, client, post):
        """The lists of reactions that visitors can see in which it stands as outdated."""
        presser, address = Reaction.objects.get().user.username, f"/posts/{post.pk}/"
        stands = {
            "who reacted": presser in client.get(f"{address}reactions/").text,
            "received": address in client.get(f"/members/{post.author.username}/reactions/?kind=outdated").text,
            "given": address in client.get(f"/members/{presser}/reactions/given/").text,
        }
        return [name for name, is_there in stands.items() if is_there]

    def test_who_pressed_still_sees_the_own_word(self, client, confirmed):
        client.force_login(Reaction.objects.get().user)

        assert "Outdated <b>1" in " ".join(client.get(confirmed.topic.get_absolute_url()).text.split())

    def test_an_expert_who_says_so_again_does(self, client, confirmed):
        call_outdated(confirmed, an_expert("KG"))

        assert self.facts(confirmed).called_by_expert_on == now().date()
        assert says_so(client, confirmed)
        assert "An expert of the country calls it outdated" in client.get(confirmed.topic.get_absolute_url()).text
        assert desk_queries.called_outdated(make_user(is_staff=True), ["KG"])

    def test_members_who_say_so_since_are_named_as_what_they_are(self, client, confirmed):
        call_outdated(confirmed, *members(2))

        page = client.get(confirmed.topic.get_absolute_url()).text

        assert "3 members call it outdated" in page
        assert "An expert of the country calls" not in page

    def test_the_day_shown_is_the_experts_own(self, post):
        expert = an_expert("KG")
        call_outdated(post, expert)
        self.press_at(expert, 8)
        call_outdated(post, *members(1))

        assert self.facts(post).called_on == (now() - timedelta(days=8)).date()


def test_the_day_of_an_expert_is_not_renewed_by_what_somebody_else_pressed(client, post):
    call_outdated(post, an_expert("KG"))
    then = now() - timedelta(days=40)
    Reaction.objects.update(given_at=then)
    call_outdated(post, *members(1))

    page = client.get(post.topic.get_absolute_url()).text

    badge = page[page.index("Outdated, ") :][:80]
    assert f"{then:%Y-%m-%d}" in badge
