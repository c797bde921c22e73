"""Watched words: tried on the latest posts before they are saved, changed where they stand, pasted as a list."""

import re
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import User
from accounts.text.folded_words import fold
from forum.actions import visibility
from moderation.actions import undo
from moderation.filters import banned_words, ordinary_words, word_trial
from moderation.models import ModerationEntry, Verb, WatchedWord
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db
WORDS = "/moderation/words/"


@pytest.fixture
def admin(client):
    user = make_admin()
    client.force_login(user)
    return user


def watched():
    return sorted(WatchedWord.objects.values_list("pattern", "act"))


def send(client, path=WORDS, **fields):
    return client.post(path, {"pattern": "casino*", "act": "hold"} | fields)


# --- Scripts that write vowels as marks ---


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("चोर", "वह चोर है", True), ("चोर", "चार दिन", False), ("कीमत", "क़ीमत ज़्यादा", True),
        ("คน", "คืนนี้", False), ("คน", "สองคนไป", True), ("ကို", "ကာလ", False),
        ("casino", "ca\u0e31sino", True), ("كتاب", "كِتَاب", True), ("казино", "каси́но казино́", True),
    ],
)  # fmt: skip
def test_a_vowel_makes_another_word_and_an_accent_does_not(word, text, is_found):
    watched_word = banned_words.Watched(word, banned_words.fold_pattern(word), "hold")

    assert bool(banned_words.matching(text, [watched_word])) == is_found


def test_words_that_were_kept_without_their_vowels_are_folded_again(admin):
    for pattern in ("चोर", "casino", "จีน"):
        banned_words.watch(admin, pattern, act="hold")
    folded = dict(WatchedWord.objects.values_list("pattern", "folded"))
    WatchedWord.objects.filter(pattern="चोर").update(folded="च र")

    import_module("moderation.migrations.0033_watched_words_keep_vowels").fold_again(apps, None)

    assert dict(WatchedWord.objects.values_list("pattern", "folded")) == folded


# --- A try first ---


def test_a_try_counts_the_latest_posts_and_saves_nothing(client, admin):
    topic, trusted = make_topic(source="A CÁSINO at the border."), make_user(trust=User.Trust.TRUSTED)
    for text in ("The casino1 again.", "Nothing here."):
        make_post(topic=topic, author=trusted, source=text)
    spam = make_post(topic=topic, source="My casinos, come all.")
    visibility.hide_post(admin, spam)
    make_post(topic=topic, author=admin, source="A casino, says an administrator.")

    text = send(client, trial="1").text

    assert "Would have stopped 3 of the last 4 posts" in text
    assert "1 by trusted members, 1 hidden already" in text
    assert "The casino1 again." in text
    assert "says an administrator" not in text
    assert not WatchedWord.objects.exists()


def test_titles_are_tried_as_the_filter_reads_them(client, admin):
    topic = make_topic(title="A casino at the border, again")
    make_post(topic=topic)

    assert "Would have stopped 1 of the last 2 posts" in send(client, trial="1").text


def test_a_word_that_flags_is_said_to_flag(client, admin):
    make_post(source="A casino.")

    assert "Would have flagged 1 of the last 2 posts" in send(client, trial="1", act="flag").text


def test_a_try_looks_where_the_word_is_to_be_watched(client):
    here, there = make_subforum(), make_subforum()
    make_post(topic=make_topic(subforum=there), source="A casino there.")
    make_topic(subforum=here)
    client.force_login(make_moderator(here))

    text = send(client, trial="1", subforum=here.pk).text

    assert "Would have stopped 0 of the last 1 post<" in text
    assert "A casino there." not in text
    assert send(client, trial="1", subforum=there.pk).status_code == 400


@pytest.mark.parametrize(
    "text", ["A CÁSINO", "cаsino", "ca\u200bsino", "casinoroyal", "cas ino", "Kasino", "my casino!"]
)
def test_a_try_finds_exactly_what_the_filter_finds(text):
    post = make_post(source=text)
    word = banned_words.Watched("casino*", banned_words.fold_pattern("casino*"), "hold")

    is_found = bool(banned_words.matching(banned_words.text_of("", text), [word]))

    trial = word_trial.trial_of(word.folded, word_trial.latest_posts(post.topic.subforum))
    assert trial.ids == [post.pk] * is_found


def test_a_try_asks_the_same_number_of_questions_however_many_posts(client, admin, django_assert_max_num_queries):
    topic = make_topic()
    for number in range(12):
        make_post(topic=topic, source=f"The casino number {number}.")
    send(client, trial="1")

    with django_assert_max_num_queries(25):
        send(client, trial="1")


