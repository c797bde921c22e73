"""The editors' pages of a crossing: what it is, its facts, its names, and the history of all of them."""

from datetime import date
from types import SimpleNamespace

import pytest

from accounts.models import ExpertBadge
from crossings.editorial import actions, wording
from crossings.models import Crossing, CrossingEdit, CrossingFact, Status
from crossings.status import update
from tests.crossings.factories import make_country, make_crossing
from tests.factories import make_user
from tests.forum.factories import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user(is_staff=True, username="map_room")
    client.force_login(user)
    return user


@pytest.fixture
def torugart():
    return make_crossing(name="Torugart Pass", slug="torugart-pass", towns=["Naryn", "Kashgar"], altitude_m=3752)


def make_expert(*countries):
    user = make_user()
    staff = make_user(is_staff=True)
    ExpertBadge.objects.create(
        user=user, title="Pass expert", countries=list(countries), given_by=staff, given_at=now()
    )
    return user


def form_of(client, path):
    """What the page's form sends if nobody touches it, with a reason."""
    form = client.get(path).context["form"]
    fields = [field for part in (form, *getattr(form, "forms", [])) for field in part]
    sent = {field.html_name: field.value() for field in fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    for name, value in sent.items():
        if isinstance(value, date):
            sent[name] = f"{value:%Y-%m}"
    return sent | {"reason": "The gate has moved"}


def change(client, path, **fields):
    return client.post(path, form_of(client, path) | fields)


PLACE = "/crossings/torugart-pass/edit/"
FACTS = f"{PLACE}facts/"
NAMES = f"{PLACE}names/"


class TestPlace:
    def test_what_changed_stands_in_the_history_in_words(self, client, editor, torugart):
        before = torugart.version

        answer = change(client, PLACE, altitude_m="3750", towns="Naryn\nAt-Bashy", in_conflict_zone="on")

        torugart.refresh_from_db()
        assert answer.url == "/crossings/torugart-pass/"
        assert (torugart.altitude_m, torugart.towns, torugart.in_conflict_zone) == (3750, ["Naryn", "At-Bashy"], True)
        edit = torugart.edits.get()
        assert (edit.edited_by, edit.reason) == (editor, "The gate has moved")
        assert edit.changes == [
            ["Altitude", "3,752 m", "3,750 m"],
            ["Towns", "Naryn, Kashgar", "Naryn, At-Bashy"],
            ["In a conflict zone", "no", "yes"],
        ]
        assert torugart.version > before

    @pytest.mark.parametrize(
        ("values", "ordered"),
        [
            ({"altitude_m": 3750}, set()), ({"name": "Torugart", "altitude_m": 3752}, {"draw_maps"}),
            ({"country_a": "AF"}, {"draw_maps", "follow_countries"}), ({"in_conflict_zone": True}, {"judge"}),
        ],
    )  # fmt: skip
    def test_what_is_drawn_and_judged_again_hangs_on_what_changed(self, editor, torugart, monkeypatch, values, ordered):
        values = {name: make_country(value) if name == "country_a" else value for name, value in values.items()}
        done = []
        for name in ("draw_maps", "follow_countries"):
            task = SimpleNamespace(enqueue=lambda *_, name=name: done.append(name))
            monkeypatch.setattr(actions.tasks, name, task)
        monkeypatch.setattr(actions.update, "judge", lambda *_: done.append("judge"))

        marker = wording.marker(wording.of_place(torugart))
        actions.edit_place(editor, torugart, values=values, reason="Moved", based_on=marker)

        assert set(done) == ordered

    def test_saving_the_same_again_writes_no_history(self, client, editor, torugart):
        answer = client.post(PLACE, form_of(client, PLACE))

        torugart.refresh_from_db()
        assert answer.status_code == 302
        assert (torugart.edits.count(), torugart.version) == (0, 0)

    def test_a_form_sent_twice_is_one_edit(self, client, editor, torugart):
        sent = form_of(client, PLACE) | {"post_a": "Topa"}

        answers = [client.post(PLACE, sent).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert torugart.edits.count() == 1

    def test_another_status_is_judged_at_once(self, client, editor, torugart):
        month = update.today().replace(day=1)
        change(client, PLACE, editors_status="closed", as_of=f"{month:%Y-%m}")

        torugart.refresh_from_db()
        assert (torugart.editors_status, torugart.noted_status) == (Status.CLOSED, Status.CLOSED)
        assert torugart.as_of == month

    def test_a_new_title_is_one_of_its_names_and_the_old_one_stays(self, client, editor, torugart):
        change(client, PLACE, name="Torugart")

        assert set(torugart.names.values_list("text", flat=True)) == {"Torugart Pass", "Torugart"}

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("reason", " ", "Say in a few words why."),
            ("name", "* *", "This is no name."),
            ("latitude", "89.39", "A latitude here is from -85 to 85. Were latitude and longitude swapped?"),
            ("latitude", "nan", "Enter a number"),
            ("longitude", "", "This field is required"),
            ("altitude_m", "-3", "greater than or equal to 0"),
            ("altitude_m", "99999", "less than or equal to"),
            ("as_of", "last year", "This is no month"),
            ("as_of", "2025-13", "This is no month"),
            ("as_of", "2999-01", "in the future"),
            ("as_of", "1989-12", "before 1990"),
            ("source", "", "Say where this is known from."),
            ("towns", "x" * 61, "longer than 60 characters"),
            ("towns", "\n".join(map(str, range(21))), "20 at most"),
            ("kind", "tunnel", "tunnel"),
            ("editors_status", "ajar", "ajar"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, client, editor, torugart, field, typed, words):
        answer = change(client, PLACE, **{"post_b": "The arch", field: typed})

        assert answer.status_code == 400
        assert words in answer.text
        assert "The arch" in answer.text
        assert not CrossingEdit.objects.exists()

    def test_a_name_that_another_crossing_has_is_refused_in_words(self, client, editor, torugart):
        make_crossing(name="Irkeshtam")

        answer = change(client, PLACE, name="Irkeshtam")

        assert answer.status_code == 400
        assert "Another crossing has this name." in answer.text

    def test_its_address_and_countries_stay(self, client, editor, torugart):
        change(client, PLACE, slug="elsewhere", country_a="AF", post_a="Topa")

        torugart.refresh_from_db()
        assert (torugart.slug, torugart.country_a_id, torugart.post_a) == ("torugart-pass", "CN", "Topa")


class TestFacts:
    fact = {"papers-text": "Visa.", "papers-as_of": "2025-11", "papers-source": "A sign", "papers-confidence": "high"}

    def test_a_fact_is_written_changed_and_taken_away(self, client, editor, torugart):
        change(client, FACTS, **self.fact)
        change(client, FACTS, **{"papers-text": "Visa and permit."})
        written = list(torugart.facts.values_list("kind", "text", "as_of", "source", "confidence"))
        change(client, FACTS, **{"papers-text": ""})

        assert written == [("papers", "Visa and permit.", date(2025, 11, 1), "A sign", "high")]
        assert not torugart.facts.exists()
        said = "(as of November 2025; confidence: high; source: A sign)"
        assert [edit.changes for edit in torugart.edits.order_by("pk")] == [
            [["Papers", "", f"Visa. {said}"]],
            [["Papers", f"Visa. {said}", f"Visa and permit. {said}"]],
            [["Papers", f"Visa and permit. {said}", ""]],
        ]

    def test_the_same_facts_again_change_nothing(self, client, editor, torugart):
        change(client, FACTS, **self.fact)
        version = Crossing.objects.get().version

        client.post(FACTS, form_of(client, FACTS))

        assert torugart.edits.count() == 1
        assert Crossing.objects.get().version == version

    def test_a_fact_says_as_of_when_and_from_where(self, client, editor, torugart):
        answer = change(client, FACTS, **{"road-text": "Gravel to the arch."})

        assert answer.status_code == 400
        for words in (
            "Enter the month to which it was looked after.",
            "Say where it is known",
            "Say how sure you are.",
        ):
            assert words in answer.text
        assert "Gravel to the arch." in answer.text
        assert not CrossingFact.objects.exists()

    def test_others_of_the_same_crossing_stay_as_they_are(self, client, editor, torugart):
        change(client, FACTS, **self.fact)
        road = {name.replace("papers", "road"): value for name, value in self.fact.items()}

        change(client, FACTS, **road)

        assert set(torugart.facts.values_list("kind", flat=True)) == {"papers", "road"}
        assert [line[0] for line in torugart.edits.first().changes] == ["Road"]


class TestNames:
    def test_names_are_added_marked_and_taken_away(self, client, editor, torugart):
        change(client, NAMES, names="Torugart Pass\nТоругарт\n吐尔尕特\nGate*")
        change(client, NAMES, names="Torugart Pass\nТоругарт *\n吐尔尕特")

        assert list(torugart.names.values_list("text", "needs_context")) == [
            ("Torugart Pass", False), ("Торугарт", True), ("吐尔尕特", False),
        ]  # fmt: skip
        assert torugart.edits.first().changes == [
            ["Name", "Торугарт", "Торугарт (needs context)"],
            ["Name", "Gate (needs context)", ""],
        ]

    @pytest.mark.parametrize("name", ["Friendship", "Tashkurgan"])
    def test_an_ordinary_word_or_anothers_town_is_refused_unless_it_is_marked(self, client, editor, torugart, name):
        make_crossing(towns=["Tashkurgan"])

        refused = change(client, NAMES, names=f"Torugart Pass\n{name}")
        allowed = change(client, NAMES, names=f"Torugart Pass\n{name} *")

        assert (refused.status_code, allowed.status_code) == (400, 302)
        assert name in refused.text
        assert "Put * behind it, or leave it out." in refused.text
        assert torugart.names.get(text=name).needs_context

    def test_a_refused_name_that_was_there_before_does_not_stand_in_the_way(self, client, editor, torugart):
        torugart.names.create(text="Friendship")

        answer = change(client, NAMES, names="Torugart Pass\nFriendship\nТоругарт")

        assert answer.status_code == 302

    @pytest.mark.parametrize(
        ("names", "words"),
        [
            ("Торугарт", "is the title of its page"),
            ("", "A crossing has one name at least."),
            ("Torugart Pass\n" + "x" * 81, "longer than 80 characters"),
            ("Torugart Pass\n" + "\n".join(f"Gate {n}" for n in range(60)), "These are 61 names."),
            ("Torugart Pass\n*\n", "This is no name"),
        ],
    )
    def test_what_cannot_be_a_list_of_names_is_given_back(self, client, editor, torugart, names, words):
        answer = change(client, NAMES, names=names)

        assert answer.status_code == 400
        assert words in answer.text
        assert torugart.names.count() == 1

    def test_the_same_names_in_any_order_change_nothing(self, client, editor, torugart):
        change(client, NAMES, names="Torugart Pass\nТоругарт")

        change(client, NAMES, names="Торугарт\n\n Torugart  Pass \nТоругарт")

        assert torugart.edits.count() == 1


class TestNewCrossing:
    path = "/staff/crossings/new/"

    def fields(self, **changes):
        make_country("CN"), make_country("KG")
        return {
            "name": "Bedel", "slug": "bedel", "country_a": "KG", "post_a": "Barskoon", "country_b": "CN",
            "post_b": "Aksu", "latitude": "41.4", "longitude": "78.4", "kind": "road", "towns": "Karakol",
            "editors_status": "unknown", "as_of": "2025-12", "source": "An old map", "confidence": "low",
            "reason": "It is on every map",
        } | changes  # fmt: skip

    def test_it_gets_a_page_its_name_and_the_order_of_its_countries(self, client, editor):
        answer = client.post(self.path, self.fields())

        bedel = Crossing.objects.get()
        assert answer.url == "/crossings/bedel/"
        assert (bedel.country_a_id, bedel.post_a, bedel.country_b_id, bedel.post_b) == ("CN", "Aksu", "KG", "Barskoon")
        assert [name.text for name in bedel.names.all()] == ["Bedel"]
        assert bedel.noted_status == Status.UNKNOWN
        assert ["Title", "", "Bedel"] in bedel.edits.get().changes

    def test_the_same_form_twice_makes_one(self, client, editor):
        answers = [client.post(self.path, self.fields()).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert (Crossing.objects.count(), CrossingEdit.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"slug": "taken"}, "Another crossing has this address."),
            ({"name": "Taken"}, "Another crossing has this name."),
            ({"country_b": "KG"}, "A crossing lies between two countries."),
            ({"country_b": "XX"}, "Select a valid choice"),
            ({"slug": "no slug"}, "slug"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_made(self, client, editor, changes, words):
        make_crossing(slug="taken", name="Taken")

        answer = client.post(self.path, self.fields(**changes))

        assert answer.status_code == 400
        assert words in answer.text
        assert Crossing.objects.count() == 1


class TestWhoMayEdit:
    def test_experts_of_one_of_its_countries_keep_its_facts_and_names_but_not_its_place(self, client, torugart):
        client.force_login(make_expert("KG"))

        answers = [client.get(path).status_code for path in (FACTS, NAMES, PLACE)]

        assert answers == [200, 200, 403]
        assert "Crossing</a>" not in client.get(FACTS).text.split("<main")[1].split("<form")[0]

    def test_experts_of_other_countries_and_members_keep_nothing(self, client, torugart):
        for user in (make_expert("TJ"), make_expert(), make_user()):
            client.force_login(user)

            assert [client.get(path).status_code for path in (FACTS, NAMES, PLACE)] == [403] * 3

    def test_a_badge_that_was_withdrawn_opens_nothing(self, client, torugart):
        expert = make_expert("KG")
        client.force_login(expert)
        sent = form_of(client, NAMES) | {"names": "Torugart Pass\nТоругарт"}
        expert.badges.update(withdrawn_at=now())

        answer = client.post(NAMES, sent)

        assert answer.status_code == 403
        assert torugart.names.count() == 1

    def test_whoever_was_signed_out_while_typing_gets_the_text_back(self, client, torugart):
        visitor = client.get(PLACE)
        answer = client.post(FACTS, {"papers-text": "Visa at the arch.", "reason": "Seen it", "based_on": "x"})

        assert visitor.url.startswith("/account/login/")
        assert answer.status_code == 403
        assert "Visa at the arch." in answer.text

    def test_a_crossing_that_is_not_there_is_not_found(self, client, editor):
        assert client.get("/crossings/nowhere/edit/").status_code == 404


class TestTwoEditors:
    @pytest.mark.parametrize(
        ("path", "first", "second"),
        [
            (PLACE, {"post_a": "Topa"}, {"post_a": "Wuqia"}),
            (NAMES, {"names": "Torugart Pass\nTopa *"}, {"names": "Torugart Pass\nWuqia *"}),
            (FACTS, TestFacts.fact | {"papers-text": "Topa"}, TestFacts.fact | {"papers-text": "Wuqia"}),
        ],
    )
    def test_the_second_gets_both_texts_and_may_then_save_over_the_first(
        self, client, editor, torugart, path, first, second
    ):
        began_with = form_of(client, path)
        client.post(path, began_with | first)

        answer = client.post(path, began_with | second)

        assert answer.status_code == 409
        assert "Topa" in answer.text
        assert "Wuqia" in answer.text
        assert torugart.edits.count() == 1
        again = began_with | second | {"based_on": answer.context["form"]["based_on"].value()}
        assert client.post(path, again).status_code == 302
        assert torugart.edits.count() == 2

    def test_changes_of_different_pages_do_not_stand_in_each_others_way(self, client, editor, torugart):
        place = form_of(client, PLACE)
        change(client, NAMES, names="Torugart Pass\nТоругарт")

        answer = client.post(PLACE, place | {"post_a": "Topa"})

        assert answer.status_code == 302

    def test_both_may_have_made_the_same_change(self, client, editor, torugart):
        began_with = form_of(client, PLACE) | {"post_a": "Topa"}
        client.post(PLACE, began_with)

        answer = client.post(PLACE, began_with | {"reason": "I saw it too"})

        assert answer.status_code == 302
        assert torugart.edits.count() == 1

    def test_whoever_saves_with_the_right_marker_is_not_asked(self, editor, torugart):
        marker = wording.marker(wording.of_place(torugart))

        actions.edit_place(editor, torugart, values={"post_a": "Topa"}, reason="Seen it", based_on=marker)

        assert Crossing.objects.get().post_a == "Topa"
