"""What the scripts share that write the case of a published event from tables and assumptions.toml (Python 3.11, nothing else)."""
import argparse
import csv
import pathlib
import sys
import tomllib


def toml(value):
    """A value as TOML writes it, in ten digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return f"{value:.10g}"


def _inside(entry):
    """The value of an assumption, or the group that an entry is."""
    return entry["value"] if "value" in entry else entry


class CaseWriter:
    """Tables and assumptions of a folder, and the lines of the file that is being written.

    --check writes nothing and fails when a file is another. --set NAME=VALUE (may be repeated) takes another value of an assumption, or of a
    key of its value, by dotted names; --output FOLDER writes there."""

    def __init__(self, folder, more_arguments=lambda parser: None):
        self.folder = folder
        parser = argparse.ArgumentParser()
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--set", action="append", default=[])
        parser.add_argument("--output", type=pathlib.Path, default=folder)
        more_arguments(parser)
        self.arguments = parser.parse_args()
        self.assumptions = tomllib.loads((folder / "assumptions.toml").read_text())
        for change in self.arguments.set:
            name, value = change.split("=", 1)
            self._take(name, tomllib.loads(f"value = {value}")["value"])
        self.lines = []

    def _take(self, name, value):
        *path, last = name.split(".")
        holder = self.assumptions
        try:
            for word in path:
                holder = _inside(holder)[word]
            holder = _inside(holder)
            whole = isinstance(holder[last], dict) and "value" in holder[last]
        except (KeyError, TypeError):
            sys.exit(f"assumptions.toml has no {name}")
        if whole:
            holder = holder[last]
            last = "value"
        holder[last] = value

    def assumed(self, name):
        holder = self.assumptions
        for word in name.split("."):
            holder = holder[word]
        return holder["value"]

    def table(self, name):
        """Rows of a CSV file of the folder, or of that at a path."""
        with open(self.folder / name, newline="") as file:
            return list(csv.DictReader(file))

    def write(self, header, **keys):
        self.lines.append(f"\n[[{header}]]")
        self.lines.extend(f"{key} = {toml(value)}" for key, value in keys.items())

    def comment(self, text):
        self.lines.append(f"\n# ---- {text}")

    def text(self):
        """What was written; the next file begins."""
        text = "\n".join(self.lines) + "\n"
        self.lines.clear()
        return text

    def save(self, texts):
        """Writes files by name, or compares them."""
        for name, text in texts.items():
            if not self.arguments.check:
                (self.arguments.output / name).write_text(text)
            elif (self.folder / name).read_text() != text:
                sys.exit(f"{name} is not what make_case.py writes: run python3 {self.folder / 'make_case.py'}")
