"""The page of open data, and the files of the last nights."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.limits.work_limits import costs
from crossings.dump import open_data, shelf


@require_safe
def data(request):
    context = {"dumps": shelf.dumps(), "licence": open_data.licence(), "canonical": request.path, "nav": "crossings"}
    return render(request, "crossings/dump/data.html", context)


@require_safe
@costs("data")
def data_file(request, day: str, name: str):
    """A file of a night does not change; one that is gone is 404."""
    path = shelf.path_of(day, name)
    if path is None:
        raise Http404
    try:
        file = path.open("rb")
    except OSError as error:  # just removed
        raise Http404 from error
    filename = f"{day}-{name}"
    response = FileResponse(file, content_type=shelf.TYPES[name], filename=filename, as_attachment=True)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response
