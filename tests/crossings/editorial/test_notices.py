"""Official notices of a crossing: entered, changed, withdrawn; they begin and end by themselves."""

from datetime import date, timedelta

import pytest

from crossings.models import Crossing, CrossingEdit, Notice, Status
from crossings.status import update
from tests.crossings.factories import make_crossing
from tests.factories import make_user
from tests.forum.factories import make_subforum
from tests.pages import plain

pytestmark = pytest.mark.django_db
NEW = "/crossings/irkeshtam/notices/new/"


def today(days=0):
    return update.today() + timedelta(days=days)


@pytest.fixture
def editor(client):
    user = make_user(is_staff=True, username="notice_board")
    client.force_login(user)
    return user


@pytest.fixture
def irkeshtam():
    return make_crossing(name="Irkeshtam", slug="irkeshtam", editors_status="open")


def fields(**changes):
    return {
        "kind": "closure", "text": "Shut for repairs.", "source": "https://example.org/notice", "begins_on": today(-1),
        "ends_on": today(5),
    } | changes  # fmt: skip


def shown(crossing, day):
    return Crossing.objects.with_status(day).get(pk=crossing.pk).shown_status


def test_a_closure_closes_the_crossing_and_ends_by_itself(client, editor, irkeshtam):
    version = irkeshtam.version

    answer = client.post(NEW, fields())

    irkeshtam.refresh_from_db()
    assert answer.url == "/crossings/irkeshtam/"
    assert (irkeshtam.noted_status, irkeshtam.version > version) == (Status.CLOSED, True)
    assert shown(irkeshtam, today(5)) == Status.CLOSED
    assert shown(irkeshtam, today(6)) == Status.OPEN
    notice = irkeshtam.notices.get()
    assert (notice.entered_by, notice.text) == (editor, "Shut for repairs.")


def test_whoever_enters_a_notice_sees_those_that_are_not_over_and_who_entered_them(client, editor, irkeshtam):
    client.post(NEW, fields(text="Shut for the feast."))
    client.post(NEW, fields(text="Over by now.", begins_on=today(-9), ends_on=today(-8)))

    page = " ".join(plain(client.get(NEW).text).split())

    assert "Closed: Shut for the feast." in page
    assert "Entered by notice_board" in page
    assert "Over by now." not in page


def test_danger_is_shown_and_closes_nothing(client, editor, irkeshtam):
    client.post(NEW, fields(kind="danger"))

    assert shown(irkeshtam, today()) == Status.OPEN
    assert irkeshtam.notices.in_effect(today()).count() == 1


def test_the_history_says_what_was_entered_changed_and_withdrawn(client, editor, irkeshtam):
    client.post(NEW, fields(begins_on="2026-10-01", ends_on=""))
    notice = irkeshtam.notices.get()
    path = f"/crossings/irkeshtam/notices/{notice.pk}/"
    client.post(path, fields(begins_on="2026-10-01", ends_on="2026-10-08", based_on=marker(client, path)))
    client.post(f"{path}withdraw/")

    before = "Closed from 1 October 2026 until further notice: Shut for repairs. (source: https://example.org/notice)"
    after = "Closed from 1 October 2026 to 8 October 2026: Shut for repairs. (source: https://example.org/notice)"
    edits = irkeshtam.edits.order_by("pk")
    assert [(edit.reason, edit.changes) for edit in edits] == [
        ("Notice entered", [["Notice", "", before]]),
        ("Notice changed", [["Notice", before, after]]),
        ("Notice withdrawn", [["Notice", after, ""]]),
    ]
    assert {edit.edited_by for edit in edits} == {editor}


def marker(client, path):
    return client.get(path).context["form"]["based_on"].value()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": today(-2)}, "The last day is before the first day."),
        ({"begins_on": "1989-12-31"}, "before 1990"),
        ({"ends_on": "1989-12-31"}, "before 1990"),
        ({"begins_on": today(800)}, "more than two years away"),
        ({"ends_on": today(800)}, "more than two years away"),
        ({"begins_on": ""}, "Enter the first day."),
        ({"begins_on": "tomorrow"}, "This is no day."),
        ({"source": "ftp://example.org/x"}, "This is no web address."),
        ({"source": "javascript:alert(1)"}, "This is no web address."),
        ({"source": "the radio"}, "This is no web address."),
        ({"source": ""}, "Enter the address where the notice can be read."),
        ({"text": " "}, "Say what the notice says."),
        ({"kind": "party"}, "party"),
    ],
)
def test_what_is_wrong_is_said_and_the_text_is_kept(client, editor, irkeshtam, changes, words):
    answer = client.post(NEW, fields(**{"text": "Shut for the feast."} | changes))

    assert answer.status_code == 400
    assert words in answer.text
    assert "text" in changes or "Shut for the feast." in answer.text
    assert not Notice.objects.exists()


