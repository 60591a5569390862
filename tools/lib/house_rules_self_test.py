"""A tree with one violation of each rule, and one without any: the rules must find all of the first, none of the other.

Run by `tools/lib/house_rules.py --self-test`.
"""
import tempfile
from pathlib import Path

import house_rules

MANIFEST = {
    "targets": [
        {"name": "Primitives", "dependencies": [{"byName": ["CSodium", None]}]},
        {"name": "Tar", "dependencies": [{"byName": ["Streams", None]}]},
        {"name": "Reckless", "dependencies": [{"byName": ["CSodium", None]}, {"byName": ["CSystem", None]}]},
        {"name": "EvidenceVault", "dependencies": [{"byName": ["Tar", None]}]},
        {"name": "evidence", "dependencies": [
            {"byName": ["CSystem", None]}, {"product": ["ArgumentParser", "swift-argument-parser", None, None]}]},
        {"name": "TarTests", "dependencies": [{"byName": ["Tar", None]}]},
    ]
}

SOUND = {
    "Sources/Primitives/XWing.swift": "internal import CSodium\ninternal import FoundationEssentials\nlet a = unsafe b\n",
    "Sources/EvidenceVault/Base/Timestamp.swift": "internal import FoundationEssentials\n",
    "Sources/Tar/Tar.swift": (
        "internal import Glibc\npublic import Streams\n\n"
        "/// Never `try!` here, nor fatalError(; unsafe it is not.\n/// Source: FORMAT sections 1, 2 and 2.1.\n"
        'let text = "try! as! print( unsafe TODO"\n'
        'let raw = #"a " quote, \\(unsafe) and "# + "x \\(name(of: "y)")) print( z"\n'
        'let long = """\n  import Foundation\n  try! \\(one) as!\n  """\n'
        "/* import Foundation /* nested */ try! */\n"
        "writer.print(text)\nfunc blueprint() { blueprint() }\n"),
    "Sources/evidence/main.swift": "import ArgumentParser\ninternal import CSystem\nprint(1)\nlet a = unsafe b\n",
    "Tests/TarTests/T.swift": "import Foundation\nimport Testing\n@testable import Tar\nlet a = try! b\n" + "//\n" * 396,
    "Sources/evidence/Phrases.swift": (
        'note("no item \\(number) in \\(say("the vault of \\(name)"))")\n'
        'let text = """\n    50 % of all \\\n    \\("x")\n    is sealed\n    """\n'
        'Message.raw("no phrase here"); json["of two words"] = .counted(n, one: "\\(n) seal", other: "\\(n) seals")\n'),
    **{
        f"Sources/Wording/Translations/terminal.{language}.json": (
            '{\n"no item %1 in %2": "%2 1 %1", "the vault of %1": "2 %1", "Who asks": "5", "say it": "6", "in time": "7",\n'
            '"50 %% of all %1\\nis sealed": "3 %1 %%", "%1 seals": ' + forms + "\n}\n")
        for language, forms in (("ru", '["4 %1", "4 %1", "4 %1"]'), ("tg", '["4 %1"]'))
    },
    "Sources/EvidenceReport/Templates/a.json": (
        '{"reminders": ["in time"], "sections": [{"heading": "Who asks", "answers": [{"missing": "say it"}]}]}\n'),
    "Vault/FORMAT.md": "# Format\n\n## 1. Words\n\n## 2. Layout\n\n### 2.1 Names\n",
    "Vault/schema/a.json": '{"a": 1}',
    "README.md": (
        "# Read me\n\n[a](Vault/FORMAT.md) [b](<Vault/FORMAT.md> \"title\") [c](Vault/FORMAT.md#2-layout) [d](#read-me)\n"
        "[e](https://example.org/work/x) `[f](nowhere.md)` [g](Vault)\n\n```\n[h](nowhere.md)\n```\n"),
    "tools/run": "#!/bin/bash\n",
    "tools/lib/sourced.sh": "# shellcheck shell=bash\n",
}
EXECUTABLE = {"tools/run", "tools/bare"}

