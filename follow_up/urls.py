from django.urls import path

from follow_up import views

REFERRALS = "client/<id:client>/referrals/"
VISITS = "client/<id:client>/appointments/"

app_name = "follow_up"
urlpatterns = [
    path("schedule/", views.day, name="day"),
    path("referrals/", views.referrals, name="referrals"),
    path(REFERRALS, views.client_referrals, name="client_referrals"),
    path(f"{REFERRALS}new/", views.new, name="new"),
    path(f"{REFERRALS}<id:referral>/", views.referral, name="referral"),
    path(f"{REFERRALS}<id:referral>/contents/", views.contents, name="contents"),
    path(f"{REFERRALS}<id:referral>/send/", views.send, name="send"),
    path(f"{REFERRALS}<id:referral>/step/", views.step, name="step"),
    path(f"{VISITS}book/", views.book, name="book"),
    path(f"{VISITS}<id:appointment>/<str:what>/", views.mark, name="mark"),
]
