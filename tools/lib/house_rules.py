#!/usr/bin/env python3
"""The rules of CONTRIBUTING.md that a program can check, over the whole tree.

    swift package dump-package | tools/lib/house_rules.py      check; imports are held to the dumped manifest
    tools/lib/house_rules.py --self-test                       plant one violation of each rule and find them all

A violation is one line, `path:line: rule: what to do`. The status is 1 when there is any. Python's standard
library is all it needs.
"""
import argparse
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from phrases import check_phrases  # noqa: E402
from swift_source import code_and_comments  # noqa: E402

MAXIMUM_LINES = 400
MAXIMUM_COLUMNS = 120

# What every target may import, and what only some may, whatever the manifest says.
SYSTEM_MODULES = {"Glibc", "Synchronization"}
TEST_MODULES = SYSTEM_MODULES | {"Dispatch", "Testing", "Foundation", "FoundationEssentials"}
FOUNDATION_ESSENTIALS_FILES = {"Sources/Primitives/XWing.swift", "Sources/EvidenceVault/Base/Timestamp.swift"}
RESERVED_MODULES = {
    "CSodium": {"Primitives"},
    "Crypto": {"Primitives"},
    "CryptoExtras": {"Primitives"},
    "SwiftASN1": {"TimeStamp"},
    "CSystem": {"DurableStore", "Primitives", "evidence"},
    "ArgumentParser": {"evidence"},
    "Mustache": {"EvidenceReport"},
}
UNSAFE_MODULES = {"Primitives", "DurableStore", "Streams", "Embedded", "evidence"}

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)\n]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)[ \t]+)?(\w+)",
    re.MULTILINE,
)
BANNED_CALLS = [
    (re.compile(r"\btry!"), "handle the error, or say in the types that there is none"),
    (re.compile(r"\bas!"), "use `as?` and handle the other case"),
    (re.compile(r"\bfatalError\("), "throw an error, or use `precondition` for a mistake of the programmer"),
]
PRINT = re.compile(r"(?<![.\w])print\(")
UNSAFE = re.compile(r"\bunsafe\b")
POSTPONED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
CITATION = re.compile(r"\bFORMAT(?:\.md)?,?\s+(?:/{2,3}\s*)?sections?\s+(\d[\d.]*(?:(?:\s*,\s*|\s+and\s+)\d[\d.]*)*)")
MACHINE_PATH = re.compile(r"(?<![\w.}~-])/(?:work/|root/|tmp/h)")


class Tree:
    """The files of the project, without what is built, downloaded or recorded beside them."""

    def __init__(self, root):
        self.root = Path(root)
        self.paths = sorted(self._walk())
        self._texts = {}

    def _walk(self):
        for folder, subfolders, names in os.walk(self.root):
            subfolders[:] = [name for name in subfolders if not self._is_left_out(name)]
            for name in names:
                yield (Path(folder) / name).relative_to(self.root).as_posix()

    @staticmethod
    def _is_left_out(name):
        return name in {".git", ".build", ".venv", ".swiftpm", "__pycache__"} or name.startswith(".build-")

    def below(self, *folders, suffix=""):
        return [p for p in self.paths if p.startswith(tuple(f + "/" for f in folders)) and p.endswith(suffix)]

    def text(self, path):
        """The text of a file, or None when it is not text."""
        if path not in self._texts:
            try:
                data = (self.root / path).read_bytes()
                self._texts[path] = None if b"\0" in data else data.decode()
            except (UnicodeDecodeError, FileNotFoundError):
                self._texts[path] = None
        return self._texts[path]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def manifest_table(manifest):
    """Target name to the modules it may import, from what `swift package dump-package` prints."""
    table = {}
    for target in manifest["targets"]:
        names = [next(iter(dependency.values()))[0] for dependency in target["dependencies"]]
        table[target["name"]] = set(names)
    return table


def check_imports(tree, table):
    for path in tree.below("Sources", "Tests", suffix=".swift"):
        top, module = path.split("/")[:2]
        if module not in table:
            yield path, 1, "imports", f"no target {module} in Package.swift: add it, or move the file"
            continue
        allowed = table[module] | (SYSTEM_MODULES if top == "Sources" else TEST_MODULES)
        code, _ = code_and_comments(tree.text(path) or "")
        for match in IMPORT.finditer(code):
            advice = import_advice(path, top, module, match.group(1), allowed)
            if advice:
                yield path, line_of(code, match.start(1)), "imports", advice


def import_advice(path, top, module, imported, allowed):
    """Why `module` may not import `imported`, or None."""
    if top == "Tests":
        return None if imported in allowed else f"{module} does not depend on {imported} in Package.swift"
    if imported == "Foundation":
        return "no Foundation in Sources: it costs start-up time; write the few lines, or use Glibc"
    if imported == "FoundationEssentials":
        return None if path in FOUNDATION_ESSENTIALS_FILES else (
            "FoundationEssentials is for " + " and ".join(sorted(FOUNDATION_ESSENTIALS_FILES)) + " alone")
    if imported in RESERVED_MODULES and module not in RESERVED_MODULES[imported]:
        return f"{imported} is for {' and '.join(sorted(RESERVED_MODULES[imported]))} alone: go through that module"
    return None if imported in allowed else f"{module} does not depend on {imported} in Package.swift"


