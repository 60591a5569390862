"""Compares the phrases that people read with their translations: every one is there in every language, with the same
places and as many forms as the language has, and none is left over.

A phrase is an English string literal where it is used (Sources/Wording). Types cannot be told apart here, so that every
literal with two words is taken for a phrase, in all of Sources/evidence and in other files that import Wording, unless
it is named below. A single word is taken for one where it is handed to what speaks to people. What templates of
submission sheets tell the sender is a phrase as well.
"""
import json
import re
from pathlib import Path

from swift_source import literals

LANGUAGES = ("ru", "tg")
FOLDER = "Sources/Wording/Translations"

# What stands before a literal that is no phrase, on its line.
NO_PHRASE_AFTER = re.compile(
    r"(\bone: "  # English alone has this form; the translations stand under that for other numbers
    r"|\bdata: |\.raw\(|\.string\(|\bpreconditionFailure\(|\bprecondition\(.*, |\.unexpected\(|Array\("
    r'|json\[|\bname: |hasPrefix\(|hasSuffix\(|\.replacing\(|\bwith: '
    r"|commandName: |valueName: |customLong\(|CSV\.line|TextTable\.text)$"
)
# What stands before a phrase, however short it is.
PHRASE_AFTER = re.compile(r"\b(say|about|begin|note|error|UsageFault|Phrase|opening:|asking:|line)\(?\s?$")
# What stands before a literal that the argument parser would print as it is, in English.
UNSAID = re.compile(r"(\b(help|abstract|discussion): |\b(ArgumentHelp|ValidationError|CommandGroup)\((name: )?)\s*$")
# Literals of other use, by the end of the file's path.
NO_PHRASES = {
    "EvidenceReport/TextReport.swift": r"    SHA-256 %1|  file:%1: %2",
    "EvidenceReport/BarChart.swift": r"font-size=.*",
    "Report/ReportPage.swift": r"default-src .*",
    "Submission/SubmissionText.swift": r"[^;]*",
    "Submission/SubmissionFilling.swift": r"[^;]*",  # the sheet itself is in English, as the mechanisms take it
    "Bundles/BundleWriter.swift": r"Bagging-Date: .*",
    "Base/VaultNote.swift": r"(origin|key|reader) .*",  # lines of the format
    "Import/ImportedRecords.swift": r"column %1",  # what JSON says
    "Salvage/Salvage.swift": r"Salvaged item",  # becomes the title of an item
    "Commands/Export.swift": r"SHA-256 %1",
    "Commands/List.swift": r"\{\n.*",
    "evidence/Startup.swift": r"evidence --help",
    "Terminal/Message.swift": r"evidence: %1",
}
# The words of the argument parser, with stars for places.
TEMPLATES = "Sources/evidence/ParserWords.swift"
FIRST_SCREEN = "static let firstScreen = "
# The templates of submission sheets, and what in them the sender is told, in whatever language.
SHEETS = "Sources/EvidenceReport/Templates"
TOLD = {"heading", "missing", "reminders"}
# How many forms a language has for phrases with a number. Source: Unicode CLDR, as in Translations.swift.
FORMS = {"ru": 3, "tg": 1}


