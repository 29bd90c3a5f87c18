"""A client answers at the screen: one question at a time, kept at once, and gone on with wherever they left off."""

import datetime as dt
import io
import re

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from pypdf import PdfReader

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.handed import actor
from clinic.access.models import Handover
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.people.models import Staff
from clinic.record.models import Flag
from screening import queries, rules
from screening.actions import AnswerPage, NotAnAnswer, answer_item, close_sitting, keep_answers, start_sitting
from screening.models import Answering, NotToday, Screen, Sitting
from tests.house.pages import sign_in
from tests.screening.answers import page as posted


@pytest.fixture
def june(cast):
    Staff.objects.filter(pk=cast.dana.pk).update(pin=make_password("246813"))
    return cast.register()


def begin(cast, client, *names):
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        return start_sitting(chart, instruments=list(names))


def hand(cast, client, sitting):
    tablet = sign_in(cast.dana)
    tablet.post(reverse("office:hand_over", args=[client, "screening", sitting.public_id]))
    return tablet


def stored(cast, client, model=Answering):
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        return list(model.objects.filter(client=chart.client_id).order_by("pk"))


def go(tablet):
    """Where the client stands: the address of the page that "go on" leads to."""
    return tablet.get(reverse("screening:client_go"))["Location"]


def press(tablet, url, answer, **more):
    return tablet.post(url, {"answer": answer, **more})


def item(name, one):
    return reverse("screening:client_item", args=[name, one])


def test_a_whole_set_on_the_tablet_ends_as_screens_and_gives_the_tablet_back(cast, june):
    sitting = begin(cast, june, "phq-9", "gad-7")
    tablet = hand(cast, june, sitting)
    start = tablet.get(reverse("screening:client_start")).content.decode()
    assert "There are 18 questions" in start and "It takes about 4 minutes" in start
    assert "You can skip any question, stop, or do this with staff." in start
    url = go(tablet)
    assert url == item("phq-9", "phq9_1")
    shown = tablet.get(url).content.decode()
    assert "Part 1 of 2" in shown and "about 4 minutes left" in shown
    assert re.findall(r'name="answer" value="(\w+)"', shown) == ["0", "1", "2", "3", "declined"]
    for n in range(1, 9):
        url = press(tablet, item("phq-9", f"phq9_{n}"), "declined" if n == 3 else "1")["Location"]
    assert url == reverse("screening:client_note", args=["phq-9", "phq9_9"])
    assert "wanting to die" in tablet.get(url).content.decode()
    again = press(tablet, item("phq-9", "phq9_8"), "1")[
        "Location"
    ]  # the same words for whoever comes back to it
    press(tablet, item("phq-9", "phq9_9"), "0")
    assert again == url and "wanting to die" in tablet.get(url).content.decode()
    assert press(tablet, item("phq-9", "phq9_9"), "0")["Location"] == item("phq-9", "phq9_10")
    url = press(tablet, item("phq-9", "phq9_10"), "0")["Location"]
    for n in range(1, 9):
        assert url == item("gad-7", f"gad7_{n}")
        url = press(tablet, url, "2")["Location"]
    assert url == reverse("screening:client_check")
    check = tablet.get(url).content.decode()
    assert "I&#x27;d rather not say" in check or "I'd rather not say" in check
    changed = press(tablet, item("gad-7", "gad7_1"), "3", back="check")
    assert changed["Location"] == url
    assert tablet.post(url)["Location"] == reverse("office:hand_back")
    assert "You are done" in tablet.get(reverse("office:hand_back")).content.decode()
    phq, gad = stored(cast, june, Screen)
    assert (phq.answers["phq9_3"], phq.complete, phq.total, phq.mode, phq.taken_by_id) == (
        "declined", False, None, "tablet", None,
    )  # fmt: skip
    assert (gad.total, gad.sitting_id) == (15, sitting.pk)
    assert stored(cast, june, Sitting)[0].closed_at and not stored(cast, june)
    with open_chart(
        cast.dana, june, to=Do.SCREEN
    ) as chart:  # a positive screen that the client took is the asker's
        assert [one.asked_by for one in queries.unsettled(chart)] == [cast.dana.pk]
    assert tablet.get(item("gad-7", "gad7_1")).status_code == 404
    assert Handover.objects.get().ending == "done"
    acts = LedgerRow.objects.filter(actor_kind="client", outcome="done").values_list("act", flat=True)
    assert set(acts) == {"screening.answer_item", "screening.complete_screen"} and len(acts) == 23


