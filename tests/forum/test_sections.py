"""Subforums as administrators keep them: from presets, in order, locked, renamed, removed."""

from uuid import uuid4

import pytest

from forum.actions import posts, subforums, visibility
from forum.counters.recount import recount
from forum.forms.staff import ICONS, SubforumForm
from forum.models import Draft, FormerAddress, Section, Subforum, Topic
from forum.permissions import CannotBeDone, NotAllowed
from forum.sections import order, presets_made, removal, removal_steps
from forum.sections.preset_tree import SECTIONS
from moderation.actions import member_acts, post_acts, topic_acts, undo
from moderation.models import ModerationEntry
from notifications.models import Watch
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic, now
from tests.forum.test_staff_pages import subforum_fields
from tests.moderation.factories import WHY

pytestmark = pytest.mark.django_db

ALL_PRESETS = [row["slug"] for _, rows in SECTIONS for row in rows]


@pytest.fixture
def administrator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def names():
    return list(Subforum.objects.values_list("name", flat=True))


# --- Presets ---


def test_one_press_makes_the_chosen_subforums_with_rules_icons_and_access(client, administrator):
    page = client.get("/staff/presets/").text
    client.post("/staff/presets/", {"slugs": ["open-or-closed", "campfire", "mod-room"]})

    made = {subforum.slug: subforum for subforum in Subforum.objects.select_related("section", "rules")}
    assert page.count('name="slugs"') == len(ALL_PRESETS)
    assert list(made) == ["open-or-closed", "campfire", "mod-room"]
    assert made["mod-room"].access == "staff"
    assert made["campfire"].rules.rules == ["Be kind."]
    assert [section.name for section in Section.objects.all()] == ["On the ground", "People"]
    assert "Campfire" in client.get("/").text


def test_pressing_twice_makes_no_doubles_and_keeps_what_was_changed(client, administrator):
    client.post("/staff/presets/", {"slugs": ["campfire"]})
    Subforum.objects.update(name="By the fire")

    client.post("/staff/presets/", {"slugs": ["campfire", "visas"]})

    assert sorted(names()) == ["By the fire", "Visas, permits, invitations"]


@pytest.mark.parametrize("slugs", [[], ["nowhere"]])
def test_nothing_chosen_or_nothing_known_is_said(client, administrator, slugs):
    answer = client.post("/staff/presets/", {"slugs": slugs})

    assert answer.status_code == 400
    assert not Subforum.objects.exists()


def test_ready_rules_are_set_only_where_there_are_none(administrator):
    assert presets_made.make_rules_of_the_forum(administrator)
    assert not presets_made.make_rules_of_the_forum(administrator)


def test_every_preset_has_an_icon_of_the_choice_and_a_form_takes_it(administrator):
    made = presets_made.make_presets(administrator, ALL_PRESETS)

    assert len(made) == len(ALL_PRESETS)
    assert {subforum.icon for subforum in made} <= ICONS.keys()


# --- The form ---


def fields(**changes):
    section, _ = Section.objects.get_or_create(name="Papers")
    return {"section": section.pk, "name": "Visas", "icon": "doc", "access": "open"} | changes


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Visas & Permits", "visas-permits"),
        ("Открыта ли граница?", "открыта-ли-граница"),
        ("कैसे जाएँ", "कैसे-जाएँ"),
        ("口岸", "口岸"),
        ("?!", "subforum"),
        ("new", "new-2"),
        ("Taken", "taken-2"),
    ],
)
def test_an_address_is_made_from_the_name_in_any_script_and_works(client, administrator, name, slug):
    make_subforum(slug="taken")

    client.post("/staff/subforums/new/", fields(name=name))

    made = Subforum.objects.get(name=name)
    assert made.slug == slug
    assert client.get(made.get_absolute_url()).status_code == 200
    assert client.get(f"/staff/subforums/{slug}/").status_code == 200
    assert client.get(f"/forums/{slug}/feed/").status_code == 200


@pytest.mark.parametrize("slug", ["a/b", "A B", "new", "taken", "a\x00b", "../x"])
def test_an_address_that_cannot_be_one_is_refused_in_words(client, administrator, slug):
    make_subforum(slug="taken")

    answer = client.post("/staff/subforums/new/", fields(slug=slug))

    assert answer.status_code == 400
    assert not Subforum.objects.filter(name="Visas").exists()


def test_icons_are_chosen_by_their_picture(client, administrator):
    page = client.get("/staff/subforums/new/").text

    assert page.count('type="radio" name="icon"') == len(ICONS)
    assert "sprite.svg#bike" in page
    assert client.post("/staff/subforums/new/", fields(icon="nowhere")).status_code == 400