# --- Ordinary words ---


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("bus", "It is short"),
        ("bord*", "With the star it finds every word that begins with"),
        ("border", "an ordinary word of travellers"),
        ("ГРАНИЦА", "an ordinary word of travellers"),
        ("口岸", "an ordinary word of travellers"),
        ("kulma*", "in the name of a place"),
        ("Kulma Pass", "in the name of a place"),
        ("Kyrgyzstan", "in the name of a place"),
        ("yurtful", "It stands in 3 of the last"),
    ],
)
def test_an_ordinary_word_gets_a_warning_and_is_saved_the_second_time(client, admin, pattern, words):
    make_country("KG", "Kyrgyzstan")
    make_crossing(name="Kulma Pass", countries=("KG", "CN"))
    topic = make_topic()
    for number in range(3):
        make_post(topic=topic, source=f"A yurtful {number}.")

    asked = send(client, pattern=pattern)

    assert asked.status_code == 409
    assert words in asked.text
    assert not WatchedWord.objects.exists()

    sure = re.search(r'name="sure" value="([^"]*)"', asked.text)[1]
    assert send(client, pattern=pattern, sure=sure).status_code == 302
    assert WatchedWord.objects.get().pattern == pattern


def test_yes_to_one_word_is_no_yes_to_another(client, admin):
    assert send(client, pattern="border", sure=fold("visa")).status_code == 409


@pytest.mark.parametrize("pattern", ["*", "**", "!!", "a*", "ca*no", "*casino", "ca * no", "x" * 101])
def test_what_would_match_everything_or_means_nothing_is_refused(client, admin, pattern):
    assert send(client, pattern=pattern).status_code == 400
    assert not WatchedWord.objects.exists()


def test_a_word_that_few_use_is_saved_at_once(client, admin):
    assert send(client).status_code == 302
    assert watched() == [("casino*", "hold")]


def test_all_ordinary_words_are_folded_as_the_filter_folds():
    assert all(word == banned_words.fold_pattern(word) for word in ordinary_words._ORDINARY_FOLDED)


# --- Changes ---


def test_a_word_is_changed_where_it_stands_and_the_log_keeps_what_it_was(client, admin):
    word = banned_words.watch(admin, "casino*", act="hold", note="Sellers.")
    path = f"{WORDS}{word.pk}/"
    assert 'value="casino*"' in client.get(path).text

    answer = send(client, path, pattern="casinos*", act="block", note="Worse.", based_on=word.version)

    assert answer.status_code == 302
    word.refresh_from_db()
    assert (word.pattern, word.folded, word.act, word.note) == ("casinos*", fold("casinos") + "*", "block", "Worse.")
    entry = ModerationEntry.objects.get(verb=Verb.CHANGE_WORD)
    assert (entry.words.before["words"][0]["pattern"], entry.words.after["words"][0]["act"]) == ("casino*", "block")
    assert (
        "Before: “casino*” (let it wait for a moderator). Now: “casinos*” (refuse the text)."
        in client.get("/moderation/log/").text
    )


def test_the_same_again_changes_and_logs_nothing(client, admin):
    word = banned_words.watch(admin, "casino*", act="hold")

    send(client, f"{WORDS}{word.pk}/", based_on=word.version)

    assert not ModerationEntry.objects.filter(verb=Verb.CHANGE_WORD).exists()


def test_who_comes_second_is_told_what_the_first_made_of_it(client, admin):
    word = banned_words.watch(admin, "casino*", act="hold")
    banned_words.watch(make_admin(), "casino*", act="flag")

    answer = send(client, f"{WORDS}{word.pk}/", act="block", based_on=word.version)

    assert answer.status_code == 409
    assert "changed this word since you opened the form" in answer.text
    assert watched() == [("casino*", "flag")]
    based_on = re.search(r'name="based_on" value="([^"]*)"', answer.text)[1]
    assert send(client, f"{WORDS}{word.pk}/", act="block", based_on=based_on.replace("&#x2B;", "+")).status_code == 302


def test_a_change_into_a_word_that_is_there_or_gone_is_refused(client, admin):
    word, other = (banned_words.watch(admin, pattern, act="hold") for pattern in ("casino*", "roulette"))

    there = send(client, f"{WORDS}{word.pk}/", pattern="ROULETTE", based_on=word.version)
    other.delete()

    assert "This word is watched here already." in there.text
    with pytest.raises(banned_words.CannotBeDone, match="watched no longer"):
        banned_words.change(admin, other, pattern="x2", act="hold", note="", based_on=other.version)


def test_a_change_into_an_ordinary_word_is_asked_about(client, admin):
    word = banned_words.watch(admin, "casino*", act="hold")

    assert send(client, f"{WORDS}{word.pk}/", pattern="border", based_on=word.version).status_code == 409
    assert watched() == [("casino*", "hold")]


