"""The formulation: drawn together, changed by two people, rubbed out and put back, and never seen from another program."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Problem
from screening import actions as screening
from tests.house.test_queries import FRAME
from tests.screening.answers import phq9
from tests.treatment_plans.plans import add_whole_problem, fill_words, second_episode
from treatment_plans import actions, queries
from treatment_plans.models import FormulationLink, FormulationNode, Link, Plan, PlanProblem
from treatment_plans.queries.formulation_offers import in_words, screens_for


@pytest.fixture
def june(cast):
    return cast.register()


def drawn(chart):
    """Alcohol and panic feed each other; an accident lies behind; a sister helps."""
    row = actions.begin_formulation(chart)

    def put(kind, text):
        return actions.add_node(chart, formulation=row, kind=kind, text=text)

    use, panic = put("substance_use", "Alcohol use"), put("mental_health", "Panic")
    crash, sister = put("stress", "The accident in May"), put("support", "My sister")
    ties = [(use, panic, "eases", "drinks to sleep"), (panic, use, "sets_off", "a glass before the bus"),
            (crash, panic, "underlies", "brakes bring it back"), (sister, use, "helps", "calls at nine")]  # fmt: skip
    for one, other, verb, how in ties:
        actions.draw_link(chart, formulation=row, from_node=one, to_node=other, verb=verb, how=how)
    return row


def test_a_map_joins_both_sides_in_both_directions_with_what_each_link_rests_on(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        today = clock.today(chart.episodes[0].zone)
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=today)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
        link = FormulationLink.objects.order_by("pk").first()
        actions.add_evidence(chart, link=link, kind="words", words="I sleep like a stone then.")
        screen = screens_for(chart, chart.episodes[0])[0]
        actions.add_evidence(
            chart, link=link, kind="screen", words=in_words(screen), on=screen.date, screen=screen
        )
        actions.add_insight(chart, formulation=row, kind="sign", words="I stop answering the phone")
        found = queries.map_of(chart, row.public_id)
    assert [one.sentence for one in found.links][:2] == [
        "Alcohol use is used to ease Panic",
        "Panic sets off Alcohol use",
    ]
    assert [one.kind for one in found.links[0].grounds] == ["words", "screen"] and found.row.part2
    assert next(name for name, _rows in found.groups) == "What happened, or weighs"
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert {one.text for one in queries.problem_list(chart)} == {"Alcohol use", "Panic"}


def test_a_link_to_itself_a_link_without_words_and_what_is_not_on_this_map_are_refused(cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
        one, other = FormulationNode.objects.order_by("pk")[:2]
    wrong = [
        ("to_node", {"to_node": one}), ("how", {"how": " "}), ("verb", {"verb": "hits"}), ("from_node", {"from_node": None}),
    ]  # fmt: skip
    for field, given in wrong:
        with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.PLAN) as chart:
            told = {"from_node": one, "to_node": other, "verb": "feeds", "how": "so", **given}
            actions.draw_link(chart, formulation=row, **told)
        assert field in refused.value.message_dict
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert FormulationLink.objects.count() == 4


def test_a_removed_problem_says_what_goes_takes_its_links_and_all_of_it_is_put_back(client, cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
        panic = FormulationNode.objects.get(text="Panic")
    client.force_login(cast.dana)

    def at(name, *more):
        return reverse(f"treatment_plans:{name}", args=[june, row.public_id, *more])

    asked = client.get(at("remove_piece", "node", panic.public_id)).content.decode()
    assert all(
        words in asked for words in ("drinks to sleep", "a glass before the bus", "brakes bring it back")
    )
    assert "calls at nine" not in asked
    gone = client.post(at("remove_piece", "node", panic.public_id), follow=True).content.decode()
    assert "Put it back" in gone and "“drinks to sleep”" not in gone
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert Problem.objects.filter(text="Panic").exists()
        assert len(queries.map_of(chart, row.public_id).links) == 1
    back = client.post(at("put_back", "node", panic.public_id), follow=True).content.decode()
    assert "“drinks to sleep”" in back
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert len(queries.map_of(chart, row.public_id).links) == 4


def test_two_people_at_one_link_get_both_texts_a_long_one_is_named_and_pasted_markup_stays_text(
    client, cast, june
):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
        link, node = (
            FormulationLink.objects.order_by("pk").first(),
            FormulationNode.objects.order_by("pk").first(),
        )
    client.force_login(cast.dana)

    def at(name, *more):
        return reverse(f"treatment_plans:{name}", args=[june, row.public_id, *more])

    change = at("change_piece", "link", link.public_id)
    assert (
        client.post(change, {"version": "1", "verb": "eases", "how": "two beers to sleep"}).status_code == 302
    )
    stale = client.post(change, {"version": "1", "verb": "eases", "how": "wine to sleep"})
    assert (
        stale.status_code == 409
        and b"two beers to sleep" in stale.content
        and b"wine to sleep" in stale.content
    )
    long = client.post(change, {"version": "2", "verb": "eases", "how": "x" * 20_000})
    assert long.status_code == 422 and b"300" in long.content and b"x" * 400 in long.content
    markup = {"text": '<p class="MsoNormal">Night <b>shifts</b></p><script>x()</script>', "kind": "stress"}
    assert client.post(at("add_piece", "node"), markup).status_code == 302
    page = client.get(at("formulation_map")).content.decode()
    assert "<script>x()" not in page and "&lt;b&gt;shifts" in page
    moved = client.post(at("move_node", node.public_id), {"version": "1", "x": "333", "y": "90"})
    assert moved.status_code == 200 and b'data-x="336"' in moved.content
    assert (
        client.post(at("move_node", node.public_id), {"version": "1", "x": "1", "y": "1"}).status_code == 409
    )
    assert (
        client.post(at("move_node", node.public_id), {"version": "2", "x": "-4", "y": "a"}).status_code == 422
    )


def test_the_empty_map_begins_with_what_is_there_and_offers_the_commonest_links_with_their_source(
    client, cast, june
):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        today = clock.today(chart.episodes[0].zone)
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=today)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        listed = actions.list_problem(chart, text="Drinking", domain="substance_use", code="F10.20")
    client.force_login(cast.dana)
    begin = client.get(reverse("treatment_plans:formulation", args=[june])).content.decode()
    assert "Drinking" in begin and "Depression" in begin and "PHQ-9" in begin
    keys = {"key": [f"problem:{listed.public_id}", "screen:phq-9"]}
    page = client.post(
        reverse("treatment_plans:begin_formulation", args=[june]), keys, follow=True
    ).content.decode()
    assert "Drinking feeds Depression" in page and "SAMHSA TIP 42" in page
    again = client.post(reverse("treatment_plans:begin_formulation", args=[june]), keys, follow=True)
    assert again.status_code == 200
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert Problem.objects.count() == 2 and len(queries.maps_of(chart)[0].nodes) == 2


def test_another_program_sees_nothing_of_the_map_and_protected_problems_stay_out_of_an_open_one(
    client, cast, june
):
    from intake.actions import admit

    admit(cast.ines, client=june, program=cast.mh, clinician=cast.mia)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
    with open_chart(cast.mia, june, to=Do.PLAN) as chart:
        assert queries.maps_of(chart) == []
        own = actions.begin_formulation(chart)
        assert not own.part2
    client.force_login(cast.mia)
    for name in ("formulation_map", "formulation_pdf"):
        assert client.get(reverse(f"treatment_plans:{name}", args=[june, row.public_id])).status_code == 404
    assert b"Alcohol" not in client.get(reverse("treatment_plans:formulation", args=[june])).content
    with pytest.raises(Refused), open_chart(cast.sol, june, to=Do.SEE_PLAN) as chart:
        actions.tidy_map(chart, formulation=row)
    with pytest.raises(ChartNotFound), open_chart(cast.mia, june, to=Do.PLAN) as chart:
        queries.map_of(chart, row.public_id)


def test_what_part_2_protects_is_refused_and_not_offered_on_a_map_and_plan_kept_outside_it(
    client, cast, june
):
    mental = second_episode(cast, june, cast.mh, cast.dana)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        protected, outside = chart.episodes[0], chart.episode(mental)
        today = clock.today(protected.zone)
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=today, episode=protected)
        problem = actions.list_problem(chart, place=protected, text="Drinking", domain="substance_use")
        row = actions.begin_formulation(chart, place=outside)
        low = actions.add_node(chart, formulation=row, kind="mental_health", text="Depression")
        sister = actions.add_node(chart, formulation=row, kind="support", text="My sister")
        link = actions.draw_link(
            chart, formulation=row, from_node=sister, to_node=low, verb="helps", how="calls at nine"
        )
        screen = screens_for(chart, protected)[0]
        assert screens_for(chart, outside) == []
        plan = actions.start_plan(chart, episode=outside)
        part = actions.add_problem(chart, plan=plan, text="Depression", domain="mental_health")
        goal = actions.add_goal(chart, problem=part, words="Get up again")
        measure = queries.first_measure(chart, queries.tree(chart, plan), str(goal.public_id))
        assert measure == {"target_on": plan.review_on}
    for verb, told in (
        (actions.put_problem, {"formulation": row, "problem": problem}),
        (actions.add_evidence, {"link": link, "kind": "screen", "words": "PHQ-9", "screen": screen}),
    ):
        with (
            pytest.raises(ValidationError, match="42 CFR Part 2"),
            open_chart(cast.dana, june, to=Do.PLAN) as chart,
        ):
            verb(chart, **told)
    client.force_login(cast.dana)
    page = client.get(reverse("treatment_plans:formulation_map", args=[june, row.public_id])).content.decode()
    assert "Drinking" not in page and "PHQ-9" not in page
    address = reverse("treatment_plans:add_evidence", args=[june, row.public_id, link.public_id])
    form = client.get(address).content.decode()
    assert "A questionnaire" not in form and "Which questionnaire" not in form
    assert client.post(address, {"kind": "screen", "words": "PHQ-9"}).status_code == 422
    assert client.post(address, {"kind": "words", "words": "She calls at nine."}).status_code == 302
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        found = queries.map_of(chart, row.public_id)
    assert len(found.nodes) == 2 and not found.row.part2
    assert [one.kind for one in found.links[0].grounds] == ["words"]


def test_the_paper_holds_the_map_its_list_and_whose_it_is_on_every_page(client, cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
        actions.add_insight(chart, formulation=row, kind="helps", words="Walking to the river")
    client.force_login(cast.dana)
    answer = client.get(reverse("treatment_plans:formulation_pdf", args=[june, row.public_id]))
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    texts = [page.extract_text() for page in pages]
    assert all("OKAFOR" in text.upper() and "1988" in text for text in texts)
    assert pages[0].mediabox.width > pages[0].mediabox.height and "drinks to sleep" in texts[0]
    assert "Walking to the river" in "".join(texts[1:])


def test_a_plan_takes_its_links_from_the_map_a_draft_follows_it_and_what_is_signed_stays(cast, june):
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        row = drawn(chart)
        plan = actions.start_plan(chart)
        drawn_in = queries.tree(chart, plan).drawn
        assert [one.how for one in drawn_in] == ["drinks to sleep", "a glass before the bus"]
        offered = [queries.link_named(chart, plan, one.public_id) for one in drawn_in]
        taken = actions.take_link(chart, plan=plan, link=offered[0])
        assert taken.part2 and {t.text for t in queries.tree(chart, plan).troubles} == {
            "Alcohol use",
            "Panic",
        }
        assert [one.how for one in queries.tree(chart, plan).drawn] == ["a glass before the bus"]
        actions.redraw_link(
            chart, link=offered[0], version=1, verb="masks", how="drinks to get through the day"
        )
        tie = queries.tree(chart, plan).ties[0]
        assert (tie.verb, tie.how) == ("masks", "drinks to get through the day")
        taken.refresh_from_db()
        step = actions.add_intervention(
            chart, link=taken, kind="cope", frequency="weekly", duration="12 weeks", staff=cast.dana
        )
        assert queries.map_of(chart, row.public_id).links[0].planned[0].endswith("(draft)")
        # Drawn in the plan, it is on the map too; changed in the plan, it is changed on the map.
        ends = {
            one.problem.text: one for one in PlanProblem.objects.filter(plan=plan).select_related("problem")
        }
        both = {"from_problem": ends["Panic"], "to_problem": ends["Alcohol use"]}
        mine = actions.link_problems(chart, plan=plan, **both, verb="feeds", how="needs courage to go out")
        actions.change_link(
            chart, link=mine, version=1, **both, verb="feeds", how="needs courage for the bus"
        )
        assert queries.map_of(chart, row.public_id).links[-1].how == "needs courage for the bus"
        for part in ends.values():
            actions.change_problem(
                chart, problem=part, version=1, text=part.text, domain=part.domain, put_off="later"
            )
        actions.remove_intervention(chart, intervention=step)
        fill_words(chart, plan)
        add_whole_problem(chart, plan, text="Sleep", domain="medical")
        signed = actions.sign_plan(chart, plan=Plan.objects.get(pk=plan.pk), client_name="June Okafor")
        offered[0].refresh_from_db()
        actions.redraw_link(chart, link=offered[0], version=2, verb="feeds", how="something new")
        assert [one.how for one in queries.tree(chart, signed).ties] == [
            "drinks to get through the day", "needs courage for the bus",
        ]  # fmt: skip
    with pytest.raises(IntegrityError), open_chart(cast.dana, june, to=Do.PLAN), transaction.atomic():
        Link.objects.filter(pk=taken.pk).update(how="rewritten")
    with pytest.raises(IntegrityError), open_chart(cast.dana, june, to=Do.PLAN), transaction.atomic():
        Link.objects.filter(pk=taken.pk).update(formulation_link=None)


def test_the_pages_of_the_map_read_at_most_twelve_times(client, cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = drawn(chart)
    client.force_login(cast.dana)
    client.get("/")
    for name, more in (("formulation_map", [row.public_id]), ("formulation", []), ("problems", [])):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"treatment_plans:{name}", args=[june, *more])).status_code == 200
        kept = [one["sql"] for one in asked.captured_queries if not FRAME.match(one["sql"])]
        assert len(kept) <= 12, (name, len(kept), kept)