def test_the_same_notice_twice_is_one(client, editor, irkeshtam):
    for _ in range(2):
        client.post(NEW, fields())

    assert (Notice.objects.count(), CrossingEdit.objects.count()) == (1, 1)


def test_changing_nothing_and_withdrawing_twice_write_no_history(client, editor, irkeshtam):
    client.post(NEW, fields())
    path = f"/crossings/irkeshtam/notices/{irkeshtam.notices.get().pk}/"
    client.post(path, fields(based_on=marker(client, path)))
    for _ in range(2):
        client.post(f"{path}withdraw/")

    notice = irkeshtam.notices.get()
    assert (irkeshtam.edits.count(), notice.withdrawn_by) == (2, editor)
    assert shown(irkeshtam, today()) == Status.OPEN
    assert client.get(path).url == "/crossings/irkeshtam/"
    assert "It was withdrawn already." in client.get(f"{path}withdraw/").text


def test_two_editors_of_one_notice_get_both_texts(client, editor, irkeshtam):
    client.post(NEW, fields())
    path = f"/crossings/irkeshtam/notices/{irkeshtam.notices.get().pk}/"
    began_with = marker(client, path)
    client.post(path, fields(text="Open at noon.", based_on=began_with))

    answer = client.post(path, fields(text="Open at dusk.", based_on=began_with))

    assert answer.status_code == 409
    assert "Open at noon." in answer.text
    assert "Open at dusk." in answer.text
    assert irkeshtam.notices.get().text == "Open at noon."


def test_a_notice_that_was_withdrawn_meanwhile_is_not_changed_but_the_text_comes_back(client, editor, irkeshtam):
    client.post(NEW, fields())
    path = f"/crossings/irkeshtam/notices/{irkeshtam.notices.get().pk}/"
    began_with = marker(client, path)
    client.post(f"{path}withdraw/")

    answer = client.post(path, fields(text="Open at dusk.", based_on=began_with))

    assert answer.status_code == 409
    assert "Open at dusk." in answer.text
    again = client.post(path, fields(text="Open at dusk.", based_on=answer.context["form"]["based_on"].value()))
    assert again.status_code == 409
    assert irkeshtam.notices.get().text == "Shut for repairs."
    assert f'action="{NEW}"' in answer.text
    assert "Enter it as a new notice" in answer.text


def test_moderators_enter_notices_and_members_do_not(client, irkeshtam):
    moderator = make_user()
    make_subforum().moderators.add(moderator)
    answers, leads = [], []
    for user in (moderator, make_user()):
        client.force_login(user)
        leads.append(NEW in client.get("/crossings/irkeshtam/").text)
        answers.append(client.post(NEW, fields()).status_code)

    assert (answers, leads) == ([302, 403], [True, False])


def test_a_notice_shows_on_the_page_of_its_crossing_and_its_history_says_so(client, editor, irkeshtam):
    client.post(NEW, fields(text="Shut for the feast."))

    page = client.get("/crossings/irkeshtam/").text

    assert "Shut for the feast." in page
    assert "Notice entered" in page


def test_a_notice_is_found_under_its_own_crossing_alone(client, editor, irkeshtam):
    client.post(NEW, fields())
    make_crossing(slug="torugart-pass")

    answer = client.get(f"/crossings/torugart-pass/notices/{irkeshtam.notices.get().pk}/")

    assert answer.status_code == 404


def test_a_notice_does_not_keep_a_file_from_bringing_news_of_the_crossing(client, editor, irkeshtam):
    client.post(NEW, fields())
    assert not CrossingEdit.objects.of_the_crossing_itself().exists()

    page = "/crossings/irkeshtam/edit/"
    form = client.get(page).context["form"]
    typed = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    client.post(page, typed | {"as_of": f"{irkeshtam.as_of:%Y-%m}", "post_a": "Wuqia", "reason": "Seen it"})

    assert CrossingEdit.objects.of_the_crossing_itself().get().changes == [["Post of CN", "", "Wuqia"]]


def test_days_are_written_as_browsers_send_them(client, editor, irkeshtam):
    client.post(NEW, fields(begins_on="2026-10-01", ends_on="2026-10-08"))
    path = f"/crossings/irkeshtam/notices/{irkeshtam.notices.get().pk}/"

    assert 'value="2026-10-01"' in client.get(path).text
    assert irkeshtam.notices.get().ends_on == date(2026, 10, 8)
