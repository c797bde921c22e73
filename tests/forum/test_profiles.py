"""Profiles: what members write of themselves, and that nobody sees more of it than they allow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ExpertBadge, User
from forum.pages.profile_fields import FIELDS
from moderation.actions import member_acts, undo
from moderation.filters import banned_words
from moderation.log.entries import Why
from moderation.models import ModerationEntry
from tests.crossings.factories import make_country
from tests.factories import make_user
from tests.forum.factories import make_post, make_subforum, make_topic

pytestmark = pytest.mark.django_db
PAGE = "/settings/profile/"
EVERYONE = {f"{field}_for": "everyone" for field in FIELDS}
# A word of each field, as it stands on pages.
WORDS = {
    "bio": "Biowordfirst", "location": "Locationword", "languages": "Languageword", "travels_by": "camper or truck",
    "countries_known": "Countryword", "home_page": "homepageword.example", "signature": "Signatureword",
}  # fmt: skip
TYPED = WORDS | {"home_page": "https://homepageword.example/", "travels_by": ["camper"]}


def save(client, **fields):
    return client.post(PAGE, EVERYONE | fields)


@pytest.fixture
def member(client):
    member = make_user(trust=User.Trust.MEMBER)
    client.force_login(member)
    return member


class TestWhoSeesWhat:
    """Every field, visibility, reader and page that shows something of a member."""

    @pytest.fixture
    def expert(self):
        make_country("KG", "Kyrgyzstan")
        expert = make_user("the_expert", trust=User.Trust.TRUSTED)
        ExpertBadge.objects.create(
            user=expert, title="x", countries=["KG"], given_by=make_user(), given_at=timezone.now()
        )
        return expert

    def pages_of(self, expert):
        topic = make_topic(author=expert)
        post = make_post(topic=topic, author=expert)
        name = expert.username
        return [
            topic.get_absolute_url(), f"/members/{name}/", f"/members/{name}/posts/", f"/members/{name}/topics/",
            "/countries/kg/experts/", "/experts/", "/", f"/topics/{topic.pk}/feed/", "/feed/", "/latest/posts/",
            "/search/?q=arch", "/search/?q=the_expert", f"/posts/{post.pk}/", "/members/",
            "/countries/kg/", f"/topics/{topic.pk}/answers/",
        ]  # fmt: skip

    @pytest.mark.parametrize("shown_to", ["nobody", "members", "everyone"])
    @pytest.mark.parametrize("members_first", [True, False])
    def test_no_page_shows_more_than_allowed(self, client, expert, shown_to, members_first):
        values = TYPED | {f"{field}_for": shown_to for field in FIELDS}
        User.objects.filter(pk=expert.pk).update(**values)
        moderator = make_user()
        make_subforum().moderators.add(moderator)
        pages = self.pages_of(expert)
        readers = [None, make_user(), moderator]

        found = {}
        for reader in reversed(readers) if members_first else readers:
            client.logout()
            if reader:
                client.force_login(reader)
            text = "".join(client.get(page, follow=True).text for page in pages)
            found[reader] = {field for field, word in WORDS.items() if word in text}

        allowed = {None: shown_to == "everyone"} | dict.fromkeys(readers[1:], shown_to != "nobody")
        assert found == {reader: set(FIELDS) if may else set() for reader, may in allowed.items()}

    @pytest.mark.parametrize("hidden", FIELDS)
    def test_each_field_is_hidden_by_itself(self, client, expert, hidden):
        User.objects.filter(pk=expert.pk).update(**TYPED | EVERYONE | {f"{hidden}_for": "members"})

        text = client.get(expert.get_absolute_url()).text

        assert {field for field, word in WORDS.items() if word in text} == set(FIELDS) - {hidden}

    def test_search_finds_nobody_by_what_is_on_a_profile(self, client, expert):
        User.objects.filter(pk=expert.pk).update(**TYPED | EVERYONE)
        make_post(author=User.objects.get(pk=expert.pk))

        assert "the_expert" not in client.get("/search/?q=Biowordfirst").text

    def test_one_sees_ones_own(self, client, expert):
        User.objects.filter(pk=expert.pk).update(**TYPED | {f"{field}_for": "nobody" for field in FIELDS})
        client.force_login(expert)

        text = client.get(expert.get_absolute_url()).text

        assert all(word in text for word in WORDS.values())

    def test_of_who_is_banned_nobody_sees_any(self, client, expert):
        User.objects.filter(pk=expert.pk).update(**TYPED | EVERYONE | {"banned_at": timezone.now()})
        pages = self.pages_of_banned(expert)

        text = "".join(client.get(page, follow=True).text for page in pages)

        assert not [word for word in WORDS.values() if word in text]

    def pages_of_banned(self, expert):
        User.objects.filter(pk=expert.pk).update(banned_at=None)
        post = make_post(author=User.objects.get(pk=expert.pk))
        User.objects.filter(pk=expert.pk).update(banned_at=timezone.now())
        return [post.topic.get_absolute_url(), expert.get_absolute_url(), "/countries/kg/experts/"]

    def test_where_one_lives_is_for_members_unless_said_otherwise(self, client):
        user = make_user(location="Locationword")

        seen = "Locationword" in client.get(user.get_absolute_url()).text
        client.force_login(make_user())

        assert not seen
        assert "Locationword" in client.get(user.get_absolute_url()).text


class TestWriting:
    def test_all_of_it_is_saved_and_shown(self, client, member):
        answer = save(
            client, **TYPED | {"bio": "**Two** wheels.\r\n\r\nNo plan.", "languages": "Uyghur, English,uyghur"}
        )

        page = client.get(member.get_absolute_url()).text
        assert answer.status_code == 302
        assert "<strong>Two</strong> wheels." in page
        assert "uyghur, English" in page
        assert 'href="https://homepageword.example/" rel="nofollow ugc noopener"' in page

    def test_a_preview_saves_nothing(self, client, member):
        answer = save(client, bio="**Two** wheels.", preview="1")

        member.refresh_from_db()
        assert "<strong>Two</strong> wheels." in answer.text
        assert member.bio == ""

    @pytest.mark.parametrize(
        "fields",
        [
            {"bio": "x" * 501}, {"location": "x" * 61}, {"signature": "x" * 151}, {"home_page": "javascript:alert(1)"},
            {"home_page": "ftp://x.example"}, {"home_page": "https://x.example/" + "x" * 200}, {"languages": "x" * 151},
            {"countries_known": "x" * 501}, {"countries_known": ",".join(str(n) for n in range(31))},
            {"travels_by": ["rocket"]}, {"bio_for": "friends"}, {"bio_for": ""}, {"bio": "a\x00b"},
            {"location": "a\x00b"}, {"home_page": "https://x.example/\x00"}, {"home_page": "data:text/html,x"},
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_said_and_changes_nothing(self, client, member, fields):
        save(client, bio="As before.")

        answer = save(client, **{"bio": "Changed."} | fields)

        member.refresh_from_db()
        assert (answer.status_code, member.bio, member.bio_for) == (400, "As before.", "everyone")

    @pytest.mark.parametrize(
        "text", ["[x](javascript:alert(1))", "<script>alert(1)</script>", "<b onclick=x>", "![x](x)"]
    )
    def test_nothing_that_is_typed_runs(self, client, member, text):
        save(client, bio=text, signature=text, location=text, languages=text)

        page = client.get(member.get_absolute_url()).text

        assert "<script>alert" not in page
        assert "onclick=x>" not in page.replace("&lt;b onclick=x&gt;", "")
        assert 'href="javascript' not in page
        assert "<img" not in page

    @pytest.mark.parametrize(
        "text", ["https://x.example", "[x](https://x.example)", "<https://x.example>", "www.x.example"]
    )
    def test_newcomers_show_no_links_however_they_are_written(self, client, text):
        member = make_user()
        client.force_login(member)

        codes = [save(client, **{field: text}).status_code for field in ("bio", "signature", "home_page")]

        member.refresh_from_db()
        assert codes == [400] * 3
        assert (member.bio, member.signature, member.home_page) == ("", "", "")

    def test_links_of_who_lost_the_trust_are_words(self, client, member):
        save(
            client,
            bio="[mine](https://x.example)",
            signature="[mine](https://x.example)",
            home_page="https://y.example",
        )
        make_post(author=member)
        User.objects.filter(pk=member.pk).update(trust=User.Trust.NEW)

        pages = (
            client.get(member.get_absolute_url()).text + client.get(member.posts.get().topic.get_absolute_url()).text
        )

        assert 'href="https://x.example' not in pages
        assert "y.example" not in pages

    def test_other_scripts_have_their_own_direction(self, client, member):
        save(client, bio="من كاشغر", location="喀什", languages="ئۇيغۇرچە، 中文")

        page = client.get(member.get_absolute_url()).text

        assert 'dir="auto"' in page
        assert "ئۇيغۇرچە, 中文" in page

    def test_words_that_look_like_a_badge_are_words(self, client, member):
        save(client, bio="<span class='badge expert'>China expert ✔</span>", location="China expert ✔")

        page = client.get(member.get_absolute_url()).text

        assert 'class="badge expert' not in page

    def test_watched_words_do_not_stand_on_profiles(self, client, member):
        admin = make_user(is_staff=True)
        for word, act in (("cheapvisas", "hold"), ("casino", "block"), ("lama", "flag")):
            banned_words.watch(admin, word, act=act)

        codes = [save(client, location=word).status_code for word in ("cheapvisas", "Cas1no casino", "lama")]

        assert codes == [400, 400, 302]

    def test_a_suspended_member_removes_and_narrows_only(self, client):
        member = make_user(
            bio="Two wheels.", suspended_until=timezone.now() + timedelta(days=1), location_for="members"
        )
        client.force_login(member)

        changed = save(client, bio="Buy cheap visas.", location_for="members").status_code
        widened = save(client, bio="Two wheels.", location_for="everyone").status_code
        removed = save(client, bio="", location_for="nobody").status_code

        assert (changed, widened, removed) == (400, 400, 302)

    def test_a_visitor_is_sent_to_sign_in(self, client):
        assert client.get(PAGE)["Location"].startswith("/account/login/")

    def test_what_the_site_counts_is_not_part_of_it(self, client, member):
        save(client, trust="2", is_staff="1", username="admin", bio_html="<script>")

        member.refresh_from_db()
        assert (member.trust, member.is_staff, member.bio_html) == (User.Trust.MEMBER, False, "")


class TestSignatures:
    def test_readers_who_want_none_see_none(self, client, member):
        save(client, signature="*Slowly*")
        topic = make_post(author=member).topic
        shown = client.get(topic.get_absolute_url()).text

        User.objects.filter(pk=member.pk).update(has_signatures=False)

        assert "<em>Slowly</em>" in shown
        assert "<em>Slowly</em>" not in client.get(topic.get_absolute_url()).text

    def test_a_kept_page_ends_when_a_signature_goes(self, client, member, django_capture_on_commit_callbacks):
        topic = make_post(author=member).topic
        save(client, signature="Signatureword")
        client.logout()
        before = client.get(topic.get_absolute_url()).text
        client.force_login(member)
        save(client, signature="Signatureword", signature_for="members")
        client.logout()

        assert "Signatureword" in before
        assert "Signatureword" not in client.get(topic.get_absolute_url()).text


class TestModeration:
    @pytest.fixture
    def moderator(self):
        moderator = make_user()
        make_subforum().moderators.add(moderator)
        return moderator

    def press(self, client, moderator, member, **data):
        client.force_login(moderator)
        return client.post(f"/moderation/members/{member.username}/profile/", data).status_code

    def test_a_moderator_clears_a_text_and_takes_it_back(self, client, moderator):
        member = make_user(bio="Buy visas.", bio_html="<p>Buy visas.</p>")

        code = self.press(client, moderator, member, field="bio", reason="Advertising.")
        member.refresh_from_db()
        cleared = (member.bio, member.bio_html)
        undo.undo(moderator, ModerationEntry.objects.get(verb="clear-profile"))
        member.refresh_from_db()

        assert (code, cleared) == (302, ("", ""))
        assert (member.bio, member.bio_html) == ("Buy visas.", "<p>Buy visas.</p>")

    def test_what_was_written_since_is_not_overwritten(self, moderator):
        member = make_user(bio="Buy visas.")
        entry = member_acts.clear_profile(moderator, member, ["bio"], Why(reason="x"))
        User.objects.filter(pk=member.pk).update(bio="I cycle.")

        with pytest.raises(undo.CannotBeDone):
            undo.undo(moderator, entry)

    def test_clearing_twice_is_one_act(self, client, moderator):
        member = make_user(travels_by=["car"])

        codes = [self.press(client, moderator, member, field="travels_by", reason="x") for _ in range(2)]

        assert codes == [302, 302]
        assert ModerationEntry.objects.filter(verb="clear-profile").count() == 1

    @pytest.mark.parametrize("data", [{"reason": ""}, {"field": "email"}, {"field": "password"}, {"reason": "\x00"}])
    def test_only_texts_of_the_profile_and_with_a_reason(self, client, moderator, data):
        member = make_user(bio="x")

        assert self.press(client, moderator, member, **{"field": "bio", "reason": "y"} | data) == 400

    def test_members_clear_nothing_and_nobody_an_administrators(self, client, moderator):
        member, administrator = make_user(bio="x"), make_user(bio="x", is_staff=True)

        codes = [
            self.press(client, make_user(), member, field="bio", reason="y"),
            self.press(client, moderator, administrator, field="bio", reason="y"),
        ]

        assert codes == [403, 403]

    def test_what_nobody_sees_is_not_shown_to_moderators(self, client, moderator):
        member = make_user(location="Locationword", location_for="nobody")
        client.force_login(moderator)

        assert "Locationword" not in client.get(f"/moderation/members/{member.username}/").text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202eb\u2066c", "abc"),
        ("ab\x1b[31m", "ab[31m"),
        ("two\tdays  left", "two days left"),
        ("e\u0301", "\u00e9"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("No. 7, e.g. 3.5 km", "No. 7, e.g. 3.5 km"),
    ],
)
def test_what_hides_or_reorders_is_cleaned_away(client, typed, kept):
    user = make_user()
    client.force_login(user)

    save(client, location=typed)

    user.refresh_from_db()
    assert user.location == kept
