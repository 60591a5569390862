"""Prints what the report of llvm-cov says of each module, and of each file that reads what strangers made."""
import json
import sys
from collections import defaultdict
from pathlib import Path

LEAST = 90  # percent of each module
LEAST_OF_PARSERS = 95
PARSERS = Path(__file__).parent / "parsers.txt"


def parsers():
    """The files of the list, and how much of each is enough: `path # what it reads`, or `path 91.5 # why`."""
    for line in PARSERS.read_text().splitlines():
        if line and not line.startswith("#"):
            words, _, reason = line.partition(" # ")
            path, *least = words.split()
            if not reason or len(least) > 1:
                sys.exit(f"error: {PARSERS.name} says no reason: {line}")
            yield path, float(least[0]) if least else LEAST_OF_PARSERS


def regions(report):
    """Of each file how often each region ran, whatever function of it, but for those that nothing can reach: what is
    said when the program itself is wrong (`precondition`), and the closure that stands for `...` in `bytes[...]`."""
    counts = defaultdict(lambda: defaultdict(int))
    for function in report["functions"]:
        for *place, count, _, _, kind in function["regions"]:
            if kind == 0:
                counts[function["filenames"][0]][tuple(place)] += count
    for name, places in counts.items():
        lines = Path(name).read_text().splitlines()
        yield Path(name), {place: count for place, count in places.items() if not is_unreachable(lines, *place)}


def is_unreachable(lines, first, start, last, end):
    piece = "\n".join(lines[first - 1:last])[start - 1:]
    piece = piece[:len(piece) - len(lines[last - 1]) + end - 1].strip("{} \n")
    is_message = piece.startswith('"') and "precondition" in "".join(lines[max(first - 3, 0):first])
    return piece == "..." or piece.startswith("preconditionFailure(") or is_message


def main():
    report, repository = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    report = json.loads(report.read_text())["data"][0]
    sources = repository / "Sources"
    modules, files = defaultdict(lambda: defaultdict(lambda: [0, 0])), {}

    def count(path, kind, covered, all_of_it):
        of_module = modules[path.relative_to(sources).parts[0]][kind]
        of_module[0], of_module[1] = of_module[0] + covered, of_module[1] + all_of_it

    for file in report["files"]:
        if (path := Path(file["filename"])).is_relative_to(sources):
            count(path, "lines", file["summary"]["lines"]["covered"], file["summary"]["lines"]["count"])
    for path, places in regions(report):
        if path.is_relative_to(sources) and places:
            covered = sum(times > 0 for times in places.values())
            count(path, "regions", covered, len(places))
            files[str(path.relative_to(repository))] = 100 * covered / len(places)
    passed, failed = tell_modules(modules)
    print("the files of which least ran, by regions:")
    for percent, path in sorted((percent, path) for path, percent in files.items())[:15]:
        print(f"  {percent:5.1f} %  {path}")
    listed = dict(parsers())
    low = {path: files.get(path, 0) for path, least in listed.items() if files.get(path, 0) < least}
    print(f"files that read what strangers made, of {len(listed)} below {LEAST_OF_PARSERS} % of regions, or what is "
          f"listed: {len(low)}")
    for path, percent in sorted(low.items(), key=lambda item: item[1]):
        print(f"FAIL  {percent:5.1f} %  {path}")
    for path, least in listed.items():
        if least < LEAST_OF_PARSERS <= files.get(path, 0):
            print(f"note: {path} has {files[path]:.1f} % and needs no figure of its own any more")
    print(f"{passed + len(listed) - len(low)} passed, {failed + len(low)} failed")
    return 1 if failed or low or not modules else 0


def tell_modules(modules):
    failed = 0
    for module, kinds in sorted(modules.items()):
        percents = {kind: 100 * covered / max(count, 1) for kind, (covered, count) in kinds.items()}
        is_good = all(percent >= LEAST for percent in percents.values())
        failed += not is_good
        print(f"{'ok   ' if is_good else 'FAIL '} {module:20} lines {percents['lines']:5.1f} %  "
              f"regions {percents['regions']:5.1f} %")
    return len(modules) - failed, failed


if __name__ == "__main__":
    sys.exit(main())
