"""Several editors at once, on a real database. Every race has a control that must fail, or the proof proves nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from crossings.editorial import actions, articles, importer, notices, wording
from crossings.editorial.crossing_rows import Loaded, write_all
from crossings.models import Country, Crossing, CrossingEdit, Notice
from crossings.status import update
from tests.crossings.editorial.test_importer import write
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.test_at_once import at_once
from tests.races import wait_until_one_is_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
EDITORS = 8


@pytest.fixture
def editor():
    return make_user(is_staff=True)


def save(editor, crossing, based_on, **values):
    actions.edit_place(editor, crossing, values=values, reason="Seen it", based_on=based_on)


def test_of_many_editors_of_one_crossing_one_saves_and_the_others_are_asked(editor):
    crossing = make_crossing()
    began_with = wording.marker(wording.of_place(crossing))

    failures = at_once(*[
        lambda n=n: save(editor, crossing, began_with, post_a=f"Gate {n}") for n in range(EDITORS)
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [actions.ChangedMeanwhile] * (EDITORS - 1)
    kept = CrossingEdit.objects.get()
    assert kept.changes == [["Post of CN", "", Crossing.objects.get().post_a]]


def test_control_editors_who_do_not_lock_write_over_each_other(editor):
    crossing = make_crossing()
    all_have_read = threading.Barrier(EDITORS)

    def careless(number):
        with transaction.atomic():
            before = wording.of_place(Crossing.objects.get(pk=crossing.pk))
            all_have_read.wait()
            Crossing.objects.filter(pk=crossing.pk).update(post_a=f"Gate {number}")
            lines = [["Post of CN", before["Post of CN"], f"Gate {number}"]]
            actions.keep_edit(editor, crossing, "Seen it", lines)

    failures = at_once(*[lambda n=n: careless(n) for n in range(EDITORS)])

    assert failures == []
    assert [edit.changes[0][1] for edit in CrossingEdit.objects.all()] == [""] * EDITORS  # each began with nothing


def test_editors_of_its_names_and_of_itself_both_save_and_the_version_counts_both(editor):
    crossing = make_crossing(name="Torugart Pass")
    place = wording.marker(wording.of_place(crossing))
    names = wording.marker(wording.of_names(crossing.names.all()))

    failures = at_once(
        lambda: save(editor, crossing, place, post_a="Topa"),
        lambda: actions.edit_names(
            editor, crossing, names={"Torugart Pass": False, "Топа": False}, reason="x", based_on=names
        ),
    )

    assert failures == []
    found = Crossing.objects.get()
    assert (found.version, found.post_a, found.names.count(), found.edits.count()) == (2, "Topa", 2, 2)


def test_two_crossings_that_take_one_name_at_once_get_it_once_and_words(editor):
    one, other = make_crossing(), make_crossing()
    markers = {crossing: wording.marker(wording.of_place(crossing)) for crossing in (one, other)}

    failures = at_once(*[
        lambda crossing=crossing: save(editor, crossing, markers[crossing], name="Friendship Bridge")
        for crossing in (one, other)
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [ValidationError]
    assert Crossing.objects.filter(name="Friendship Bridge").count() == 1


def test_a_new_crossing_sent_many_times_at_once_is_one(editor):
    make_country("CN"), make_country("KG")

    def add():
        actions.add_crossing(
            editor,
            Crossing(
                slug="bedel", name="Bedel", country_a_id="CN", country_b_id="KG", latitude=41.4, longitude=78.4,
                kind="road", as_of=date(2025, 12, 1), source="A map", confidence="low",
            ),
            reason="It is on every map",
        )  # fmt: skip

    failures = at_once(*[add] * EDITORS)

    assert failures == []
    assert (Crossing.objects.count(), CrossingEdit.objects.count()) == (1, 1)


def test_a_notice_sent_many_times_at_once_is_one(editor):
    crossing = make_crossing()
    values = {"kind": "closure", "text": "Shut.", "source": "https://example.org", "begins_on": update.today()}

    failures = at_once(*[lambda: notices.enter_notice(editor, crossing, values=values | {"ends_on": None})] * EDITORS)

    assert failures == []
    assert (Notice.objects.count(), CrossingEdit.objects.count()) == (1, 1)


def test_of_many_editors_of_one_article_one_saves_and_the_others_are_asked(editor):
    country, month = make_country(), date(2026, 11, 1)

    failures = at_once(*[
        lambda n=n: articles.edit_article(
            editor, country, article=f"Text {n}.", as_of=month, reason="First", based_on=0
        )
        for n in range(EDITORS)
    ])  # fmt: skip

    assert [type(failure) for failure in failures] == [articles.EditedMeanwhile] * (EDITORS - 1)
    assert (Country.objects.get().article_number, country.revisions.count()) == (1, 1)


def test_what_an_editor_saves_while_a_file_is_written_stays(editor, tmp_path):
    path = write(tmp_path / "x.csv", {"post_a": "Customs"})
    importer.load(path)
    crossing = Crossing.objects.get(slug="arch")
    based_on = wording.marker(wording.of_place(crossing))
    rows = importer.read(write(path, {"post_a": "Customs of the file"}))

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            save(editor, crossing, based_on, post_a="Gate of the editor")
            loading = other.submit(write_and_close, rows)
            wait_until_one_is_blocked()
        loaded = loading.result()

    assert loaded.kept == ["arch"]
    assert Crossing.objects.get(slug="arch").post_a == "Gate of the editor"


def write_and_close(rows):
    """A part of a file that was read and checked already."""
    try:
        with transaction.atomic():
            write_all(rows, loaded := Loaded())
        return loaded
    finally:
        connection.close()
