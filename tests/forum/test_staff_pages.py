import pytest

from accounts.models import BadgeSubject, ExpertBadge
from forum.models import RulesBanner, Section, Subforum, Topic
from tests.accounts.signin.steps import prove
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.pages import plain

pytestmark = pytest.mark.django_db
BADGE = {"title": "China expert", "countries": "CN", "subject": "", "reason": "Nine years of answers."}

PAGES = ["/staff/", "/staff/sections/new/", "/staff/subforums/new/", "/rules/edit/"]


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def subforum_fields(**changes):
    section, _ = Section.objects.get_or_create(name="Papers")
    fields = {
        "section": section.pk, "name": "Visas", "slug": "visas", "description": "Stamps.", "icon": "doc",
        "position": 1, "access": "open", "moderators": "",
    }  # fmt: skip
    return fields | changes


@pytest.mark.parametrize("page", PAGES)
def test_staff_pages_are_for_administrators_alone(client, page):
    visitor = client.get(page)
    client.force_login(make_user())
    member = client.get(page)
    client.force_login(make_user(is_staff=True))
    administrator = client.get(page)

    assert visitor.url.startswith("/account/login/")
    assert (member.status_code, administrator.status_code) == (403, 200)


def test_an_administrator_makes_a_section_and_a_subforum_with_moderators(client, administrator):
    kettle = make_user(username="kettle")
    prove(client)
    client.post("/staff/sections/new/", {"name": "Papers", "position": 1})

    client.post("/staff/subforums/new/", subforum_fields(moderators="Kettle\n"))

    assert list(Subforum.objects.get(slug="visas").moderators.all()) == [kettle]
    assert "Visas" in client.get("/").text


def test_the_short_name_stands_where_there_is_little_room_and_the_name_in_the_heading(client, administrator):
    topic = make_topic(subforum=make_subforum(name="Is the border open to foreigners?", slug="visas"))
    fields = subforum_fields(name="Is the border open to foreigners?", short_name="Is it open?")

    client.post("/staff/subforums/visas/", fields)

    crumb = '<li><a href="/forums/visas/">Is it open?</a></li>'
    assert crumb in plain(client.get(topic.get_absolute_url()).text)
    assert "<span>Is it open?</span>" in plain(client.get("/no-reply/").text)
    assert " in Is it open?, " in plain(client.get("/search/?q=torugart").text)
    assert "<h1>Is the border open to foreigners?</h1>" in plain(client.get("/forums/visas/").text)


def test_a_visitor_reads_a_new_short_name_on_a_kept_page(client):
    topic = make_topic(subforum=make_subforum(name="Is the border open?"))
    before = client.get(topic.get_absolute_url()).text

    Subforum.objects.update(short_name="Open?")

    assert ">Is the border open?</a>" in before
    assert ">Open?</a>" in client.get(topic.get_absolute_url()).text


def test_without_a_short_name_the_name_stands_everywhere(client):
    topic = make_topic(subforum=make_subforum(name="Visas", slug="visas"))

    assert '<li><a href="/forums/visas/">Visas</a></li>' in plain(client.get(topic.get_absolute_url()).text)
    assert "<span>Visas</span>" in plain(client.get("/no-reply/").text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"short_name": "Longer than a short name may be"}, "at most 30 characters"),
        ({"moderators": "nobody_here"}, "No member has this name: nobody_here"),
        ({"slug": "not a slug"}, "slug"),
        ({"access": "secret"}, "secret"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_with_a_subforum_is_said_and_nothing_is_made(client, administrator, changes, words):
    answer = client.post("/staff/subforums/new/", subforum_fields(**changes))

    assert answer.status_code == 400
    assert words in answer.text
    assert not Subforum.objects.exists()


def test_changing_access_on_the_staff_page_keeps_counters_exact(client, administrator):
    from forum.counters.recount import recount

    post = make_post()
    subforum = post.topic.subforum
    fields = subforum_fields(slug=subforum.slug, section=subforum.section_id, access="members")

    client.post(f"/staff/subforums/{subforum.slug}/", fields)

    post.author.refresh_from_db()
    assert post.author.posts_count == 0
    assert recount(mend=False) == []


def test_a_section_with_subforums_stays_and_an_empty_one_goes(client, administrator):
    full, empty = make_subforum().section, Section.objects.create(name="Nothing here")

    refused = client.post(f"/staff/sections/{full.pk}/remove/")
    client.post(f"/staff/sections/{empty.pk}/remove/")

    assert "Move its subforums" in refused.text
    assert list(Section.objects.all()) == [full]


def test_moderators_write_the_rules_of_their_own_subforum_and_of_no_other(client):
    own, other, moderator = make_subforum(), make_subforum(), make_user()
    own.moderators.add(moderator)
    client.force_login(moderator)
    rules = {"introduction": "Look first.", "rules": "Say **when**.\n\nSay how.", "based_on": 0}

    allowed = client.post(f"/forums/{own.slug}/rules/", rules)
    refused = client.post(f"/forums/{other.slug}/rules/", rules)

    assert (allowed.status_code, refused.status_code) == (302, 403)
    banner = RulesBanner.objects.get()
    assert banner.rules == ["Say **when**.", "Say how."]
    assert "Say <strong>when</strong>." in client.get(own.get_absolute_url()).text


def test_the_same_rules_again_change_nothing(client, administrator):
    for _ in range(2):
        client.post("/rules/edit/", {"introduction": "Be kind.", "rules": "Be kind.", "based_on": 0})

    assert RulesBanner.objects.get().version == 1


@pytest.mark.parametrize("rules", ["\n".join(["x"] * 21), "x" * 501, "  \n "])
def test_rules_nobody_would_read_are_refused_and_kept(client, administrator, rules):
    answer = client.post("/rules/edit/", {"introduction": "Be kind.", "rules": rules, "based_on": 0})

    assert answer.status_code == 400
    assert not RulesBanner.objects.exists()


def test_a_badge_stands_beside_posts_until_it_is_withdrawn(client, administrator):
    post = make_post()
    Topic.objects.update(countries=["CN", "KG"])
    give = f"/members/{post.author.username}/badges/"

    client.post(give, BADGE | {"countries": "cn"})
    with_badge = client.get(post.topic.get_absolute_url()).text
    badge = ExpertBadge.objects.get()
    for _ in range(2):
        client.post(f"/badges/{badge.pk}/withdraw/")
    without = client.get(post.topic.get_absolute_url()).text

    assert badge.countries == ["CN"]
    assert "China expert" in with_badge
    assert "China expert" not in without


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"countries": "China"},
        {"countries": "", "subject": ""},
        {"title": "x" * 41},
        {"reason": ""},
        {"reason": "x" * 301},
        {"title": "a\x00b"},
        {"subject": "No such subject"},
        {"title": "\u200b"},
    ],
)
def test_a_badge_that_says_nothing_is_refused(client, administrator, fields):
    member = make_user()

    answer = client.post(f"/members/{member.username}/badges/", BADGE | fields)

    assert answer.status_code == 400
    assert not ExpertBadge.objects.exists()