def test_no_score_and_no_band_is_on_a_clients_screen(cast, june):
    tablet = hand(cast, june, begin(cast, june, "gad-7"))
    for n in range(1, 9):
        press(tablet, item("gad-7", f"gad7_{n}"), "3")
    for page in (tablet.get(go(tablet)), tablet.get(item("gad-7", "gad7_1"))):
        text = page.content.decode().lower()
        assert not re.search(r"severe|moderate|score|gad-7 \d|anxiety disorder", text)


def test_item_9_raises_the_flag_at_once_opens_the_support_page_and_then_goes_on(cast, june):
    tablet = hand(cast, june, begin(cast, june, "phq-9"))
    for n in range(1, 9):
        press(tablet, item("phq-9", f"phq9_{n}"), "0")
    answer = press(tablet, item("phq-9", "phq9_9"), "1")
    flag = stored(cast, june, Flag)[0]
    assert flag.is_open and flag.owner_id == cast.dana.pk
    assert answer["Location"] == reverse("screening:client_support", args=["phq-9", "phq9_9"])
    page = tablet.get(answer["Location"]).content.decode()
    assert 'href="tel:988"' in page and 'href="sms:988"' in page and item("phq-9", "phq9_10") in page
    press(tablet, item("phq-9", "phq9_9"), "0")
    assert stored(cast, june, Flag)[0].is_open  # taken back alone at a screen: a person asks about it


def test_what_is_begun_by_one_is_gone_on_with_by_the_other_and_nothing_is_lost(cast, june):
    sitting = begin(cast, june, "gad-7")
    staff = sign_in(cast.dana)
    keep = reverse("screening:keep", args=[june, "gad-7"])
    form = {**posted({"gad7_1": 1, "gad7_2": 2}, day="2026-01-05"), "set": str(sitting.public_id)}
    assert staff.post(keep, form).status_code == 200
    tablet = hand(cast, june, sitting)
    assert go(tablet) == item("gad-7", "gad7_3")
    press(tablet, item("gad-7", "gad7_3"), "0")
    assert staff.post(keep, {**form, "gad7_1": "3"}).status_code == 409  # an older page overwrites nothing
    [row] = stored(cast, june)
    assert row.answers == {"gad7_1": 1, "gad7_2": 2, "gad7_3": 0} and (row.mode, row.staff_id) == (
        "tablet",
        None,
    )
    again = sign_in(cast.dana)
    sheet = again.get(reverse("screening:answer", args=[june, "gad-7"]), {"set": sitting.public_id})
    assert len(re.findall(r'name="gad7_\d"[^>]* checked', sheet.content.decode())) == 3
    other = hand(cast, june, sitting)  # another tablet: the first one's handover is over
    assert go(other) == item("gad-7", "gad7_4") and tablet.get(item("gad-7", "gad7_4")).status_code == 404