def test_moderators_change_words_of_their_own_subforums_alone(client, admin):
    here, there = make_subforum(), make_subforum()
    words = [banned_words.watch(admin, "casino*", act="hold", subforum=place) for place in (here, there, None)]
    client.force_login(make_moderator(here))

    answers = [send(client, f"{WORDS}{word.pk}/", act="flag", based_on=word.version).status_code for word in words]

    assert answers == [302, 404, 403]


# --- Undo ---


def test_each_act_on_words_can_be_undone(admin):
    word = banned_words.watch(admin, "casino*", act="hold", note="Sellers.")
    banned_words.change(admin, word, pattern="casino", act="block", note="", based_on=word.version)
    word.refresh_from_db()
    banned_words.forget(admin, word)
    assert watched() == []
    entries = list(ModerationEntry.objects.order_by("-pk"))

    seen = []
    for entry in entries:
        undo.undo(admin, entry)
        seen.append(watched())

    assert seen == [[("casino", "block")], [("casino*", "hold")], []]


def test_an_act_on_a_word_that_was_changed_since_is_not_undone(admin):
    banned_words.watch(admin, "casino*", act="hold")
    first = ModerationEntry.objects.get()
    banned_words.watch(admin, "casino*", act="block")

    with pytest.raises(banned_words.CannotBeDone):
        undo.undo(admin, first)
    assert watched() == [("casino*", "block")]


def test_who_lost_the_subforum_undoes_nothing_there():
    here = make_subforum()
    moderator = make_moderator(here)
    banned_words.watch(moderator, "casino*", act="hold", subforum=here)
    here.moderators.remove(moderator)
    entry, moderator = ModerationEntry.objects.get(), User.objects.get(pk=moderator.pk)
    make_subforum().moderators.add(moderator)

    with pytest.raises(banned_words.NotAllowed):
        undo.undo(User.objects.get(pk=moderator.pk), entry)


def test_words_stand_in_no_log_for_everybody(client, admin):
    word = banned_words.watch(admin, "casino*", act="hold")
    undo.undo(admin, ModerationEntry.objects.get())
    client.logout()

    page = client.get("/log/").text

    assert word.pattern not in page
    assert "watch" not in page.lower().split("<main")[1].split("</main>")[0]


# --- A list ---


def test_a_list_says_of_each_line_what_became_of_it(client, admin):
    banned_words.watch(admin, "roulette", act="flag")
    lines = "casino*\r\n\r\n# a comment\r\nROULETTE\r\nca*no\r\nborder\r\ncasino*\r\npoker"

    answer = client.post(WORDS, {"paste": "1", "lines": lines, "act": "block", "note": "Sellers."})

    assert answer.status_code == 200
    pasted = answer.context["pasted"]
    assert (pasted.added, pasted.there) == (["casino*", "poker"], ["ROULETTE"])
    assert [refusal.line for refusal in pasted.refused] == ["ca*no"]
    assert [refusal.line for refusal in pasted.doubted] == ["border"]
    assert "2 added, 1 there already, 2 not added." in answer.text
    assert answer.context["list_form"].initial["lines"] == "ca*no\nborder"
    assert watched() == [("casino*", "block"), ("poker", "block"), ("roulette", "flag")]
    assert ModerationEntry.objects.filter(verb=Verb.WATCH_WORDS).count() == 2


def test_a_list_is_taken_back_with_one_press(client, admin):
    client.post(WORDS, {"paste": "1", "lines": "casino*\npoker", "act": "block"})
    entry = ModerationEntry.objects.get()

    client.post("/moderation/undo/", {"done": entry.pk, "next": WORDS})

    assert not WatchedWord.objects.exists()


def test_ordinary_words_of_a_list_are_added_where_that_is_meant(client, admin):
    client.post(WORDS, {"paste": "1", "lines": "border", "act": "flag", "with_ordinary": "on"})

    assert watched() == [("border", "flag")]


@pytest.mark.parametrize("lines", ["", " \n#x", "\n".join(f"casino{number}" for number in range(201))])
def test_a_list_of_nothing_or_too_much_is_refused_and_kept(client, admin, lines):
    answer = client.post(WORDS, {"paste": "1", "lines": lines, "act": "hold"})

    assert answer.status_code == 400
    assert answer.context["list_form"]["lines"].value() == lines
    assert not WatchedWord.objects.exists()


def test_a_list_of_another_place_is_refused(client):
    client.force_login(make_moderator(make_subforum()))

    for subforum in ("", make_subforum().pk):
        answer = client.post(WORDS, {"paste": "1", "lines": "casino*", "act": "hold", "subforum": subforum})
        assert answer.status_code == 400
    assert not WatchedWord.objects.exists()