def test_an_icon_from_elsewhere_stays_a_choice():
    form = SubforumForm(instance=make_subforum(icon="quote"))

    assert "quote" in dict(form.fields["icon"].choices)


def test_an_old_address_leads_to_the_renamed_subforum(client, administrator):
    subforum = make_subforum(slug="visas", section=Section.objects.create(name="Papers"))

    client.post("/staff/subforums/visas/", fields(slug="permits"))
    client.logout()

    old = client.get("/forums/visas/")
    assert (old.status_code, old.url) == (301, "/forums/permits/")
    assert client.get("/forums/visas/feed/").url == "/forums/permits/feed/"
    assert client.get("/forums/nowhere/").status_code == 404
    assert Subforum.objects.get(pk=subforum.pk).slug == "permits"


def test_a_new_subforum_takes_an_old_address_over(client, administrator):
    other = make_subforum()
    FormerAddress.objects.create(slug="visas", subforum=other)

    client.post("/staff/subforums/new/", fields(slug="visas"))

    assert client.get("/forums/visas/").status_code == 200
    assert not FormerAddress.objects.exists()


def test_an_old_address_tells_nobody_of_a_place_they_may_not_read(client):
    FormerAddress.objects.create(slug="visas", subforum=make_subforum(access="staff"))

    assert client.get("/forums/visas/").status_code == 404


# --- Order ---


def test_buttons_put_a_subforum_before_or_after_its_neighbour(client, administrator):
    one, two, three = (make_subforum(name=name) for name in ("One", "Two", "Three"))

    client.post(f"/staff/subforums/{three.slug}/place/", {"before": two.pk})
    first = names()
    client.post(f"/staff/subforums/{one.slug}/place/", {"after": two.pk})

    assert first == ["One", "Three", "Two"]
    assert names() == ["Three", "Two", "One"]


def test_pressing_twice_and_pressing_on_an_old_page_do_what_was_meant(administrator):
    one, two, three = (make_subforum(name=name) for name in ("One", "Two", "Three"))

    for _ in range(2):
        order.place_subforum(administrator, three, two, after=False)
    order.place_subforum(administrator, one, two, after=True)

    assert names() == ["Three", "Two", "One"]


def test_a_neighbour_of_another_section_is_refused_in_words(client, administrator):
    one, other = make_subforum(), make_subforum(section=Section.objects.create(name="Papers"))

    answer = client.post(f"/staff/subforums/{one.slug}/place/", {"before": other.pk}, follow=True)

    assert "stands in another section now" in answer.text


@pytest.mark.parametrize("data", [{}, {"before": "x"}, {"before": 1, "after": 1}, {"before": 10**30}])
def test_a_press_that_names_no_neighbour_changes_nothing(client, administrator, data):
    one = make_subforum()

    assert client.post(f"/staff/subforums/{one.slug}/place/", data).status_code == 302


def test_sections_are_put_in_order_likewise(client, administrator):
    one, two = (Section.objects.create(name=name, position=0) for name in ("One", "Two"))

    client.post(f"/staff/sections/{two.pk}/place/", {"before": one.pk})

    assert [section.name for section in Section.objects.all()] == ["Two", "One"]


def test_a_new_subforum_and_one_that_changes_its_section_stand_last(client, administrator):
    papers = Section.objects.create(name="Papers")
    make_subforum(name="First", section=papers, position=4)
    moved = make_subforum(name="Moved", position=0)

    client.post("/staff/subforums/new/", fields(name="New"))
    client.post(f"/staff/subforums/{moved.slug}/", fields(name="Moved", slug=moved.slug))

    assert list(papers.subforums.order_by("position").values_list("name", flat=True)) == ["First", "New", "Moved"]


def test_visitors_see_a_new_order_at_once(client):
    one, two = make_subforum(name="Oneness"), make_subforum(name="Twoness")
    before = client.get("/").text

    order.place_subforum(make_user(is_staff=True), two, one, after=False)

    after = client.get("/").text
    assert before.index("Oneness") < before.index("Twoness")
    assert after.index("Twoness") < after.index("Oneness")


# --- Locking ---


