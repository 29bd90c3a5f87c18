from django.urls import include, path

from treatment_plans import views

app_name = "treatment_plans"
of_the_chart = [
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
    path("<id:plan>/said/", views.said, name="said"),
    path("<id:plan>/plain/", views.plain, name="plain"),
    path("<id:plan>/note/", views.note, name="note"),
    path("<id:plan>/ask-cosign/", views.ask_cosign, name="ask_cosign"),
    path("<id:plan>/cosign/", views.cosign, name="cosign"),
    path("<id:plan>/shown/<id:shown>/", views.shown, name="shown"),
    path("<id:plan>/review/", views.review, name="review"),
    path("<id:plan>/review/print/", views.review_pdf, name="review_pdf"),
    path("<id:plan>/compare/", views.compare, name="compare"),
    path("<id:plan>/summary/", views.summary, name="summary"),
    path("<id:plan>/summary/<id:summary>/", views.summary_pdf, name="summary_pdf"),
    path("<id:plan>/keep/<str:key>/", views.keep, name="keep"),
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
# The one list of problems, which every plan draws on.
of_the_list = [
    path("", views.problems, name="problems"),
    path("add/", views.list_problem, name="list_problem"),
    path("<id:problem>/", views.problem, name="problem"),
    path("<id:problem>/change/", views.revise_problem, name="revise_problem"),
]
# The safety plan, and the relapse and overdose plan: `which` is "safety" or "relapse".
one_page = [
    path("asked/", views.asked, name="asked"),
    path("given/<id:given>/", views.given, name="given"),
    path("<str:which>/", views.page_home, name="page_home"),
    path("<str:which>/start/", views.page_start, name="page_start"),
    path("<str:which>/<id:page>/", views.page, name="page"),
    path("<str:which>/<id:page>/edit/", views.page_edit, name="page_edit"),
    path("<str:which>/<id:page>/give/", views.page_give, name="page_give"),
    path("<str:which>/<id:page>/print/", views.page_print, name="page_print"),
    path("<str:which>/<id:page>/discard/", views.page_discard, name="page_discard"),
]
# The formulation: a live map, which plans take their links from.
of_the_map = [
    path("", views.formulation, name="formulation"),
    path("begin/", views.begin_formulation, name="begin_formulation"),
    path("<id:map>/", views.formulation_map, name="formulation_map"),
    path("<id:map>/print/", views.formulation_pdf, name="formulation_pdf"),
    path("<id:map>/words/", views.formulation_words, name="formulation_words"),
    path("<id:map>/suggest/", views.suggest_node, name="suggest_node"),
    path("<id:map>/tidy/", views.tidy_map, name="tidy_map"),
    path("<id:map>/add/<str:sort>/", views.add_piece, name="add_piece"),
    path("<id:map>/node/<id:piece>/move/", views.move_node, name="move_node"),
    path("<id:map>/link/<id:link>/evidence/", views.add_evidence, name="add_evidence"),
    path("<id:map>/<str:sort>/<id:piece>/", views.change_piece, name="change_piece"),
    path("<id:map>/<str:sort>/<id:piece>/remove/", views.remove_piece, name="remove_piece"),
    path("<id:map>/<str:sort>/<id:piece>/put-back/", views.put_back, name="put_back"),
]
# In a client's hands: what is handed says whose and which plan it is.
of_the_client = [
    path("", views.client_start, name="client_start"),
    path("say/", views.client_say, name="client_say"),
    path("sign/", views.client_sign, name="client_sign"),
]
urlpatterns = [
    path("client/<id:client>/plan/", include(of_the_chart)),
    path("client/<id:client>/problems/", include(of_the_list)),
    path("client/<id:client>/formulation/", include(of_the_map)),
    path("office/plans/", views.clocks, name="clocks"),
    path("diagnoses/", views.diagnoses, name="diagnoses"),
    path("client/<id:client>/safety/", include(one_page)),
    path("here/plan/", include(of_the_client)),
    path("here/safety/", views.client_safety, name="client_safety"),
]
