"""The catalogue of what may be done: each kind with the sides it serves, what it is often chosen for, and its source.

A kind is a name and nothing more: what is done with this person stands in free text beside it, and "Other" takes what
no list foresees. A suggestion is shown with the source it rests on; nothing is added without a click.
"""

from dataclasses import dataclass

from treatment_plans.rules.marks import gettext_noop as _

USE, MIND, BODY, SOCIAL, LAW = "substance_use", "mental_health", "medical", "social", "legal"
BOTH = (USE, MIND)


@dataclass(frozen=True)
class Offered:
    """One kind of intervention. `suits`: the instruments (topics) it is often chosen for; "opioid" for opioid use."""

    name: str
    sides: tuple[str, ...]
    source: str = ""
    suits: tuple[str, ...] = ()
    for_link: bool = False  # often chosen for what joins two problems


CATALOGUE: dict[str, Offered] = {
    "individual": Offered(_("Individual counseling"), BOTH, "SAMHSA TIP 42 (2020)", ("phq-9", "gad-7", "audit", "dast-10")),
    "group": Offered(_("Group counseling"), BOTH, "SAMHSA TIP 41 (2015)"),
    "integrated_group": Offered(_("Integrated group for both conditions"), BOTH, "SAMHSA TIP 42 (2020)", for_link=True),
    "cbt": Offered(
        _("Cognitive behavioral therapy"), BOTH, "SAMHSA TIP 42 (2020); VA/DoD depression guideline (2022)",
        ("phq-9", "gad-7", "audit", "dast-10"), for_link=True,
    ),
    "mi": Offered(
        _("Motivational enhancement or interviewing"), BOTH, "SAMHSA TIP 35 (2019)", ("audit", "dast-10"), for_link=True
    ),
    "dbt_skills": Offered(_("DBT skills (emotion, distress)"), BOTH, "SAMHSA TIP 42 (2020)", ("phq-9",), for_link=True),
    "cpt": Offered(_("Cognitive processing therapy"), (MIND,), "VA/DoD PTSD guideline (2023)", ("pcl-5",)),
    "pe": Offered(_("Prolonged exposure"), (MIND,), "VA/DoD PTSD guideline (2023)", ("pcl-5",)),
    "cope": Offered(
        _("COPE: prolonged exposure and substance use together"), BOTH, "Mills et al., JAMA 2012; 308(7)", (), for_link=True
    ),
    "emdr": Offered(
        _("Eye movement desensitization and reprocessing"), (MIND,), "VA/DoD PTSD guideline (2023)", ("pcl-5",)
    ),
    "trauma_therapy": Offered(_("Trauma-focused cognitive behavioral therapy"), (MIND,), "SAMHSA TIP 57 (2014)", ("pcl-5",)),
    "relapse_prevention": Offered(_("Relapse prevention"), (USE,), "SAMHSA TIP 42 (2020)", ("audit", "dast-10"), for_link=True),
    "contingency": Offered(
        _("Contingency management"), (USE,), "ASAM/AAAP stimulant use disorder guideline (2023)", ("dast-10",)
    ),
    "cra": Offered(
        _("Community reinforcement approach"), (USE, SOCIAL), "ASAM/AAAP stimulant use disorder guideline (2023)",
        ("audit", "dast-10"),
    ),
    "family": Offered(_("Family or couple therapy"), (*BOTH, SOCIAL), "SAMHSA TIP 39 (2020)", ("audit", "dast-10")),
    "medication": Offered(_("Medication management"), (*BOTH, BODY), "SAMHSA TIP 42 (2020)"),
    "psychiatric_medication": Offered(
        _("Psychiatric medication"), (MIND,), "VA/DoD depression guideline (2022)", ("phq-9", "gad-7", "pcl-5")
    ),
    "moud": Offered(
        _("Medication for opioid use disorder"), (USE,), "SAMHSA TIP 63 (2021); ASAM guideline (2020)", ("opioid",)
    ),
    "maud": Offered(_("Medication for alcohol use disorder"), (USE,), "APA alcohol use disorder guideline (2018)", ("audit",)),
    "withdrawal": Offered(_("Withdrawal management"), (USE, BODY), "ASAM alcohol withdrawal guideline (2020); SAMHSA TIP 45"),
    "peer": Offered(_("Peer support"), (*BOTH, SOCIAL), "SAMHSA TIP 64 (2023)", ("audit", "dast-10", "phq-9")),
    "mutual_help": Offered(
        _("Mutual help (AA, NA, SMART Recovery and others)"), (USE, SOCIAL), "Kelly et al., Cochrane 2020, CD012880", ("audit",)
    ),
    "case_management": Offered(_("Case management"), (*BOTH, SOCIAL, LAW), "SAMHSA TIP 27 (2015)"),
    "housing": Offered(_("Housing support"), (SOCIAL,), "SAMHSA Permanent Supportive Housing kit (2010)"),
    "employment": Offered(_("Employment support"), (SOCIAL,), "SAMHSA Supported Employment kit (2009)"),
    "recovery_support": Offered(_("Other recovery support"), (USE, SOCIAL), "SAMHSA TIP 64 (2023)"),
    "mindfulness": Offered(
        _("Mindfulness (mindfulness-based relapse prevention and others)"), BOTH, "Bowen et al., JAMA Psychiatry 2014; 71(5)",
        ("gad-7", "audit", "dast-10"), for_link=True,
    ),
    "exercise": Offered(_("Exercise"), (MIND, BODY), "VA/DoD depression guideline (2022)", ("phq-9",)),
    "nutrition": Offered(_("Nutrition"), (BODY,), "SAMHSA TIP 45 (2015)"),
    "sleep": Offered(
        _("Sleep (CBT for insomnia and others)"), (*BOTH, BODY), "VA/DoD insomnia guideline (2019)", ("phq-9", "pcl-5"),
        for_link=True,
    ),
    "safety": Offered(_("Safety planning"), BOTH, "Stanley and Brown, JAMA Psychiatry 2018; 75(9)", ("phq-9",)),
    "overdose": Offered(_("Overdose prevention, naloxone"), (USE,), "CDC opioid guideline (2022); SAMHSA TIP 63", ("opioid",)),
    "education": Offered(_("Education about the condition"), BOTH, "SAMHSA TIP 42 (2020)"),
    "monitoring": Offered(_("Regular screening or testing"), BOTH, "APA practice guideline, measurement-based care"),
    "medical": Offered(_("Medical follow-up"), (BODY,), "SAMHSA TIP 42 (2020)"),
    "other": Offered(_("Other"), (*BOTH, BODY, SOCIAL, LAW)),
}  # fmt: skip

INTERVENTIONS: dict[str, str] = {key: kind.name for key, kind in CATALOGUE.items()}


def offered_for(
    topics: set[str], *, side: str = "", link: bool = False, most: int = 5
) -> list[tuple[str, Offered]]:
    """The kinds often chosen for problems of these topics, or for the link between two; each has a source.

    `topics`: instruments that ask about the problem, and "opioid" where opioids are named. Where none of them says
    anything, those that serve the problem's `side`: of both sides the ones chosen for most, elsewhere its own first.
    """
    if link:
        return [(key, kind) for key, kind in CATALOGUE.items() if kind.for_link][:most]
    hits = {key: len(topics & set(kind.suits)) for key, kind in CATALOGUE.items()}
    best = sorted((key for key, hit in hits.items() if hit), key=lambda key: len(CATALOGUE[key].suits))
    if not best:
        serves = [key for key, kind in CATALOGUE.items() if side in kind.sides and kind.source]
        best = sorted(
            serves,
            key=lambda key: -len(CATALOGUE[key].suits) if side in BOTH else len(CATALOGUE[key].sides),
        )
    return [(key, CATALOGUE[key]) for key in best[:most]]