def test_a_locked_subforum_is_read_and_only_its_moderators_write(client, administrator):
    topic = make_topic()
    subforum, moderator = topic.subforum, make_user()
    subforum.moderators.add(moderator)
    visitor_before = client.get(topic.get_absolute_url()).text

    client.post(f"/staff/subforums/{subforum.slug}/lock/")
    client.logout()
    topic.refresh_from_db()
    subforum.refresh_from_db()

    assert "locked: it can be read" in client.get(subforum.get_absolute_url()).text
    assert client.get(topic.get_absolute_url()).status_code == 200
    assert visitor_before
    with pytest.raises(NotAllowed):
        posts.open_topic(make_user(), subforum, title="A title long enough", source="Text.")
    with pytest.raises(NotAllowed):
        posts.reply(make_user(), topic, source="Text.")
    posts.reply(moderator, topic, source="Text.")


def test_a_kept_page_says_at_once_that_a_subforum_is_locked_and_unlocked(client):
    administrator, topic = make_user(is_staff=True), make_topic()
    address = topic.subforum.get_absolute_url()
    client.get(address)

    subforums.lock_subforum(administrator, topic.subforum)
    locked, locked_topic = client.get(address).text, client.get(topic.get_absolute_url()).text
    subforums.unlock_subforum(administrator, topic.subforum)

    assert "This subforum is locked" in locked
    assert "Locked" in locked_topic
    assert "This subforum is locked" not in client.get(address).text


def test_the_places_of_questions_and_reports_are_neither_locked_nor_removed(client, administrator):
    subforum = make_subforum(slug="crossing-reports")

    with pytest.raises(CannotBeDone):
        subforums.lock_subforum(administrator, subforum)
    with pytest.raises(CannotBeDone):
        removal.begin(administrator, subforum, make_subforum())
    assert "can be neither locked nor removed" in client.get("/staff/subforums/crossing-reports/").text


@pytest.mark.parametrize("act", [subforums.lock_subforum, subforums.unlock_subforum])
def test_who_is_no_administrator_locks_no_subforum(act):
    with pytest.raises(NotAllowed):
        act(make_user(), make_subforum())


# --- Removing ---


def test_a_removed_subforum_gives_its_topics_to_another_and_leads_there(client, administrator):
    old, target = make_subforum(slug="old"), make_subforum(slug="target", access="members")
    topics = [make_topic(subforum=old) for _ in range(3)]
    make_post(topic=topics[0])
    hidden = make_topic(subforum=old)
    visibility.hide_topic(administrator, hidden)

    page = client.get("/staff/subforums/old/remove/").text
    client.post("/staff/subforums/old/remove/", {"target": target.pk})

    assert "4 topics" in page
    assert set(Topic.objects.filter(subforum=target)) == {*topics, hidden}
    assert not Subforum.objects.filter(slug="old").exists()
    assert recount(mend=False) == []
    assert client.get("/forums/old/").url == "/forums/target/"
    assert client.get(topics[0].get_absolute_url()).status_code == 200
    assert ModerationEntry.objects.get(verb="remove-subforum").words.reason == old.name


def test_old_addresses_lead_on_when_the_other_is_removed_as_well(client, administrator):
    one, two, three = make_subforum(slug="one"), make_subforum(slug="two"), make_subforum(slug="three")
    make_topic(subforum=one)

    client.post("/staff/subforums/one/remove/", {"target": two.pk})
    client.post("/staff/subforums/two/remove/", {"target": three.pk})

    assert client.get("/forums/one/").url == client.get("/forums/two/").url == "/forums/three/"


def test_watches_and_drafts_go_along_and_join(administrator):
    old, target = make_subforum(), make_subforum()
    make_topic(subforum=old)
    one, both = make_user(), make_user()
    for user, subforum in ((one, old), (both, old), (both, target)):
        Watch.objects.create(user=user, subforum=subforum, watched_at=now())
        Draft.objects.create(user=user, subforum=subforum, source=f"For {subforum.name}", saved_at=now())
    former = {"key": str(uuid4()), "saved_at": now().isoformat(), "source": "Former", "title": "", "based_on": 0}
    Draft.objects.filter(user=both, subforum=old).update(copies=[former])

    removal.begin(administrator, old, target)
    removal_steps.go_on(old.pk)

    assert sorted(Watch.objects.filter(subforum=target).values_list("user", flat=True)) == sorted([one.pk, both.pk])
    assert Draft.objects.get(user=one).subforum == target
    joined = Draft.objects.get(user=both)
    assert joined.source == f"For {target.name}"
    assert [copy["source"] for copy in joined.copies] == ["Former", f"For {old.name}"]