def test_a_part_is_left_out_as_declined_and_two_tabs_keep_both_answers(cast, june):
    tablet = hand(cast, june, begin(cast, june, "pcl-5", "gad-7"))
    note = reverse("screening:client_note", args=["pcl-5", "pcl5_1"])
    assert go(tablet) == note
    assert "very hard or scary" in tablet.get(note).content.decode()
    assert tablet.post(note, {"choice": "skip"})["Location"] == item("gad-7", "gad7_1")
    assert set(stored(cast, june)[0].answers.values()) == {"declined"}
    press(tablet, item("gad-7", "gad7_1"), "1")
    press(tablet, item("gad-7", "gad7_5"), "2")  # the other tab, further on
    press(tablet, item("gad-7", "gad7_2"), "3")
    assert stored(cast, june)[1].answers == {"gad7_1": 1, "gad7_2": 3, "gad7_5": 2}
    assert press(tablet, item("gad-7", "gad7_1"), "0")["Location"] == item(
        "gad-7", "gad7_2"
    )  # changed, then on


def test_not_today_is_an_answer_to_the_whole_set_and_nothing_is_due_until_tomorrow(cast, june):
    sitting = begin(cast, june, "phq-9", "gad-7")
    tablet, refuse = hand(cast, june, sitting), reverse("screening:client_not_today")
    press(tablet, item("phq-9", "phq9_1"), "2")
    for url in (
        reverse("screening:client_start"),
        item("phq-9", "phq9_2"),
        reverse("screening:client_note", args=["phq-9", "phq9_9"]),
    ):
        assert f'href="{refuse}"' in tablet.get(url).content.decode()
    asked = tablet.get(refuse).content.decode()
    assert "You do not have to say why" in asked and "What you answered so far is kept" in asked
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        assert queries.due_sets(chart, sitting.started_on) and not NotToday.objects.exists()
    assert tablet.post(refuse)["Location"] == reverse("office:hand_back")
    over = tablet.get(reverse("office:hand_back")).content.decode()
    assert "Not today is fine" in over and "PIN of Dana" in over
    assert tablet.post(refuse).status_code == 404 and tablet.get(item("phq-9", "phq9_2")).status_code == 404
    assert Handover.objects.get().ending == "not_today"
    tomorrow = sitting.started_on + dt.timedelta(days=1)
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        said = NotToday.objects.get()
        assert (said.by_id, said.instruments, said.until) == (None, [], tomorrow)
        assert not queries.due_sets(chart, sitting.started_on)
        assert len(queries.due_sets(chart, tomorrow)[chart.client_id].now) == 5
    assert stored(cast, june)[0].answers == {"phq9_1": 2}
    row = LedgerRow.objects.get(act="screening.say_not_today")
    assert row.actor_kind == "client" and row.detail["handover"]
    staff = sign_in(cast.dana)
    home = staff.get(reverse("screening:home", args=[june])).content.decode()
    assert "Not today, the client said at the screen: any questionnaire" in home
    page = staff.get(reverse("screening:sitting", args=[june, sitting.public_id])).content.decode()
    assert "The client said: not today" in page and "Go on" in page


@pytest.mark.parametrize("forged", ["", "9", "-1", "x", "skipped", "1 or 1=1", "٣"])
def test_what_is_no_answer_of_the_form_is_refused_and_nothing_is_kept(cast, june, forged):
    tablet = hand(cast, june, begin(cast, june, "gad-7"))
    answer = press(tablet, item("gad-7", "gad7_1"), forged)
    assert answer.status_code == 422 and "Please choose one of the answers below" in answer.content.decode()
    assert stored(cast, june) == []


def test_a_form_of_another_set_an_item_of_none_and_a_closed_set_are_shut(cast, june):
    sitting = begin(cast, june, "gad-7")
    tablet = hand(cast, june, sitting)
    for url in (item("phq-9", "phq9_1"), item("gad-7", "phq9_1"), item("nonsense", "x")):
        assert press(tablet, url, "1").status_code == 404
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        close_sitting(chart, sitting=sitting, reason="Another day")
    assert tablet.get(item("gad-7", "gad7_1")).status_code == 404
    assert press(tablet, item("gad-7", "gad7_1"), "1").status_code == 404
    assert stored(cast, june) == []


