"""The queue as moderators see it: what waits, one key an act, and the way back."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from forum.actions import topics, visibility
from forum.actions.rules import set_rules
from forum.models import Post, Topic
from forum.permissions import CannotBeDone
from moderation import actions
from moderation.actions import claims, post_acts, topic_acts
from moderation.actions.appeals import appeal
from moderation.models import Flag, ModerationEntry, QueueItem, Warning
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import WHY, make_admin, make_flag, make_moderator
from tests.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag():
    return make_flag()


@pytest.fixture
def moderator(flag, client):
    found = make_moderator(flag.post.topic.subforum)
    client.force_login(found)
    return found


def page(client, address="/moderation/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def act(client, item, name, **more):
    return client.post(f"/moderation/queue/{item.pk}/act/", {"act": name, "reason": "For order.", **more}, follow=True)


def test_visitors_sign_in_and_members_are_refused(client):
    assert client.get("/moderation/").status_code == 302
    client.force_login(make_user())
    assert client.get("/moderation/").status_code == 403
    assert client.get("/moderation/log/").status_code == 403


def test_a_moderator_sees_what_waits_in_their_own_subforums_and_how_much(client, moderator, flag):
    elsewhere = make_flag()

    shown = page(client)

    assert flag.post.author.username in shown
    assert elsewhere.post.author.username not in shown
    assert '<span class="count" id="sign-queue">1</span>' in shown


def test_a_strange_item_does_not_exist_for_a_moderator(client, moderator):
    item = make_flag().item

    assert client.get(f"/moderation/queue/{item.pk}/").status_code == 404
    assert act(client, item, "hide").status_code == 404


def test_nobody_handles_what_is_about_themselves(client):
    admin = make_admin()
    item = make_flag(make_post(author=admin)).item
    client.force_login(admin)

    assert client.get(f"/moderation/queue/{item.pk}/").status_code == 404


def test_hiding_from_the_queue_names_the_rule_and_can_be_taken_back(client, moderator, flag):
    shown = act(client, flag.item, "hide", reason="Prices belong into the market.").content.decode()

    entry = ModerationEntry.objects.get(verb="hide-post")
    hidden = Post.objects.get(pk=flag.post_id).hidden_at
    assert hidden
    assert f"Hid a post by {flag.post.author.username}" in shown
    assert entry.words.reason == "Prices belong into the market."
    client.post(f"/moderation/entries/{entry.pk}/undo/")
    assert Post.objects.get(pk=flag.post_id).hidden_at is None
    assert QueueItem.objects.open().get().pk == flag.item_id


def test_an_act_twice_is_done_once(client, moderator, flag):
    act(client, flag.item, "warn")
    shown = act(client, flag.item, "warn").content.decode()

    assert Warning.objects.count() == 1
    assert "That was done already." in shown


def test_a_held_post_is_approved_and_rejected_with_one_key(client, moderator, flag):
    for name, readable in (("approve", True), ("reject", False)):
        post = make_post(topic=flag.post.topic)
        visibility.hold_post(None, post)
        from moderation.filters.findings import note_hold

        item = note_hold(Post.objects.select_related("topic__subforum", "author").get(pk=post.pk), "other").item
        act(client, item, name)
        assert Post.objects.get(pk=post.pk).is_readable is readable
        assert QueueItem.objects.get(pk=item.pk).closed_at


def test_a_duplicate_is_merged_into_the_topic_that_the_flag_names(client, moderator, flag):
    before = make_topic(subforum=flag.post.topic.subforum, title="The same, asked before")
    topic = make_topic(subforum=flag.post.topic.subforum)
    item = make_flag(topic.opening_post, reason=Flag.Reason.DUPLICATE, other_topic=before).item
    shown = page(client, f"/moderation/queue/{item.pk}/")

    act(client, item, "merge", other=before.pk)

    assert "The same, asked before" in shown
    assert Topic.objects.get(pk=topic.pk).merged_into_id == before.pk
    assert not QueueItem.objects.open().filter(pk=item.pk).exists()
    client.post(f"/moderation/entries/{ModerationEntry.objects.get().pk}/undo/")
    assert QueueItem.objects.open().filter(pk=item.pk).exists()


def test_with_htmx_cleaning_up_tells_what_it_settled_and_comes_back_in_its_place(client, moderator, flag):
    User.objects.filter(pk=flag.post.author_id).update(trust=User.Trust.NEW)
    other = make_flag(make_post(topic=flag.post.topic, author=flag.post.author)).item
    htmx = {"headers": {"HX-Request": "true"}}

    done = client.post(f"/moderation/queue/{flag.item_id}/act/", {"act": "clean"}, **htmx).content.decode()
    entry = ModerationEntry.objects.get()
    back = client.post(f"/moderation/entries/{entry.pk}/undo/", {"item": flag.item_id}, **htmx).content.decode()

    assert f'data-settled="{other.pk}"' in done
    assert '<span class="count" id="sign-queue" hx-swap-oob="true">0</span>' in done
    assert f'id="item{flag.item_id}"' in back
    assert '<span class="count" id="sign-queue" hx-swap-oob="true">2</span>' in back


def test_with_htmx_what_was_settled_meanwhile_is_answered_as_done(client, moderator, flag):
    post_acts.hide(moderator, flag.post, WHY)

    answer = client.post(
        f"/moderation/queue/{flag.item_id}/act/", {"act": "hide"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "That was done already." in answer
    assert "<form" not in answer


def test_merging_without_the_other_topic_says_what_is_missing(client, moderator, flag):
    topic = make_topic(subforum=flag.post.topic.subforum)
    item = make_flag(topic.opening_post, reason=Flag.Reason.DUPLICATE).item

    response = act(client, item, "merge", reason="Please read the other one.")

    assert response.status_code == 409
    assert "Choose the topic in which it was asked before." in response.content.decode()
    assert 'value="Please read the other one."' in response.content.decode()


def set_two_rules(place, *rules):
    set_rules(make_admin(), place, introduction="Look.", rules=list(rules))


def test_the_rule_that_a_flag_names_is_offered_by_what_it_said(client, moderator, flag):
    place = flag.post.topic.subforum
    set_two_rules(place, "Be kind.", "Nothing is sold here.")
    make_flag(flag.post, reason="rules", rule=2)
    item = f"/moderation/queue/{flag.item.pk}/"
    assert '<option value="2" selected>' in page(client, item)

    set_two_rules(place, "Nothing is sold here.", "Be kind.")
    assert '<option value="1" selected>' in page(client, item)
    assert "rule 2: “Nothing is sold here.”" in page(client, item)

    set_two_rules(place, "Be kind.")
    assert "selected>" not in page(client, item)


def test_a_rule_that_changed_since_it_was_shown_is_not_named_in_its_place(client, moderator, flag):
    place = flag.post.topic.subforum
    set_two_rules(place, "Be kind.", "Nothing is sold here.")
    shown = page(client).split('name="rules_seen" value="')[1].split('"')[0]
    set_two_rules(place, "Nothing is sold here.", "Be kind.")

    answer = act(client, flag.item, "hide", rule="2", rules_seen=shown, reason="My reason.")

    assert answer.status_code == 400
    assert "The rules have changed meanwhile" in answer.text
    assert "My reason." in answer.text
    assert not ModerationEntry.objects.exists()
    act(client, flag.item, "hide", reason="My reason.", rules_seen=shown)  # where none is named, nothing changed
    assert ModerationEntry.objects.get().rule is None


def test_rules_that_are_none_and_acts_that_are_none_are_refused_in_words(client, moderator, flag):
    assert act(client, flag.item, "hide", rule="99").status_code == 409
    assert act(client, flag.item, "hide", rule="<b>").status_code == 400
    assert act(client, flag.item, "hide", reason="x" * 501).status_code == 400
    assert act(client, flag.item, "burn").status_code == 409
    assert Post.objects.get(pk=flag.post_id).hidden_at is None


def test_with_htmx_the_item_is_answered_alone_with_its_way_back(client, moderator, flag):
    address = f"/moderation/queue/{flag.item_id}/act/"

    answer = client.post(address, {"act": "dismiss"}, headers={"HX-Request": "true"}).content.decode()
    entry = ModerationEntry.objects.get()
    back = client.post(f"/moderation/entries/{entry.pk}/undo/", headers={"HX-Request": "true"}).content.decode()

    assert answer.lstrip().startswith("<li")
    assert "data-undo" in answer
    assert f'id="item{flag.item_id}"' in back


def test_what_another_took_back_at_the_same_time_has_no_second_way_back(client, moderator, flag, monkeypatch):
    act(client, flag.item, "dismiss")
    entry, undo = ModerationEntry.objects.get(), actions.undo.undo

    def too_late(user, entry):
        undo(user, entry)
        raise CannotBeDone("This was changed again since.")

    monkeypatch.setattr(actions.undo, "undo", too_late)
    answer = client.post(f"/moderation/entries/{entry.pk}/undo/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "This was changed again since." in answer.text
    assert "data-undo" not in answer.text


def test_what_could_not_be_taken_back_keeps_its_way_back(client, moderator, flag, monkeypatch):
    act(client, flag.item, "dismiss")
    entry = ModerationEntry.objects.get()

    def refuse(user, entry):
        raise CannotBeDone("This was changed again since.")

    monkeypatch.setattr(actions.undo, "undo", refuse)
    answer = client.post(f"/moderation/entries/{entry.pk}/undo/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "data-undo" in answer.text


def test_an_act_that_no_item_stood_for_is_taken_back_with_htmx(client, moderator, flag):
    entry = topic_acts.lock(moderator, flag.post.topic, WHY)

    answer = client.post(f"/moderation/entries/{entry.pk}/undo/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert Topic.objects.get(pk=flag.post.topic_id).locked_at is None
    assert "data-undo" not in answer.text


def test_every_kind_has_a_tab(client, moderator):
    shown = client.get("/moderation/").context["tabs"]

    assert [label for _, label, _ in shown] == [
        "All",
        "Flags",
        "Holds",
        "Appeals",
        "Possible duplicates",
        "Outdated",
        "Profiles",
    ]
    assert [value for value, _, _ in shown] == ["", *QueueItem.Kind.values]


def test_a_claim_is_seen_by_others_and_given_back(client, moderator, flag):
    client.post(f"/moderation/queue/{flag.item_id}/claim/")
    other = make_moderator(flag.post.topic.subforum)
    client.force_login(other)

    assert f"{moderator.username} looks at it" in plain(page(client))
    assert not claims.claim(other, flag.item)
    client.force_login(moderator)
    client.post(f"/moderation/queue/{flag.item_id}/claim/", {"release": "1"})
    assert QueueItem.objects.get(pk=flag.item_id).claimed_by is None


def test_notes_are_for_the_others(client, moderator, flag):
    client.post(f"/moderation/queue/{flag.item_id}/note/", {"text": "Ask him first."})
    client.post(f"/moderation/queue/{flag.item_id}/note/", {"text": "Ask him first."})

    assert page(client).count("Ask him first.") == 1
    assert client.post(f"/moderation/queue/{flag.item_id}/note/", {"text": ""}).status_code == 400


def test_an_item_shows_all_about_it_on_one_screen(client, moderator, flag):
    make_post(author=flag.post.author, source="Another post of the same member.")

    shown = page(client, f"/moderation/queue/{flag.item_id}/")

    assert flag.post.html in shown
    assert "Another post of the same member." in shown
    assert "1 post" in shown or "2 posts" in shown
    assert flag.by.username in shown


def test_the_tabs_and_orders_show_what_they_say(client, moderator, flag):
    old = make_flag(make_post(topic=flag.post.topic), reason=Flag.Reason.OUTDATED)
    risky = make_flag(make_post(topic=flag.post.topic), reason=Flag.Reason.DANGEROUS)

    by_age, by_risk, outdated = (page(client, f"/moderation/?{query}") for query in ("", "order=risk", "kind=outdated"))

    def at(html, found):
        return html.find(f'id="item{found.item_id}"')

    assert at(by_age, flag) < at(by_age, old) < at(by_age, risky)
    assert at(by_risk, risky) < at(by_risk, flag) < at(by_risk, old)
    assert at(outdated, old) > 0 > at(outdated, flag)


def test_the_queue_asks_as_much_for_one_item_as_for_twenty(client):
    subforum = make_subforum()
    moderator = make_moderator(subforum)
    client.force_login(moderator)
    topic = make_topic(subforum=subforum)
    make_flag(make_post(topic=topic))
    page(client)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page(client)
    for _ in range(19):
        make_flag(make_post(topic=topic))

    with CaptureQueriesContext(connection) as twenty:
        page(client)

    assert len(twenty) == len(one)


def test_moderators_read_the_log_of_their_subforums_and_undo_from_it(client, moderator, flag):
    act(client, flag.item, "hide")
    entry = ModerationEntry.objects.get()

    shown = page(client, "/moderation/log/")
    client.post(f"/moderation/entries/{entry.pk}/undo/", {"next": "/moderation/log/"})

    assert f"hid a post by {flag.post.author.username}" in shown
    assert "Taken back" in page(client, "/moderation/log/")


def test_the_public_log_has_no_names_and_no_words(client, moderator, flag):
    act(client, flag.item, "hide", reason="A private reason.")
    client.logout()

    shown = page(client, "/log/")

    assert "Hide post" in shown
    for private in (flag.post.author.username, moderator.username, "A private reason.", flag.by.username):
        assert private not in shown


@pytest.mark.parametrize("value", ["1", "f1"])
def test_the_logs_lead_to_the_rule_as_it_stood(client, moderator, flag, value):
    topic, author = flag.post.topic, flag.post.author
    places = {"1": topic.subforum, "f1": None}
    for rules in (["Nothing is sold here."], ["Be kind.", "Nothing is sold here."]):
        set_rules(make_admin(), places[value], introduction="Look.", rules=rules)
        if len(rules) == 1:
            act(client, flag.item, "hide", rule=value)
    address = f"/forums/{topic.subforum.slug}/rules/history/1/" if value == "1" else "/rules/history/1/"

    seen = [page(client, "/moderation/log/")]
    client.force_login(author)
    seen.append(page(client, "/moderation/mine/"))
    client.logout()
    seen.append(page(client, "/log/"))

    assert [f'<a href="{address}">rule 1' in html for html in seen] == [True, True, True]
    assert "1. Nothing is sold here." in page(client, address)


def test_the_public_log_says_nothing_of_what_a_visitor_may_not_read(client):
    secret = make_topic(subforum=make_subforum(access="members", name="The members' corner"), title="A secret title")
    admin = make_admin()
    client.force_login(admin)
    client.post(f"/moderation/topics/{secret.pk}/", {"act": "lock"})
    client.logout()

    shown = page(client, "/log/")

    assert ModerationEntry.objects.count() == 1
    assert "A secret title" not in shown
    assert "The members" not in shown


def test_somebody_else_does_not_undo_what_one_did(client, moderator, flag):
    act(client, flag.item, "hide")
    client.force_login(make_moderator(flag.post.topic.subforum))

    assert client.post(f"/moderation/entries/{ModerationEntry.objects.get().pk}/undo/").status_code == 403


def test_a_topic_that_went_where_a_reader_may_not_read_keeps_its_title_to_itself(client, moderator, flag):
    act(client, flag.item, "hide")
    staff = make_subforum(access="staff")
    topic = Topic.objects.get(pk=flag.post.topic_id)
    topics.move_topic(make_admin(), topic, staff)
    topics.retitle(make_admin(), topic, "A secret plan")

    seen = [page(client, address) for address in ("/moderation/log/", "/moderation/")]
    client.force_login(flag.post.author)
    seen.append(page(client, "/moderation/mine/"))

    assert [html.count("A secret plan") for html in seen] == [0, 0, 0]
    assert "A post of yours in “a topic” was hidden" in seen[-1]


def test_the_rules_lead_everybody_to_what_moderators_did(client):
    assert 'href="/log/"' in page(client, "/rules/")


def test_an_appeal_is_offered_to_whoever_may_decide_it_and_not_to_whoever_did_it(client, moderator, flag):
    asked = appeal(flag.post.author, post_acts.hide(moderator, flag.post, WHY), "It was no advertisement.")
    address = f"/moderation/appeals/{asked.pk}/"

    other = make_moderator(flag.post.topic.subforum)

    of_whoever_did_it = page(client)
    client.force_login(other)
    of_another = page(client)

    assert address not in of_whoever_did_it
    assert "You did it, so it waits for an administrator or another moderator." in of_whoever_did_it
    assert address in of_another
    assert "it waits for an administrator" not in of_another


def test_appeals_against_oneself_wait_for_an_administrator_and_do_not_count(client, moderator, flag):
    appeal(flag.post.author, post_acts.hide(moderator, flag.post, WHY), "It was no advertisement.")

    shown = client.get("/moderation/")

    assert "You did it, so it waits for an administrator." in shown.text
    assert '<span class="count" id="sign-queue">' not in shown.text
    assert ("appeal", "Appeals", 0) in shown.context["tabs"]
    assert claims.waiting(moderator) == 0
    assert claims.waiting(make_moderator(flag.post.topic.subforum)) == claims.waiting(make_admin()) == 1


def test_what_waits_about_the_same_post_besides_counts(client, moderator, flag):
    other = make_post(topic=flag.post.topic)
    appeal(other.author, post_acts.edit(moderator, other, WHY, source="In other words.", based_on=0), "Why?")
    make_flag(other)

    assert claims.waiting(moderator) == 2


def test_what_is_about_oneself_is_told_without_a_button_and_does_not_count(client, moderator, flag):
    item = make_flag(make_post(topic=flag.post.topic, author=moderator)).item

    shown = page(client)

    assert "It is about you, so it waits for an administrator." in shown
    assert f"/moderation/queue/{item.pk}/" not in shown
    assert claims.waiting(moderator) == 1


def test_an_opening_post_says_how_many_replies_go_with_it(client, moderator, flag):
    topic = flag.post.topic
    make_post(topic=topic)
    make_flag(topic.opening_post)
    alone = make_topic(subforum=topic.subforum)
    make_flag(alone.opening_post)

    shown = page(client)

    assert "Opening post, 2 replies" in shown
    assert "Hide topic (2 replies) <kbd>R</kbd>" in shown
    assert "Hide topic <kbd>R</kbd>" in shown
    assert "Hide <kbd>R</kbd>" in shown


def test_buttons_say_what_they_do_to_the_author(client, moderator, flag, settings):
    settings.WARNINGS_SUSPEND = ((3, 7), (6, 30))
    User.objects.filter(pk=flag.post.author_id).update(trust=User.Trust.NEW)
    assert "3 points suspend for 7 days, 6 for 30 days; they have 0." in page(client)
    assert "Ban and hide 1 post <kbd>X</kbd>" in page(client)

    actions.member_acts.warn(moderator, flag.post.author, WHY, points=2)

    assert "Warn (suspends for 7 days) <kbd>W</kbd>" in page(client)
    act(client, flag.item, "warn")
    assert User.objects.get(pk=flag.post.author_id).is_suspended


def test_the_keys_stand_beside_the_items(client, moderator, flag):
    for address in ("/moderation/", f"/moderation/queue/{flag.item_id}/"):
        assert re.search(r'<aside.*id="keys".*</aside>', page(client, address), re.DOTALL)
