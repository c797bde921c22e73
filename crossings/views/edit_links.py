"""Which crossings a topic is about."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from crossings.links import actions
from crossings.links.forms import LinksForm
from crossings.permissions import can_judge_similar, can_link
from forum.models import Topic
from forum.permissions import NotAllowed


@login_required
def edit_links(request, topic_id: int):
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("subforum__section"), pk=topic_id)
    if not can_link(request.user, topic):
        raise PermissionDenied
    standing = topic.crossing_links.standing().order_by("pk").values_list("crossing__name", flat=True)
    form = LinksForm(request.POST or None, initial={"crossings": ", ".join(standing)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_links(request.user, topic, form.cleaned_data["crossings"])
        except NotAllowed as error:
            raise PermissionDenied from error
        messages.success(request, "Crossings saved.")
        return redirect(topic)
    may_judge = can_judge_similar(request.user, topic)
    context = {
        "form": form, "topic": topic, "subforum": topic.subforum, "may_judge_similar": may_judge, "nav": "forum",
    }  # fmt: skip
    return render(request, "crossings/edit_links.html", context, status=400 if form.errors else 200)
