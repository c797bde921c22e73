"""What everybody gets who asks for anything. The columns, in the order of world.ROLES:

guest, unverified, new, member, author, expert, moderator, moderator of another subforum, admin, suspended.
Two more roles have no columns: a suspended moderator, who is an expert, too, and a suspended administrator get what
any suspended member gets.

V: shown, or sent on to what is; L: sent to sign in; F: 403; 4: 404; B: 400; C: 409; X: 405.
"""

from typing import NamedTuple

from notifications.models.subscription import CATEGORIES

ALL = "VVVVVVVVVV"
SIGNED_IN = "LVVVVVVVVV"
WRITERS = "LFVVVVVVVF"
AUTHOR = "LFFFVFFFFF"
AUTHOR_OR_MODERATOR = "LFFFVFVFVF"
MODERATORS = "LFFFFFVFVF"
ADMIN = "LFFFFFFFVF"
EXPERTS = "LFFFFVFFVF"
STAFF = "LFFFFFVVVF"
NOT_HERE = "4444444444"


class Row(NamedTuple):
    """One thing to ask for: route, method, its arguments and form by names of the world, and the expected codes."""

    route: str
    codes: str
    args: tuple = ()
    method: str = "GET"
    data: dict = {}
    why: str = ""

    @property
    def expected(self) -> str:
        return self.codes + 2 * self.codes[-1]


OPEN_TO_ALL = [
    "index", "unanswered", "answered", "feed", "robots", "sitemap", "sitemap-subforums", "rules", "help-writing",
    "help-keys", "about", "search",
]  # fmt: skip
MEMBER_LISTS = ["posts", "topics", "answers", "reactions", "reactions-given"]
TEXT = {"source": "Some words of mine."}
FACTS = {"crossed_on": "2026-01-01", "direction": "a-b", "mode": "bus", "outcome": "crossed"}
REPORT = {**TEXT, **FACTS}
TITLE = {"title": "A title long enough", **TEXT}
REASON = {"reason": "Seen it"}
SPLIT = {"split_title": "New"}
SETTINGS = {"theme": "dark", "time_zone": "UTC", "posts_per_page": "20"}
WORD = {"pattern": "Cheap permits", "act": "hold"}
RULES = {"introduction": "Look first.", "rules": "Say when and how."}
ARTICLE = {**TEXT, **REASON, "as_of": "2025-12"}
LETTERS = {category.value: facts.default.value for category, facts in CATEGORIES.items()}

# What can be watched, and by whom: who may read it.
WATCHED = [
    (SIGNED_IN, ("topic", "topic.pk"), ""),
    (SIGNED_IN, ("subforum", "subforum.pk"), ""),
    (SIGNED_IN, ("country", "country.pk"), ""),
    (SIGNED_IN, ("crossing", "crossing.pk"), ""),
    ("LVVVFVVVVV", ("member", "author.pk"), "not oneself"),
    (SIGNED_IN, ("topic", "for_members.pk"), "members only"),
    ("L44444V4V4", ("topic", "hidden.pk"), "hidden"),
    ("L44444V4V4", ("topic", "for_staff.pk"), "staff only"),
    ("L44444V4V4", ("subforum", "staff.pk"), "staff only"),
    ("L444444444", ("member", "unverified.pk"), "not confirmed"),
    ("L444444444", ("post", "own.pk"), "no kind that is watched"),
]

