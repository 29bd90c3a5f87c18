from django.http import HttpRequest, HttpResponse
from django.urls import path


def open_door(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anyone's chart")


urlpatterns = [path("leak/", open_door, name="leak")]
