"""Static pages: all rules, help with writing, about."""

from django.shortcuts import render

from forum.models import RulesBanner
from forum.models.subforum import readable_subforums
from pagecache.versions import keepable


@keepable("forum")
def rules(request):
    """The rules of the whole forum, then those of every subforum the reader may see."""
    banners = RulesBanner.objects.select_related("subforum", "set_by").order_by(
        "subforum__section__position", "subforum__position"
    )
    of_subforums = banners.filter(readable_subforums(request.user, "subforum__"), subforum__isnull=False)
    context = {"banner": banners.filter(subforum=None).first(), "banners": of_subforums, "canonical": request.path}
    return render(request, "forum/rules.html", context)


def help_writing(request):
    return render(request, "forum/help_writing.html", {"canonical": request.path})


def help_keys(request):
    return render(request, "forum/help_keys.html", {"canonical": request.path})


def about(request):
    return render(request, "forum/about.html", {"canonical": request.path})
