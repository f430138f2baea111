"""What people read about the API: the operations on one page, the problems on another, and the document itself.

Made by our own templates from the OpenAPI document, so that the pages need no script and nothing from elsewhere.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pomost.api.problems import ABOUT, type_of
from pomost.api.site import api


@login_not_required
@require_safe
def openapi(_request: HttpRequest, vendor: str) -> HttpResponse:
    """Answer with the OpenAPI document of this desk."""
    document = api.get_openapi_schema(path_params={"vendor": vendor})
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "max-age=300"
    return answer


@login_not_required
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Show every kind of problem; the `type` of a problem leads to its paragraph."""
    found = [(kind, about, type_of(kind)) for kind, about in ABOUT.items()]
    return render(request, "api/problems.html", {"problems": found})
