"""FHIR R4 bundles in the shape that Synthea writes, from a seed: `python tests/data/make_bundles.py FOLDER 20 7`.

Transaction bundles with urn:uuid references and US Core extensions, one person each; every resource type that Synthea
exports is there once or more, most of them unknown to the import, so that its report can be checked against `counts`.
"""

import json
import random
import sys
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

SNOMED, RXNORM, LOINC = (
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://loinc.org",
)
CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
GIVEN = (
    "Abram53",
    "Deeanna315",
    "José Luis",
    "Ngọc",
    "Mercedes",
    "Tamika",
    "Wiley",
    "Lono",
    "Siobhán",
    "Kēhau",
)
FAMILY = ("Kuhn96", "O'Connell601", "Nguyễn", "Delgado712", "Smith-Ortiz", "Kaʻaihue", "Wintheiser220")
CONDITIONS = (
    ("444814009", "Viral sinusitis (disorder)"), ("160903007", "Full-time employment (finding)"),
    ("7200002", "Alcoholism (disorder)"), ("5602001", "Opioid abuse (disorder)"), ("73595000", "Stress (finding)"),
    ("370143000", "Major depressive disorder"), ("314529007", "Medication review due (situation)"),
    ("266948004", "Has a criminal record (finding)"), ("32911000", "Homeless (finding)"),
)  # fmt: skip
MEDICATIONS = (("313782", "Acetaminophen 325 MG Oral Tablet"), ("351109", "budesonide 0.25 MG/ML Inhalation Suspension"),
               ("1010600", "buprenorphine 2 MG / naloxone 0.5 MG Sublingual Film"))  # fmt: skip
PHQ9 = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
OFTEN = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
OTHERS = ("Observation", "Procedure", "Claim", "ExplanationOfBenefit", "DiagnosticReport", "CareTeam", "CarePlan",
          "Immunization", "DocumentReference", "Provenance")  # fmt: skip


def concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def status(kind: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{kind}", "code": code}]}


class Maker:
    """One person's bundle. `counts`: resources by type; `expect`: what an import makes of them."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.entries: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.me = self.add("Patient", self.patient())

    def id(self) -> str:
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def day(self, first: int = 1990, last: int = 2024) -> str:
        return f"{self.dice.randint(first, last)}-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}T09:16:15-04:00"

    def add(self, kind: str, resource: dict[str, Any]) -> str:
        key = resource.setdefault("id", self.id())
        self.counts[kind] += 1
        self.entries.append(
            {
                "fullUrl": f"urn:uuid:{key}",
                "resource": {"resourceType": kind, **resource},
                "request": {"method": "POST", "url": kind},
            }
        )
        return f"urn:uuid:{key}"

    def patient(self) -> dict[str, Any]:
        dice, key = self.dice, self.id()
        given, family = dice.choice(GIVEN), dice.choice(FAMILY)
        sex = dice.choice("MF")
        race = {"url": CORE + "race", "extension": [
            {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2106-3", "display": "White"}},
            {"url": "text", "valueString": "White"}]}  # fmt: skip
        ethnicity = {"url": CORE + "ethnicity", "extension": [
            {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2186-5", "display": "Not Hispanic or Latino"}},
            {"url": "text", "valueString": "Not Hispanic or Latino"}]}  # fmt: skip
        dead = {"deceasedDateTime": self.day(2019, 2023)} if dice.random() < 0.15 else {}
        kinds = "http://terminology.hl7.org/CodeSystem/v2-0203"
        return {
            "id": key, "meta": {"profile": [CORE + "patient"]},
            "extension": [race, ethnicity, {"url": CORE + "birthsex", "valueCode": sex},
                          {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Rita"}],
            "identifier": [
                {"system": "https://github.com/synthetichealth/synthea", "value": key},
                {"type": status("v2-0203", "MR"), "system": "http://hospital.smarthealthit.org", "value": key},
                {"type": {"coding": [{"system": kinds, "code": "SS"}]}, "system": "http://hl7.org/fhir/sid/us-ssn",
                 "value": f"999-{dice.randint(10, 99)}-{dice.randint(1000, 9999)}"},
                {"type": {"coding": [{"system": kinds, "code": "DL"}]}, "system": "urn:oid:2.16.840.1.113883.4.3.25", "value": "S99984236"},
            ],
            "name": [{"use": "official", "family": family, "given": [given, "Marie"], "prefix": ["Ms."]},
                     {"use": "maiden", "family": "Kessler503", "given": [given]}],
            "telecom": [{"system": "phone", "value": f"555-{dice.randint(200, 999)}-{dice.randint(1000, 9999)}", "use": "home"}],
            "gender": "male" if sex == "M" else "female", "birthDate": self.day(1940, 2005)[:10], **dead,
            "address": [{"line": [f"{dice.randint(1, 999)} Rau Well Unit {dice.randint(1, 99)}"], "city": "Quincy",
                         "state": "MA", "postalCode": "02169", "country": "US"}],
            "maritalStatus": concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M", "Married"),
            "multipleBirthBoolean": False,
            "communication": [{"language": concept("urn:ietf:bcp:47", "en-US", "English (United States)")}],
        }  # fmt: skip

    def whole(self) -> dict[str, Any]:
        """The bundle, with two visits or more and what was found and given in them."""
        for _ in range(self.dice.randint(2, 4)):
            self.visit()
        self.add("AllergyIntolerance", {
            "clinicalStatus": status("allergyintolerance-clinical", "active"), "type": "allergy", "category": ["food"],
            "verificationStatus": status("allergyintolerance-verification", "confirmed"), "criticality": "low",
            "code": concept(SNOMED, "256277009", "Grass pollen (substance)"), "patient": {"reference": self.me},
            "recordedDate": self.day(), "reaction": [{"manifestation": [concept(SNOMED, "271807003", "Eruption of skin")], "severity": "mild"}]})  # fmt: skip
        self.questionnaire()
        for kind in OTHERS:
            for _ in range(self.dice.randint(1, 3)):
                self.add(kind, {"status": "final", "subject": {"reference": self.me}})
        return {"resourceType": "Bundle", "type": "transaction", "entry": self.entries}

    def visit(self) -> None:
        day = self.day()
        who = {
            "reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999979492",
            "display": "Dr. Elwood28 Hills818",
        }
        seen = self.add("Encounter", {
            "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "type": [concept(SNOMED, "162673000", "General examination of patient (procedure)")],
            "subject": {"reference": self.me, "display": "Ms. Kuhn96"}, "participant": [{"individual": who}],
            "period": {"start": day, "end": day}, "serviceProvider": {"display": "PCP1401"}})  # fmt: skip
        code, words = self.dice.choice(CONDITIONS)
        over = self.dice.random() < 0.5
        self.add("Condition", {
            "clinicalStatus": status("condition-clinical", "resolved" if over else "active"),
            "verificationStatus": status("condition-ver-status", "confirmed"), "code": concept(SNOMED, code, words),
            "subject": {"reference": self.me}, "encounter": {"reference": seen}, "onsetDateTime": day, "recordedDate": day,
            **({"abatementDateTime": "2024-11-02T09:16:15-04:00"} if over else {})})  # fmt: skip
        code, words = self.dice.choice(MEDICATIONS)
        given: dict[str, Any] = {"medicationCodeableConcept": concept(RXNORM, code, words)}
        if self.dice.random() < 0.3:
            given = {
                "medicationReference": {
                    "reference": self.add(
                        "Medication", {"code": concept(RXNORM, code, words), "status": "active"}
                    )
                }
            }
        self.add("MedicationRequest", {
            "status": self.dice.choice(["active", "stopped", "completed"]), "intent": "order", **given,
            "subject": {"reference": self.me}, "encounter": {"reference": seen}, "authoredOn": day, "requester": who,
            "dosageInstruction": [{"sequence": 1, "timing": {"repeat": {"frequency": 1, "period": 1.0, "periodUnit": "d"}},
                                   "asNeededBoolean": False, "doseAndRate": [{"doseQuantity": {"value": 1.0}}]}]})  # fmt: skip

    def questionnaire(self) -> None:
        items = [
            {"linkId": f"/{code}", "text": "-", "answer": [{"valueCoding": {"system": LOINC, "code": self.dice.choice(OFTEN)}}]}
            for code in PHQ9
        ]  # fmt: skip
        self.add("QuestionnaireResponse", {
            "questionnaire": f"http://loinc.org/q/{'44249-1'}", "status": "completed", "subject": {"reference": self.me},
            "authored": self.day(2020, 2024), "item": items})  # fmt: skip


def write(folder: Path, people: int, seed: int) -> Counter[str]:
    """`people` bundles in `folder`; returns how many resources of each type they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    for number in range(people):
        made = Maker(seed * 1000 + number)
        text = json.dumps(made.whole(), ensure_ascii=False, indent=2)
        (folder / f"person_{number:03}.json").write_text(text, encoding="utf-8")
        counts += made.counts
    return counts


if __name__ == "__main__":
    print(dict(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
