"""A client's way through a set: where they are, what comes next, how much is left. One question a screen."""

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound
from screening import rules
from screening.models import Sitting
from screening.queries.choices import context
from screening.queries.screens import set_answerings, sitting_screens
from screening.queries.sheets import ItemView, _item
from screening.queries.words import answer_in_words

SECONDS = 12  # a question on a tablet: 56 of them in at most 12 minutes


@dataclass(frozen=True)
class Step:
    """One question of one form of the set; `topic` names what is painful about the part that begins here."""

    instrument: str
    item: str
    topic: str = ""


@dataclass(frozen=True)
class Progress:
    """How far someone is: the part of so many, questions behind and in all, minutes that are left."""

    part: int
    parts: int
    behind: int
    questions: int
    minutes: int


@dataclass(frozen=True)
class Question:
    """One question as the form prints it, in the client's language where the form has it."""

    form: rules.Instrument
    view: ItemView
    language: str
    stem: str


@dataclass(frozen=True)
class Walk:
    """The forms of a set that a client can answer, in order, each in the version it was begun in, with what is answered.

    Finished ones are past. A scale that whoever observes rates is not among them.
    """

    sitting: Sitting
    forms: dict[str, rules.Instrument]
    answers: dict[str, dict[str, Any]]
    done: frozenset[str]
    contexts: dict[str, dict[str, Any]]

    def form(self, instrument: str) -> rules.Instrument:
        """The form of the set that is still to be answered; ChartNotFound for any other."""
        if instrument not in self.forms or instrument in self.done:
            raise ChartNotFound
        return self.forms[instrument]

    @property
    def left(self) -> list[rules.Instrument]:
        return [form for name, form in self.forms.items() if name not in self.done]

    def unasked(self, form: rules.Instrument) -> list[str]:
        given = self.answers.get(form.id, {})
        return [one for one in rules.unasked(form, given, self.contexts[form.id]) if one != form.total_entry]

    @property
    def here(self) -> Step | None:
        """The first question that waits for an answer; None when there is none: the answers can be looked over."""
        for form in self.left:
            if waiting := self.unasked(form):
                return _step(form, waiting[0])
        return None

    def step(self, instrument: str, item: str) -> Step:
        """This question as a step, wherever the client stands; ChartNotFound for a form that is none of theirs."""
        return _step(self.form(instrument), item)

    def after(self, instrument: str, item: str) -> Step | None:
        """The question after this one, whether it is answered or not; None at the end."""
        form = self.form(instrument)
        asked = self._asked(form)
        later = asked[asked.index(item) + 1 :] if item in asked else asked
        if later:
            return _step(form, later[0])
        forms = self.left
        for following in forms[forms.index(form) + 1 :]:
            return _step(following, self._asked(following)[0])
        return self.here

    def before(self, instrument: str, item: str) -> Step | None:
        """The question before this one; None at the beginning."""
        form = self.form(instrument)
        asked = self._asked(form)
        if item in asked and asked.index(item):
            return Step(form.id, asked[asked.index(item) - 1])
        forms = self.left
        place = forms.index(form)
        return Step(forms[place - 1].id, self._asked(forms[place - 1])[-1]) if place else None

    def _asked(self, form: rules.Instrument) -> list[str]:
        skipped = rules.skipped_by_rule(form, self.answers.get(form.id, {}), self.contexts[form.id])
        return [item.id for item in form.items if item.id not in skipped and item.id != form.total_entry]

    def progress(self, instrument: str = "") -> Progress:
        """Of the whole set; `instrument` is the part someone is in."""
        names = list(self.forms)
        waiting = sum(len(self.unasked(form)) for form in self.left)
        questions = sum(len(self._asked(form)) for form in self.forms.values())
        return Progress(
            part=names.index(instrument) + 1 if instrument else len(self.done) + 1,
            parts=len(names),
            behind=questions - waiting,
            questions=questions,
            minutes=max(1, math.ceil(waiting * SECONDS / 60)),
        )

    def question(self, instrument: str, item: str, language: str) -> Question:
        """The question, verbatim; ChartNotFound for an item that the form has not."""
        form = self.form(instrument)
        spoken = language if language in form.languages else "en"
        try:
            asked = form.item(item)
        except KeyError:
            raise ChartNotFound from None
        return Question(
            form, _item(asked, self.answers.get(form.id, {}), spoken, False, ""), spoken, form.words(spoken)
        )

    def part(self, instrument: str, item: str) -> list[str]:
        """The questions that a content note before this one is about."""
        form = self.form(instrument)
        critical = rules.critical_items(form)
        if form.id in TOPICS:
            return [one.id for one in form.items]
        return [one.id for one in form.items if one.id in critical] if item in critical else []

    def said(self, language: str) -> list[tuple[rules.Instrument, str, list[tuple[str, str, str]]]]:
        """Everything answered, to be looked over: each form, its language, and (item, question, answer) in words."""
        found = []
        for form in self.left:
            spoken = language if language in form.languages else "en"
            given = self.answers.get(form.id, {})
            rows = [
                (one, form.item(one).words(spoken), _words(form.item(one), given.get(one), spoken))
                for one in self._asked(form)
            ]
            found.append((form, spoken, rows))
        return found


# Forms that are painful from their first question on; of any other form, what makes it "act now" is.
TOPICS = {
    "pcl-5": "trauma",
    "pc-ptsd-5": "trauma",
    "lec-5": "trauma",
    "ace-10": "childhood",
    "c-ssrs-screener": "self_harm",
}


def _words(item: rules.Item, answer: Any, language: str) -> str:
    return _("I'd rather not say") if answer == rules.DECLINED else answer_in_words(item, answer, language)


def _step(form: rules.Instrument, item: str) -> Step:
    """The step, with the topic of the part that begins at it."""
    if form.id in TOPICS:
        return Step(form.id, item, TOPICS[form.id] if item == form.items[0].id else "")
    critical = [one.id for one in form.items if one.id in rules.critical_items(form)]
    return Step(form.id, item, "self_harm" if critical[:1] == [item] else "")


def walk(chart: Chart, row: Sitting) -> Walk:
    """The client's way through this set. Two queries."""
    begun = {name: (one.form, one.answers) for name, one in set_answerings(chart, row).items()}
    return way_through(chart, row, begun)


def way_through(
    chart: Chart, row: Sitting, begun: dict[str, tuple[rules.Instrument, dict[str, Any]]]
) -> Walk:
    """The same where it was read already what is begun of the set: each form as it was begun, with its answers. One query."""
    done = sitting_screens(chart, row)
    forms = {name: begun[name][0] if name in begun else rules.load(name) for name in row.instruments}
    theirs = {name: form for name, form in forms.items() if form.answered_by == "client"}
    return Walk(
        row,
        theirs,
        {name: answers for name, (_form, answers) in begun.items()},
        frozenset(done),
        {name: context(chart, form, chart.client_id) for name, form in theirs.items()},
    )
