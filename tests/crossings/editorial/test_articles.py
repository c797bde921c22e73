"""Writing the article of a country, with preview, reason, history and restoring."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ExpertBadge
from config.health.doctor import content
from config.health.doctor.results import Level
from crossings.models import ArticleRevision, Country
from forum import markup
from tests.crossings.factories import make_country
from tests.factories import make_user
from tests.forum.factories import now

pytestmark = pytest.mark.django_db
EDIT = "/countries/kg/edit/"
HISTORY = "/countries/kg/history/"


@pytest.fixture
def kyrgyzstan():
    return make_country("KG", "Kyrgyzstan")


@pytest.fixture
def editor(client, kyrgyzstan):
    user = make_user(is_staff=True, username="map_room")
    client.force_login(user)
    return user


def save(client, source, **fields):
    typed = {"source": source, "as_of": "2026-11", "reason": "News", "based_on": Country.objects.get().article_number}
    return client.post(EDIT, typed | fields)


def test_an_article_is_written_and_what_was_there_before_is_kept(client, editor):
    answer = save(client, "Visa-free for **many**.", reason="First text")
    save(client, "Visa-free for some.", as_of="2026-10", reason="New rules")

    country = Country.objects.get()
    assert answer.url == "/countries/kg/"
    assert (country.article_html, country.article_as_of) == ('<p dir="auto">Visa-free for some.</p>', date(2026, 10, 1))
    kept = ArticleRevision.objects.order_by("number").values_list("number", "article", "as_of", "reason", "edited_by")
    assert list(kept) == [
        (1, "", None, "First text", editor.pk),
        (2, "Visa-free for **many**.", date(2026, 11, 1), "New rules", editor.pk),
    ]


def test_saving_the_same_again_writes_no_history(client, editor):
    sent = {"source": "Visa-free.", "as_of": "2026-11", "reason": "News", "based_on": 0}

    answers = [client.post(EDIT, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ArticleRevision.objects.count() == 1


def test_a_preview_shows_the_article_and_saves_nothing(client, editor):
    page = client.post(EDIT, {"source": "Ride **early**.", "based_on": 0, "preview": "1"})
    part = client.post(
        EDIT, {"source": "Ride **early**.", "based_on": 0, "preview": "1"}, headers={"HX-Request": "true"}
    )

    assert (page.status_code, part.status_code) == (200, 200)
    for answer in (page, part):
        assert ">Ride <strong>early</strong>.</p>" in answer.text
    assert "Ride **early**." in page.text
    assert "<html" not in part.text
    assert Country.objects.get().article == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": ""}, "Say in a few words why."),
        ({"as_of": ""}, "Enter the month"),
        ({"as_of": "2999-01"}, "in the future"),
        ({"source": ""}, "There is nothing to post yet."),
        ({"source": "> " * 11 + "Deep."}, "more than 10 deep"),
        ({"source": "x" * 20_001}, "20001 characters"),
        ({"based_on": "x"}, "whole number"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_is_kept(client, editor, fields, words):
    answer = save(client, **{"source": "Ride early."} | fields)

    assert answer.status_code == 400
    assert words in answer.text
    assert "source" in fields or "Ride early." in answer.text
    assert not ArticleRevision.objects.exists()


def test_the_second_of_two_editors_gets_both_texts_and_may_then_save_over_the_first(client, editor):
    save(client, "Ride early.", based_on=0)

    answer = save(client, "Ride late.", based_on=0)

    assert answer.status_code == 409
    assert "Ride early." in answer.text
    assert "Ride late." in answer.text
    assert "<del>early</del><ins>late</ins>" in answer.text
    assert ArticleRevision.objects.count() == 1
    assert save(client, "Ride late.", based_on=answer.context["form"]["based_on"].value()).status_code == 302
    assert Country.objects.get().article == "Ride late."


def test_everybody_reads_the_history_and_its_changed_words(client, editor):
    save(client, "Costs 200.", reason="First text")
    save(client, "Costs 250.", as_of="2026-10", reason="New price")
    client.logout()

    latest, first = client.get(HISTORY).text, client.get(f"{HISTORY}1/").text

    assert "<del>200</del><ins>250</ins>" in latest
    assert "<del>November</del><ins>October</ins>" in latest
    assert "Reason: New price" in latest
    assert "Restore" not in latest
    assert "<ins>As of November 2026.\n\nCosts 200.</ins>" in first
    assert client.get(f"{HISTORY}9/").status_code == 404
    assert '<meta name="robots" content="noindex">' in latest


def test_what_an_article_contains_is_no_markup_in_its_history(client, editor):
    save(client, "<script>alert(1)</script>")

    assert "<script>alert" not in client.get(HISTORY).text


def test_a_country_without_an_article_has_no_history(client, kyrgyzstan):
    assert "Nobody has written this article yet." in client.get(HISTORY).text


def test_restoring_is_one_more_edit_and_twice_changes_nothing(client, editor):
    save(client, "Costs 200.")
    save(client, "Costs 250.")

    for _ in range(2):
        client.post(f"{HISTORY}2/restore/")

    country = Country.objects.get()
    assert (country.article, country.article_number) == ("Costs 200.", 3)
    assert ArticleRevision.objects.get(number=3).reason == "Version 2 restored"


def test_restoring_the_page_before_the_first_article_takes_it_away(client, editor):
    save(client, "Nonsense.")

    client.post(f"{HISTORY}1/restore/")

    country = Country.objects.get()
    assert (country.article, country.article_html, country.article_as_of) == ("", "", None)


def test_a_link_to_restore_only_leads_to_the_history(client, editor):
    save(client, "Costs 200.")

    answer = client.get(f"{HISTORY}1/restore/")

    assert answer.url == f"{HISTORY}1/"
    assert Country.objects.get().article == "Costs 200."


def test_articles_are_written_by_administrators_alone(client, kyrgyzstan):
    visitor = client.get(EDIT)
    expert, staff = make_user(), make_user(is_staff=True)
    ExpertBadge.objects.create(user=expert, title="Yaks", countries=["KG"], given_by=staff, given_at=now())
    answers = []
    for user in (make_user(), expert):
        client.force_login(user)
        answers += [save(client, "Mine.").status_code, client.get(EDIT).status_code]

    assert visitor.url.startswith("/account/login/")
    assert answers == [403] * 4
    assert "Edit article" not in client.get("/countries/kg/").text


def test_whoever_was_signed_out_while_writing_gets_the_text_back(client, kyrgyzstan):
    answer = save(client, "A long article.")

    assert answer.status_code == 403
    assert "A long article." in answer.text


# --- A new markup ---


@pytest.fixture
def of_an_older_markup(client, editor):
    save(client, "Visa-free for **many**.")
    Country.objects.update(article_html="<p>old</p>", markup_version=0)


def test_an_article_of_an_older_markup_is_rendered_anew(client, of_an_older_markup, capsys):
    client.logout()
    client.get("/countries/kg/")

    call_command("rerender")

    assert capsys.readouterr().out == "Articles rendered anew: 1.\n"
    assert ">Visa-free for <strong>many</strong>.</p>" in client.get("/countries/kg/").text
    assert ArticleRevision.objects.count() == 1
    call_command("rerender")
    assert capsys.readouterr().out == "Every text is up to date.\n"


def test_an_article_that_today_is_refused_keeps_its_old_look_and_is_named(of_an_older_markup, capsys):
    Country.objects.update(article="[" * (markup.MAX_SOURCE_LENGTH + 1))

    with pytest.raises(CommandError, match="refuses their text: 1"):
        call_command("rerender")

    assert Country.objects.get().article_html == "<p>old</p>"
    assert "The article on KG stays as it was" in capsys.readouterr().err


def test_the_doctor_counts_articles_of_an_older_markup(of_an_older_markup):
    assert content.markup_version().words.endswith("made them: 1.")


def test_a_country_without_an_article_has_no_markup_to_lift(kyrgyzstan):
    assert content.markup_version().level == Level.RIGHT
