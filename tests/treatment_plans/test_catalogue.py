"""The catalogue of interventions: whole, with sides and sources; suggestions name theirs; free text is always possible."""

from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from screening import actions as screening
from tests.house.pages import sign_in
from tests.screening.answers import phq9
from tests.treatment_plans.plans import whole_draft
from treatment_plans import actions, queries, rules
from treatment_plans.models import Intervention, Link, Objective

WANTED = {
    "cbt", "mi", "dbt_skills", "cpt", "pe", "cope", "emdr", "trauma_therapy", "contingency", "cra", "moud", "maud",
    "psychiatric_medication", "withdrawal", "case_management", "peer", "family", "mutual_help", "housing", "employment",
    "mindfulness", "exercise", "nutrition", "sleep",
}  # fmt: skip


def test_the_catalogue_covers_what_integrated_care_does_each_with_its_sides_and_a_source():
    assert set(rules.CATALOGUE) >= WANTED
    assert not [
        key for key, kind in rules.CATALOGUE.items() if not kind.sides or (key != "other" and not kind.source)
    ]


def test_an_objective_begins_with_the_measure_that_asks_about_its_problem_and_every_side_has_an_offer(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        today = clock.today(chart.episodes[0].zone)
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=today)
        plan = whole_draft(chart)
        goals = []
        for text, domain in (("Low mood", "mental_health"), ("Rent is late", "social")):
            part = actions.add_problem(chart, plan=plan, text=text, domain=domain)
            goals.append(actions.add_goal(chart, problem=part, words="Less of it"))
        tree = queries.tree(chart, plan)
        mood, rent = (queries.first_measure(chart, tree, str(goal.public_id)) for goal in goals)
    assert (mood["instrument"], mood["baseline"]) == ("phq-9", 14) and mood["said"].startswith("PHQ-9 14 on")
    assert mood["target_on"] == plan.review_on and rent == {"target_on": plan.review_on}
    add = reverse("treatment_plans:add_to", args=[june, plan.public_id, "objective", goals[0].public_id])
    page = sign_in(cast.dana).get(add).content.decode()
    assert '<option value="phq-9" selected' in page and "PHQ-9 14 on" in page
    offered = rules.offered_for(set(), side="social")
    assert offered[0][0] == "housing" and all(kind.source for _key, kind in offered)
    assert {"individual", "cbt"} <= {key for key, _kind in rules.offered_for(set(), side="mental_health")}


def test_a_suggestion_names_its_source_fills_the_form_and_leaves_the_words_free(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        tree = queries.tree(chart, plan)
        alcohol, link = str(tree.aims[0].public_id), str(tree.ties[0].public_id)
        objective = Objective.objects.get(public_id=alcohol)
        assert "maud" in [offer.kind for offer in queries.offers(tree, alcohol)]
        assert "cope" in [offer.kind for offer in queries.offers(tree, link)]
        assert all(offer.source for to in (alcohol, link) for offer in queries.offers(tree, to))
    dana = sign_in(cast.dana)
    address = reverse("treatment_plans:add_to", args=[june, plan.public_id, "intervention", alcohol])
    page = dana.get(address, {"kind": "maud"}).content.decode()
    assert '<option value="maud" selected' in page and "APA alcohol use disorder guideline (2018)" in page
    given = {
        "kind": "other", "text": "Sunday walks with Ana", "frequency": "weekly", "duration": "as long as it helps",
        "staff": str(cast.dana.public_id), "step_down": "When she walks alone", "source": "",
    }  # fmt: skip
    assert dana.post(address, given).status_code == 302
    on_link = reverse("treatment_plans:add_to", args=[june, plan.public_id, "intervention", link])
    assert dana.post(on_link, {**given, "kind": "cope", "source": "Mills et al."}).status_code == 302
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        free = Intervention.objects.get(kind="other", objective=objective)
        assert (free.text, free.step_down) == ("Sunday walks with Ana", "When she walks alone")
        assert Intervention.objects.get(link=Link.objects.get()).source == "Mills et al."
        assert "less when: When she walks alone" in queries.tree(chart, plan).ties[0].steps[0].line