ROWS = [
    # --- Reading ---
    *(Row(f"forum:{name}", ALL) for name in OPEN_TO_ALL),
    Row("forum:sitemap-topics", ALL, (1,)),
    Row("accounts:security-txt", ALL),
    Row("accounts:change-password", ALL, why="sent on to the form, which asks to sign in"),
    Row("forum:subforum", ALL, ("subforum.slug",)),
    Row("forum:subforum", "4VVVVVVVVV", ("members.slug",), why="members only"),
    Row("forum:subforum", "444444V4V4", ("staff.slug",), why="staff only"),
    Row("forum:subforum-feed", ALL, ("subforum.slug",)),
    Row("forum:subforum-feed", NOT_HERE, ("members.slug",), why="feeds are what visitors may read"),
    Row("forum:topic", ALL, ("topic.pk", "topic.slug")),
    Row("forum:topic", "444444V4V4", ("hidden.pk", "hidden.slug"), why="hidden"),
    Row("forum:topic", "4444V4V4V4", ("taken.pk", "taken.slug"), why="hidden; its author reads why"),
    Row("forum:topic", "4VVVVVVVVV", ("for_members.pk", "for_members.slug"), why="members only"),
    Row("forum:topic", "444444V4V4", ("for_staff.pk", "for_staff.slug"), why="staff only"),
    Row("forum:topic-page", ALL, ("topic.pk", "topic.slug", 1)),
    Row("forum:topic-page", NOT_HERE, ("topic.pk", "topic.slug", 2), why="there is no second page"),
    Row("forum:topic-by-id", ALL, ("topic.pk",)),
    Row("forum:topic-by-id", "444444V4V4", ("hidden.pk",), why="hidden"),
    Row("forum:topic-by-id", "4444V4V4V4", ("taken.pk",), why="hidden; its author is led to why"),
    Row("forum:topic-page", "4444V4V4V4", ("taken.pk", "taken.slug", 1), why="hidden, likewise"),
    Row("forum:topic-page", NOT_HERE, ("taken.pk", "taken.slug", 2), why="there is no second page"),
    Row("forum:new-replies", "444444V4V4", ("taken.pk", 0), why="hidden, from its author, too"),
    Row("forum:answers", "444444V4V4", ("taken.pk",), why="hidden, from its author, too"),
    Row("forum:new-replies", ALL, ("topic.pk", 1)),
    Row("forum:new-replies", ALL, ("topic.pk", 10**18 - 1), why="nothing is newer"),
    Row("forum:new-replies", "444444V4V4", ("hidden.pk", 0), why="hidden"),
    Row("forum:new-replies", "4VVVVVVVVV", ("for_members.pk", 0), why="members only"),
    Row("forum:new-replies", "444444V4V4", ("for_staff.pk", 0), why="staff only"),
    Row("forum:topic-feed", ALL, ("topic.pk",)),
    Row("forum:topic-feed", NOT_HERE, ("hidden.pk",), why="hidden"),
    Row("forum:answers", ALL, ("topic.pk",)),
    Row("forum:answers", "444444V4V4", ("hidden.pk",), why="hidden"),
    Row("forum:post", ALL, ("own.pk",)),
    Row("forum:post", "444444V4V4", ("hidden_post.pk",), why="hidden"),
    Row("forum:reactions", ALL, ("own.pk",)),
    Row("forum:reactions", "444444V4V4", ("hidden_post.pk",), why="hidden"),
    Row("forum:profile", ALL, ("author.username",)),
    Row("forum:profile", NOT_HERE, ("unverified.username",), why="not confirmed"),
    *(Row(f"forum:member-{name}", ALL, ("author.username",)) for name in MEMBER_LISTS),
    *(Row(f"forum:member-{name}", NOT_HERE, ("unverified.username",), why="not confirmed") for name in MEMBER_LISTS),
    Row("crossings:member-reports", ALL, ("author.username",)),
    Row("crossings:member-reports", NOT_HERE, ("unverified.username",), why="not confirmed"),
    Row("crossings:experts", ALL),
    Row("crossings:country-experts", ALL, ("kg",)),
    Row("crossings:country-experts", NOT_HERE, ("zz",), why="no such country"),
    *(Row(f"crossings:latest-{name}", ALL) for name in ("topics", "posts")),
    Row("crossings:latest-topics", ALL, data={"forum": "subforum.slug", "country": "CN", "only": "mine"}),
    Row("crossings:latest-posts", "444444V4V4", data={"forum": "staff.slug"}, why="staff only"),
    Row("crossings:latest-topics", NOT_HERE, data={"country": "ZZ"}, why="no such country"),
    # --- Reading as a member ---
    Row("forum:member-directory", SIGNED_IN),
    Row("forum:member-directory", "L444444444", data={"after": "nobody"}, why="no page names it"),
    Row("forum:unread", SIGNED_IN),
    Row("forum:first-unread", SIGNED_IN, ("topic.pk",)),
    Row("forum:first-unread", "L44444V4V4", ("hidden.pk",), why="hidden"),
    Row("forum:mark-all-read", SIGNED_IN, method="POST"),
    Row("forum:mark-read", SIGNED_IN, ("subforum.slug",), method="POST"),
    Row("forum:mark-read", "L44444V4V4", ("staff.slug",), method="POST", why="staff only"),
    Row("forum:drafts", SIGNED_IN),
    Row("forum:discard-draft", "L444444444", ("draft.pk",), why="the draft of another"),
    Row("forum:discard-draft", SIGNED_IN, ("draft.pk",), method="POST", why="changes nothing"),
    Row("forum:bookmarks", SIGNED_IN),
    *(Row(f"forum:{name}", SIGNED_IN, ("own.pk",)) for name in ("bookmark", "edit-bookmark", "remove-bookmark")),
    *(Row(f"forum:{name}", SIGNED_IN, ("own.pk",), method="POST") for name in ("bookmark", "remove-bookmark")),
    Row("forum:edit-bookmark", SIGNED_IN, ("own.pk",), method="POST", data={"note": "For May"}),
    Row("forum:edit-bookmark", "LBBBBBBBBB", ("own.pk",), method="POST", data={"remind_on": "May"}, why="no day"),
    *(Row(f"forum:{name}", "L444444444", ("hidden_post.pk",), "POST") for name in ("bookmark", "edit-bookmark")),
    Row("forum:remove-bookmark", SIGNED_IN, ("hidden_post.pk",), method="POST", why="changes only what is one's own"),
    Row("accounts:ignored", SIGNED_IN),
    Row("accounts:ignore", "LVVVFVVVVV", ("author.username",), why="nobody ignores themselves"),
    Row("accounts:ignore", "LVVVFVVVVV", ("author.username",), method="POST"),
    Row("accounts:ignore", "LFFFFFFFFF", ("admin.username",), method="POST", why="an administrator"),
    Row("accounts:ignore", "L444444444", ("unverified.username",), method="POST", why="not confirmed"),
    Row("accounts:stop-ignoring", SIGNED_IN, ("author.username",), method="POST"),
    Row("accounts:stop-ignoring", SIGNED_IN, ("author.username",), why="a link changes nothing"),
    # --- Writing ---
    Row("forum:open-topic", WRITERS, ("subforum.slug",)),
    Row("forum:open-topic", "FFVVVVVVVF", ("subforum.slug",), method="POST", data=TITLE, why="text is given back"),
    Row("forum:open-topic", "L44444V4V4", ("staff.slug",), why="staff only"),
    Row("forum:open-topic", "FFBBBBBVVF", ("strange.slug",), "POST", TITLE, "the rules are not confirmed"),
    Row("forum:open-topic", "FFVVVVVVVF", ("strange.slug",), "POST", TITLE | {"rules_read": "on"}, "confirmed"),
    Row("forum:reply", WRITERS, ("topic.pk",)),
    Row("forum:reply", "FFVVVVVVVF", ("topic.pk",), method="POST", data=TEXT, why="text is given back"),
    Row("forum:reply", WRITERS, ("topic.pk",), method="POST", data={"save": "1"}, why="saving a draft"),
    Row("forum:reply", MODERATORS, ("locked.pk",), why="locked"),
    Row("forum:reply", "FFFFFFVFVF", ("locked.pk",), method="POST", data=TEXT, why="locked"),
    Row("forum:reply", "L44444F4F4", ("hidden.pk",), why="hidden"),
    Row("forum:edit-post", AUTHOR_OR_MODERATOR, ("own.pk",)),
    Row(
        "forum:edit-post", "FFFFVFVFVF", ("own.pk",), method="POST", data={**TEXT, "based_on": 1},
        why="text is given back",
    ),
    Row("forum:edit-post", "FFFFCFCFCF", ("own.pk",), method="POST", data={**TEXT, "based_on": 0}, why="edited since"),
    Row("forum:edit-post", MODERATORS, ("in_locked.pk",), why="locked"),
    Row("forum:edit-post", "LFFFFFFFVF", ("by_moderator.pk",), why="by an equal"),
    Row("forum:edit-post", "FFFFFFFFVF", ("by_moderator.pk",), "POST", {**TEXT, "based_on": 0}, why="by an equal"),
    Row("forum:edit-post", "L44444F4F4", ("hidden_post.pk",), why="hidden"),
    Row("forum:history", AUTHOR_OR_MODERATOR, ("own.pk",)),
    Row("forum:history-of-edit", AUTHOR_OR_MODERATOR, ("own.pk", 1)),
    Row("forum:history-of-edit", "LFFF4F4F4F", ("own.pk", 9), why="never was"),
    Row("forum:restore-revision", MODERATORS, ("own.pk", 1), method="POST"),
    Row("forum:restore-revision", MODERATORS, ("own.pk", 1), why="a link changes nothing"),
    Row("forum:withdraw-post", AUTHOR, ("own.pk",)),
    Row("forum:withdraw-post", AUTHOR, ("own.pk",), method="POST"),
    Row("forum:withdraw-post", "LFFFFFFFFF", ("in_locked.pk",), method="POST", why="locked"),
    Row("forum:withdraw-topic", AUTHOR, ("alone.pk",)),
    Row("forum:withdraw-topic", AUTHOR, ("alone.pk",), method="POST"),
    Row("forum:withdraw-topic", "LFFFFFFFFF", ("topic.pk",), method="POST", why="others have replied"),
    # --- Answers and reactions ---
    Row("forum:accept-answer", AUTHOR_OR_MODERATOR, ("by_someone.pk",), method="POST"),
    Row("forum:accept-answer", MODERATORS, ("in_locked.pk",), method="POST", why="locked"),
    Row("forum:accept-answer", "L44444F4F4", ("hidden_post.pk",), method="POST", why="hidden"),
    Row("forum:withdraw-answer", AUTHOR_OR_MODERATOR, ("accepted.pk",), method="POST"),
    Row("forum:react", WRITERS, ("by_someone.pk", "helpful"), method="POST"),
    Row("forum:react", "LFVVFVVVVF", ("own.pk", "helpful"), method="POST", why="nobody thanks themselves"),
    Row("forum:react", "LFFFFFFFFF", ("in_locked.pk", "helpful"), method="POST", why="locked"),
    Row("forum:react", "L444444444", ("own.pk", "love"), method="POST", why="no such kind"),
    Row("forum:react", SIGNED_IN, ("own.pk", "helpful"), why="a link changes nothing"),
    Row("forum:withdraw-reaction", WRITERS, ("by_someone.pk", "helpful"), method="POST"),
    # --- Keeping the house ---
    Row("forum:edit-rules", MODERATORS, ("subforum.slug",)),
    Row("forum:edit-forum-rules", ADMIN),
    Row("forum:edit-rules", "LFFFFFFCCF", ("strange.slug",), "POST", RULES | {"based_on": 0}, "changed since"),
    Row("forum:edit-rules", "LFFFFFFVVF", ("strange.slug",), "POST", RULES | {"based_on": 1}, "of the own subforum"),
    Row("forum:rules-history", ALL, ("strange.slug",)),
    Row("forum:rules-history", "4VVVVVVVVV", ("members.slug",), why="members only"),
    Row("forum:rules-history", "444444V4V4", ("staff.slug",), why="staff only"),
    Row("forum:rules-history-of-version", ALL, ("strange.slug", 1)),
    Row("forum:rules-history-of-version", NOT_HERE, ("strange.slug", 2), why="never was"),
    Row("forum:rules-history-of-version", "444444V4V4", ("staff.slug", 1), why="staff only"),
    Row("forum:forum-rules-history", ALL),
    Row("forum:forum-rules-history-of-version", NOT_HERE, (1,), why="there are none"),
    Row("forum:staff", ADMIN),
    Row("forum:new-section", ADMIN),
    Row("forum:edit-section", ADMIN, ("section.pk",)),
    Row("forum:remove-section", ADMIN, ("section.pk",)),
    Row("forum:remove-section", ADMIN, ("section.pk",), method="POST"),
    Row("forum:new-subforum", ADMIN),
    Row("forum:edit-subforum", ADMIN, ("subforum.slug",)),
    Row("forum:give-badge", ADMIN, ("author.username",)),
    Row("forum:give-badge", ADMIN, ("author.username",), method="POST", data={"title": "Yak expert", "subject": "y"}),
    Row("forum:withdraw-badge", ADMIN, ("badge.pk",), method="POST"),
    Row("forum:rename-member", ADMIN, ("author.username",)),
    Row("forum:rename-member", ADMIN, ("author.username",), method="POST", data={"name": "a_new_name"}),
    # --- Crossings ---
    Row("crossings:crossings", ALL),
    Row("crossings:find-crossing", ALL),
    *(Row(f"crossings:{name}", ALL, ("crossing.slug",)) for name in ("crossing", "why", "reports", "topics", "ask")),
    *(Row(f"crossings:{name}", ALL, ("crossing.slug",)) for name in ("crossing-data", "crossing-feed")),
    Row("crossings:crossing-data", NOT_HERE, ("nowhere",), why="no such crossing"),
    Row("crossings:crossing-feed", NOT_HERE, ("nowhere",), why="no such crossing"),
    Row("crossings:crossings-data", ALL),
    Row("crossings:country-feed", ALL, ("cn",)),
    Row("crossings:country-feed", NOT_HERE, ("zz",), why="no such country"),
    Row("forum:sitemap-part", ALL, ("crossings",)),
    Row("forum:sitemap-part", NOT_HERE, ("nothing",), why="no such part"),
    Row("crossings:crossing", ALL, ("crossing.slug",), data={"to": "kg", "by": "bicycle"}, why="a way across"),
    Row("crossings:crossing", ALL, ("crossing.slug",), data={"to": "zz", "by": "camel"}, why="no way, and no error"),
    Row("crossings:crossing", NOT_HERE, ("nowhere",), why="no such crossing"),
    Row("crossings:choose-crossing", WRITERS),
    Row("crossings:report", WRITERS, ("crossing.slug",)),
    Row("crossings:report", "FFVVVVVVVF", ("crossing.slug",), method="POST", data=REPORT, why="text is given back"),
    Row("crossings:attach-report", AUTHOR, ("own.pk",)),
    Row("crossings:attach-report", "LFFFFFFFFF", ("in_locked.pk",), why="locked"),
    Row("crossings:attach-report", "L44444F4F4", ("hidden_post.pk",), why="hidden"),
    Row("crossings:edit-report", AUTHOR_OR_MODERATOR, ("report.pk",)),
    Row(
        "crossings:edit-report", "FFFFVFVFVF", ("report.pk",), method="POST", data={**REPORT, "based_on": 0},
        why="text is given back",
    ),
    Row("crossings:edit-report", "L44444F4F4", ("hidden_report.pk",), why="its story is hidden"),
    Row("crossings:report-history", AUTHOR_OR_MODERATOR, ("report.pk",)),
    Row("crossings:edit-links", "LFFFVVVFVF", ("topic.pk",)),
    Row("crossings:edit-links", "LFFFVVVFVF", ("topic.pk",), method="POST", data={"crossings": ""}),
    Row("crossings:edit-links", MODERATORS, ("locked.pk",), why="locked"),
    Row("crossings:edit-links", "L44444F4F4", ("hidden.pk",), why="hidden"),
    # --- The experts' desk ---
    Row("crossings:desk", "LFFFFVFFFF"),
    Row("crossings:confirm-answer", SIGNED_IN, ("report.post_id",), why="a link changes nothing"),
    Row("crossings:confirm-answer", "LFFFFVFFFF", ("report.post_id",), method="POST"),
    Row("crossings:confirm-answer", "LFFFFFFFFF", ("accepted.pk",), method="POST", why="about no crossing"),
    Row("crossings:confirm-answer", "LFFFFFFFFF", ("in_locked.pk",), method="POST", why="locked"),
    Row("crossings:confirm-answer", "L44444F4F4", ("hidden_report.post_id",), method="POST", why="hidden"),
    # --- Countries and the editors of crossings ---
    Row("crossings:countries", ALL),
    Row("crossings:country", ALL, ("cn",)),
    Row("crossings:country", NOT_HERE, ("zz",), why="no such country"),
    Row("crossings:article-history", ALL, ("cn",)),
    Row("crossings:article-history-of-edit", ALL, ("cn", 1)),
    Row("crossings:article-history-of-edit", NOT_HERE, ("cn", 9), why="never was"),
    Row("crossings:edit-article", ADMIN, ("cn",)),
    Row(
        "crossings:edit-article", "FFFFFFFFVF", ("cn",), method="POST", data=ARTICLE | {"based_on": 1},
        why="text is given back",
    ),
    Row(
        "crossings:edit-article", "FFFFFFFFCF", ("cn",), method="POST", data=ARTICLE | {"based_on": 0},
        why="edited since",
    ),
    Row("crossings:restore-article", ADMIN, ("cn", 1), method="POST"),
    Row("crossings:restore-article", ADMIN, ("cn", 1), why="a link changes nothing"),
    Row("crossings:new-crossing", ADMIN),
    Row("crossings:edit-crossing", ADMIN, ("crossing.slug",)),
    Row("crossings:edit-crossing", "FFFFFFFFBF", ("crossing.slug",), method="POST", data=REASON, why="lacks the rest"),
    Row("crossings:edit-facts", EXPERTS, ("crossing.slug",)),
    Row("crossings:edit-facts", ADMIN, ("elsewhere.slug",), why="no country of the expert's badge"),
    Row("crossings:edit-facts", "FFFFFVFFVF", ("crossing.slug",), method="POST", data=REASON, why="the same again"),
    Row("crossings:edit-names", EXPERTS, ("crossing.slug",)),
    Row("crossings:edit-names", ADMIN, ("elsewhere.slug",), why="no country of the expert's badge"),
    Row("crossings:edit-names", "FFFFFBFFBF", ("crossing.slug",), method="POST", data=REASON, why="lacks the names"),
    Row("crossings:new-notice", STAFF, ("crossing.slug",)),
    Row("crossings:new-notice", "FFFFFFBBBF", ("crossing.slug",), method="POST", data=REASON, why="lacks all"),
    Row("crossings:edit-notice", STAFF, ("crossing.slug", "notice.pk")),
    Row("crossings:edit-notice", "LFFFFF444F", ("elsewhere.slug", "notice.pk"), why="of another crossing"),
    Row("crossings:withdraw-notice", STAFF, ("crossing.slug", "notice.pk")),
    Row("crossings:withdraw-notice", STAFF, ("crossing.slug", "notice.pk"), method="POST"),
    Row("crossings:trade-account", ADMIN, ("author.username",)),
    Row("crossings:trade-account", ADMIN, ("author.username",), method="POST", data={"trade": "yes"}),
    # --- Similar topics ---
    Row("crossings:suggest", "XXXXXXXXXX", ("subforum.slug",)),
    Row("crossings:suggest", WRITERS, ("subforum.slug",), method="POST", data={"title": "A title long enough"}),
    Row("crossings:suggest", "L44444V4V4", ("staff.slug",), method="POST", data=TITLE, why="staff only"),
    Row("crossings:suggestion", WRITERS, ("topic.pk",), method="POST"),
    Row("crossings:suggestion", "L44444V4V4", ("hidden.pk",), method="POST", why="hidden"),
    Row("crossings:similarity-figures", ADMIN),
    # --- News and letters ---
    Row("notifications:news", SIGNED_IN),
    Row("notifications:open-news", "L444V44444", ("news.pk",), why="the news of the author"),
    Row("notifications:mark-read", "L444444444", method="POST", data={"tab": "nonsense"}, why="no such tab"),
    Row("notifications:mark-read", SIGNED_IN, why="a link changes nothing"),
    Row("notifications:mark-read", SIGNED_IN, method="POST", data={"until": "1"}),
    Row("notifications:feeds", SIGNED_IN),
    Row("notifications:new-feed", SIGNED_IN, ("news",), method="POST"),
    Row("notifications:new-feed", SIGNED_IN, ("news",), why="a link changes nothing"),
    Row("notifications:new-feed", "L444444444", ("letters",), method="POST", why="no such kind"),
    Row("notifications:end-feed", SIGNED_IN, ("dates",), method="POST"),
    Row("notifications:own-news", ALL, ("tokens.news",), why="whoever knows the address"),
    Row("notifications:own-dates", ALL, ("tokens.dates",), why="whoever knows the address"),
    Row("notifications:own-news", NOT_HERE, ("tokens.dates",), why="of another kind"),
    Row("notifications:own-dates", NOT_HERE, ("nonsense",), why="nobody's"),
    Row("notifications:stop-letters", ALL, ("tokens.stop",), why="whoever got the letter"),
    Row("notifications:stop-letters", ALL, ("tokens.stop",), method="POST"),
    Row("notifications:stop-letters", NOT_HERE, ("nonsense",), why="nobody signed it"),
    Row("notifications:one-click", ALL, ("tokens.stop",), why="whoever got the letter"),
    Row("notifications:one-click", ALL, ("tokens.stop",), method="POST", data={"List-Unsubscribe": "One-Click"}),
    Row("notifications:one-click", "BBBBBBBBBB", ("tokens.stop",), method="POST", why="says nothing"),
    Row("notifications:one-click", NOT_HERE, ("nonsense",), method="POST", why="nobody signed it"),
    *(
        Row(f"notifications:{name}", NOT_HERE, args, why="only in the demo")
        for name, args in (("demo-letters", ()), ("demo-letter", (1,)), ("demo-letter-html", (1,)))
    ),
    Row("notifications:letters", SIGNED_IN),
    Row("notifications:letters", "LBBBBBBBBB", method="POST", data={"replies": "hourly"}),
    Row("notifications:letters", SIGNED_IN, method="POST", data=LETTERS),
    Row("notifications:stop-all-letters", SIGNED_IN, why="a link changes nothing"),
    Row("notifications:stop-all-letters", SIGNED_IN, method="POST", data={"stop": "1"}),
    Row("notifications:try-address-again", SIGNED_IN, why="a link changes nothing"),
    Row("notifications:try-address-again", SIGNED_IN, method="POST"),
    Row("notifications:watches", SIGNED_IN),
    Row("notifications:prefer", SIGNED_IN, why="a link changes nothing"),
    Row("notifications:prefer", SIGNED_IN, method="POST", data={"on_asking": "on"}),
    *(
        Row("notifications:choose-level", codes, args, method, data, why)
        for method, data in (("GET", {}), ("POST", {"level": "muted"}), ("POST", {"level": "stop"}))
        for codes, args, why in WATCHED
    ),
    Row("notifications:choose-level", "LBBBBBBBBB", ("topic", "topic.pk"), method="POST", data={"level": "louder"}),
    Row("notifications:watch", SIGNED_IN, ("crossing.slug",)),
    Row("notifications:watch", SIGNED_IN, ("crossing.slug",), method="POST"),
    Row("notifications:watch", "LBBBBBBBBB", ("crossing.slug",), method="POST", data={"travel_on": "2020-01-01"}),
    Row("notifications:watch", "L444444444", ("nowhere",), why="no such crossing"),
    Row("notifications:stop-watching", SIGNED_IN, ("crossing.slug",), why="a link changes nothing"),
    Row("notifications:stop-watching", SIGNED_IN, ("crossing.slug",), method="POST"),
    Row("notifications:through", ALL, ("tokens.through",), why="whoever got the letter"),
    Row("notifications:through", ALL, ("tokens.through",), method="POST", data=FACTS),
    Row("notifications:through", "FFFFFFFFFF", ("tokens.through_suspended",), method="POST", data=FACTS),
    Row("notifications:through", NOT_HERE, ("nonsense",), why="nobody signed it"),
    # --- Moderators at work ---
    Row("moderation:queue", STAFF),
    Row("moderation:item", "LFFFFFV4VF", ("waiting.pk",), why="of the own subforum"),
    Row("moderation:item-context", "LFFFFFV4VF", ("waiting.pk",)),
    Row("moderation:act", "LFFFFFV4VF", ("waiting.pk",), method="POST", data={"act": "dismiss"}),
    Row("moderation:act", "LFFFFFC4CF", ("waiting.pk",), method="POST", data={"act": "burn"}),
    Row("moderation:act", "LXXXXXXXXX", ("waiting.pk",), why="a link changes nothing"),
    Row("moderation:claim", "LFFFFFV4VF", ("waiting.pk",), method="POST"),
    Row("moderation:note", "LFFFFFV4VF", ("waiting.pk",), method="POST", data={"text": "Ask first."}),
    Row("moderation:undo", MODERATORS, ("act.pk",), method="POST", why="who did it, and administrators"),
    Row("moderation:undo-acts", "L44444V444", method="POST", data={"done": "act.pk"}, why="who did it, there"),
    Row("moderation:undo-acts", "L444444444", method="POST", why="nothing was done"),
    Row("moderation:topic", MODERATORS, ("topic.pk",)),
    Row("moderation:topic", "L44444V4V4", ("hidden.pk",), why="hidden"),
    *(
        Row("moderation:topic", MODERATORS, ("topic.pk",), method="POST", data={"act": act, "new_title": "Another"})
        for act in ("lock", "pin", "hide", "retitle")
    ),
    *(
        Row("moderation:topic", MODERATORS, ("topic.pk",), "POST", {"act": act, "posts": "own.pk"} | SPLIT)
        for act in ("hide-posts", "split", "warn")
    ),
    Row("moderation:topic", "LFFFFFVFVF", ("alone.pk",), "POST", {"act": "merge", "other": "topic.pk"}),
    Row("moderation:topic", "LFFFFFVFVF", ("alone.pk",), "POST", {"act": "duplicate", "other": "topic.pk"}),
    Row("moderation:topic", "LFFFFFVFVF", ("topic.pk",), "POST", {"act": "move", "subforum": "members.pk"}),
    Row("moderation:topic", "LFFFFFBFVF", ("topic.pk",), "POST", {"act": "move", "subforum": "strange.pk"}),
    Row("moderation:subforum", MODERATORS, ("subforum.slug",)),
    Row("moderation:subforum", MODERATORS, ("subforum.slug",), "POST", {"act": "lock", "topics": "topic.pk"}),
    Row("moderation:edit-post", MODERATORS, ("own.pk",)),
    Row("moderation:edit-post", "LFFFFFFFVF", ("by_moderator.pk",), why="by an equal"),
    Row("moderation:edit-post", MODERATORS, ("own.pk",), "POST", {**TEXT, "based_on": 1}),
    Row("moderation:post-address", MODERATORS, ("own.pk",)),
    Row("moderation:post-address", MODERATORS, ("own.pk",), method="POST"),
    Row("moderation:post-address", "L44444V4V4", ("hidden_post.pk",), method="POST", why="hidden"),
    Row("moderation:post-address", "LFFFFFFFVF", ("by_moderator.pk",), method="POST", why="by an equal"),
    Row("moderation:erase-words", ADMIN, ("act.pk",)),
    Row("moderation:erase-words", ADMIN, ("act.pk",), method="POST"),
    Row("moderation:log", STAFF),
    Row("moderation:public-log", ALL),
    Row("moderation:mine", SIGNED_IN),
    Row("moderation:own-words", "L444V44444", ("hiding.pk",), why="who wrote it"),
    Row("moderation:own-words", "LXXXXXXXXX", ("hiding.pk",), method="POST", why="there is nothing to do"),
    Row("moderation:own-words", "L444444444", ("act.pk",), why="nothing was hidden"),
    Row("moderation:appeal", "L444V44444", ("act.pk",), why="whom it concerns"),
    Row("moderation:appeal", "L444V44444", ("act.pk",), method="POST", data={"words": "I meant well."}),
    Row("moderation:decide-appeal", "LFFFFFFFVF", ("appeal.pk",), why="another than who did it"),
    Row("moderation:decide-appeal", "LFFFFFFFVF", ("appeal.pk",), "POST", {"answer": "You are right.", "grant": "1"}),
    # --- Of a topic that was moved to where they may not read ---
    Row("moderation:appeal", "L444V44444", ("secret.act.pk",), why="of a secret"),
    Row("moderation:appeal", "L444B44444", ("secret.act.pk",), method="POST", why="of a secret, without words"),
    Row("moderation:decide-appeal", "LFFFFFVFVF", ("secret.appeal.pk",), why="of a secret"),
    Row("moderation:item", "LFFFFF4VVF", ("secret.item.pk",), why="like a secret"),
    Row("moderation:topic", "LFFFFFFVVF", ("secret.like_it.pk",), why="marked as like a secret"),
    Row("forum:topic", "444444V4V4", ("secret.topic.pk", "secret.topic.slug"), why="a secret"),
    # --- Moderation ---
    Row("moderation:flag-post", "LFVVFVVVVF", ("own.pk",)),
    Row("moderation:flag-post", "LFVVFVVVVF", ("own.pk",), method="POST", data={"reason": "dangerous"}),
    Row("moderation:flag-post", "LFBBFBBBBF", ("own.pk",), method="POST", why="without a reason"),
    Row("moderation:flag-post", "LFVVFVVVVF", ("in_locked.pk",), why="locked"),
    Row("moderation:flag-post", "L44444F4F4", ("hidden_post.pk",), why="hidden"),
    Row("moderation:withdraw-flag", WRITERS, ("own.pk",), method="POST"),
    Row("moderation:withdraw-flag", SIGNED_IN, ("own.pk",), why="a link changes nothing"),
    Row("moderation:withdraw-flag", "L44444V4V4", ("hidden_post.pk",), method="POST", why="hidden"),
    Row("moderation:words", STAFF),
    Row("moderation:words", "LFFFFFBBVF", method="POST", data=WORD, why="of the whole forum"),
    Row("moderation:words", STAFF, method="POST", data={"try": "1", "text": "A yak."}, why="a text is tried"),
    Row("moderation:forget-word", "LFFFFFV4VF", ("word.pk",), method="POST"),
    Row("moderation:forget-word", "LFFFFFV4VF", ("word.pk",), why="a link changes nothing"),
    Row("moderation:forget-word", "LFFFFFFFVF", ("word_for_all.pk",), method="POST", why="of the whole forum"),
    Row("moderation:member", STAFF, ("author.username",)),
    Row("moderation:member", MODERATORS, ("author.username",), method="POST", data={"text": "A kind rider."}),
    Row("moderation:member", "LFFFFFFVVF", ("member.username",), method="POST", data={"text": "Kind."}, why="there"),
    Row("moderation:member", ADMIN, ("moderator.username",), why="of a moderator"),
    Row("moderation:member", STAFF, ("new.username",), why="numbers of elsewhere"),
    Row("moderation:member", MODERATORS, ("new.username",), method="POST", data={"text": "Kind."}, why="wrote here"),
    *(
        Row("moderation:act-on-member", MODERATORS, ("new.username",), method="POST", data={"act": act, "days": "3"})
        for act in ("warn", "suspend", "ban", "clean")
    ),
    Row("moderation:act-on-member", "LFFFFFFFVF", ("author.username",), "POST", {"act": "ban"}, why="no newcomer"),
    Row("moderation:act-on-member", ADMIN, ("moderator.username",), "POST", {"act": "warn"}, why="of a moderator"),
    Row("moderation:member", "LFFFFF444F", ("nobody",), why="no such member"),
    # --- Accounts ---
    Row("accounts:settings", SIGNED_IN),
    Row("accounts:settings", SIGNED_IN, method="POST", data=SETTINGS),
    Row("accounts:settings", "LVVVVVVVVB", method="POST", data=SETTINGS | {"bio": "Hello."}, why="others read it"),
    Row("accounts:theme", ALL),
    Row("account_login", ALL),
    Row("account_signup", ALL),
    Row("account_logout", ALL),
    Row("account_inactive", ALL),
    Row("account_change_password", SIGNED_IN),
    Row("account_set_password", SIGNED_IN),
    Row("account_reauthenticate", SIGNED_IN),
    Row("account_request_reauthentication_code", ALL, why="leads to the password"),
    Row("account_confirm_reauthentication_code", SIGNED_IN, why="leads to the password"),
    Row("account_email", SIGNED_IN),
    Row("account_email_verification_sent", ALL),
    Row("account_confirm_email", ALL, ("no-such-key",)),
    Row("account_confirm_login_code", SIGNED_IN),
    Row("account_reset_password", ALL),
    Row("account_reset_password_done", ALL),
    Row("account_reset_password_from_key", ALL, ("0", "no-key")),
    Row("account_reset_password_from_key_done", ALL),
]  # fmt: skip
