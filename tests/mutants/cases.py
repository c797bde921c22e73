"""What is listed by hand: mutations that once survived the related tests, with the test that kills each of them now,
and mutants that no test can or need kill, with the reason.

`before` becomes `after` in the file. `./run mutants` tries the fixed cases first, and each of them must be killed.
"""

from typing import NamedTuple

from tests.mutants.mutations import Mutant


class FixedCase(NamedTuple):
    name: str
    file: str
    before: str
    after: str
    killed_by: str

    def mutant(self, source: str) -> Mutant:
        before, _, _ = source.partition(self.before)
        begin = len(before.encode())
        first = source.count("\n", 0, len(before)) + 1
        lines = (first, first + self.before.rstrip("\n").count("\n"))
        end = begin + len(self.before.encode())
        return Mutant(self.file, self.name, begin, end, lines, self.before, self.after)


FIXED_CASES = [
    FixedCase(
        "a held reply becomes the topic's last post",
        "forum/actions/posts.py",
        "is_last = not held or post.is_opening_post",
        "is_last = True",
        "tests/moderation/test_screening.py::test_a_held_reply_is_not_the_last_post_of_its_topic",
    ),
    FixedCase(
        "the same key in another place is taken as the same post",
        "forum/actions/posts.py",
        "if post.source != source or not same_place:",
        "if post.source != source:",
        "tests/forum/test_replying.py::test_the_same_key_in_another_place_is_not_the_same_post",
    ),
    FixedCase(
        "a reaction does not raise the post's version",
        "forum/counters/increments.py",
        "bump(Post, post.pk, **changes)",
        "Post.objects.filter(pk=post.pk).update(**changes)",
        "tests/forum/test_reacting.py::test_a_reaction_and_its_end_each_raise_the_version_of_the_post",
    ),
    FixedCase(
        "the first of the moved posts is hidden",
        "forum/actions/rearrange.py",
        "if not moving[0].is_readable:",
        "if False:",
        "tests/forum/test_rearranging.py::test_neither_part_of_a_topic_begins_with_a_post_that_cannot_be_read",
    ),
    FixedCase(
        "authors edit in a hidden topic",
        "forum/permissions.py",
        "if user.pk != post.author_id or post.topic.hidden_at is not None or is_locked(post.topic):",
        "if user.pk != post.author_id or is_locked(post.topic):",
        "tests/forum/test_editing.py::test_nobody_but_moderators_edits_in_a_hidden_topic",
    ),
    FixedCase(
        "`>=` to `>` in the count of recent reports",
        "crossings/status/judgement.py",
        "for seen in confirming if seen.crossed_on >= recent}",
        "for seen in confirming if seen.crossed_on > recent}",
        "tests/crossings/status/test_rules.py::test_a_report_of_just_one_half_life_before_the_newest_still_confirms",
    ),
    FixedCase(
        "administrators do not weigh as trusted",
        "crossings/status/update.py",
        "if author.is_staff or author.trust >= User.Trust.TRUSTED or is_expert:",
        "if author.trust >= User.Trust.TRUSTED or is_expert:",
        "tests/crossings/status/test_update.py::test_who_weighs_as_trusted",
    ),
    FixedCase(
        "no cap on combining marks",
        "forum/markup/pipeline.py",
        'return _MANY_MARKS.sub(r"\\1", source)',
        "return source",
        "tests/forum/test_markup.py::test_a_letter_carries_eight_combining_marks_at_most",
    ),
    FixedCase(
        "`valid_until` of kept pages is ignored",
        "config/page_cache.py",
        "if stamp == page.kept.stamp and page.valid_until > time.monotonic():",
        "if stamp == page.kept.stamp:",
        "tests/config/test_page_cache.py::test_a_kept_page_is_made_again_after_its_time",
    ),
    FixedCase(
        "the cookie check of kept pages is gone",
        "config/page_cache.py",
        "if settings.SESSION_COOKIE_NAME in request.COOKIES:",
        "if False:",
        "tests/config/test_page_cache.py::test_no_kept_page_is_for_somebody_with_a_session",
    ),
    FixedCase(
        "the most tries of a letter are ignored",
        "notifications/letters/delivery.py",
        "if letter.beginnings_count > MOST_CUT_OFF:",
        "if False:",
        "tests/notifications/letters/test_sending.py::test_a_letter_that_ends_its_worker_each_time_is_given_up",
    ),
]


