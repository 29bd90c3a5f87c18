from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/register/", views.register_page, name="register"),
    path("desk/register/alike/", views.alike, name="alike"),
    path("desk/register/program/", views.program_fields, name="program_fields"),
    path("desk/admit/<id:client>/", views.admit_page, name="admit"),
    path("client/<id:client>/contact/", views.contact, name="contact"),
    path("client/<id:client>/contact/new/", views.contact_new, name="contact_new"),
    path("client/<id:client>/contact/<id:contact>/", views.contact_edit, name="contact_edit"),
    path("client/<id:client>/contact/<id:contact>/end/", views.contact_end, name="contact_end"),
    path("client/<id:client>/interview/", views.interview_home, name="interview_home"),
    path("client/<id:client>/interview/start/", views.interview_start, name="interview_start"),
    path("client/<id:client>/interview/notice/<id:notice>/", views.notice, name="notice"),
    path("client/<id:client>/interview/<id:interview>/", views.interview, name="interview"),
    path(
        "client/<id:client>/interview/<id:interview>/part/<str:topic>/",
        views.interview_part,
        name="interview_part",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/part/<str:topic>/keep/",
        views.interview_keep,
        name="interview_keep",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/part/<str:topic>/note/",
        views.interview_note,
        name="interview_note",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/part/<str:topic>/quiet/",
        views.interview_quiet,
        name="interview_quiet",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/summary/",
        views.interview_summary,
        name="interview_summary",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/summary/<str:topic>/",
        views.interview_opened,
        name="interview_opened",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/disagree/<str:question>/",
        views.interview_disagree,
        name="interview_disagree",
    ),
    path(
        "client/<id:client>/interview/<id:interview>/confirm/",
        views.interview_confirm,
        name="interview_confirm",
    ),
    path("client/<id:client>/interview/<id:interview>/print/", views.interview_print, name="interview_print"),
    path("here/interview/", views.client_start, name="client_start"),
    path("here/interview/pause/", views.client_pause, name="client_pause"),
    path("here/interview/talk/", views.client_talk, name="client_talk"),
    path("here/interview/summary/", views.client_summary, name="client_summary"),
    path("here/interview/summary/<str:question>/", views.client_disagree, name="client_disagree"),
    path("here/interview/part/<str:topic>/", views.client_part, name="client_part"),
    path("here/interview/part/<str:topic>/<str:question>/", views.client_ask, name="client_ask"),
    path("desk/walk-in/", views.walk_in, name="walk_in"),
    path("desk/arrivals/", views.arrivals, name="arrivals"),
    path("client/<id:client>/arrival/<slug:task>/", views.pick_up, name="pick_up"),
    path("client/<id:client>/registration/", views.registration, name="registration"),
    path("client/<id:client>/registration/names/", views.names, name="names"),
    path("client/<id:client>/registration/names/add/", views.name_add, name="name_add"),
    path("client/<id:client>/registration/names/<id:name>/remove/", views.name_remove, name="name_remove"),
    path("client/<id:client>/registration/addresses/", views.addresses, name="addresses"),
    path(
        "client/<id:client>/registration/addresses/<id:address>/end/", views.address_end, name="address_end"
    ),
    path("client/<id:client>/registration/supports/", views.supports, name="supports"),
    path("client/<id:client>/registration/supports/<id:support>/end/", views.support_end, name="support_end"),
    path("client/<id:client>/registration/payers/", views.payers, name="payers"),
    path("client/<id:client>/registration/payers/self/", views.self_pay, name="self_pay"),
    path(
        "client/<id:client>/registration/payers/self/<id:self_pay>/end/",
        views.self_pay_end,
        name="self_pay_end",
    ),
    path("client/<id:client>/registration/payers/<id:coverage>/end/", views.payer_end, name="payer_end"),
    path("client/<id:client>/registration/none/<slug:topic>/", views.details_none, name="details_none"),
    path("client/<id:client>/registration/told/<slug:topic>/", views.told_before, name="told_before"),
    path("client/<id:client>/registration/<slug:details>/", views.details, name="details"),
    path("client/<id:client>/registration/<slug:details>/typed/", views.details_keep, name="details_keep"),
]
