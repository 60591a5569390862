"""Prints what the report of llvm-cov says of each module."""
import json
import sys
from collections import defaultdict
from pathlib import Path

LEAST = 90  # percent
LEFT_OUT = {"evidence"}  # runs as a program of its own


def main():
    report, repository = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    sources = repository / "Sources"
    modules, files = defaultdict(lambda: defaultdict(lambda: [0, 0])), []
    for file in json.loads(report.read_text())["data"][0]["files"]:
        path = Path(file["filename"])
        if not path.is_relative_to(sources) or (module := path.relative_to(sources).parts[0]) in LEFT_OUT:
            continue
        for kind in ["lines", "regions"]:
            summary = file["summary"][kind]
            modules[module][kind][0] += summary["covered"]
            modules[module][kind][1] += summary["count"]
        files.append((file["summary"]["regions"]["percent"], str(path.relative_to(repository))))
    failed = 0
    for module, kinds in sorted(modules.items()):
        percents = {kind: 100 * covered / max(count, 1) for kind, (covered, count) in kinds.items()}
        is_good = all(percent >= LEAST for percent in percents.values())
        failed += not is_good
        print(f"{'ok   ' if is_good else 'FAIL '} {module:20} lines {percents['lines']:5.1f} %  "
              f"regions {percents['regions']:5.1f} %")
    print("the files of which least ran, by regions:")
    for percent, path in sorted(files)[:15]:
        print(f"  {percent:5.1f} %  {path}")
    print(f"{len(modules) - failed} passed, {failed} failed")
    return 1 if failed or not modules else 0


if __name__ == "__main__":
    sys.exit(main())
