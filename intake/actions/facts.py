"""One verb records an answer, whatever the question: the catalogue says where it belongs."""

from typing import Any

from django.db import IntegrityError, transaction

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode, Refused
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import AnswerState, Client, ClientFact, EpisodeFact, FactSource, StaleEdit
from clinic.record.queries import Told, current_facts
from clinic.record.queries.facts import REMEMBERED
from intake.rules import Question, Said, answer_words, catalogue


@act(Do.TAKE_DETAILS)
def record_detail(
    chart: Chart, *, topic: str, said: Said, seen: str = "", source: str = FactSource.CLIENT, about: str = "",
) -> ClientFact | EpisodeFact:  # fmt: skip
    """The current answer to `topic` is what was said; the one before stays in the history.

    `seen`: the `Told.seen` that the page showed, "" where there was none. Who may: whoever takes a client's details in
    the program (Do.TAKE_DETAILS), for questions of the registration. Recorded: one row with the topic, not the answer.
    Raises StaleEdit where someone answered in between; Refused for a question of another part; nothing is written then.
    """
    if catalogue().home_of(topic).act != Do.TAKE_DETAILS:
        raise Refused(Do.TAKE_DETAILS)
    return _write_answer(chart, topic=topic, said=said, seen=seen, source=source, about=about)


@act(Do.TAKE_HISTORY)
def record_history(
    chart: Chart, *, topic: str, said: Said, seen: str = "", source: str = FactSource.CLIENT, about: str = "",
) -> ClientFact | EpisodeFact:  # fmt: skip
    """`record_detail` for what brought the person here, which the front desk neither asks nor sees.

    Who may: intake in the program, clinicians of the team (Do.TAKE_HISTORY). Recorded, raises: as `record_detail`.
    """
    if catalogue().home_of(topic).act != Do.TAKE_HISTORY:
        raise Refused(Do.TAKE_HISTORY)
    return _write_answer(chart, topic=topic, said=said, seen=seen, source=source, about=about)


def _write_answer(
    chart: Chart, *, topic: str, said: Said, seen: str = "", source: str = FactSource.CLIENT, about: str = "",
    not_before: Any = None, place: OpenEpisode | None = None,
) -> ClientFact | EpisodeFact:  # fmt: skip
    """What every verb that records an answer does; the verb has its own policy line."""
    question = catalogue().question(topic)
    here = place or chart.home(chart.to)
    before = current_facts(chart).get((topic, about))
    if before is not None and seen != before.seen:
        raise StaleEdit(before.row)
    row = _new_row(chart, question, here, before, about)
    row.answer, row.codes, row.text = said.answer, list(said.codes), said.text
    row.number, row.day, row.not_before = said.number, said.day, not_before
    row.source, row.by = source, chart.who if isinstance(chart.who, Staff) else None
    row.asked_on = clock.today(here.zone)
    _insert(row, topic, about)
    chart.answers.pop(REMEMBERED, None)
    chart.note(topic=topic, about=about)
    if question.fills:
        _fill(chart, question, said)
    return row


def _new_row(
    chart: Chart, question: Question, here: OpenEpisode, before: Told | None, about: str
) -> ClientFact | EpisodeFact:
    # Told once in a Part 2 program, it stays so, wherever it is confirmed.
    part2 = here.part2 or (before is not None and before.row.part2)
    if question.belongs == "client":
        old = before.row if before is not None and isinstance(before.row, ClientFact) else None
        return ClientFact(
            client_id=chart.client_id, topic=question.topic, about=about, part2=part2, supersedes=old
        )
    same = before is not None and isinstance(before.row, EpisodeFact) and before.row.episode_id == here.id
    # A row of another episode is not superseded: whoever may see that one alone keeps what was told there.
    earlier: Any = before.row if before is not None and same else None
    return EpisodeFact(
        **chart.stamp(here, part2=part2), topic=question.topic, about=about, supersedes=earlier
    )


def _insert(row: ClientFact | EpisodeFact, topic: str, about: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        if "_once" not in str(twice) and "supersedes" not in str(twice):
            raise
        same = type(row).objects.filter(client=row.client_id, topic=topic, about=about)
        theirs = same.filter(superseded_by__isnull=True).order_by("pk").last()
        if theirs is None:  # told by someone whose episode is not open here
            raise
        raise StaleEdit(theirs) from None


def _fill(chart: Chart, question: Question, said: Said) -> None:
    """The banner and every letter say it too; the fact alone keeps who asked and when."""
    client = Client.objects.get(pk=chart.client_id)
    words: Any = answer_words(question, said)[:40]
    if question.fills == "sex":
        words = AnswerState.DECLINED if said.answer == AnswerState.DECLINED else "".join(said.codes)
    if question.fills == "interpreter":
        words = said.codes == ("yes",)
    setattr(client, question.fills, words)
    client.save_over(client.version, question.fills)
    chart.__dict__.pop("client", None)