def test_a_badge_for_a_subject_is_shown_in_the_subforums_about_it(client, administrator):
    visas, member = make_subforum(name="Visas and permits"), make_user()
    client.post("/staff/subjects/new/", {"name": "Visas", "subforums": [visas.pk]})
    there, elsewhere = (
        make_post(topic=make_topic(subforum=place), author=member) for place in (visas, make_subforum())
    )
    given = client.post(
        f"/members/{member.username}/badges/",
        {"title": "Visa expert", "countries": "", "subject": "Visas", "reason": "Reads embassies."},
    )

    shown = ["Visa expert" in client.get(post.topic.get_absolute_url()).text for post in (there, elsewhere)]

    assert given.status_code == 302
    assert shown == [True, False]
    assert "Reads embassies." in client.get(member.get_absolute_url()).text


def test_a_subject_is_renamed_on_badges_and_removed(client, administrator):
    member, subject = make_user(), BadgeSubject.objects.create(name="Visas")
    badge = ExpertBadge.objects.create(
        user=member, title="Visa expert", subject="Visas", given_by=member, given_at=member.joined_at
    )

    client.post(f"/staff/subjects/{subject.pk}/", {"name": "Visas and stays"})
    badge.refresh_from_db()
    twice = [client.post(f"/staff/subjects/{subject.pk}/remove/").status_code for _ in range(2)]

    assert badge.subject == "Visas and stays"
    assert twice == [302, 302]
    assert "Visas and stays" not in client.get("/staff/subjects/").text


@pytest.mark.parametrize("name", ["", "x" * 61, "a\x00b", "Visas", " Visas\u200b "])
def test_a_subject_needs_a_name_of_its_own(client, administrator, name):
    BadgeSubject.objects.create(name="Visas")

    answer = client.post("/staff/subjects/new/", {"name": name})

    assert answer.status_code == 400


def test_the_history_of_a_badge_is_kept(client, administrator):
    member = make_user()
    client.post(f"/members/{member.username}/badges/", BADGE)
    badge = ExpertBadge.objects.get()

    client.post(f"/badges/{badge.pk}/withdraw/", {"reason": "Asked for it."})

    assert list(badge.changes.values_list("kind", "by", "reason")) == [
        ("given", administrator.pk, BADGE["reason"]), ("withdrawn", administrator.pk, "Asked for it."),
    ]  # fmt: skip
    assert "Asked for it." in client.get(member.get_absolute_url()).text


def test_nobody_else_gives_or_withdraws_badges(client):
    member = make_user()
    badge = ExpertBadge.objects.create(user=member, title="x", given_by=member, given_at=member.joined_at)
    client.force_login(member)

    given = client.post(f"/members/{member.username}/badges/", BADGE)
    withdrawn = client.post(f"/badges/{badge.pk}/withdraw/")

    assert (given.status_code, withdrawn.status_code) == (403, 403)
