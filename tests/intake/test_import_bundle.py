"""FHIR R4 bundles in Synthea's shape: everything is taken, kept out or reported; nothing twice, nothing silently."""

import csv
import json
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clinic.access.door import Job, open_desk, open_slices
from clinic.access.policy import Do
from clinic.record.models import Allergy, Client, ClientFact, Encounter, Imported, Medication, Problem
from intake.queries import search
from screening.models import Screen
from tests.data.make_bundles import OTHERS, PRAPARE, Maker, concept, write

JOB = Job("import", "command")
PEOPLE = 12


def run(path, **options):
    out = StringIO()
    call_command("import_bundle", path, program="Recovery Program", stdout=out, **options)
    return out.getvalue()


def listed(path):
    file = path.with_suffix(".rejects.csv")
    return list(csv.DictReader(file.open(encoding="utf-8"))) if file.exists() else []


def counted(said):
    """Each line of the report: its name -> what was counted, by kind."""
    lines = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
    pairs = {name: re.findall(r"([A-Z][\w.' ]*?) (\d+)(?:, |$)", told) for name, told in lines.items()}
    return {name: Counter({kind: int(number) for kind, number in found}) for name, found in pairs.items()}


def spoken(code):
    return ClientFact.objects.filter(topic="language_spoken", codes=[code]).count()


def on_record() -> Counter:
    counts: Counter = Counter()
    for opened in open_slices(JOB, to=Do.IMPORT):
        for model in (Client, Problem, Medication, Allergy, Encounter, Screen, Imported):
            counts[model.__name__] += model.objects.count()
        assert opened.episodes
    return counts


def test_a_folder_is_imported_once_and_everything_in_it_is_accounted_for(cast, tmp_path):
    folder = tmp_path / "synthea"
    there = write(folder, PEOPLE, 11)
    assert f"{PEOPLE} would be registered" in run(folder, dry_run=True) and not on_record()
    said = run(folder)
    assert f"{PEOPLE} registered, 0 already here" in said
    told = counted(said)
    unknown = {*OTHERS, "Organization", "Location", "Practitioner", "PractitionerRole"}
    assert told["Not read, because we keep no such resource"] == {kind: there[kind] for kind in unknown}
    kept_out = "Kept out (errors, drafts, plans; questionnaires that we do not have)"
    assert told[kept_out] == {"QuestionnaireResponse": PEOPLE}  # PRAPARE, which the house does not have
    assert told["Added"].pop("Patient's answer") > PEOPLE and not told["Rejected"]
    asked = ("Added", kept_out, "Read for what names them", "Not read, because we keep no such resource")
    everything = sum((told[name] for name in asked), Counter({"Patient": PEOPLE}))
    assert (
        everything == there and f"Resources in all: {there.total()}" in said
    )  # none is dropped without a word
    assert told["Left out of what was read"]["Encounter.identifier"] == there["Encounter"]
    counts = on_record()
    assert counts["Client"] == PEOPLE
    for ours, theirs in {"Problem": "Condition", "Medication": "MedicationRequest", "Allergy": "AllergyIntolerance",
                         "Encounter": "Encounter"}.items():  # fmt: skip
        assert counts[ours] == there[theirs], ours
    assert counts["Screen"] == PEOPLE
    again = run(folder)
    assert f"0 registered, {PEOPLE} already here" in again and "Added: nothing" in again
    assert on_record() == counts
    for opened in open_slices(JOB, to=Do.IMPORT):
        person = Client.objects.exclude(other_names="").first()
        assert person.sex in ("male", "female") and person.birth_date and "Kessler503" in person.other_names
        assert Problem.objects.filter(code_system__contains="snomed").count() == counts["Problem"]
        assert {p.part2 for p in Problem.objects.all()} == {
            True
        }  # the program's status, whatever the file says
        assert all(s.score["total"] is not None if isinstance(s.score, dict) else s.total is not None for s in Screen.objects.all())  # fmt: skip
        assert (
            Encounter.objects.filter(staff__isnull=True, outside__contains="Elwood28").count()
            == counts["Encounter"]
        )
        told = ClientFact.objects.filter(topic="race").values_list("codes", "source", "part2")
        assert {(source, part2) for _codes, source, part2 in told} == {("record", True)}
        races = {codes[0] for codes, _source, _part2 in told}
        assert len(races) > 1 and races <= {
            "white",
            "black",
            "asian",
            "american_indian",
        }  # "Other" is listed instead
        assert ClientFact.objects.filter(topic="marital_status", codes=["married"]).count() == PEOPLE
        assert Client.objects.filter(interpreter=True).count() == spoken("vi") > 0
        assert Client.objects.filter(language="es").count() == spoken("es") > 0
        assert opened.who is JOB


