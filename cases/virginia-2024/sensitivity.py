"""Which verdicts hang on which assumption: every value of assumptions.toml at both ends of its range, one at a time.

    python3 sensitivity.py PROGRAM > sensitivity.md        (PROGRAM: the built `ballast`; six minutes of processor time)
    python3 sensitivity.py PROGRAM ups.dip_merge_s         (some assumptions only)

Numbers go through their `range`; of distributions and tables the ends are listed below. Every variant makes the case anew with
make_case.py --set and runs half an hour of it; figures of the run 'event' are taken of that run too."""
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
EVENT = HERE.parent.parent / "validation" / "virginia-2024"
FIGURES = ["VA-1", "VA-3", "VA-4", "VA-5", "VA-6", "VA-8", "VA-9", "VA-10", "VA-12", "VA-13"]
ENDS = {  # of what is no number
    "governor": ["{ Kpgov = 5, Kigov = 1, Tact = 0.5, Tb = 0.5, Tc = 0 }", "{ Kpgov = 15, Kigov = 4, Tact = 0.5, Tb = 0.5, Tc = 0 }"],
    "line_230": ["{ X_ohm_per_km = 0.30, R_ohm_per_km = 0.036, B_uS_per_km = 4.5 }", "{ X_ohm_per_km = 0.50, R_ohm_per_km = 0.036, B_uS_per_km = 4.5 }"],
    "transformer_500_230": ["{ MVA = 840, X_pct = 10, R_pct = 0.25, ratio = 1.0 }", "{ MVA = 840, X_pct = 15, R_pct = 0.25, ratio = 1.0 }"],
    "fault_impedance_ohm": ["{ R = 0.0, X = 0.0 }", "{ R = 3.0, X = 0.0 }"],
    "static_load": ["{ impedance = 0.6, current = 0.4, power = 0 }", "{ impedance = 0.2, current = 0.2, power = 0.6 }"],
    "ups.direct": ['{ kind = "choice", values = [0, 1, 2], weights = [90, 5, 5] }', '{ kind = "choice", values = [0, 1, 2], weights = [50, 30, 20] }'],
    "ups.dips_to_lock": ['{ kind = "choice", values = [0, 1, 2, 3], weights = [20, 10, 10, 60] }', '{ kind = "choice", values = [0, 1, 2, 3], weights = [3, 1, 1, 95] }'],
    "ups.dip_merge_s": ['{ kind = "choice", values = [0] }', '{ kind = "choice", values = [1] }'],
    "ups.qualify_s": ['{ kind = "choice", values = [0.05] }', '{ kind = "choice", values = [10] }'],
    "ups.walk_in_ramp_s": ['{ kind = "choice", values = [1] }', '{ kind = "choice", values = [15] }'],
    "ups.walk_in_delay_s": ['{ kind = "choice", values = [3] }'],
    "ups.returns_limit": ['{ kind = "choice", values = [0] }', '{ kind = "choice", values = [3] }'],
    "ups.V_low_transfer": ['{ kind = "choice", values = [0.7] }', '{ kind = "choice", values = [0.9] }'],
}
SEEDS = {"seed", "substation_seed", "sites", "frequency_before_Hz"}  # the first by --seeds; the baseline shifts VA-9 one to one


def variants():
    yield "as committed", None
    for name, entry in tomllib.loads((HERE / "assumptions.toml").read_text()).items():
        for key, e in ({name: entry} if "value" in entry else {f"{name}.{k}": v for k, v in entry.items()}).items():
            ends = ENDS.get(key, [])
            if isinstance(e["value"], (int, float)) and isinstance(e["range"], list) and key not in SEEDS:
                ends = [str(end) for end in e["range"] if end != e["value"]]
            for end in ends:
                yield key, end


def run(variant):
    name, value = variant
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        change = [] if value is None else ["--set", f"{name}={value}"]
        subprocess.run([sys.executable, HERE / "make_case.py", "--output", folder, *change], check=True)
        event = folder / "event"
        event.mkdir()
        for file in ("expected.csv", "status.csv"):
            (event / file).write_text((EVENT / file).read_text())
        parts = re.split(r"(?m)^(?=\[\[|\[seeds|\[drawn|# ----)", (EVENT / "event.toml").read_text())
        kept = [p for p in parts if not p.startswith("[[run]]") or 'name = "half-hour"' in p]
        kept = [p.replace('run = "event"', 'run = "half-hour"') for p in kept]
        kept = [p for p in kept if not p.startswith("[[metric]]") or any(w in p for w in ('run = "half-hour"', '"input"', '"ratio"')) and "VA-15" not in p]
        kept = [p for p in kept if not p.startswith("[seeds]")]
        text = "".join(kept).replace("../../cases/virginia-2024/", "../")
        if name == "ups.dip_merge_s":  # there is one kind of site only
            text = re.sub(r"(, )?dip_merge_s = [01]", "", text)
        (folder / "assumptions.toml").write_text((HERE / "assumptions.toml").read_text())
        (event / "event.toml").write_text(text + '\n[[metric]]\nid = "VA-16"\nrun = "half-hour"\ntake = "elements"\nof = "frequency"\naccept = [[1, 1]]\n')
        done = subprocess.run([sys.argv[1], "validate", str(event), "--json", "--quiet", "-o", str(folder / "out")], capture_output=True, text=True)
        try:
            rows = {row["id"]: row for row in json.loads(done.stdout)["rows"]}
        except json.JSONDecodeError:
            return name, value, None, done.stderr.strip().splitlines()[-1]
        return name, value, rows, ""


def figure(row):
    value = row["values"][-1 if row["id"] == "VA-13" else 0]
    return ("-" if value is None else f"{value:.6g}") + (" **miss**" if row["verdict"] == "MISS" else "")


print("| assumption | value | " + " | ".join(FIGURES) + " |")
print("|" + "---|" * (len(FIGURES) + 2))
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    chosen = [v for v in variants() if not sys.argv[2:] or v[0] in sys.argv[2:]]
    for name, value, rows, error in pool.map(run, chosen):
        cells = [figure(rows[f]) for f in FIGURES] if rows else [error]
        print(f"| {name} | {'' if value is None else value.replace('|', '/')} | " + " | ".join(cells) + " |", flush=True)
