"""Every page reads as often for fifty rows as for one, and at most twelve times: ledger and settings of the door included."""

import re
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house import pages
from tests.house.many import client_with, clients
from tests.house.pages import address, role_table

MOST = 12
MANY = 50
FRAME = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)")
# Pages whose rows come from what is typed into them.
TYPED = {
    "intake:desk": {"q": "Okafor"},
    "intake:alike": {"given_name": "June", "family_name": "Okafor"},
    "office:access_search": {"q": "Okafor"},
}


def counted(house) -> dict[str, int]:
    """How many queries each page takes, by route and person."""
    found = {}
    for person, lines in _by_person():
        visitor = None
        for line in lines:
            if visitor is None or person == pages.CLIENT:
                visitor = pages.visitor_of(house, person, line.route)
            visitor.get("/")  # the session's own writes, once in twenty seconds, are not the page's
            with CaptureQueriesContext(connection) as asked:
                answer = _ask(visitor, line, address(house, line.route))
            assert answer.status_code == 200, (line, person, answer.status_code)
            kept = [q["sql"] for q in asked.captured_queries if not FRAME.match(q["sql"])]
            found[f"{line.method} {line.route} ({person})"] = len(kept)
    return found


def _by_person() -> Iterator:
    lines = [
        line for line in role_table() if (line.method == "GET" and line.status == 200) or line.route in TYPED
    ]
    for person in (*pages.PEOPLE, pages.CLIENT):
        mine = [line for line in lines if person in line.may and person in (line.may[0], "sol", "pia")]
        if mine:
            yield person, mine


def _ask(visitor, line, url):
    return visitor.post(url, TYPED[line.route]) if line.method == "POST" else visitor.get(url)


def test_every_page_takes_as_many_queries_for_fifty_rows_as_for_one_and_at_most_twelve(
    lasting_cast, unprinted
):
    """Counted twice, for a client with one row of everything and for one with fifty among fifty clients."""
    one = counted(client_with(lasting_cast, 1))
    clients(lasting_cast, MANY - 2)
    fifty = counted(client_with(lasting_cast, MANY, given_name="Fifi"))
    wrong = [
        f"{page}: {one[page]} for one, {fifty[page]} for {MANY}"
        for page in one
        if one[page] != fifty[page] or fifty[page] > MOST
    ]
    assert not wrong, "\n".join(wrong)
