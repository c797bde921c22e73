"""Reasons that are ready to be given with one press: which ones a form offers, what they fill, and changing them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from forum.actions.rules import set_rules
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import post_acts
from moderation.filters import banned_words, findings
from moderation.log.entries import Why
from moderation.models import Flag, Hold, ModerationEntry, PresetReason, Verb
from moderation.queue import listing
from moderation.reasons import actions
from moderation.reasons.actions import MOST, ReasonChangedMeanwhile
from moderation.reasons.offered_reasons import presets_for
from moderation.reasons.ready_made import READY_MADE
from moderation.rules import rules_for
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_flag, make_moderator

pytestmark = pytest.mark.django_db
NO_RULE = {"rule_text": "", "is_forum_rule": False, "cause": ""}


@pytest.fixture
def topic():
    return make_topic(subforum=make_subforum())


@pytest.fixture
def moderator(topic):
    return make_moderator(topic.subforum)


def offered(subforum):
    return presets_for(subforum, rules_for(subforum))


def labels(subforum):
    return [preset.label for preset in offered(subforum)]


def add(user, subforum, label="Politics", text="This forum keeps away from politics.", **more):
    return actions.add_reason(user, subforum, label=label, text=text, **NO_RULE | more)


# --- Which ones are offered ---


def test_an_empty_site_has_kind_ones():
    assert labels(None) == labels(make_subforum()) == [label for label, _, _ in READY_MADE]
    assert all(len(text) <= 500 and len(label) <= 30 for label, text, _ in READY_MADE)


def test_a_subforum_inherits_those_of_the_whole_forum_until_it_has_its_own(topic, moderator):
    admin = make_admin()
    add(admin, None, "Of all")
    assert labels(topic.subforum)[-1] == "Of all"

    add(moderator, topic.subforum, "Of ours")

    assert labels(topic.subforum)[-2:] == ["Of all", "Of ours"]  # none is lost by adding one
    assert labels(make_subforum())[-1] == labels(None)[-1] == "Of all"


def test_a_new_one_stands_last_and_a_copied_one_names_a_rule_only_where_it_did(topic, moderator):
    set_rules(moderator, topic.subforum, introduction="Look first.", rules=["Be kind."])
    add(make_admin(), None, "Of all")
    copied = actions.copy_inherited(moderator, topic.subforum)

    added = [add(moderator, topic.subforum, label) for label in ("One", "Two")]

    assert [one.position for one in [*copied, *added]] == list(range(len(copied) + 2))
    assert {one.rule_text for one in copied} == {""}


def test_a_copied_one_names_the_rule_that_it_named(topic, moderator):
    admin = make_admin()
    set_rules(admin, None, introduction="Look first.", rules=["Be kind.", "No politics.", "No dogs."])
    add(admin, None, "Of all", rule_text="No politics.", is_forum_rule=True)

    *_, copied = actions.copy_inherited(moderator, topic.subforum)

    assert (copied.label, copied.rule_text, copied.is_forum_rule) == ("Of all", "No politics.", True)


def test_without_its_last_one_a_subforum_inherits_again(topic, moderator):
    actions.copy_inherited(moderator, topic.subforum)
    for reason in PresetReason.objects.filter(subforum=topic.subforum):
        actions.remove_reason(moderator, reason)
        actions.remove_reason(moderator, reason)

    assert labels(topic.subforum) == [label for label, _, _ in READY_MADE]


def test_its_rule_is_found_by_its_words_when_numbers_change(topic, moderator):
    def rules(*texts):
        set_rules(moderator, topic.subforum, introduction="Look first.", rules=list(texts))

    rules("No politics.")
    add(moderator, topic.subforum, rule_text="No politics.")
    assert offered(topic.subforum)[-1].rule == "1"
    rules("Be kind.", "No politics.")
    assert offered(topic.subforum)[-1].rule == "2"
    rules("Be kind.")
    assert offered(topic.subforum)[-1].rule == ""


# --- What is suggested ---


def suggested(user, item):
    [row] = listing.shown(user, type(item).objects.filter(pk=item.pk))
    return row.presets[0].label, row.presets[0].because


@pytest.mark.parametrize(
    ("reason", "label", "because"),
    [
        (Flag.Reason.ADVERTISING, "Advertising", "it was flagged as advertising"),
        (Flag.Reason.OUTDATED, "Out of date", "it was flagged as no longer true"),
        (Flag.Reason.DANGEROUS, "Dangerous", "it was flagged as dangerous"),
        (Flag.Reason.PERSONAL, "Private details", "it was flagged for private things"),
        (Flag.Reason.RULES, "Tone", "it was flagged for breaking a rule"),
        (Flag.Reason.OTHER, "Advertising", ""),
    ],
)
def test_the_reason_of_a_flag_suggests_one_first(topic, moderator, reason, label, because):
    item = make_flag(make_post(topic=topic), reason=reason, words="Look.").item

    assert suggested(moderator, item) == (label, because)


def test_the_rule_that_a_flag_names_suggests_the_one_that_names_it(topic, moderator):
    set_rules(moderator, topic.subforum, introduction="Look first.", rules=["Be kind.", "No politics."])
    add(moderator, topic.subforum, rule_text="No politics.")
    item = make_flag(make_post(topic=topic), reason=Flag.Reason.RULES, rule=2).item

    assert suggested(moderator, item) == ("Politics", "it was flagged for breaking this rule")


def test_a_watched_word_and_a_copied_text_suggest_one(topic, moderator):
    banned_words.watch(moderator, "casino", act="hold", subforum=topic.subforum)
    word = findings.note_hold(make_post(topic=topic, source="My casino."), Hold.Reason.WORDS)
    twice = findings.note_hold(make_post(topic=topic), Hold.Reason.COPIED)

    assert suggested(moderator, word.item) == ("Watched word", "it has a watched word: casino")
    linked = findings.note_hold(make_post(topic=topic), Hold.Reason.FIRST_POST)

    assert suggested(moderator, linked.item) == ("Advertising", "it has links or contact details")
    assert suggested(moderator, twice.item) == ("Posted twice", "the same text was posted before")


# --- What one press fills ---


def press(client, item, **fields):
    return client.post(f"/moderation/queue/{item.pk}/act/", {"act": "hide", **fields}, follow=True)


def test_one_press_gives_reason_and_rule_without_script(client, topic, moderator):
    set_rules(moderator, topic.subforum, introduction="Look first.", rules=["Be kind.", "No politics."])
    reason = add(moderator, topic.subforum, rule_text="No politics.")
    item = make_flag(make_post(topic=topic), reason=Flag.Reason.RULES, rule=1).item
    client.force_login(moderator)

    press(client, item, preset=reason.pk, rule="1", rule_offered="1")  # the flagged rule was chosen beforehand

    entry = ModerationEntry.objects.get(verb=Verb.HIDE_POST)
    assert (entry.rule, entry.words.reason) == (2, reason.text)


def test_what_was_typed_goes_before_it(client, topic, moderator):
    item = make_flag(make_post(topic=topic)).item
    client.force_login(moderator)

    press(client, item, preset="ready-0", reason="In my own words.")

    assert ModerationEntry.objects.get(verb=Verb.HIDE_POST).words.reason == "In my own words."


@pytest.mark.parametrize("value", ["ready-99", "999999", "nonsense", "-1", "0" * 20])
def test_one_that_is_gone_is_refused_in_words(client, topic, moderator, value):
    item = make_flag(make_post(topic=topic)).item
    client.force_login(moderator)

    answer = press(client, item, preset=value)

    assert answer.status_code == 400
    assert "The ready reasons have changed meanwhile." in answer.text
    assert not ModerationEntry.objects.exists()


# --- Asked once ---


@pytest.mark.parametrize("kind", ["queue", "topic", "posts", "many", "member"])
def test_without_a_reason_it_is_asked_and_the_second_press_goes_on_and_is_noted(client, topic, moderator, kind):
    post = make_post(topic=topic, author=make_user())
    item = make_flag(post).item
    path, data, verb = {
        "queue": (f"/moderation/queue/{item.pk}/act/", {"act": "hide"}, Verb.HIDE_POST),
        "topic": (f"/moderation/topics/{topic.pk}/", {"act": "hide"}, Verb.HIDE_TOPIC),
        "posts": (f"/moderation/topics/{topic.pk}/", {"act": "warn", "posts": post.pk}, Verb.WARN),
        "many": (f"/moderation/forums/{topic.subforum.slug}/", {"act": "hide", "topics": topic.pk}, Verb.HIDE_TOPIC),
        "member": (f"/moderation/members/{post.author}/act/", {"act": "suspend", "days": "3"}, Verb.SUSPEND),
    }[kind]
    client.force_login(moderator)

    asked = client.post(path, data)

    assert (asked.status_code, "<b>Why?</b>" in asked.text) == (400, True)
    assert not ModerationEntry.objects.exists()
    name = re.search(r'name="asked_about" value="([a-z-]+)"', asked.text)[1]
    assert client.post(path, data | {"asked_about": name}, follow=True).status_code == 200
    assert ModerationEntry.objects.filter(verb=verb).exists()
    assert "no reason given" in client.get("/moderation/log/").text
    assert "no reason given" not in client.get("/log/").text


def test_the_second_press_is_of_the_same_act(client, topic, moderator):
    item = make_flag(make_post(topic=topic)).item
    client.force_login(moderator)

    answer = client.post(f"/moderation/queue/{item.pk}/act/", {"act": "warn", "asked_about": "hide"})

    assert (answer.status_code, ModerationEntry.objects.count()) == (400, 0)
    assert 'name="asked_about" value="warn"' in answer.text


@pytest.mark.parametrize("given", [{"preset": "ready-1"}, {"reason": "So."}, {"rule": "1"}])
def test_with_any_reason_nobody_is_asked(client, topic, moderator, given):
    set_rules(moderator, topic.subforum, introduction="Look first.", rules=["Be kind."])
    client.force_login(moderator)

    client.post(f"/moderation/topics/{topic.pk}/", {"act": "hide"} | given)

    assert ModerationEntry.objects.get().verb == Verb.HIDE_TOPIC
    assert "no reason given" not in client.get("/moderation/log/").text


@pytest.mark.parametrize("blank", [" ", "\u200b\u2060", "\t \u00ad"])
def test_what_nobody_can_see_is_no_reason(client, topic, moderator, blank):
    client.force_login(moderator)

    answer = client.post(f"/moderation/topics/{topic.pk}/", {"act": "hide", "reason": blank})

    assert (answer.status_code, ModerationEntry.objects.count()) == (400, 0)


def test_missing_ticks_are_said_before_why(client, topic, moderator):
    client.force_login(moderator)

    answer = client.post(f"/moderation/topics/{topic.pk}/", {"act": "hide-posts"})

    assert "Tick at least one post." in answer.text
    assert "<b>Why?</b>" not in answer.text


def test_what_was_done_meanwhile_asks_nobody(client, topic, moderator):
    item = make_flag(make_post(topic=topic)).item
    post_acts.hide(moderator, item.post, Why(reason="So."))
    client.force_login(moderator)

    assert "That was done already." in press(client, item).text


# --- Changing them ---


def test_moderators_change_those_of_their_subforums_and_administrators_all(client, topic, moderator):
    with pytest.raises(NotAllowed):
        add(moderator, None)
    with pytest.raises(NotAllowed):
        add(make_moderator(make_subforum()), topic.subforum)
    reason = add(make_admin(), topic.subforum)
    actions.change_reason(moderator, reason, based_on=1, label="Politics", text="Not here, please.", **NO_RULE)
    assert offered(topic.subforum)[-1].text == "Not here, please."


def test_adding_twice_adds_one_and_another_text_is_refused(topic, moderator):
    assert add(moderator, topic.subforum) == add(moderator, topic.subforum)
    with pytest.raises(CannotBeDone):
        add(moderator, topic.subforum, "POLITICS", "Else.")


def test_there_are_never_too_many(topic, moderator):
    for number in range(MOST - len(READY_MADE)):
        add(moderator, topic.subforum, f"Number {number}")
    with pytest.raises(CannotBeDone, match="already"):
        add(moderator, topic.subforum, "One too many")


def test_they_are_moved_up_one_by_one(topic, moderator):
    first, second, *_ = actions.copy_inherited(moderator, topic.subforum)
    actions.raise_reason(moderator, first)
    assert labels(topic.subforum)[:2] == [first.label, second.label]
    actions.raise_reason(moderator, second)
    assert labels(topic.subforum)[:2] == [second.label, first.label]


def test_a_change_of_somebody_else_is_shown_before_it_is_replaced(client, topic, moderator):
    reason = add(moderator, topic.subforum)
    actions.change_reason(make_admin(), reason, based_on=1, label="Politics", text="Theirs.", **NO_RULE)
    client.force_login(moderator)
    path, typed = f"/staff/reasons/{reason.pk}/edit/", {"label": "Politics", "text": "Mine.", "based_on": "1"}

    answer = client.post(path, typed)

    assert answer.status_code == 400
    assert "Theirs." in answer.text
    assert "Mine." in answer.text
    with pytest.raises(ReasonChangedMeanwhile):
        actions.change_reason(moderator, reason, based_on=1, label="Politics", text="Mine.", **NO_RULE)
    client.post(path, typed | {"based_on": re.search(r'name="based_on" value="(\d+)"', answer.text)[1]})
    reason.refresh_from_db()
    assert reason.text == "Mine."


def test_no_two_have_one_name_but_one_may_be_written_in_another_way(topic, moderator):
    reason, other = add(moderator, topic.subforum), add(moderator, topic.subforum, "Dogs")

    with pytest.raises(CannotBeDone, match="another reason with this name"):
        actions.change_reason(moderator, other, based_on=1, label="POLITICS", text="No.", **NO_RULE)
    changed = actions.change_reason(moderator, reason, based_on=1, label="POLITICS", text="No.", **NO_RULE)

    assert (changed.label, changed.version) == ("POLITICS", 2)


def test_one_that_was_removed_meanwhile_gives_the_text_back(topic, moderator):
    reason = add(moderator, topic.subforum)
    actions.remove_reason(moderator, reason)

    assert actions.change_reason(moderator, reason, based_on=1, label="Politics", text="Mine.", **NO_RULE) is None


@pytest.mark.parametrize(
    "typed", [{"text": "\u200b"}, {"label": "\u2060 "}, {"text": "x" * 501}, {"label": "x" * 31}, {"rule": "9"}]
)
def test_what_cannot_be_read_is_refused_with_what_was_typed(client, topic, moderator, typed):
    client.force_login(moderator)

    answer = client.post(f"/staff/reasons/{topic.subforum.slug}/", {"label": "Politics", "text": "Not here."} | typed)

    assert (answer.status_code, PresetReason.objects.count()) == (400, 0)


def test_markup_in_them_is_text(client, topic, moderator):
    add(moderator, topic.subforum, "<b>Bold</b>", 'A "quote" & <script>')
    make_flag(make_post(topic=topic))
    client.force_login(moderator)

    for path in ("/moderation/", f"/staff/reasons/{topic.subforum.slug}/", f"/moderation/topics/{topic.pk}/"):
        page = client.get(path).text
        assert "<b>Bold</b>" not in page
        assert "&lt;b&gt;Bold" in page


def test_the_queue_asks_the_database_once_for_all_of_them(client, topic, moderator, django_assert_max_num_queries):
    client.force_login(moderator)

    def asked():
        with django_assert_max_num_queries(60) as queries:
            client.get("/moderation/")
        return sum("moderation_presetreason" in query["sql"] for query in queries.captured_queries)

    make_flag(make_post(topic=topic))
    assert asked() == 1
    for _ in range(3):
        other = make_subforum()
        other.moderators.add(moderator)
        make_flag(make_post(topic=make_topic(subforum=other)))
    assert asked() == 1


@pytest.mark.django_db(transaction=True)
def test_two_moderators_who_begin_a_list_at_once_make_one(topic, moderator):
    second = make_moderator(topic.subforum)

    def copy(user):
        try:
            return len(actions.copy_inherited(user, topic.subforum))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(copy, [moderator, second]))

    assert found == [len(READY_MADE)] * 2
    assert PresetReason.objects.count() == len(READY_MADE)
