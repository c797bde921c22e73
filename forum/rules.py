"""Setting the rules above a subforum, or those of the whole forum."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum import counting, markup
from forum.models import RulesBanner, Subforum


@transaction.atomic
def set_rules(user: User, subforum: Subforum | None, *, introduction: str, rules: list[str]) -> RulesBanner:
    """Replace the rules. The same rules again change nothing, not even who set them."""
    banner = RulesBanner.objects.select_for_update(no_key=True, of=("self",)).filter(subforum=subforum).first()
    if banner and (banner.introduction, banner.rules) == (introduction, rules):
        return banner
    values = {
        "introduction": introduction,
        "rules": rules,
        "rules_html": [_one_line(rule) for rule in rules],
        "set_by": user,
        "set_at": timezone.now(),
        "version": banner.version + 1 if banner else 1,
    }
    # Topics and subforums are locked before the site's version, which every change of rules raises.
    counting.end_kept_pages(Subforum.objects.filter(pk=subforum.pk) if subforum else Subforum.objects.all())
    banner, _ = RulesBanner.objects.update_or_create(subforum=subforum, defaults=values)
    return banner


def _one_line(rule: str) -> str:
    """A rule stands in a list item of ours, so it needs no paragraph of its own."""
    html = markup.to_html(rule).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        return html.removeprefix("<p>").removesuffix("</p>")
    return html