def check_phrases(tree):
    """Yields (path, line, rule, what to do) for each phrase without translation and each translation without phrase."""
    used, needed = set(), {}
    for path in tree.below("Sources", suffix=".swift"):
        text = tree.text(path) or ""
        for literal in literals(text):
            start = text.rfind("\n", 0, literal.position) + 1
            before = text[start:literal.position]
            if path.startswith("Sources/evidence/") and UNSAID.search(text[max(0, literal.position - 120):literal.position]):
                line = text.count("\n", 0, literal.position) + 1
                yield path, line, "translation", f"{literal.key!r} is printed in English whatever the language: say it"
            for key in keys(path, before, literal.key):
                used.add(key)
                if is_phrase(path, text, before, key):
                    needed.setdefault(key, (path, text.count("\n", 0, literal.position) + 1))
    for path, line, key in told_by_sheets(tree):
        used.add(key)
        needed.setdefault(key, (path, line))
    lists = {language: {} for language in LANGUAGES}
    for path in tree.below(FOLDER, suffix=".json"):
        language = path.split(".")[-2]
        try:
            entries = json.loads(tree.text(path) or "{}", object_pairs_hook=pairs)
        except (json.JSONDecodeError, ValueError) as error:
            yield path, 1, "translation", f"not a list of phrases: {error}"
            continue
        lines = (tree.text(path) or "").split("\n")
        for key, translation in entries:
            line = next((number for number, line in enumerate(lines, 1) if json.dumps(key, ensure_ascii=False) in line), 1)
            if key in lists.setdefault(language, {}):
                yield path, line, "translation", f"{key!r} is translated twice"
            lists[language][key] = path
            for fault in faults(key, translation, FORMS.get(language, 1)):
                yield path, line, "translation", f"{key!r} {fault}"
            if key not in used:
                yield path, line, "translation", f"{key!r} is no phrase of the program any more: remove it"
    for key, (path, line) in needed.items():
        missing = [language for language in LANGUAGES if key not in lists[language]]
        if missing:
            yield path, line, "translation", f"{key!r} is not in {FOLDER}/*.{{{','.join(missing)}}}.json"


def pairs(pairs):
    """Keeps pairs that stand twice."""
    return pairs


def faults(key, translation, form_count):
    """What is wrong with a translation: a list has a text for each form, and all texts have the places of the key."""
    forms = translation if isinstance(translation, list) else [translation]
    if isinstance(translation, list) and len(forms) != form_count:
        yield f"has {len(forms)} forms instead of {form_count}"
    for form in forms:
        if not isinstance(form, str) or not form.strip():
            yield "has no text"
        elif places(form) != places(key):
            yield f"has other places than its translation {form!r}"


def places(text):
    return set(re.findall(r"%([1-9])", text.replace("%%", "")))


def told_by_sheets(tree):
    for path in tree.below(SHEETS, suffix=".json"):
        text = tree.text(path) or "{}"
        for key in told(json.loads(text)):
            position = text.find(json.dumps(key, ensure_ascii=False))
            yield path, text.count("\n", 0, max(position, 0)) + 1, key


def told(value):
    if isinstance(value, dict):
        for name, member in value.items():
            if name in TOLD:
                yield from ([member] if isinstance(member, str) else member)
            else:
                yield from told(member)
    elif isinstance(value, list):
        for element in value:
            yield from told(element)


def keys(path, before, key):
    if before.endswith(FIRST_SCREEN):
        return list(first_screen(key))
    if path == TEMPLATES and "*" in key:
        places = iter(range(1, 10))
        return [re.sub(r"\*", lambda _: f"%{next(places)}", key)]
    return [key]


def first_screen(text):
    """The phrases of the first screen, as FirstScreen.swift finds them."""
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        if not any(line.startswith("  ") for line in lines):
            yield paragraph
            continue
        for line in lines:
            gaps = list(re.finditer(r"  +(?=\S)", line[2:])) if line.startswith("  ") else []
            if not line.startswith("  "):
                yield line
            elif gaps:
                yield line[2 + gaps[-1].end():]


def is_phrase(path, text, before, key):
    if not path.startswith("Sources/evidence/") and not re.search(r"^\w* ?import Wording$", text, re.MULTILINE):
        return False
    if path.startswith("Sources/Wording/") or NO_PHRASE_AFTER.search(before):
        return False
    if any(path.endswith(file) and re.fullmatch(pattern, key, re.DOTALL) for file, pattern in NO_PHRASES.items()):
        return False
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"%\d|<[^>]*>", " ", key))
    has_place = bool(re.search(r"%\d", key))
    if PHRASE_AFTER.search(before) or path == TEMPLATES:
        return bool(words)
    return " " in key.strip() and len(words) + has_place >= 2 and bool(words)
