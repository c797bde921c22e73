"""Administrators keep the block lists and the question of sign-up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import SignUpBlock, SignUpQuestion, User
from accounts.signup import block_lists
from forum.permissions import CannotBeDone, NotAllowed
from moderation.actions import undo
from moderation.filters import gate
from moderation.models import ModerationEntry, Verb
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.moderation.factories import make_admin, make_moderator

pytestmark = pytest.mark.django_db
GATE = "/moderation/sign-up/"
HERE = "203.0.113.9"


@pytest.fixture
def admin(client):
    user = make_admin()
    client.force_login(user)
    return user


def send(client, kind, lines, **fields):
    return client.post(GATE, {"kind": kind, "lines": lines} | fields, REMOTE_ADDR=HERE)


def blocked():
    return sorted(SignUpBlock.objects.standing().values_list("value", flat=True))


def test_a_list_says_of_each_line_what_became_of_it(client, admin):
    send(client, "domain", "mail.example")

    answer = send(client, "domain", "MAIL.example\n@trash.example\nno domain\ncom\n# a comment", reason="Throw-away.")

    assert blocked() == ["mail.example", "trash.example"]
    pasted = answer.context["pasted"]
    assert (pasted.added, pasted.there) == (["trash.example"], ["mail.example"])
    assert [refusal.line for refusal in pasted.refused] == ["no domain", "com"]
    assert "1 added, 1 there already, 2 not added." in answer.text
    assert "no domain\ncom" in answer.text
    found = SignUpBlock.objects.get(value="trash.example")
    assert (found.reason, found.by, found.ends_at) == ("Throw-away.", admin, None)


@pytest.mark.parametrize(
    ("kind", "line", "words"),
    [
        ("address", "0.0.0.0/0", "too large"),
        ("address", "::/0", "too large"),
        ("address", "198.0.0.0/8", "too large"),
        ("address", "203.0.113.9", "yourself"),
        ("address", "203.0.0.0/16", "yourself"),
        ("address", "::ffff:203.0.113.0/120", "yourself"),
        ("address", "127.0.0.1", "the server itself"),
        ("address", "300.1.2.3", "no address"),
        ("address", "mail.example", "no address"),
        ("domain", "com", "whole ending"),
        ("domain", "example.org", "Your own"),
        ("domain", "", "There is no entry"),
        ("name", "*", "letter or a digit"),
        ("name", "!!!", "letter or a digit"),
        ("name", "*ab*", "at least 3 letters"),
        ("name", "ca*no", "beginning and at the end"),
        ("name", "border*", "Your own name"),
        ("name", "*rider*", "would have kept out"),
    ],
)
def test_what_would_keep_out_oneself_or_too_many_is_refused(client, kind, line, words):
    client.force_login(make_user("borderer", email="b@example.org", is_staff=True))
    for number in range(4):
        make_user(f"therider{number}", email=f"r{number}@other.example")

    answer = send(client, kind, line, days="7")

    assert words in answer.text
    assert blocked() == []


def test_a_domain_of_many_members_is_refused(client):
    client.force_login(make_user(email="b@example.net", is_staff=True))
    for number in range(4):
        make_user(email=f"r{number}@mail.other.example")

    for domain in ("mail.other.example", "other.example"):
        assert "would have kept out 4 of the latest 5 members" in send(client, "domain", domain).text


def test_the_own_network_of_ipv6_is_the_household(admin):
    result = gate.block(admin, "address", ["2001:db8:0:5::77", "2001:db8:0:6::/64"], address="2001:db8:0:5::1", days=2)

    assert (result.added, [refusal.line for refusal in result.refused]) == (["2001:db8:0:6::/64"], ["2001:db8:0:5::77"])


def test_addresses_need_an_end(client, admin):
    assert send(client, "address", "192.0.2.0/24").status_code == 400
    assert send(client, "address", "192.0.2.0/24", days="400").status_code == 400
    assert send(client, "address", "192.0.2.0/24", days="0").status_code == 400
    with pytest.raises(CannotBeDone):
        gate.block(admin, "address", ["192.0.2.0/24"], address=HERE)

    assert send(client, "address", "192.0.2.0/24", days="7").status_code == 200
    assert SignUpBlock.objects.get().ends_at is not None


def test_a_block_is_ended_removed_and_brought_back(client, admin):
    send(client, "domain", "mail.example")
    found = SignUpBlock.objects.get()

    for _ in range(2):
        client.post(f"{GATE}{found.pk}/end/")
    assert blocked() == []
    ended = ModerationEntry.objects.get(verb=Verb.END_BLOCK)
    assert "Undo" in client.get(f"{GATE}?done={ended.pk}").text
    client.post("/moderation/undo/", {"done": ended.pk, "next": GATE})
    assert blocked() == ["mail.example"]

    assert "cannot be brought back" in client.get(f"{GATE}{found.pk}/remove/").text
    client.post(f"{GATE}{found.pk}/remove/")
    assert not SignUpBlock.objects.exists()
    assert client.post(f"{GATE}{found.pk}/remove/").status_code == 404


def test_a_pasted_list_is_taken_back_as_one(client, admin):
    entry = gate.block(admin, "name", ["casino*", "*poker*"], address=HERE).entry

    undo.undo(admin, entry)

    assert blocked() == []
    assert SignUpBlock.objects.count() == 2


def test_an_end_is_not_undone_where_the_same_was_blocked_since(admin):
    gate.block(admin, "name", ["casino*"], address=HERE)
    entry = gate.end(admin, SignUpBlock.objects.get().pk)
    gate.block(admin, "name", ["CASINO*"], address=HERE)

    with pytest.raises(CannotBeDone):
        undo.undo(admin, entry)
    assert SignUpBlock.objects.standing().count() == 1


def test_the_log_names_domains_and_names_and_never_addresses(client, admin):
    gate.block(admin, "address", ["192.0.2.0/24"], address=HERE, days=7, reason="A farm.")
    gate.block(admin, "domain", ["mail.example"], address=HERE)

    page = client.get("/moderation/log/").text

    assert "mail.example" in page
    assert "192.0.2" not in page
    assert "192.0.2" not in str(list(ModerationEntry.objects.values_list("words__before", "words__after")))
    client.logout()
    assert "sign-up" not in client.get("/log/").text.lower().split("<main")[1]


def test_only_administrators_keep_the_gate(admin):
    gate.block(admin, "domain", ["mail.example"], address=HERE)
    entry = ModerationEntry.objects.get()

    for user in (make_user(), make_moderator(make_subforum()), make_user(is_staff=True, email_confirmed_at=None)):
        with pytest.raises(NotAllowed):
            gate.block(user, "domain", ["other.example"], address=HERE)
        with pytest.raises(NotAllowed):
            gate.end(user, SignUpBlock.objects.get().pk)
        with pytest.raises(NotAllowed):
            gate.remove(user, SignUpBlock.objects.get().pk)
        with pytest.raises(NotAllowed):
            gate.set_question(user, "Yes?", ["No"])
        with pytest.raises(NotAllowed):
            undo.undo(user, entry)


def test_lists_are_searched_and_shown_a_hundred_at_a_time(client, admin, django_assert_max_num_queries):
    gate.block(admin, "domain", [f"mail{number}.example" for number in range(130)], address=HERE)
    gate.block(admin, "name", ["casino*"], address=HERE)

    with django_assert_max_num_queries(12):
        page = client.get(GATE)
    assert len(page.context["blocks"]) == 100
    assert len(client.get(GATE, {"before": page.context["older"]}).context["blocks"]) == 31
    assert [row.value for row in client.get(GATE, {"q": "MAIL77"}).context["blocks"]] == ["mail77.example"]
    assert [row.value for row in client.get(GATE, {"kind": "name"}).context["blocks"]] == ["casino*"]
    assert client.get(GATE, {"kind": "odd", "before": "x", "q": "%_"}).status_code == 200


def test_five_thousand_lines_go_at_once_and_no_more(admin):
    lines = [f"mail{number}.example" for number in range(5_001)]

    with pytest.raises(CannotBeDone, match="5,001 lines"):
        gate.block(admin, "domain", lines, address=HERE)
    assert len(gate.block(admin, "domain", lines[1:], address=HERE).added) == 5_000
    assert block_lists.find(email="a@x.mail77.example") is not None


def test_five_thousand_names_are_compared_with_the_members_once_each(admin, monkeypatch):
    for _ in range(3):
        make_user()
    made = []
    monkeypatch.setattr(
        block_lists, "bare_name", lambda name, make=block_lists.bare_name: made.append(name) or make(name)
    )

    assert len(gate.block(admin, "name", [f"spam seller {number}" for number in range(200)], address=HERE).added) == 200
    assert len(made) <= 200 + User.objects.count() + 1


def test_a_name_that_folds_to_very_many_letters_is_refused_and_the_others_are_added(admin):
    result = gate.block(admin, "name", ["\ufdfa" * 90, "casino"], address=HERE)

    assert result.added == ["casino"]
    assert "longer than any name" in result.refused[0].why


def test_the_undo_of_an_end_is_refused_where_the_block_would_have_ended_since(admin):
    gate.block(admin, "name", ["casino"], address=HERE)
    ended = gate.end(admin, SignUpBlock.objects.get().pk)
    SignUpBlock.objects.update(ends_at=timezone.now() - timedelta(hours=1))

    with pytest.raises(CannotBeDone):
        undo.undo(admin, ended)


# --- The question ---


def test_the_question_is_set_changed_undone_and_ended(client, admin):
    path = f"{GATE}question/"

    client.post(path, {"question": " What is stamped? ", "answers": "passport\nпаспорт\n\npassport"})
    assert SignUpQuestion.objects.get().answers == ["passport", "паспорт"]
    client.post(path, {"question": "What is shut?", "answers": "the gate"})
    changed = ModerationEntry.objects.latest("pk")
    assert "Before: “What is stamped?”. Now: “What is shut?”." in client.get("/moderation/log/").text
    client.post("/moderation/undo/", {"done": changed.pk, "next": path})
    assert SignUpQuestion.objects.get().question == "What is stamped?"

    client.post(path, {"question": "", "answers": "passport"})
    assert (SignUpQuestion.objects.get().question, SignUpQuestion.objects.get().answers) == ("", [])
    assert "None is asked now." in client.get(path).text


@pytest.mark.parametrize("answers", ["", "!!", "\n".join(f"answer {number}" for number in range(21)), "x" * 101])
def test_a_question_without_a_fit_answer_is_refused_and_kept(client, admin, answers):
    answer = client.post(f"{GATE}question/", {"question": "What is stamped?", "answers": answers})

    assert answer.status_code == 400
    assert "What is stamped?" in answer.text
    assert not SignUpQuestion.objects.exists()


def test_the_same_question_again_logs_nothing(client, admin):
    for _ in range(2):
        client.post(f"{GATE}question/", {"question": "What is stamped?", "answers": "passport"})

    assert ModerationEntry.objects.filter(verb=Verb.SET_QUESTION).count() == 1
    assert User.objects.count() == 1
