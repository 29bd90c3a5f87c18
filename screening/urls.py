from django.urls import include, path

from screening import views

app_name = "screening"

of_the_chart = [
    path("", views.screens, name="home"),
    path("start/", views.start, name="start"),
    path("not-today/", views.not_today, name="not_today"),
    path("set/<id:sitting>/", views.sitting, name="sitting"),
    path("set/by-code/", views.by_code, name="by_code"),
    path("set/<id:sitting>/paper/", views.paper, name="paper"),
    path("set/<id:sitting>/link/", views.send_link, name="send_link"),
    path("set/<id:sitting>/link/withdraw/", views.withdraw_link, name="withdraw_link"),
    path("safety/<id:flag>/", views.safety, name="safety"),
    path("safety/<id:flag>/have/", views.acknowledge, name="acknowledge"),
    path("response/<id:response>/", views.response, name="response"),
    path("response/<id:response>/put-off/", views.defer, name="defer"),
    path("response/<id:response>/not-confirmed/", views.refute, name="refute"),
    path("withdrawal/<slug:instrument>/", views.flow, name="flow"),
    path("withdrawal/sheet/<id:flow>/", views.flowsheet, name="flowsheet"),
    path("withdrawal/sheet/<id:flow>/end/", views.end_flow, name="end_flow"),
    path("<id:screen>/", views.screen, name="screen"),
    path("<id:screen>/next/<slug:instrument>/", views.follow, name="follow"),
    path("<id:screen>/correct/", views.correct, name="correct"),
    path("<id:screen>/in-error/", views.in_error, name="in_error"),
    path("<slug:instrument>/", views.answer, name="answer"),
    path("<slug:instrument>/answers/", views.keep, name="keep"),
]
# In a client's hands: what is handed says whose and which set it is.
of_the_client = [
    path("", views.client_start, name="client_start"),
    path("go/", views.client_go, name="client_go"),
    path("check/", views.client_check, name="client_check"),
    path("not-today/", views.client_not_today, name="client_not_today"),
    path("<slug:instrument>/<slug:item>/", views.client_item, name="client_item"),
    path("<slug:instrument>/<slug:item>/first/", views.client_note, name="client_note"),
    path("<slug:instrument>/<slug:item>/support/", views.client_support, name="client_support"),
]
urlpatterns = [
    path("office/questionnaires/", views.choices, name="choices"),
    path("client/<id:client>/screens/", include(of_the_chart)),
    path("here/questions/", include(of_the_client)),
]
