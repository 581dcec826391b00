"""How often a sentence that was deleted is taken for one that was changed, and the other way.

    python -m benchmarks.aged_quotes SEEDS DATA

Each sentence of the documents is taken out in turn, and the others are looked at as what it might
have become. Then pairs that people would call the same sentence, edited.
"""

import argparse
from pathlib import Path

from index.aging import ELSEWHERE, SAME_SECTION, likeness
from index.library import Library

EDITED = (
    ("The group meets every six months.", "The group meets every year."),
    ("The group meets every six months.", "The group meets once a year."),
    (
        "The group meets every six months.",
        "The group meets twice a year, in March and September.",
    ),
    ("Its chair is Ada Lovelace.", "Its chair is Grace Hopper."),
    ("Its chair is Ada Lovelace.", "The chair is now Charles Babbage."),
    (
        "The office is open from nine to five.",
        "The office is open from ten to four on weekdays.",
    ),
    ("Bread is baked daily.", "Bread is baked every other day."),
    ("It keeps for a week.", "It keeps for three days."),
    (
        "Refunds are paid within 30 days of purchase.",
        "Refunds are paid within 14 days of purchase.",
    ),
    ("Members pay a fee of 20 euros a month.", "Members pay 25 euros a month."),
    (
        "The deadline for applications is 1 March 2021.",
        "The deadline for applications is 15 April 2022.",
    ),
    (
        "Parking is free for visitors on weekends.",
        "Parking costs two euros an hour for visitors.",
    ),
    ("The library closes at 8 pm on Fridays.", "On Fridays the library closes at 6 pm."),
    (
        "Passwords must be at least eight characters long.",
        "Passwords must be at least twelve characters long and contain a digit.",
    ),
    (
        "The committee has seven members who are elected for two years.",
        "The committee has nine members who are elected for three years.",
    ),
    (
        "Dogs are allowed in the garden but not in the house.",
        "Dogs are not allowed in the house or in the garden.",
    ),
    (
        "Version 2.4 supports Windows and Linux.",
        "Version 2.5 supports Windows, Linux and macOS.",
    ),
    (
        "Shipping takes three to five working days within Europe.",
        "Shipping takes two to four working days within Europe.",
    ),
    ("Contact the help desk at extension 4411.", "Contact the help desk at extension 4500."),
    ("The rocket starts in Kourou on Friday.", "The rocket starts in Nairobi on Friday."),
    ("The rocket starts in Kourou on Friday.", "The start of the rocket was moved to Monday."),
    ("The new rule takes effect in January.", "The new rule took effect in February."),
    (
        "Employees have 28 days of paid leave a year.",
        "Employees have 30 days of paid leave per year.",
    ),
    (
        "Each team may invite up to four guests.",
        "Each team may invite up to six guests, who must register.",
    ),
    (
        "The server runs on port 8080 by default.",
        "By default the server listens on port 9090.",
    ),
    ("Backups are kept for ninety days.", "Backups are kept for one year and then deleted."),
    (
        "Tickets cost 12 dollars for adults and 6 dollars for children.",
        "Tickets cost 15 dollars for adults and 8 dollars for children.",
    ),
    (
        "The bridge was built in 1931 by the city.",
        "The bridge was built in 1932 by the county.",
    ),
    (
        "Smoking is forbidden everywhere in the building.",
        "Smoking and vaping are forbidden everywhere in the building and the yard.",
    ),
    ("The course has three exams.", "The course has one exam and a project."),
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=Path)
    parser.add_argument("data", type=Path)
    given = parser.parse_args()
    library = Library.open(seeds=given.seeds, data=given.data)
    library.refresh()
    count, mistaken = deleted(library)
    print(f"{mistaken} of {count} deleted sentences would be taken for changed")
    for name, least in (("the same section", SAME_SECTION), ("another", ELSEWHERE)):
        known = sum(likeness(*pair) >= least for pair in EDITED)
        print(f"{known} of {len(EDITED)} edited sentences are known again in {name} (>= {least})")


def deleted(library: Library) -> tuple[int, int]:
    """How many sentences there are, and for how many of them another would be taken."""
    shelf = library.shelf()
    count = mistaken = 0
    for entry in library.documents():
        text = library.document(entry.id).text
        there = [(text[at.start : at.end], section) for at, section in shelf.quotes(entry.id)]
        count += len(there)
        mistaken += sum(
            any(
                other != quote
                and likeness(quote, other) >= (SAME_SECTION if under == section else ELSEWHERE)
                for other, under in there
            )
            for quote, section in there
        )
    return count, mistaken


if __name__ == "__main__":
    main()
