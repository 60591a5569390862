"""Words that people read out to each other."""
import re
import subprocess


def words_of(evidence, key):
    """The words of a public key."""
    told = subprocess.run([evidence, "key", "words", key], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return told.stdout.decode().split("\n")[0]


def share_words(sheet):
    """The numbered words of a share's sheet, which are in its lines that begin with a number."""
    pairs = re.findall(r"(\d+) ([a-z]+)", "\n".join(numbered_lines(sheet)))
    if [int(number) for number, _ in pairs] != list(range(1, len(pairs) + 1)):
        raise AssertionError(f"the words of {sheet.name} are not numbered one after the other")
    return " ".join(word for _, word in pairs)


def numbered_lines(sheet):
    return [line for line in sheet.read_text().splitlines() if re.match(r"\s*\d", line)]