def test_one_persons_bundle_says_where_and_why_a_resource_was_not_taken(cast, tmp_path):
    made = Maker(5)
    bundle = made.whole()
    me = {"reference": made.me}

    def add(kind, **resource):
        bundle["entry"].append(
            {"resource": {"resourceType": kind, "id": f"x{len(bundle['entry'])}", **resource}}
        )
        return len(bundle["entry"]) - 1

    wrong = {
        add("Condition", subject=me, code=concept("s", "1", "Odd"), onsetDateTime="2024-02-30"): "onsetDateTime",
        add("Condition", subject={"reference": "urn:uuid:nobody"}, code=concept("s", "1", "Odd")): "subject.reference",
        add("MedicationRequest", subject=me, status="active", intent="order",
            medicationCodeableConcept=concept("r", "1", "Pill")): "authoredOn",
        add("MedicationRequest", subject=me, status="active", intent="order", authoredOn="2024-01-01",
            medicationReference={"reference": "urn:uuid:none"}): "medicationReference",
        add("Encounter", subject=me, status="finished"): "period.start",
        add("AllergyIntolerance", patient=me): "code",
        add("QuestionnaireResponse", subject=me, status="completed", authored="2024-01-01",
            questionnaire="http://loinc.org/q/44249-1",
            item=[{"linkId": "/44250-9", "answer": [{"valueString": "Banana"}]}]): "item[0].answer[0]",
    }  # fmt: skip
    out = [
        add("Condition", subject=me, code=concept("s", "1", "Odd"),
            verificationStatus={"coding": [{"code": "entered-in-error"}]}),
        add("MedicationRequest", subject=me, status="draft", intent="order"),
        add("Encounter", subject=me, status="planned"),
        add("QuestionnaireResponse", subject=me, status="completed", authored="2024-01-01", questionnaire="http://x/prapare"),
    ]  # fmt: skip
    contained = {
        "contained": [{"resourceType": "Medication", "id": "m", "code": concept("r", "2", "Naltrexone")}]
    }
    add("MedicationRequest", subject=me, status="active", intent="order", authoredOn="2024",
        medicationReference={"reference": "#m"}, **contained)  # fmt: skip
    bundle["entry"].append({"resource": "no resource"})
    path = tmp_path / "one.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    said = run(path)
    rows = listed(path)
    rejected = {row["path"] for row in rows if row["outcome"] == "rejected"}
    assert {f"Bundle.entry[{n}].resource.{where}" for n, where in wrong.items()} < rejected
    assert rejected == {f"Bundle.entry[{n}].resource.{where}" for n, where in wrong.items()} | {
        f"Bundle.entry[{len(bundle['entry']) - 1}]"
    }
    asked = [one["resource"].get("questionnaire") for one in bundle["entry"][: min(wrong)]]
    assert {f"Bundle.entry[{n}].resource" for n in (*out, asked.index(PRAPARE))} == {
        r["path"] for r in rows if r["outcome"] == "kept out"
    }
    assert "prapare" in next(r["reason"] for r in rows if r["path"] == f"Bundle.entry[{out[3]}].resource")
    assert "Mend what was rejected where its path says" in said
    for _opened in open_slices(JOB, to=Do.IMPORT):
        assert Medication.objects.filter(name="Naltrexone").count() == 1


def test_the_same_person_under_another_number_is_told_and_not_merged(cast, tmp_path):
    bundle = Maker(3).whole()
    path = tmp_path / "first.json"
    path.write_text(json.dumps(bundle), encoding="utf-8")
    run(path)
    patient = bundle["entry"][0]["resource"]
    patient["id"], patient["identifier"] = "other", [{"system": "https://elsewhere.example", "value": "77"}]
    bundle["entry"] = bundle["entry"][:1]
    second = tmp_path / "second.json"
    second.write_text(json.dumps(bundle), encoding="utf-8")
    said = run(second)
    assert "1 registered" in said and "1 may be here under another number" in said
    assert "May be the same person as the record ending" in listed(second)[-1]["reason"] or any(
        "May be the same person" in row["reason"] for row in listed(second)
    )
    with open_desk(cast.ines, to=Do.SEARCH) as desk:
        assert len(search(desk, patient["name"][0]["family"])) == 2


@pytest.mark.parametrize(
    "text, why",
    [("", "not JSON"), ("[]", "not JSON"), ('{"resourceType": "Patient"}', "not a Bundle"), ("{\xff", "not")],
)
def test_a_file_that_is_no_bundle_is_named(cast, tmp_path, text, why):
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CommandError, match=why):
        run(path)


def test_a_file_that_breaks_off_keeps_what_came_before_and_a_second_run_of_the_whole_adds_the_rest(
    cast, tmp_path
):
    text = json.dumps(Maker(9).whole(), indent=1)
    path = tmp_path / "cut.json"
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    said = run(path)
    assert "1 registered" in said and listed(path)[-1]["reason"].startswith("The file breaks off")
    first = on_record()
    path.write_text(text, encoding="utf-8")
    assert "0 registered, 1 already here" in run(path)
    assert on_record()["Imported"] > first["Imported"] > 0