def test_the_verbs_of_staff_and_client_refuse_each_other(cast, june):
    sitting = begin(cast, june, "gad-7")
    hand(cast, june, sitting)
    held = Handover.objects.get()
    one = {"sitting": sitting, "instrument": "gad-7", "mode": "tablet", "language": "en"}
    with open_chart(actor(held), june, to=Do.ANSWER) as chart:
        with pytest.raises(Refused):
            keep_answers(
                chart, page=AnswerPage("gad-7", sitting.public_id, "t", 0, sitting.started_on), answers={}
            )
        with pytest.raises(NotAnAnswer):
            answer_item(chart, answers={"gad7_1": 7}, **one)
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart, pytest.raises(Refused):
        answer_item(chart, answers={"gad7_1": 1}, **one)
    assert stored(cast, june) == []


def test_a_form_begun_in_a_version_stays_in_it_when_another_comes(cast, june, tmp_path, monkeypatch):
    from screening.rules import instruments

    sitting = begin(cast, june, "gad-7")
    tablet = hand(cast, june, sitting)
    press(tablet, item("gad-7", "gad7_1"), "1")
    folder = tmp_path / "instruments"
    for name, number in instruments.versions():
        (folder / name).mkdir(parents=True, exist_ok=True)
        text = (instruments.FOLDER / name / f"{number}.toml").read_text()
        (folder / name / f"{number}.toml").write_text(text)
    newer = (folder / "gad-7" / "1.toml").read_text().replace('version = "1"', 'version = "2"')
    (folder / "gad-7" / "2.toml").write_text(newer)
    monkeypatch.setattr(instruments, "FOLDER", folder)
    monkeypatch.setattr(instruments, "versions", lambda: [("gad-7", "1"), ("gad-7", "2")])
    instruments.load.cache_clear()
    try:
        assert rules.load("gad-7").version == "2"
        for n in range(2, 9):
            press(tablet, item("gad-7", f"gad7_{n}"), "1")
        tablet.post(reverse("screening:client_check"))
        assert stored(cast, june, Screen)[0].instrument_version == "1"
    finally:
        instruments.load.cache_clear()


def test_a_part_without_spanish_says_so_and_one_with_it_is_asked_in_its_own_words(cast, june):
    tablet = hand(cast, june, begin(cast, june, "phq-9", "pcl-5"))
    Handover.objects.update(language="es")
    page = tablet.get(item("phq-9", "phq9_1")).content.decode()
    assert (
        "Poco interés o placer en hacer cosas" in page
        and "Prefiero no decir" in page
        and "Parte 1 de 2" in page
    )
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        spoken = queries.instrument("pcl-5").languages
        assert chart.client.called
    page = tablet.get(item("pcl-5", "pcl5_1")).content.decode()
    assert ("solo está en inglés" in page) is ("es" not in spoken)


def test_a_set_is_printed_with_a_code_and_no_name_and_keyed_in_by_it(cast, june):
    sitting = begin(cast, june, "phq-9", "gad-7")
    staff, code = sign_in(cast.dana), rules.paper_code(sitting.public_id)
    paper = staff.get(reverse("screening:paper", args=[june, sitting.public_id]))
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert paper["Content-Type"] == "application/pdf" and code in words and "June" not in words
    assert "Little interest or pleasure" in words and "988" in words
    assert re.fullmatch("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    by_code = reverse("screening:by_code", args=[june])
    for typed in (code, code.lower().replace("-", " ")):
        url = staff.post(by_code, {"code": typed})["Location"]
        assert url == f"{reverse('screening:answer', args=[june, 'phq-9'])}?set={sitting.public_id}&how=paper"
    assert '<option value="paper" selected' in staff.get(url).content.decode()
    wrong = staff.post(by_code, {"code": "AAAA-BBBB"}, follow=True)
    assert "No open set of this client has the code AAAA-BBBB" in wrong.content.decode()
