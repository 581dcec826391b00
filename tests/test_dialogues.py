"""Conversations: what each turn is understood as, after the turns before it and their answers.

A turn is what is typed, what it is understood as, and what came of it: the sentence that answered,
with the stretch in bold between asterisks; empty where the documents did not say.
"""

import re

import pytest

from index.following import complete
from index.previous import Previous

TURNS = {
    "a school": [
        ("When was Larkfield College founded?", "When was Larkfield College founded?",
         "Larkfield College was founded in *1861* by vote of the town of Brell."),
        ("and by whom?", "by whom was Larkfield College founded?",
         "Larkfield College was founded in 1861 by vote of the town of Brell."),
        ("how large is it?", "how large is Larkfield College?",
         "Larkfield College has *2,100* students."),
        ("and Stonebridge College?", "how large is Stonebridge College?", ""),
        ("who leads it?", "who leads Stonebridge College?", ""),
    ],
    "its people": [
        ("Who leads Larkfield College?", "Who leads Larkfield College?",
         "Its president, *Ada Brown*, leads Larkfield College."),
        ("when was she born?", "when was Ada Brown born?", "Ada Brown was born in *1950* in Oslo."),
        ("where?", "where was Ada Brown born?", "Ada Brown was born in 1950 in *Oslo*."),
        ("who lives there?", "who lives in Oslo?", ""),
        ("who lived there then?", "who lived in Oslo then (lives in Oslo)?", ""),
    ],
    "a deed": [
        ("Who founded the Orchid Society?", "Who founded the Orchid Society?",
         "*Carl Meyer* founded the Orchid Society in 1901 with two friends."),
        ("what was his job?", "what was Carl Meyer's job?", "Meyer was a gardener at the abbey."),
        ("who worked with him?", "who worked with Carl Meyer?", ""),
        ("and why?", "why worked with Carl Meyer?", ""),
    ],
    "a date": [
        ("When did Osland build its railway?", "When did Osland build its railway?",
         "Osland built its railway in *1884*."),
        ("who was king then?", "who was king in 1884?", "The king was *Olaf Brun* in 1884."),
        ("who was minister that year?", "who was minister in 1884?", ""),
        ("and in 1890?", "who was minister in 1890?", ""),
        ("what about 1895?", "who was minister in 1895?", ""),
        ("and before 1884?", "who was minister before 1884?", ""),
    ],
    "two peoples": [
        ("what do the Norlanders want?", "what do the Norlanders want?",
         "The Norlanders want to fish in the bay."),
        ("and the Osters?", "what do the Osters want?", "The Osters want the bay for themselves."),
        ("why?", "why do the Osters want?", ""),
        ("how many of them live there?",
         "how many of the Osters live there (the Osters want)?", ""),
    ],
    "a count": [
        ("How many professors does Larkfield have?", "How many professors does Larkfield have?",
         "Larkfield has *90* professors."),
        ("and students?", "How many students does Larkfield have?", ""),
        ("how many libraries?", "how many libraries does Larkfield have?", ""),
        ("where do they stand?", "where do libraries stand?", ""),
        ("how many of them?", "how many of libraries?", ""),
    ],
    "a body": [
        ("What is the main council of the union?", "What is the main council of the union?",
         "The Green Council is the main council of the union."),
        ("who is its chair?", "who is the Green Council's chair?", "Its chair is *Eva Holm*."),
        ("how often does it meet?", "how often does the Green Council meet?",
         "The council meets *every six weeks*."),
        ("and where exactly?", "where exactly does the Green Council meet?", ""),
        ("since when?", "since when does the Green Council meet?", ""),
        ("until when?", "until when does the Green Council meet?", ""),
    ],
    "a battle": [
        ("Who won the Battle of Tarn?", "Who won the Battle of Tarn?",
         "It ended with a victory of the northern army."),
        ("how many soldiers did they have?",
         "how many soldiers did they have (won the Battle of Tarn)?", ""),
        ("and the Osters?", "how many soldiers did the Osters have (won the Battle of Tarn)?", ""),
        ("who else?", "who else did the Osters have (won the Battle of Tarn)?", ""),
    ],
    "a machine": [
        ("What does a Pell engine burn?", "What does a Pell engine burn?",
         "A Pell engine burns wood."),
        ("what about a small one?", "What does a small Pell engine burn?", ""),
        ("when was it first built?", "when was a small Pell engine first built?", ""),
        ("What does it cost to run?", "What does it cost to run?", ""),
    ],
    "a place": [
        ("Where is the museum of Brell?", "Where is the museum of Brell?",
         "The museum of Brell stands in *Mill Street*."),
        ("how big is it?", "how big is the museum of Brell?", "The museum has *12* rooms."),
        ("and the school?", "how big is the school (Brell)?", ""),
        ("what about its teachers?", "what about the school's teachers?", ""),
    ],
    "an abstention": [
        ("How often does the group meet?", "How often does the group meet?", ""),
        ("what about the Osters?", "How often does the Osters meet?", ""),
        ("or in Brell?", "How often does the Osters meet (in Brell)?", ""),
        ("who are they?", "who are the Osters?", ""),
        ("so what happened?", "what happened (the Osters)?", ""),
    ],
    "whole questions": [
        ("Who founded the Orchid Society?", "Who founded the Orchid Society?",
         "*Carl Meyer* founded the Orchid Society in 1901."),
        ("And how many rooms has the museum?", "And how many rooms has the museum?", ""),
        ("Which country sold its ships?", "Which country sold its ships?", ""),
        ("Is it true that the king was ill?", "Is it true that the king was ill?", ""),
        ("How long does it take to swim there?", "How long does it take to swim there?", ""),
        ("What did the Osters do with their bay?", "What did the Osters do with their bay?", ""),
        ("Who painted the hall for his brother?", "Who painted the hall for his brother?", ""),
        ("Are there trains on Sunday?", "Are there trains on Sunday?", ""),
        ("What is the law that is in force?", "What is the law that is in force?", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TURNS)
def test_each_turn_is_understood_from_the_one_before(name: str) -> None:
    previous = None
    for typed, understood, said in TURNS[name]:
        assert complete(typed, previous) == understood
        previous = after(understood, said)


def after(question: str, said: str) -> Previous:
    bold = re.search(r"\*(.+?)\*", said)
    return Previous(question, bold[1] if bold else "", said.replace("*", ""))


def test_there_are_enough_turns_to_tell() -> None:
    assert len(TURNS) >= 10
    assert sum(map(len, TURNS.values())) >= 40