def test_a_long_removal_is_locked_at_once_and_goes_on_where_it_was(client, administrator, monkeypatch):
    monkeypatch.setattr(removal_steps, "BATCH", 2)
    old, target = make_subforum(slug="old"), make_subforum()
    for _ in range(5):
        make_topic(subforum=old)

    client.post("/staff/subforums/old/remove/", {"target": target.pk})
    page = client.get("/staff/subforums/old/remove/").text
    refused = client.post("/staff/subforums/old/unlock/", follow=True).text
    with pytest.raises(NotAllowed):
        posts.open_topic(make_user(), Subforum.objects.get(slug="old"), title="A title long enough", source="Text.")
    left = removal_steps.go_on(old.pk)

    assert "3 topics are still on the way" in page
    assert "It is being removed" in refused
    assert left == 0
    assert target.topics.count() == 5
    assert recount(mend=False) == []


def test_an_empty_subforum_goes_at_once_and_leads_nowhere(client, administrator):
    make_subforum(slug="old")

    client.post("/staff/subforums/old/remove/", {"target": ""})

    assert not Subforum.objects.filter(slug="old").exists()
    assert client.get("/forums/old/").status_code == 404


def test_a_removal_keeps_its_target(administrator):
    old, target, other = make_subforum(), make_subforum(), make_subforum()
    make_topic(subforum=old)
    removal.begin(administrator, old, target)

    removal.begin(administrator, old, target)
    with pytest.raises(CannotBeDone, match="already"):
        removal.begin(administrator, old, other)
    with pytest.raises(CannotBeDone, match="being removed itself"):
        removal.begin(administrator, other, old)


def test_acts_in_a_subforum_that_was_removed_are_undone_all_the_same(administrator):
    old, target = make_subforum(), make_subforum()
    topic = make_topic(subforum=old)
    post = make_post(topic=topic)
    hidden = post_acts.hide(administrator, post, WHY)
    warned = member_acts.warn(administrator, post.author, WHY, post=post)
    removal.begin(administrator, old, target)
    removal_steps.go_on(old.pk)

    for entry in (hidden, warned):
        undo.undo(administrator, ModerationEntry.objects.get(pk=entry.pk))

    post.refresh_from_db()
    assert post.hidden_at is None
    assert recount(mend=False) == []


def test_a_move_out_of_a_removed_subforum_is_not_undone_in_words(administrator):
    old, target = make_subforum(), make_subforum()
    topic = make_topic(subforum=old)
    moved = topic_acts.move(administrator, topic, target, WHY)
    removal.begin(administrator, old, None)

    with pytest.raises(CannotBeDone, match="was removed"):
        undo.undo(administrator, ModerationEntry.objects.get(pk=moved.pk))


def test_the_address_to_which_crossings_lead_is_kept(client, administrator):
    make_subforum(slug="crossing-reports")

    answer = client.post("/staff/subforums/crossing-reports/", subforum_fields(slug="reports"))

    assert answer.status_code == 400
    assert "Pages of crossings lead here" in answer.text


def test_topics_of_a_locked_subforum_are_offered_to_nobody_for_answering(administrator):
    topic = make_topic()
    assert list(Topic.objects.unanswered()) == [topic]

    subforums.lock_subforum(administrator, topic.subforum)

    assert list(Topic.objects.unanswered()) == []


def test_steps_of_a_removal_that_nobody_began_move_nothing():
    topic = make_topic()

    assert removal_steps.go_on(topic.subforum_id) == 1
    assert Subforum.objects.filter(pk=topic.subforum_id).exists()


def test_a_subforum_without_topics_goes_without_a_target(client, administrator):
    make_subforum(slug="old")

    client.post("/staff/subforums/old/remove/")

    assert not Subforum.objects.exists()
    assert client.get("/forums/old/").status_code == 404


def test_a_subforum_with_topics_asks_where_they_go(client, administrator):
    topic = make_topic(subforum=make_subforum(slug="old"))

    without = client.post("/staff/subforums/old/remove/")
    into_itself = client.post("/staff/subforums/old/remove/", {"target": topic.subforum_id})

    assert (without.status_code, into_itself.status_code) == (400, 400)
    assert "Choose where its topics go" in without.text
    assert Subforum.objects.filter(slug="old", locked_at=None).exists()


def test_two_subforums_are_not_removed_into_each_other(administrator):
    one, two = make_topic().subforum, make_topic().subforum
    removal.begin(administrator, one, two)

    with pytest.raises(CannotBeDone):
        removal.begin(administrator, two, one)


def test_who_is_no_administrator_removes_nothing():
    with pytest.raises(NotAllowed):
        removal.begin(make_user(), make_subforum(), None)
