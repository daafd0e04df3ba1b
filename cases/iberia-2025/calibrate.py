"""Steps of the calibration, in their order; each prints what it measures beside what was published. Needs numpy and h5py for what runs.

--start   solves the start by inversion (make_case.py --start) and writes start.csv: voltages of the units, shunts that hold the profile
"""
import argparse
import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import h5py

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


def write_start(rows):
    with open(arguments.output / "start.csv", "w", newline="") as file:
        table = csv.DictWriter(file, ["bus", "V_pu", "shunt_Mvar", "Efd_pu"], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def start():
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        make = [sys.executable, str(HERE / "make_case.py"), "--output", str(work)] + settings
        subprocess.run(make + ["--start"], check=True)
        solution = solve(work / "start.toml")
        units = tomllib.loads((work / "start.toml").read_text())["generator"]
        held = {u["bus"] for u in units if u.get("id") == "V"}
        rows = []
        for bus in sorted({u["bus"] for u in units}):
            V, Q = float(solution[bus]["V_pu"]), float(solution[bus]["generation_Mvar"])
            rows.append({"bus": bus, "V_pu": solution[bus]["V_pu"], "shunt_Mvar": f"{Q / V**2:.6f}" if bus in held else "", "Efd_pu": ""})
        write_start(rows)
        # the field voltages of these machines at rest
        subprocess.run(make + ["--start-table", str(arguments.output / "start.csv")], check=True)
        text = (work / "case.toml").read_text()
        text = text.replace('record = ["frequency"', 'record = ["machine.field_voltage", "frequency"')
        (work / "case.toml").write_text(re.sub(r"until_s = \S+", "until_s = 0.1", text))
        subprocess.run([arguments.ballast, "run", str(work), "-o", str(work / "out"), "--quiet"], check=True, capture_output=True)
        with h5py.File(work / "out/record.h5") as file:
            quantity = file["quantity/machine.field_voltage"]
            names = file["elements/" + quantity.attrs["elements"].decode()][:]
            fields = {int(name.decode().split("-")[0]): field for name, field in zip(names, quantity[0])}
        for row in rows:
            row["Efd_pu"] = f"{fields[row['bus']]:.9f}" if row["bus"] in fields else ""
        write_start(rows)


if arguments.start:
    start()
