"""Steps of the calibration, in their order; each prints what it measures beside what was published. Needs numpy and h5py for what runs.

--start    solves the start by inversion (make_case.py --start) and writes start.csv: voltages and fields of the units, shunts that hold the profile
--stood    writes stood.csv: the highest voltage of every plant behind a collector before 12:32:57.22, which none of them tripped at
--measure  runs the case until 24.5 s after the Granada trip and prints every figure that a value was fitted on beside what was published

Both take --set NAME=VALUE for another value of an assumption; --start then wants an --output folder of its own, --measure solves the start
again by itself.
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
import numpy as np

HERE = pathlib.Path(__file__).parent

parser = argparse.ArgumentParser()
parser.add_argument("--ballast", default="ballast")
parser.add_argument("--set", action="append", default=[])
parser.add_argument("--output", type=pathlib.Path, default=HERE)
parser.add_argument("--start", action="store_true")
parser.add_argument("--stood", action="store_true")
parser.add_argument("--measure", action="store_true")
arguments = parser.parse_args()
settings = [word for change in arguments.set for word in ("--set", change)]


def solve(path):
    text = subprocess.run([arguments.ballast, "powerflow", str(path), "--csv"], check=True, capture_output=True, text=True).stdout
    return {int(row["bus"]): row for row in csv.DictReader(text.splitlines())}


def write_start(output, rows):
    with open(output / "start.csv", "w", newline="") as file:
        table = csv.DictWriter(file, ["bus", "V_pu", "shunt_Mvar", "Efd_pu"], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def start(output):
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
        write_start(output, rows)
        # the field voltages of these machines at rest
        subprocess.run(make + ["--start-table", str(output / "start.csv")], check=True)
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
        write_start(output, rows)


def stood(output):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        text = (output / "case.toml").read_text()
        (work / "case.toml").write_text(re.sub(r"until_s = \S+", "until_s = 59.95", text))
        subprocess.run([arguments.ballast, "run", str(work), "-o", str(work / "out"), "--quiet"], check=True, capture_output=True)
        with h5py.File(work / "out/record.h5") as file:
            quantity = file["quantity/bus.voltage"]
            names = [n.decode() for n in file["elements/" + quantity.attrs["elements"].decode()]]
            highest = quantity[:].max(axis=0)
    with open(output / "stood.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["bus", "V_pu"])
        table.writerows([name, f"{V:.6f}"] for name, V in zip(names, highest) if len(name) == 5 and name[0] == "2")


def measure():
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        start(work)
        subprocess.run([sys.executable, str(HERE / "make_case.py"), "--output", str(work), "--start-table", str(work / "start.csv")] + settings, check=True)
        text = (work / "case.toml").read_text()
        (work / "case.toml").write_text(re.sub(r"until_s = \S+", "until_s = 84.5", text))
        case = tomllib.loads(text)
        subprocess.run([arguments.ballast, "run", str(work), "-o", str(work / "out"), "--quiet"], capture_output=True)
        with h5py.File(work / "out/record.h5") as file:
            t = file["time"][:] - 60

            def curve(of, *names):
                quantity = file[f"quantity/{of}"]
                all_names = [n.decode() for n in file["elements/" + quantity.attrs["elements"].decode()]]
                return sum(quantity[:, all_names.index(name)] for name in names)

            kV = {bus: 400 * curve("bus.voltage", bus) for bus in ("414", "418", "424")}
            toledo, collector = curve("bus.voltage", "215"), 220 * curve("bus.voltage", "22401")
            ties = curve("branch.power", "403-801-1", "203-801-1", "204-801-1", "407-802-1")
            portugal = curve("branch.power", "418-427-1", "418-429-1", "410-426-1", "210-226-1", "401-426-1", "420-429-1")
            Hz = 50 * curve("protection.meter.frequency", next(n.decode() for n in file["elements/protection"] if b"212-1" in n))
            angle = curve("bus.angle", "412") - curve("bus.angle", "803")
        reactors = {row["bus"]: float(row["shunt_Mvar"]) for row in csv.DictReader(open(work / "start.csv")) if row["shunt_Mvar"]}
    at = lambda values, s: float(np.interp(s, t, values))
    rise = lambda values, s=-0.3: at(values, s) - at(values, -57.5)
    zone = lambda first, last: -sum(Mvar for bus, Mvar in reactors.items() if first <= int(bus) <= last)
    dip = (t > 0) & (t < 8)
    beyond = np.flatnonzero((angle < -90) & (t > 10))
    demand = sum(load["P_MW"] for load in case["load"] if 200 < load["bus"] < 230)
    for step, what, ours, published in (
        ("balance", "demand of Spain and Portugal, MW", f"{demand:.0f}", "25,184 + 5,870"),
        ("balance", "alternating current to France, MW", f"{at(ties, -57.5):.0f}", "about 0"),
        ("balance", "to Portugal, MW", f"{at(portugal, -57.5):.0f}", "2,000"),
        ("profile", "reactors of Andalusia, Mvar", f"{zone(419, 425):.0f}", "1,850"),
        ("profile", "reactors of Portugal, Mvar", f"{zone(426, 429):.0f}", "1,150"),
        ("profile", "largest capacitor among the residuals, Mvar", f"{max(reactors.values()):.0f}", "none"),
        ("collectors", "Granada, 220 kV side before the trip, kV", f"{at(collector, -0.05):.1f}", "242 to 244.3"),
        ("stiffness", "rise at Olmedilla, kV", f"{rise(kV['414']):.1f}", "15"),
        ("stiffness", "rise at San Servan, kV", f"{rise(kV['418']):.1f}", "13"),
        ("stiffness", "Granada before the trip, kV", f"{at(kV['424'], -0.05):.1f}", "417.9"),
        ("stiffness", "rise at Toledo, 220 kV, %", f"{100 * rise(toledo) / at(toledo, -57.5):.2f}", "1.98 behind a tap changer"),
        ("stiffness", "change of the flow to France by 2.78 s, MW", f"{rise(ties, 2.78):.0f}", "about -1,500"),
        ("Granada", "step after 1 s, kV", f"{at(kV['424'], 1) - at(kV['424'], -0.05):.1f}", "5.9"),
        ("Continent", "frequency at 12:32:55, Hz", f"{at(Hz, -2.22):.3f}", "49.98"),
        ("Continent", "drop after the trip, mHz", f"{1000 * (at(Hz, -0.05) - Hz[dip].min()):.0f}", "25 to 55"),
        ("distance", "90 degrees at, s", f"{t[beyond[0]]:.2f}" if len(beyond) else "never", "22.40"),
        ("distance", "largest flow from France, MW", f"{-ties[t < 23.5].min():.0f}", "3,800 to 5,600"),
    ):
        print(f"{step:<11} {what:<46} {ours:>14}   {published}")


if arguments.start:
    start(arguments.output)
if arguments.stood:
    stood(arguments.output)
if arguments.measure:
    measure()
