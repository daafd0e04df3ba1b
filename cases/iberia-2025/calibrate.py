"""Steps of the calibration, in their order; each prints what it measures beside what was published. Needs numpy and h5py for what runs.

--start   solves the start by inversion (make_case.py --start) and writes start.csv: voltages of the units, shunts that hold the profile
"""
import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).parent

parser = argparse.ArgumentParser()
parser.add_argument("--ballast", default="ballast")
parser.add_argument("--set", action="append", default=[])
parser.add_argument("--output", type=pathlib.Path, default=HERE)
parser.add_argument("--start", action="store_true")
arguments = parser.parse_args()
settings = [word for change in arguments.set for word in ("--set", change)]


def solve(path):
    text = subprocess.run([arguments.ballast, "powerflow", str(path), "--csv"], check=True, capture_output=True, text=True).stdout
    return {int(row["bus"]): row for row in csv.DictReader(text.splitlines())}


def start():
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([sys.executable, str(HERE / "make_case.py"), "--start", "--output", work] + settings, check=True)
        path = pathlib.Path(work) / "start.toml"
        solution = solve(path)
        units = tomllib.loads(path.read_text())["generator"]
    held = {u["bus"] for u in units if u.get("id") == "V"}
    with open(arguments.output / "start.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["bus", "V_pu", "shunt_Mvar"])
        for bus in sorted({u["bus"] for u in units} | held):
            row = solution[bus]
            V = float(row["V_pu"])
            table.writerow([bus, row["V_pu"], f"{float(row['generation_Mvar']) / V**2:.6f}" if bus in held else ""])


if arguments.start:
    start()
