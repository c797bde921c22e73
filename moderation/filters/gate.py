"""The gate of sign-up: administrators block domains, networks and names, and set the question (accounts/signup/).

Addresses on the internet are no part of the log: its entries name their blocks by primary key alone.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import SignUpBlock, SignUpQuestion, User
from accounts.signup import block_lists
from accounts.signup.entry_question import THE_ONE
from accounts.text.folded_words import fold
from forum.permissions import CannotBeDone, NotAllowed
from moderation.filters.pasted import Pasted, Refusal
from moderation.log import entries
from moderation.log.entries import Snapshot, Why
from moderation.models import ModerationEntry, Verb
from moderation.permissions import can_keep_gate
from pagecache.prepared import run

Kind = SignUpBlock.Kind
MOST_LINES = 5_000
LONGEST_DAYS = 365
LONGEST, LONGEST_FOLDED = 100, 400  # characters; some letters fold to many
# Networks larger than this are refused, in bits of their prefix.
LEAST_PREFIX = {4: 16, 6: 32}
LEAST_LETTERS = 3  # of a name's pattern with a star
# A block that would have kept out more than this share of the latest members is refused, from ENOUGH members on.
MOST_SHARE, ENOUGH = 0.05, 3
MEMBERS_COMPARED = 1_000


class Checked(NamedTuple):
    """A line as it is stored: shown, compared, and the network of an address."""

    value: str
    folded: str
    network: block_lists.Network | None = None


class Own(NamedTuple):
    """What an administrator may not block: the own e-mail address, name and address on the internet."""

    email: str
    username: str
    address: str


@transaction.atomic
def block(
    user: User, kind: str, lines: Sequence[str], *, address: str, reason: str = "", days: int | None = None
) -> Pasted:
    """Block sign-ups by each line, for some days or without end. Repeated lines change nothing.

    `address` is the IP address of the administrator, whom no block may keep out. Raises NotAllowed, and CannotBeDone
    if there are more than MOST_LINES, or addresses without an end.
    """
    if not can_keep_gate(user):
        raise NotAllowed
    if len(lines) > MOST_LINES:
        raise CannotBeDone(f"These are {len(lines):,} lines; {MOST_LINES:,} go at once. Paste the rest afterwards.")
    if days is None and kind == Kind.ADDRESS:
        raise CannotBeDone("Addresses change hands. Say for how many days.")
    run("SELECT pg_advisory_xact_lock(hashtext('sign-up blocks'))", [], writes=SignUpBlock)
    now = timezone.now()
    SignUpBlock.objects.filter(ended_at=None, ends_at__lte=now).update(ended_at=now)
    check = _checks(kind, Own(user.email, user.username, address))
    result, new = _sorted(kind, lines, check)
    ends_at = now + timedelta(days=days) if days else None
    made = SignUpBlock.objects.bulk_create(
        [_row(kind, checked, user, reason=reason, at=now, ends_at=ends_at) for checked in new]
    )
    if made:
        result.entry = _write(user, Verb.BLOCK_SIGNUPS, made, reason)
    return result


@transaction.atomic
def end(user: User, block_id: int) -> ModerationEntry | None:
    """End a block now. Idempotent: None the second time. Raises NotAllowed."""
    if not can_keep_gate(user):
        raise NotAllowed
    found = SignUpBlock.objects.select_for_update().filter(pk=block_id, ended_at=None).first()
    if found is None:
        return None
    SignUpBlock.objects.filter(pk=found.pk).update(ended_at=timezone.now())
    return _write(user, Verb.END_BLOCK, [found])


@transaction.atomic
def remove(user: User, block_id: int) -> ModerationEntry | None:
    """Delete a block with everything about it. Idempotent: None the second time. Raises NotAllowed."""
    if not can_keep_gate(user):
        raise NotAllowed
    found = SignUpBlock.objects.select_for_update().filter(pk=block_id).first()
    if found is None:
        return None
    entry = _write(user, Verb.REMOVE_BLOCK, [found])
    found.delete()
    return entry


def end_all(block_ids: Sequence[int]) -> bool:
    """Undo of `block`: end those that stand; returns whether there were any."""
    return bool(SignUpBlock.objects.filter(pk__in=block_ids, ended_at=None).update(ended_at=timezone.now()))


def begin_again(block_ids: Sequence[int]) -> bool:
    """Undo of `end`: returns whether the blocks would still stand, and nobody has blocked the same since."""
    has_not_run_out = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    ended = SignUpBlock.objects.select_for_update().filter(has_not_run_out, pk__in=block_ids, ended_at__isnull=False)
    found = list(ended.order_by("pk"))
    standing = SignUpBlock.objects.filter(ended_at=None)
    if not found or any(standing.filter(kind=row.kind, folded=row.folded).exists() for row in found):
        return False
    return bool(SignUpBlock.objects.filter(pk__in=[row.pk for row in found]).update(ended_at=None))


@transaction.atomic
def set_question(user: User, question: str, answers: Sequence[str]) -> ModerationEntry | None:
    """Set the question at sign-up, or with "" ask none. Idempotent. Raises NotAllowed, CannotBeDone."""
    if not can_keep_gate(user):
        raise NotAllowed
    answers = list(answers) if question else []
    if question and not any(fold(answer) for answer in answers):
        raise CannotBeDone("Write at least one answer with a letter or a digit in it.")
    before = current_question()
    after = {"question": question, "answers": answers}
    if before == after:
        return None
    put_question(after)
    return entries.write(user, Verb.SET_QUESTION, Why(), before=before, after=after)


def put_question(values: Snapshot) -> None:
    """Store the question and its answers, as current_question gives them; without an entry."""
    SignUpQuestion.objects.update_or_create(pk=THE_ONE, defaults=values | {"changed_at": timezone.now()})


def current_question() -> Snapshot:
    """The question and its answers, as a snapshot; locked until the end of the transaction, if there is one."""
    found = SignUpQuestion.objects.select_for_update().filter(pk=THE_ONE).first()
    return {"question": found.question, "answers": found.answers} if found else {"question": "", "answers": []}


def _sorted(kind: str, lines: Sequence[str], check: Callable[[str], Checked]) -> tuple[Pasted, list[Checked]]:
    """What is to be added, and what is not, with the reasons."""
    result, new = Pasted(), {}
    standing = set(SignUpBlock.objects.filter(kind=kind, ended_at=None).values_list("folded", flat=True))
    for line in lines:
        try:
            checked = check(line)
        except CannotBeDone as problem:
            result.refused.append(Refusal(line, str(problem)))
            continue
        if checked.folded in standing or checked.folded in new:
            result.there.append(checked.value)
        else:
            new[checked.folded] = checked
            result.added.append(checked.value)
    return result, list(new.values())


def _row(
    kind: str, checked: Checked, user: User, *, reason: str, at: datetime, ends_at: datetime | None
) -> SignUpBlock:
    row = SignUpBlock(
        kind=kind, value=checked.value, folded=checked.folded, reason=reason, by=user, at=at, ends_at=ends_at
    )
    if checked.network:
        row.first_address, row.last_address = str(checked.network[0]), str(checked.network[-1])
    return row


def _write(user: User, verb: Verb, blocks: Sequence[SignUpBlock], reason: str = "") -> ModerationEntry:
    kind = blocks[0].kind
    after: Snapshot = {"kind": kind, "blocks": [block.pk for block in blocks]}
    if kind != Kind.ADDRESS:
        after["values"] = [block.value for block in blocks]
    return entries.write(user, verb, Why(private_note=reason), after=after)


def _checks(kind: str, own: Own) -> Callable[[str], Checked]:
    """The check of one line. It raises CannotBeDone with words."""
    if kind == Kind.ADDRESS:
        return lambda line: _check_address(line, own)
    latest = list(User.objects.order_by("-pk").values_list("email", "username")[:MEMBERS_COMPARED])
    if kind == Kind.NAME:
        own_name, names = block_lists.bare_name(own.username), [block_lists.bare_name(name) for _, name in latest]
        return lambda line: _check_name(line, own_name, names)
    above = [block_lists.domains_above(block_lists.fold_domain(email)) for email, _ in latest]
    counted = Counter(domain for domains in above for domain in domains)
    return lambda line: _check_domain(line, own, counted, len(latest))


def _check_domain(line: str, own: Own, counted: Counter[str], among: int) -> Checked:
    domain = block_lists.fold_domain(line)
    if not domain:
        raise CannotBeDone("This is no domain. Write it like mail.example.org")
    if "." not in domain:
        raise CannotBeDone("This would block a whole ending of the internet. Name one provider's domain.")
    if domain in block_lists.domains_above(block_lists.fold_domain(own.email)):
        raise CannotBeDone("Your own e-mail address is there.")
    _require_sane(counted[domain], among)
    return Checked(domain, domain)


def _check_address(line: str, own: Own) -> Checked:
    network = block_lists.network_of(line)
    if network is None:
        raise CannotBeDone("This is no address. Write it like 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48")
    if network.prefixlen < LEAST_PREFIX[network.version]:
        raise CannotBeDone(f"This network is too large: /{LEAST_PREFIX[network.version]} is the largest.")
    around = block_lists.network_around(own.address)
    if around is not None and around.version == network.version and around.overlaps(network):
        raise CannotBeDone("You are in this network yourself now.")
    if network.is_loopback:
        raise CannotBeDone("This is the server itself, or its proxy: nobody could sign up.")
    shown = str(network[0]) if network.num_addresses == 1 else str(network)
    return Checked(shown, str(network), network)


def _check_name(line: str, own_name: str, latest: Sequence[str]) -> Checked:
    folded = block_lists.fold_name(line)
    letters = len(folded.strip("*"))
    if "*" in line.strip("*"):
        raise CannotBeDone("A star can stand at the beginning and at the end alone.")
    if not letters or not any(character.isalnum() for character in line):
        raise CannotBeDone("Write a name with a letter or a digit in it.")
    if letters < LEAST_LETTERS and "*" in folded:
        raise CannotBeDone(f"With a star a name needs at least {LEAST_LETTERS} letters, or it blocks too many.")
    if len(line) > LONGEST or len(folded) > LONGEST_FOLDED:
        raise CannotBeDone("This is longer than any name.")
    if block_lists.is_like(folded, own_name):
        raise CannotBeDone("Your own name is one of these.")
    _require_sane(sum(block_lists.is_like(folded, name) for name in latest), len(latest))
    return Checked(line, folded)


def _require_sane(kept_out: int, among: int) -> None:
    if kept_out >= ENOUGH and kept_out > MOST_SHARE * among:
        raise CannotBeDone(f"This would have kept out {kept_out} of the latest {among:,} members.")