class Equivalent(NamedTuple):
    """It is left out of the share. `before` and `after` are the whole line."""

    file: str
    before: str
    after: str
    reason: str


EQUIVALENTS = [
    Equivalent(
        "notifications/letters/account_letters.py",
        "is_to_new_address = letter.purpose == CONFIRM and letter.user_id"
        " and letter.user.email_confirmed_at is not None",
        "is_to_new_address = letter.purpose == CONFIRM and letter.user.email_confirmed_at is not None",
        "Who confirms an address is a member; it is said for the type checker.",
    ),
    Equivalent(
        "moderation/actions/undo.py",
        "Post.objects.filter(pk__in=[act.post_id for act in acts if act.post_id]),",
        "Post.objects.filter(pk__in=[act.post_id for act in acts]),",
        "Django leaves None out of what a primary key is one of.",
    ),
    Equivalent(
        "moderation/actions/spam.py",
        "if topic.opening_post is not None:",
        "if True:",
        "A topic that a member opened has an opening post; it is said for the type checker.",
    ),
    Equivalent(
        "crossings/reports/actions.py",
        "if post.is_opening_post and not is_new:",
        "if post.is_opening_post or not is_new:",
        "The columns of a topic are written again to the same; only that costs a statement.",
    ),
    Equivalent(
        "forum/markup/bbcode_paragraphs.py",
        'if part["name"] and part.start() in pairs:',
        "if part.start() in pairs:",
        "Only marks have pairs.",
    ),
    Equivalent(
        "forum/markup/bbcode_paragraphs.py",
        'if "\\n" not in source or not _HAS_MARK.search(source):',
        "if '\\n' not in source and (not _HAS_MARK.search(source)):",
        "Such a text comes out as it was; only that takes time.",
    ),
    Equivalent(
        "forum/markup/links.py",
        "NEAR = 50  # marks of emphasis before an address",
        "NEAR = 51  # marks of emphasis before an address",
        "How far is looked back is a bound of time.",
    ),
    Equivalent(
        "forum/markup/links.py",
        "NEAR = 50  # marks of emphasis before an address",
        "NEAR = 49  # marks of emphasis before an address",
        "How far is looked back is a bound of time.",
    ),
    Equivalent(
        "forum/markup/tokens.py",
        'if token.type == "inline":',
        "if True:",
        "Other tokens have no children.",
    ),
    Equivalent(
        "forum/markup/tokens.py",
        'if child.type == "link_close" and opened_at:',
        "if child.type == 'link_close':",
        "What closes was opened before.",
    ),
    Equivalent(
        "forum/markup/tokens.py",
        "token.children = _inline(token.children or [], names)",
        "token.children = _inline(token.children, names)",
        "A line always has a list of children; it is said for the type checker.",
    ),
    Equivalent(
        "forum/markup/tokens.py",
        "*(token.children or []),",
        "*(token.children),",
        "A line always has a list of children; it is said for the type checker.",
    ),
    Equivalent(
        "forum/markup/limits.py",
        'elif token.nesting == -1 and token.type.replace("_close", "_open") in _NESTING:',
        "elif token.type.replace('_close', '_open') in _NESTING:",
        "Whatever opens was seen by the condition before.",
    ),
    Equivalent(
        "forum/markup/mentions.py",
        'goes_on = text[found.end() : found.end() + 1] == "@" and not text[found.end() - 1].isspace()',
        "goes_on = text[found.end():found.end() + 1] == '@'",
        "A run that ends with a blank has no candidate that ends with it.",
    ),
    Equivalent(
        "forum/markup/links.py",
        "if not silent:",
        "if True:",
        "Where the rule is silent, the scheme before it is not in the pending text, and none is found.",
    ),
    Equivalent(
        "forum/markup/links.py",
        'if state.linkLevel > 0 or not state.src.startswith("://", state.pos):',
        "if state.linkLevel > 0:",
        "At any other place no address is found; only that takes time.",
    ),
    Equivalent(
        "forum/markup/links.py",
        "if _is_open(marks.group()[0], state):",
        "if _is_open(marks.group()[1], state):",
        "The marks of a run are all the same.",
    ),
    Equivalent(
        "forum/markup/bbcode_paragraphs.py",
        'if "\\n" not in source or not _HAS_MARK.search(source):',
        "if '\\n' not in source:",
        "A text without marks comes out as it was; only that takes time.",
    ),
    Equivalent(
        "forum/markup/bbcode_paragraphs.py",
        'if "\\n" not in source or not _HAS_MARK.search(source):',
        "if not _HAS_MARK.search(source):",
        "A text of one line comes out as it was; only that takes time.",
    ),
    Equivalent(
        "forum/markup/bbcode_paragraphs.py",
        'if "\\n" not in source or not _HAS_MARK.search(source):\n        return source',
        "pass",
        "Such a text comes out as it was; only that takes time.",
    ),
    Equivalent(
        "forum/markup/bbcode_blocks.py",
        "if not _HAS_MARK.search(source):\n        return source",
        "pass",
        "A text without marks comes out as it was; only that takes time.",
    ),
    Equivalent(
        "forum/markup/bbcode_blocks.py",
        'fence = "`" * max(3, ticks + 1)',
        'fence = "`" * max(4, ticks + 1)',
        "A fence may be of any length from three on.",
    ),
    Equivalent(
        "forum/markup/bbcode_blocks.py",
        'ticks = max((len(run) for run in re.findall("`+", code)), default=0)',
        'ticks = max((len(run) for run in re.findall("`+", code)), default=1)',
        "A fence has three ticks at least.",
    ),
    Equivalent(
        "forum/markup/bbcode_blocks.py",
        'if not part["closing"] and place <= last_code and (end := _CODE_END.search(source, place)):',
        "if not part['closing'] and (end := _CODE_END.search(source, place)):",
        "Behind the last end no end is found; only that takes time.",
    ),
    Equivalent(
        "forum/markup/bbcode_blocks.py",
        'block = _list(within, is_numbered=len(value) > 1) if name == "list" else _quote(value, within)',
        'block = _list(within, is_numbered=len(value) > 0) if name == "list" else _quote(value, within)',
        "A value has a sign before it, so that none has one letter.",
    ),
    Equivalent(
        "forum/markup/bbcode.py",
        "if opening is None or closing is None or closing[1] > state.posMax:",
        "if closing is None or closing[1] > state.posMax:",
        "Where nothing opens, nothing closes; it is said for the type checker.",
    ),
    Equivalent(
        "forum/markup/bbcode.py",
        "if not mark.group(1):",
        "if not mark.group(2):",
        "Both groups are those of a closing mark.",
    ),
    Equivalent(
        "forum/markup/pipeline.py",
        "if (quotes is None and not mentions) or (not named.mentions and not named.posts):",
        "if not named.mentions and (not named.posts):",
        "Without names it is rendered again to the same; only that takes time.",
    ),
    Equivalent(
        "forum/markup/pipeline.py",
        "if (quotes is None and not mentions) or (not named.mentions and not named.posts):",
        "if quotes is None and (not mentions):",
        "Without names it is rendered again to the same; only that takes time.",
    ),
    Equivalent(
        "crossings/status/judgement.py",
        "return min(chance if passes else 1 - chance for chance in chances) < SETTLED",
        "return min((chance if passes else 1 - chance for chance in chances)) <= SETTLED",
        "No sum of logarithms makes a chance of exactly 0.9.",
    ),
    Equivalent(
        "crossings/status/probability.py",
        "return -1 if distance < bar else math.floor(mean_days * math.log(distance / bar) + 1e-9)",
        "return -2 if distance < bar else math.floor(mean_days * math.log(distance / bar) + 1e-9)",
        "Below 0 is below 0: that the side is not past its bar.",
    ),
    Equivalent(
        "crossings/status/medians.py",
        "stepped = {group: _step(shown.get(group, (0, 0)), told.get(group, (0, 0))) for group in PassportGroup.values}",
        "stepped = {group: _step(shown.get(group, (0, 1)), told.get(group, (0, 0))) for group in PassportGroup.values}",
        "A group of nobody is not shown, however many of them passed.",
    ),
    Equivalent(
        "crossings/status/update.py",
        'for pk, shown in unnoted.filter(pk__in=ids).with_status(day).values_list(*["pk", "shown_status"]):',
        'for pk, shown in unnoted.filter().with_status(day).values_list(*["pk", "shown_status"]):',
        "Only a crossing that is made between the two statements tells them apart.",
    ),
    Equivalent(
        "moderation/permissions.py",
        "if given is None or member.is_banned or until is None or until > most:",
        "if given is None or member.is_banned or until > most:",
        "Who is suspended and not banned is so until some time; it is said for the type checker.",
    ),
    Equivalent(
        "crossings/status/medians.py",
        "stepped = {group: _step(shown.get(group, (0, 0)), told.get(group, (0, 0))) for group in PassportGroup.values}",
        "stepped = {group: _step(shown.get(group, (0, 0)), told.get(group, (0, 1))) for group in PassportGroup.values}",
        "A group of nobody is not shown, however many of them passed.",
    ),
    Equivalent(
        "forum/markup/bbcode_blocks.py",
        "last_code = max((end.start() for end in _CODE_END.finditer(source)), default=-1)",
        "last_code = max((end.start() for end in _CODE_END.finditer(source)), default=-0)",
        "Where no code ends, the search for its end finds none either, and takes no time at the first place.",
    ),
    Equivalent(
        "notifications/letters/policy.py",
        "watches = Watch.objects.filter(user__in=user_ids, crossing__in=crossing_ids, travel_on__gte=since)",
        "watches = Watch.objects.filter(user__in=user_ids, travel_on__gte=since)",
        "Who asks looks for pairs of a member and one of these crossings; only that takes time.",
    ),
    Equivalent(
        "forum/markup/links.py",
        'scheme = _SCHEME.search(state.pending[-len("https") - 1 :])',
        'scheme = _SCHEME.search(state.pending[-len("https") - 2 :])',
        "A longer piece of text ends with the same scheme.",
    ),
    Equivalent(
        "forum/markup/links.py",
        'if block.type == "inline" and block.children:',
        "if block.type == 'inline':",
        "A line always has a list of children; it is said for the type checker.",
    ),
    Equivalent(
        "notifications/letters/letter_entries.py",
        'rows = Post.objects.filter(pk__in=ids).values_list("pk", "html") if ids else ()',
        'rows = Post.objects.filter().values_list("pk", "html") if ids else ()',
        "Whoever asks takes the texts of these posts; only that takes time.",
    ),
    Equivalent(
        "forum/actions/rearrange.py",
        "order[topic].append((False, place, pk))",
        "order[topic].append((True, place, pk))",
        "What was written since comes after the posts of before by its place in time, too.",
    ),
    Equivalent(
        "moderation/actions/flags.py",
        "if by is None or not by.can_write or not allowed(by).flags_hold:",
        "if not by.can_write or not allowed(by).flags_hold:",
        "Flags of nobody are not asked; it is said for the type checker.",
    ),
    Equivalent(
        "moderation/actions/flags.py",
        "if one.by is None or other.by is None or one.address_digest == other.address_digest:",
        "if other.by is None or one.address_digest == other.address_digest:",
        "Flags of nobody are not asked; it is said for the type checker.",
    ),
    Equivalent(
        "moderation/actions/flags.py",
        "if one.by is None or other.by is None or one.address_digest == other.address_digest:",
        "if one.by is None or one.address_digest == other.address_digest:",
        "Flags of nobody are not asked; it is said for the type checker.",
    ),
]


def is_equivalent(mutant: Mutant, source: str) -> bool:
    return (mutant.file, *mutant.changed_line(source)) in {equivalent[:3] for equivalent in EQUIVALENTS}