def check_swift(tree):
    for path in tree.below("Sources", suffix=".swift"):
        module = path.split("/")[1]
        code, comments = code_and_comments(tree.text(path) or "")
        for pattern, advice in BANNED_CALLS:
            for match in pattern.finditer(code):
                yield path, line_of(code, match.start()), "banned call", f"{match.group()}: {advice}"
        if module != "evidence":
            for match in PRINT.finditer(code):
                yield path, line_of(code, match.start()), "banned call", "print(: only the command line prints"
        if module not in UNSAFE_MODULES:
            for match in UNSAFE.finditer(code):
                yield (path, line_of(code, match.start()), "unsafe",
                       "only " + ", ".join(sorted(UNSAFE_MODULES)) + " may: call what they offer")
        for match in POSTPONED.finditer(comments):
            yield path, line_of(comments, match.start()), "postponed work", f"{match.group()}: do it, or open an issue"


def check_sizes(tree):
    for suffix in (".swift", ".c", ".h"):
        for path in tree.below("Sources", "Tests", suffix=suffix):
            lines = (tree.text(path) or "").splitlines()
            if len(lines) > MAXIMUM_LINES:
                yield (path, MAXIMUM_LINES + 1, "file length",
                       f"{len(lines)} lines, at most {MAXIMUM_LINES}: split it by ideas")
            for number, line in enumerate(lines, 1):
                if len(line) > MAXIMUM_COLUMNS:
                    yield path, number, "line length", f"{len(line)} columns, at most {MAXIMUM_COLUMNS}: break the line"


def check_citations(tree):
    format_path = "Vault/FORMAT.md"
    text = tree.text(format_path) if format_path in tree.paths else None
    if text is None:
        yield format_path, 1, "citation", "the file is missing: sources cite its sections"
        return
    sections = {number.rstrip(".") for number in re.findall(r"^#{2,6} (\d[\d.]*)", text, re.MULTILINE)}
    sections &= set(re.findall(r"^## (\d+)\.", text, re.MULTILINE)) | {s for s in sections if "." in s}
    for path in tree.below("Sources"):
        source = tree.text(path) or ""
        for match in CITATION.finditer(source):
            for number in re.findall(r"\d+(?:\.\d+)*", match.group(1)):
                if number not in sections:
                    yield (path, line_of(source, match.start()), "citation",
                           f"{format_path} has no heading for section {number}: correct the number, or write it")


FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
LINK = re.compile(
    r"\]\(\s*(?:<(?P<angle>[^>\n]*)>|(?P<plain>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+[\"'(][^\n]*?)?\)"
    r"|^ {0,3}\[[^\]\n]+\]:\s*(?:<(?P<angle2>[^>\n]*)>|(?P<plain2>\S+))",
    re.MULTILINE,
)


def prose(text):
    """Markdown with code blanked: what stands in code is no link."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return CODE_SPAN.sub(blank, FENCE.sub(blank, text))


def anchors(text):
    """The fragments that the headings of a Markdown file answer to, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", FENCE.sub("", text), re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        count = 0
        while (name := slug + (f"-{count}" if count else "")) in found:
            count += 1
        found.add(name)
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def check_links(tree):
    for path in tree.paths:
        if not path.endswith(".md"):
            continue
        text = prose(tree.text(path) or "")
        for match in LINK.finditer(text):
            target = next((group for group in match.groups() if group is not None), "")
            advice = link_advice(tree, path, target)
            if advice:
                yield path, line_of(text, match.start()), "link", advice


def link_advice(tree, path, target):
    """Why a link from the Markdown file at `path` leads nowhere, or None."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target):
        return None
    place, _, fragment = unquote(target).partition("#")
    if place.startswith("/"):
        return f"{target}: write it relative to this file"
    there = os.path.normpath(os.path.join(os.path.dirname(path), place)) if place else path
    if there.startswith("..") or not (tree.root / there).exists():
        return f"{target}: there is no such file"
    if fragment and there.endswith(".md") and fragment not in anchors(tree.text(there) or ""):
        return f"{target}: {there} has no such heading"
    return None


def check_machine_paths(tree):
    for path in tree.paths:
        text = tree.text(path) or ""
        for match in MACHINE_PATH.finditer(text):
            yield path, line_of(text, match.start()), "machine path", "a path of one machine: make it relative"


def check_scripts(tree):
    for path in tree.below("tools", ".ci"):
        text = tree.text(path) or ""
        runs = os.access(tree.root / path, os.X_OK)
        if text.startswith("#!") and not runs:
            yield path, 1, "script", f"not executable: chmod +x {path}"
        elif runs and not text.startswith("#!"):
            yield path, 1, "script", f"executable, yet without a #! line: add one, or chmod -x {path}"


def check_schemas(tree):
    for path in tree.below("Vault/schema", suffix=".json"):
        try:
            json.loads(tree.text(path) or "", object_pairs_hook=without_duplicates)
        except json.JSONDecodeError as error:
            yield path, error.lineno, "schema", f"not valid JSON: {error.msg}"
        except ValueError as error:
            yield path, 1, "schema", f"not valid JSON: {error}"


def without_duplicates(pairs):
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the name {name!r} appears twice in one object")
    return dict(pairs)


def violations(root, manifest):
    """Every violation in the tree, as (path, line, rule, what to do)."""
    tree = Tree(root)
    found = list(check_imports(tree, manifest_table(manifest)))
    for check in (check_swift, check_sizes, check_citations, check_links, check_machine_paths, check_scripts,
                  check_schemas, check_phrases):
        found += check(tree)
    return sorted(set(found))


def main():
    parser = argparse.ArgumentParser(description="Checks the house rules of this repository.")
    parser.add_argument("--self-test", action="store_true", help="plant one violation of each rule and find them all")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2], help="the tree to check")
    arguments = parser.parse_args()
    if arguments.self_test:
        from house_rules_self_test import self_test
        return self_test()
    found = violations(arguments.root, json.load(sys.stdin))
    for path, line, rule, advice in found:
        print(f"{path}:{line}: {rule}: {advice}")
    if found:
        print(f"{len(found)} violation{'s' if len(found) > 1 else ''} of the house rules", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
