from django.urls import path

from treatment_plans import views

app_name = "treatment_plans"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("take-up/<id:response>/", views.take_up, name="take_up"),
    path("<id:plan>/", views.show, name="show"),
    path("<id:plan>/edit/", views.edit, name="edit"),
    path("<id:plan>/words/<str:section>/", views.keep_words, name="words"),
    path("<id:plan>/tasks/", views.tasks, name="tasks"),
    path("<id:plan>/suggest/", views.suggest, name="suggest"),
    path("<id:plan>/sign/", views.sign, name="sign"),
    path("<id:plan>/client-signature/", views.client_signature, name="client_signature"),
    path("<id:plan>/new-version/", views.new_version, name="new_version"),
    path("<id:plan>/answer/", views.answer, name="answer"),
    path("<id:plan>/count/<id:objective>/", views.count, name="count"),
    path("<id:plan>/discard/", views.discard, name="discard"),
    path("<id:plan>/print/", views.print_pdf, name="print"),
    path("<id:plan>/add/<str:kind>/", views.add_page, name="add"),
    path("<id:plan>/add/<str:kind>/to/<id:to>/", views.add_page, name="add_to"),
    path("<id:plan>/add/<str:kind>/to/<id:to>/form/", views.add_fragment, name="add_to_form"),
    path("<id:plan>/<str:kind>/<id:part>/", views.change_page, name="change"),
    path("<id:plan>/<str:kind>/<id:part>/card/", views.card, name="card"),
    path("<id:plan>/<str:kind>/<id:part>/form/", views.change_fragment, name="change_form"),
    path("<id:plan>/<str:kind>/<id:part>/remove/", views.remove, name="remove"),
]
