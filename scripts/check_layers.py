#!/usr/bin/env python3
"""Checks the arrows between the rooms: app -> ui, app -> isolate_core/qt -> isolate_core.

Reads the #include lines of every source, and the import lines of the jank monitor's QML.
Prints file:line and the rule that is broken; exits with 1 if there is any.
"""

import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
IMPORT = re.compile(r'^\s*import\s+([A-Za-z][\w.]*)')
SOURCES = {".h", ".cpp"}

APP_ROOMS = {path.name for path in (ROOT / "app").iterdir() if path.is_dir()}
UI_ROOMS = {path.name for path in (ROOT / "ui").iterdir() if path.is_dir()}

QT = re.compile(r"^(Q[A-Z]\w*|Qt\w*/.*|Qt[A-Z]\w*|q[a-z]+\.h)$")
QT_PIXELS = re.compile(r"^(QQml|QQuick|QJS|QtQml|QtQuick|QtWidgets|QWidget|QApplication)")
# Rooms of app whose code is std alone.
ROOMS_WITHOUT_QT = {"receiver", "upload", "library", "feed", "pipeline", "command_line"}


def room_of(path):
    """The layer and the room of a file: ("app", "upload"), ("isolate_core", "qt"), ("tests", "app")."""
    parts = path.relative_to(ROOT).parts
    return parts[0], parts[1] if len(parts) > 2 else ""


def target_of(header):
    """The layer and the room that an #include names, or None for a system header or a neighbour."""
    first, _, rest = header.partition("/")
    if first == "isolate_core":
        return "isolate_core", "qt" if rest.startswith("qt/") else ""
    if rest and first in APP_ROOMS:
        return "app", first
    if rest and first in UI_ROOMS:
        return "ui", first
    return None


def broken_rule(path, header, quoted):
    """The rule that this #include breaks, or None."""
    layer, room = room_of(path)
    target = target_of(header)
    is_qt = not quoted and QT.match(header)

    if ".." in Path(header).parts:
        return "an include names its target from the room's root, not by '..'"
    if layer == "isolate_core" and room != "qt":
        if is_qt or target == ("isolate_core", "qt"):
            return "isolate_core knows no Qt"
    if layer == "isolate_core" and target and target[0] in ("app", "ui"):
        return "isolate_core knows neither app nor ui"
    if layer == "examples" and target and target[0] in ("app", "ui"):
        return "the examples stand on isolate_core alone"
    if layer == "ui" and target and target[0] == "isolate_core":
        return "ui knows nothing of isolates"
    if layer == "ui" and target and target[0] == "app":
        return "ui knows nothing of app"
    if layer == "ui" and room == "jank_monitor" and target and target[1] != "jank_monitor":
        return "the jank monitor stands alone, so that other programs can import it"
    if layer == "app" and room not in ("composition", ""):
        for reached in reached_qt(path, header, quoted):
            if QT_PIXELS.match(reached):
                return f"a worker's room has no QML and no widgets ({reached})"
            if room in ROOMS_WITHOUT_QT:
                return f"app/{room} uses std alone ({reached})"
    return private_header(path, header, quoted)


@cache
def includes(path):
    """The lines of a file that include something, as (number, header, quoted)."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            found.append((number, match[2], match[1] == '"'))
    return tuple(found)


def reached_qt(path, header, quoted):
    """The Qt headers that an #include in `path` brings in, by way of the project's own headers too."""
    found = set()
    seen = set()
    waiting = [(path, header, quoted)]
    while waiting:
        origin, name, is_quoted = waiting.pop()
        if not is_quoted:
            if QT.match(name):
                found.add(name)
            continue
        for folder in (origin.parent, ROOT / "app", ROOT / "ui"):
            file = (folder / name).resolve()
            if file.is_file() and file not in seen:
                seen.add(file)
                waiting += [(file, *entry[1:]) for entry in includes(file)]
                break
    return sorted(found)


def private_header(path, header, quoted):
    """The rule broken by reaching into another room's private header, or None."""
    layer, room = room_of(path)
    if header.endswith("_p.h"):
        target = target_of(header)
        mirrored = path.relative_to(ROOT).parts[1:3] if layer == "tests" else (layer, room)
        if target and target != mirrored:
            return "a header named _p.h belongs to its room and that room's tests"
    own = layer == "isolate_core" or (layer, room) == ("tests", "isolate_core")
    if "/detail/" in header and header.startswith("isolate_core/") and not own:
        return "isolate_core/detail belongs to isolate_core and its tests"
    if quoted and (ROOT / "isolate_core/src" / header).is_file() and layer != "isolate_core":
        if not (path.parent / header).is_file() and target_of(header) is None:
            return "isolate_core/src is private"
    return None


def check_source(path):
    findings = []
    for number, header, quoted in includes(path):
        rule = broken_rule(path, header, quoted)
        if rule:
            findings.append(f"{path.relative_to(ROOT)}:{number}: {header}: {rule}")
    return findings


def check_qml(path):
    findings = []
    layer, room = room_of(path)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = IMPORT.match(line)
        if match and (layer, room) == ("ui", "jank_monitor") and match[1].startswith("Steadyframe"):
            findings.append(f"{path.relative_to(ROOT)}:{number}: {match[1]}: the jank monitor stands alone")
    return findings


def main():
    findings = []
    seen = 0
    for layer in ("isolate_core", "ui", "app", "tests", "examples"):
        for path in sorted((ROOT / layer).rglob("*")):
            if path.suffix in SOURCES:
                findings += check_source(path)
                seen += 1
            elif path.suffix == ".qml":
                findings += check_qml(path)
                seen += 1
    print("\n".join(findings) if findings else f"{seen} files keep to the layers")
    return 1 if findings or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
