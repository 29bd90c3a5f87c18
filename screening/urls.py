from django.urls import path

from screening import views

app_name = "screening"

urlpatterns = [
    path("", views.screens, name="home"),
    path("start/", views.start, name="start"),
    path("set/<id:sitting>/", views.sitting, name="sitting"),
    path("safety/<id:flag>/", views.safety, name="safety"),
    path("<id:screen>/", views.screen, name="screen"),
    path("<id:screen>/correct/", views.correct, name="correct"),
    path("<id:screen>/in-error/", views.in_error, name="in_error"),
    path("<slug:instrument>/", views.answer, name="answer"),
    path("<slug:instrument>/answers/", views.keep, name="keep"),
]
