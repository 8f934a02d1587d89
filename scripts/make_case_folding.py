#!/usr/bin/env python3
"""Writes app/feed/case_folding_table.h from Unicode's CaseFolding.txt.

The table has the simple foldings (status C and S) of all characters but ASCII's, as runs: characters from `first` to
`last` in steps of `step`, each of which folds to the one that lies `distance` behind it. Debian's package unicode-data
has the file; who builds Steadyframe needs neither it nor this script. With --check nothing is written, and the exit
status is 1 when the table is not the one of the file; a file of another version of Unicode is not compared.
"""

import argparse
import re
import sys
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "app/feed/case_folding_table.h"
SOURCES = [Path("/usr/share/unicode/CaseFolding.txt"), Path("/usr/share/unicode/ucd/CaseFolding.txt")]
LINE = re.compile(r"^([0-9A-F]+); [CS]; ([0-9A-F]+);")
HEAD = """#pragma once

// Made by scripts/make_case_folding.py from {source}, not by hand.
// Copyright of the data: Unicode, Inc., under the Unicode License.

#include <array>
#include <cstdint>

namespace steadyframe::feed {{

/// Characters that lie `step` apart and fold to those `distance` behind them.
struct FoldingRun {{
    char32_t first;
    char32_t last;
    std::uint8_t step;
    std::int32_t distance;
}};

/// Unicode's simple foldings of all but ASCII, sorted; no two runs overlap.
inline constexpr std::array<FoldingRun, {count}> foldingRuns{{{{
    // clang-format off
"""
TAIL = """    // clang-format on
}};

} // namespace steadyframe::feed
"""


def foldings(text):
    """Pairs of a character beyond ASCII and what it folds to, in the order of the characters."""
    found = (LINE.match(line) for line in text.splitlines())
    pairs = sorted((int(match[1], 16), int(match[2], 16)) for match in found if match)
    return [pair for pair in pairs if pair[0] >= 0x80]


def runs(pairs):
    """The pairs as [first, last, step, distance]; a letter in between that does not fold makes a step of 2."""
    result = []
    for code, folded in pairs:
        distance = folded - code
        if result:
            first, last, step, before = result[-1]
            gap = code - last
            if distance == before and gap <= 2 and (first == last or gap == step):
                result[-1] = [first, code, gap, distance]
                continue
        result.append([code, code, 1, distance])
    return result


def version(text):
    return text.split("\n", 1)[0].removeprefix("# ")


def table(text):
    rows = [f"{{0x{a:05X}, 0x{b:05X}, {step}, {d}}}," for a, b, step, d in runs(foldings(text))]
    lines = []
    for row in rows:
        if lines and len(lines[-1]) + 1 + len(row) <= 120:
            lines[-1] += " " + row
        else:
            lines.append("    " + row)
    return HEAD.format(source=version(text), count=len(rows)) + "\n".join(lines) + "\n" + TAIL


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("source", nargs="?", type=Path, help="CaseFolding.txt, if it lies elsewhere than packages put it")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    arguments = parser.parse_args()
    source = arguments.source or next(filter(Path.is_file, SOURCES), SOURCES[0])
    text = source.read_text(encoding="utf-8")
    made = table(text)
    if not arguments.check:
        TABLE.write_text(made, encoding="utf-8")
        return 0
    written = TABLE.read_text(encoding="utf-8")
    if version(text) not in written:
        print(f"{source} is of another version than {TABLE.name}: not compared")
    elif written != made:
        print(f"{TABLE} differs from what {source} gives: run scripts/make_case_folding.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