# What is added to the sound tree, and the one line that must come of it. Paths of one machine are written in two
# pieces here, or this very file would break the rule.
PLANTED = [
    ("Sources/Tar/A.swift", "import Primitives\n", 1, "imports"),
    ("Sources/Tar/B.swift", "//\nimport Foundation\n", 2, "imports"),
    ("Sources/Tar/C.swift", "internal import FoundationEssentials\n", 1, "imports"),
    ("Sources/Tar/C2.swift", "@preconcurrency public import struct Somewhere.Thing\n", 1, "imports"),
    ("Sources/Reckless/A.swift", "internal import CSodium\n", 1, "imports"),
    ("Sources/Reckless/B.swift", "internal import CSystem\n", 1, "imports"),
    ("Sources/Nowhere/A.swift", "\n", 1, "imports"),
    ("Tests/TarTests/A.swift", "import Primitives\n", 1, "imports"),
    ("Sources/Tar/D.swift", "let a = try! b\n", 1, "banned call"),
    ("Sources/Tar/E.swift", "let a = b as! C\n", 1, "banned call"),
    ("Sources/Tar/F.swift", 'func f() {\n  fatalError("f")\n}\n', 2, "banned call"),
    ("Sources/Tar/G.swift", "print(1)\n", 1, "banned call"),
    ("Sources/Tar/G2.swift", 'let a = "x \\(try! b) y"\n', 1, "banned call"),
    ("Sources/Tar/H.swift", "let a = unsafe b\n", 1, "unsafe"),
    ("Sources/Tar/I.swift", "let a = 1  // TODO: more\n", 1, "postponed work"),
    ("Sources/Tar/J.swift", "// FIXME\n", 1, "postponed work"),
    ("Sources/Tar/K.swift", "/* XXX */\n", 1, "postponed work"),
    ("Sources/evidence/K.swift", "// HACK\n", 1, "postponed work"),
    ("Sources/Tar/L.swift", "//\n" * 401, 401, "file length"),
    ("Tests/TarTests/M.swift", "\n// " + "м" * 118 + "\n", 2, "line length"),
    ("Sources/Tar/N.swift", "/// Source: RFC 1;\n/// FORMAT section 3.\n", 2, "citation"),
    ("Sources/Tar/O.swift", "/// Source: FORMAT sections 1 and 2.7.\n", 1, "citation"),
    ("docs/a.md", "\n[a](../nowhere.md)\n", 2, "link"),
    ("docs/b.md", "[a]: ../nowhere.md\n", 1, "link"),
    ("docs/c.md", "[a](../Vault/FORMAT.md#9-nothing)\n", 1, "link"),
    ("docs/d.txt", "see /" "root/x\n", 1, "machine path"),
    ("docs/e.txt", "see `/" "work/x`\n", 1, "machine path"),
    ("tools/f", 'cd "/' 'tmp/h4"\n', 1, "machine path"),
    ("tools/g", "#!/bin/sh\n", 1, "script"),
    (".ci/h", "#!/bin/sh\n", 1, "script"),
    ("tools/bare", "echo\n", 1, "script"),
    ("Sources/evidence/Q.swift", '//\nnote("nobody translated \\(this)")\n', 2, "translation"),
    ("Sources/evidence/R.swift", 'begin("untranslated")\n', 1, "translation"),
    ("Sources/evidence/R2.swift", '@Flag(\n  help: "asks")\n', 2, "translation"),
    ("Sources/Wording/Translations/a.ru.json", '{\n"left over": "5"\n}\n', 2, "translation"),
    ("Sources/Wording/Translations/z.tg.json", '{\n"no item %1 in %2": "6 %1 %2"\n}\n', 2, "translation"),
    ("Sources/Wording/Translations/c.tg.json", '{"a"}\n', 1, "translation"),
    ("Sources/EvidenceReport/Templates/b.json", '{\n"reminders": ["in haste"]}\n', 2, "translation"),
    ("Vault/schema/b.json", '{\n"a": }\n', 2, "schema"),
    ("Vault/schema/c.json", '{"a": 1, "a": 2}\n', 1, "schema"),
]


def self_test():
    problems = compare("the sound tree", SOUND, [])
    planted = {path: text for path, text, _, _ in PLANTED}
    problems += compare("the planted tree", SOUND | planted, [(path, line, rule) for path, _, line, rule in PLANTED])
    without_format = {path: text for path, text in SOUND.items() if path not in ("Vault/FORMAT.md", "README.md")}
    problems += compare("the tree without FORMAT.md", without_format, [("Vault/FORMAT.md", 1, "citation")])
    list_of = "Sources/Wording/Translations/terminal.tg.json"
    for right, wrong in (("%2 1 %1", "1 %1"), ("%2 1 %1", "%2 1 %1 %3"), ('["4 %1"]', '["4 %1", "4 %1"]'), ('"5"', '""')):
        line = 3 if right.startswith("[") else 2
        broken = SOUND | {list_of: SOUND[list_of].replace(right, wrong)}
        problems += compare(f"the translation {wrong}", broken, [(list_of, line, "translation")])
    for problem in problems:
        print(f"house_rules.py --self-test: {problem}")
    return 1 if problems else 0


def compare(name, files, expected):
    """What the rules say of a tree of these files, against what they must say, as sentences."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            file = Path(root) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(0o755 if path in EXECUTABLE else 0o644)
        found = [violation[:3] for violation in house_rules.violations(root, MANIFEST)]
    missed = [f"{name}: not found: {one}" for one in expected if one not in found]
    invented = [f"{name}: found where nothing is wrong: {one}" for one in found if one not in expected]
    doubled = [f"{name}: found twice: {one}" for one in set(found) if found.count(one) > 1]
    return missed + invented + doubled
