"""What the rows of tools/bench are made of: commands, rows and tables."""
import shlex
import statistics
import sys
from dataclasses import dataclass

TIMEOUT = 60  # seconds, for a command on a small file


def say(text):
    print(text, file=sys.stderr, flush=True)


def quoted(*words):
    return " ".join(shlex.quote(str(word)) for word in words)


class Failure(Exception):
    """Why a row could not be measured."""


@dataclass
class Side:
    """One program of a comparison: a command, and what is done before each run of it, untimed."""
    name: str
    command: str
    prepare: str = "true"
    # Whether it asks for a passphrase, the cost of which no budget counts.
    unlocks: bool = False


@dataclass
class Row:
    name: str
    ours: Side
    peer: Side
    # The least ratio of the peer's time to ours, and how the budget is put; None where no budget names this peer.
    least: float | None
    budget: str
    runs: int = 2
    # Without a shell around them, runs of milliseconds are measured well; pipes and lists need the shell.
    shell: bool = True


def spread(seconds):
    unit, factor = ("ms", 1000) if statistics.median(seconds) < 0.1 else ("s", 1)
    middle, low, high = (value * factor for value in (statistics.median(seconds), min(seconds), max(seconds)))
    return f"{middle:.2f} {unit} ({low:.2f}–{high:.2f})"


def print_table(head, rows):
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
    print(flush=True)
