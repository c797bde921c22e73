"""Letters about accounts: confirming an address, a new password, security notices (docs/notifications.md).

The row holds the member and the purpose; links and their tokens are made when the letter is sent, and stored nowhere.
"""

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Case, Q, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import FormerAddress, User
from accounts.signup import account_mail, account_of, doors, former_addresses, invitations, sign_in_codes
from accounts.signup.account_mail import ADDRESS_CHANGED, ASKED_FOR, CONFIRM, EXISTS, RESET, UNKNOWN
from accounts.signup.adapter import OUR_SITE
from notifications.letters import bounces
from notifications.models import Letter

# How long after it was asked for a letter is still sent: after a day, somebody who wanted a new password has asked
# again. A new account and a notice wait for a mail server that is away over a long weekend.
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
KEPT_FOR = {account_mail.LOGIN_CODE: timedelta(minutes=15), RESET: A_DAY, UNKNOWN: A_DAY, EXISTS: A_DAY}
# Waits after a mail server refused one for the time being. Their readers wait in front of the page.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, *[1440] * 5)]
# While the mail server cannot be reached at all.
UNREACHABLE_PAUSE = timedelta(minutes=1)
Links = dict[str, str]


@transaction.atomic
def queue(purpose: str, user: User | None, address: str) -> None:
    """Write the row of a letter, or take up the one that waits already, as if it were asked for now. Idempotent.

    The same statements for members and for addresses that belong to nobody.
    """
    now = timezone.now()
    if purpose == ADDRESS_CHANGED:
        _keep_notices_at(user, address)
    waiting = Letter.objects.about_accounts().waiting().filter(user=user, purpose=purpose, address=address)
    is_in_hand = Q(begun_at__isnull=False, problem="")
    asked_again = Case(When(is_in_hand, then="beginnings_count"), default=0)
    if waiting.update(made_at=now, due_at=now, beginnings_count=asked_again):
        return
    letter = Letter(
        user=user, kind=Letter.Kind.ACCOUNT, key=f"account-{uuid4().hex}", purpose=purpose, address=address,
        made_at=now, due_at=now,
    )  # fmt: skip
    Letter.objects.bulk_create([letter], ignore_conflicts=True)  # another ask at the same time has written it


def _keep_notices_at(user: User | None, former: str) -> None:
    """Notices that still wait go where the member could be reached when it happened, even if the address was changed
    by somebody else since."""
    waiting = Letter.objects.about_accounts().waiting().filter(user=user)
    there = waiting.filter(address=former).values("purpose")
    waiting.filter(address="").exclude(purpose__in=ASKED_FOR).exclude(purpose__in=there).update(address=former)


def why_not(letter: Letter) -> str:
    """Why a letter about an account may not be sent; "" if it may. Suspended members and those who want no letters
    get theirs, as they decide on who gets into the account."""
    if timezone.now() - letter.made_at > KEPT_FOR.get(letter.purpose, A_WEEK):
        return "Too late."
    if letter.beginnings_count > len(PAUSES) + 1:
        return f"Begun {len(PAUSES) + 1} times in vain."
    if letter.user_id is None:
        return ""
    if not letter.user.is_active:
        return "The member may get no letters."
    within = A_DAY if letter.purpose in ASKED_FOR else None
    if is_to_own_address(letter) and bounces.is_dead(letter.user, within=within):
        return "Letters to this address came back."
    return ""


def pause_after(letter: Letter) -> timedelta | None:
    """How long a letter waits after a failed attempt; None if it is given up."""
    return PAUSES[letter.beginnings_count - 1] if letter.beginnings_count <= len(PAUSES) else None


def is_to_own_address(letter: Letter) -> bool:
    """Whether a letter went to the address of its member's account, so that its bounce is about that address."""
    if letter.kind != Letter.Kind.ACCOUNT:
        return True
    if letter.address:  # of nobody, a former one of the member, or another one of theirs
        return False
    is_to_new_address = letter.purpose == CONFIRM and letter.user_id and letter.user.email_confirmed_at is not None
    return letter.user_id is not None and not is_to_new_address and letter.purpose != ADDRESS_CHANGED


def compose(letter: Letter, sender: str, headers: dict[str, str]) -> EmailMultiAlternatives | None:
    """The e-mail of a letter about an account; None if there is nothing to send any more."""
    address, links = _address_and_links(letter)
    if not address:
        return None
    context = {"user": letter.user, "email": address, "current_site": OUR_SITE, "at": letter.made_at, **links}
    subject = " ".join(render_to_string(f"{letter.purpose}_subject.txt", context).split())
    text = render_to_string(f"{letter.purpose}_message.txt", context).strip() + "\n"
    return EmailMultiAlternatives(subject, text, from_email=sender, to=[address], headers=headers)


def _address_and_links(letter: Letter) -> tuple[str, Links]:
    """Where a letter goes, "" if nowhere any more, and the links in it, made now."""
    match letter.purpose:
        case account_mail.CONFIRM:
            new = account_mail.to_confirm(letter.user)
            return (new.email, {"activate_url": account_mail.confirmation_url(new)}) if new else ("", {})
        case account_mail.RESET:
            return _own(letter), {"password_reset_url": account_mail.reset_url(letter.user)}
        case account_mail.ADDRESS_CHANGED:
            former = former_addresses.for_letter(letter.user, letter.address)
            return letter.address or letter.user.email, {"take_back_url": _take_back_url(former) if former else ""}
        case account_mail.UNKNOWN:
            member = account_of.account_of(letter.address)
            page = {"signup_url": account_mail.sign_up_url() if doors.is_open() else ""}
            return _if(not (member and member.is_active), letter), page
        case account_mail.LOGIN_CODE:
            code = sign_in_codes.code_for(letter.user)
            return (_own(letter), {"code": code}) if code else ("", {})
        case account_mail.INVITED:
            invitation = invitations.for_letter_to(letter.address)
            return (letter.address, {"invitation_url": invitations.url_of(invitation)}) if invitation else ("", {})
        case account_mail.EXISTS:
            page = {"password_reset_url": account_mail.ask_for_reset_url()}
            return _if(account_of.account_of(letter.address) is not None, letter), page
    pages = {"reset_url": account_mail.ask_for_reset_url(), "signing_in_url": account_mail.signing_in_url()}
    return letter.address or letter.user.email, pages


def _take_back_url(former: FormerAddress) -> str:
    return settings.SITE_URL + reverse("account_take_back", args=[former_addresses.key_of(former)])


def _own(letter: Letter) -> str:
    """The member's address, or another one of theirs, confirmed, that they named when they asked."""
    if (
        letter.address
        and not EmailAddress.objects.filter(user=letter.user, email=letter.address, verified=True).exists()
    ):
        return ""
    return letter.address or letter.user.email


def _if(is_so: bool, letter: Letter) -> str:
    return letter.address if is_so else ""


def forget_old() -> None:
    """Delete letters to addresses without a member that are sent or given up, after a week. Called nightly."""
    Letter.objects.about_accounts().filter(user=None, made_at__lt=timezone.now() - A_WEEK - A_DAY).delete()
