"""The question at sign-up that an administrator may set."""

import pytest
from django.utils import timezone

from accounts.models import SignUpQuestion, User
from accounts.signup import entry_question
from tests.accounts.test_signing_up import shown, sign_up
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
WRONG = "This is not the answer that we look for."
QUESTION = "What do guards stamp at a border?"


@pytest.fixture
def asked():
    return SignUpQuestion.objects.create(
        pk=1, question=QUESTION, answers=["passport", "Passport stamps", "паспорт", "护照"], changed_at=timezone.now()
    )


def answer(client, text, **fields):
    fields = {
        "username": "kopek", "email": "kopek@example.org", "password1": PASSWORD, "began": shown(seconds_ago=20),
        "answer": text,
    } | fields  # fmt: skip
    return client.post("/account/signup/", fields)


def test_without_a_question_none_is_asked(client):
    SignUpQuestion.objects.create(pk=1, question="", answers=[], changed_at=timezone.now())

    assert 'name="answer"' not in client.get("/account/signup/").text
    assert sign_up(client).status_code == 302


def test_the_question_stands_on_the_form(client, asked):
    page = client.get("/account/signup/").text

    assert QUESTION in page
    assert 'name="answer"' in page


@pytest.mark.parametrize("text", ["passport", " PASSPORT! ", "Pássport", "Паспорт", "护照", "passport  stamps"])
def test_any_accepted_answer_opens_the_gate(client, asked, text):
    assert answer(client, text).status_code == 302
    assert User.objects.count() == 1


@pytest.mark.parametrize("text", ["visa", "", "!!", "passports", "pass port"])
def test_another_answer_does_not_and_what_was_typed_stays(client, asked, text):
    refused = answer(client, text)

    assert refused.status_code == 200
    assert list(refused.context["form"].errors) == ["answer"]
    assert 'value="kopek@example.org"' in refused.text
    assert not User.objects.exists()


def test_without_the_field_there_is_no_way_in(client, asked):
    assert sign_up(client).status_code == 200
    assert not User.objects.exists()


def test_wrong_answers_are_limited_and_right_ones_are_not_counted(client, asked, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_up_answer": "2/1h"}

    for number in range(3):
        assert answer(client, "passport", username=f"rider{number}x", email=f"r{number}@example.org").status_code == 302
    assert [answer(client, "visa").status_code for _ in range(2)] == [200, 200]
    assert answer(client, "visa").status_code == 429
    assert answer(client, "passport").status_code == 429


def test_vowels_of_indian_scripts_make_another_answer():
    assert entry_question.is_answer("चार", ["चार"])
    assert not entry_question.is_answer("चोर", ["चार"])


def test_an_answer_of_signs_alone_is_none():
    assert not entry_question.is_answer("!!", ["??", "passport"])
