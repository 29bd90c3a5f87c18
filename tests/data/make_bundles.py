"""FHIR R4 bundles in the shape that Synthea writes, from a seed: `python tests/data/make_bundles.py FOLDER 20 7`.

Transaction bundles with urn:uuid references and US Core extensions, one person each, and the two files without a person
(hospitals and practitioners) that stand beside them; every resource type that Synthea exports is there once or more, most
of them unknown to the import, so that its report can be checked against `counts`.
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
EXT = "http://hl7.org/fhir/"
CORE = EXT + "us/core/StructureDefinition/us-core-"
NUMBERS = "https://github.com/synthetichealth/synthea"
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
          "Immunization", "DocumentReference", "Provenance", "ImagingStudy", "Device", "SupplyDelivery",
          "MedicationAdministration", "Goal", "Media")  # fmt: skip
PRAPARE = "http://loinc.org/q/93025-5"  # a form that the house does not have
RACES = (("2106-3", "White"), ("2054-5", "Black or African American"), ("2028-9", "Asian"),
         ("1002-5", "American Indian or Alaska Native"), ("2131-1", "Other"))  # fmt: skip
TONGUES = (("en-US", "English (United States)"), ("es", "Spanish"), ("vi", "Vietnamese"))


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
        code, called = dice.choice(RACES)
        race = {"url": CORE + "race", "extension": [
            {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": code, "display": called}},
            {"url": "text", "valueString": called}]}  # fmt: skip
        ethnicity = {"url": CORE + "ethnicity", "extension": [
            {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2186-5", "display": "Not Hispanic or Latino"}},
            {"url": "text", "valueString": "Not Hispanic or Latino"}]}  # fmt: skip
        dead = {"deceasedDateTime": self.day(2019, 2023)} if dice.random() < 0.15 else {}
        kinds = "http://terminology.hl7.org/CodeSystem/v2-0203"
        return {
            "id": key, "meta": {"profile": [CORE + "patient"]},
            "extension": [race, ethnicity, {"url": CORE + "birthsex", "valueCode": sex},
                          {"url": EXT + "StructureDefinition/patient-mothersMaidenName", "valueString": "Rita"},
                          {"url": EXT + "StructureDefinition/patient-birthPlace", "valueAddress": {"city": "Quincy", "state": "MA"}},
                          {"url": "http://synthetichealth.github.io/synthea/disability-adjusted-life-years", "valueDecimal": 0.85}],
            "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Generated from a seed.</div>"},
            "identifier": [
                {"system": NUMBERS, "value": key},
                {"type": status("v2-0203", "MR"), "system": "http://hospital.smarthealthit.org", "value": key},
                {"type": {"coding": [{"system": kinds, "code": "SS"}]}, "system": "http://hl7.org/fhir/sid/us-ssn",
                 "value": f"999-{dice.randint(10, 99)}-{dice.randint(1000, 9999)}"},
                {"type": {"coding": [{"system": kinds, "code": "DL"}]}, "system": "urn:oid:2.16.840.1.113883.4.3.25", "value": "S99984236"},
                {"type": {"coding": [{"system": kinds, "code": "PPN"}], "text": "Passport Number"},
                 "system": EXT + "sid/passport-us", "value": "X19416767X"},
            ],
            "name": [{"use": "official", "family": family, "given": [given, "Marie"], "prefix": ["Ms."]},
                     {"use": "maiden", "family": "Kessler503", "given": [given]}],
            "telecom": [{"system": "phone", "value": f"555-{dice.randint(200, 999)}-{dice.randint(1000, 9999)}", "use": "home"}],
            "gender": "male" if sex == "M" else "female", "birthDate": self.day(1940, 2005)[:10], **dead,
            "address": [{"line": [f"{dice.randint(1, 999)} Rau Well Unit {dice.randint(1, 99)}"], "city": "Quincy",
                         "state": "MA", "postalCode": "02169", "country": "US",
                         "extension": [{"url": EXT + "StructureDefinition/geolocation", "extension": [
                             {"url": "latitude", "valueDecimal": 42.25}, {"url": "longitude", "valueDecimal": -71.0}]}]}],
            "maritalStatus": concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M", "Married"),
            **({"multipleBirthInteger": 2} if dice.random() < 0.1 else {"multipleBirthBoolean": False}),
            "communication": [{"language": concept("urn:ietf:bcp:47", *dice.choice(TONGUES))}],
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
        self.add("QuestionnaireResponse", {
            "questionnaire": PRAPARE, "status": "completed", "subject": {"reference": self.me}, "authored": self.day(2020, 2024),
            "item": [{"linkId": "/93043-8", "text": "Have you been discharged from the armed forces?",
                      "answer": [{"valueCoding": {"system": LOINC, "code": "LA32-8", "display": "No"}}]}]})  # fmt: skip
        for kind in OTHERS:
            for _ in range(self.dice.randint(1, 3)):
                self.other(kind)
        return {"resourceType": "Bundle", "type": "transaction", "entry": self.entries}

    def other(self, kind: str) -> None:
        """What an import has no place for: each in the outline that it has there, with references to what was seen."""
        here, day = {"reference": self.me}, self.day()
        told: dict[str, dict[str, Any]] = {
            "Claim": {"patient": here, "use": "claim", "total": {"value": 129.16, "currency": "USD"}, "created": day},
            "ExplanationOfBenefit": {"patient": here, "outcome": "complete", "contained": [
                {"resourceType": "ServiceRequest", "id": "referral", "subject": here},
                {"resourceType": "Coverage", "id": "coverage", "beneficiary": here}]},
            "Provenance": {"target": [here], "recorded": day},
            "DiagnosticReport": {"subject": here, "presentedForm": [{"contentType": "text/plain", "data": "CjIwMjQ="}]},
            "Device": {"patient": here, "udiCarrier": [{"deviceIdentifier": "47677246889573"}]},
        }  # fmt: skip
        self.add(kind, {"status": "final", **told.get(kind, {"subject": here})})

    def visit(self) -> None:
        day = self.day()
        who = {
            "reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999979492",
            "display": "Dr. Elwood28 Hills818",
        }
        key = self.id()
        seen = self.add("Encounter", {
            "id": key, "identifier": [{"use": "official", "system": NUMBERS, "value": key}], "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "type": [concept(SNOMED, "162673000", "General examination of patient (procedure)")],
            "subject": {"reference": self.me, "display": "Ms. Kuhn96"}, "participant": [
                {"type": [concept(EXT + "v3/ParticipationType", "PPRF", "primary performer")], "period": {"start": day}, "individual": who}],
            "period": {"start": day, "end": day},
            "location": [{"location": {"reference": f"Location?identifier={NUMBERS}|{self.id()}", "display": "PCP1401"}}],
            "serviceProvider": {"reference": f"Organization?identifier={NUMBERS}|{self.id()}", "display": "PCP1401"}})  # fmt: skip
        code, words = self.dice.choice(CONDITIONS)
        over = self.dice.random() < 0.5
        self.add("Condition", {
            "clinicalStatus": status("condition-clinical", "resolved" if over else "active"),
            "verificationStatus": status("condition-ver-status", "confirmed"),
            "category": [status("condition-category", "encounter-diagnosis")], "code": concept(SNOMED, code, words),
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
        items: list[dict[str, Any]] = [
            {"linkId": f"/{code}", "text": "-", "answer": [{"valueCoding": {"system": LOINC, "code": self.dice.choice(OFTEN)}}]}
            for code in PHQ9
        ]  # fmt: skip
        if self.dice.random() < 0.5:  # the same questions inside a group, as some systems write them
            items = [{"linkId": "/44249-1", "text": "PHQ-9", "item": items}]
        self.add("QuestionnaireResponse", {
            "questionnaire": "http://loinc.org/q/44249-1", "status": "completed", "subject": {"reference": self.me},
            "authored": self.day(2020, 2024), "item": items})  # fmt: skip


def places(dice: random.Random) -> dict[str, list[dict[str, Any]]]:
    """The two files without a person: name -> resources."""
    named = {
        "hospitalInformation": ("Organization", "Location"),
        "practitionerInformation": ("Practitioner", "PractitionerRole"),
    }
    return {
        name: [
            {"resourceType": kind, "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)), "active": True}
            for kind in kinds
            for _ in range(3)
        ]
        for name, kinds in named.items()
    }  # fmt: skip


def write(folder: Path, people: int, seed: int) -> Counter[str]:
    """`people` bundles and the two without a person in `folder`; returns how many resources of each type they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    for number in range(people):
        made = Maker(seed * 1000 + number)
        text = json.dumps(made.whole(), ensure_ascii=False, indent=2)
        (folder / f"person_{number:03}.json").write_text(text, encoding="utf-8")
        counts += made.counts
    for name, resources in places(random.Random(seed)).items():
        entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
        whole = {"resourceType": "Bundle", "type": "batch", "entry": entries}
        (folder / f"{name}1700000000000.json").write_text(json.dumps(whole), encoding="utf-8")
        counts.update(one["resourceType"] for one in resources)
    return counts


if __name__ == "__main__":
    print(dict(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
