"""Writes tier-c/*.toml, what the counterfactuals of tier C change: python3 counterfactuals.py --ballast PROGRAM (3.11, h5py).

Where a change moves the state of rest, machines that do not absorb more than at rest have their floor of the field voltage at the new rest."""
import argparse
import csv
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

import h5py

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True
from case_writer import toml  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--ballast", default="ballast")
arguments = parser.parse_args()
case = tomllib.loads((HERE / "case.toml").read_text())
assumed = tomllib.loads((HERE / "assumptions.toml").read_text())
zones = {row["zone"]: k for k, row in enumerate(csv.DictReader(open(HERE / "zones.csv")), 1)}
machines = {f"{g['bus']}-{g['id']}": g for g in case["generator"] if "id" in g}


def table(header, **keys):
    return f"[[{header}]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in keys.items())


def write(name, title, changes, tables=()):
    lines = [f"# {title}. Written by counterfactuals.py.", "", "[set]"] + [f'"{path}" = {toml(value)}' for path, value in changes.items()]
    (HERE / "tier-c" / f"{name}.toml").write_text("\n".join(lines) + "\n" + "".join("\n" + t for t in tables))


def at_limit():
    """Floors of all machines where those that control their voltage have theirs: the limit of absorption."""
    floors = {}
    for name, g in machines.items():
        if name.endswith("-K"):
            twin = machines[f"{g['bus'] - 1}-C"]
            floors[f"generator.{name}.exciter.EMIN"] = twin["exciter"]["EMIN"]
    return floors


def fields_at_rest(changes, tables):
    """Field voltage of the machines that do not absorb more, in the state of rest that the changes give."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        text = (HERE / "case.toml").read_text()
        text = text.replace('record = ["frequency"', 'record = ["machine.field_voltage", "frequency"')
        text = re.sub(r"until_s = \S+", "until_s = 0.1", text)
        text = text.replace("\n[simulation]", "\n" + "\n".join(tables) + "\n[simulation]")
        for path, value in changes.items():
            _, name, key = path.split(".", 2)
            bus, id = name.split("-")
            block = re.search(rf'\[\[generator\]\]\nbus = {bus}\nid = "{id}"\n(?:.+\n)*', text)
            changed = re.sub(rf"^{key} = .*$", f"{key} = {toml(value)}", block.group(), flags=re.M)
            text = text.replace(block.group(), changed)
        (work / "case.toml").write_text(text)
        done = subprocess.run([arguments.ballast, "run", str(work), "-o", str(work / "out"), "--quiet"], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        with h5py.File(work / "out/record.h5") as file:
            quantity = file["quantity/machine.field_voltage"]
            names = [n.decode() for n in file["elements/" + quantity.attrs["elements"].decode()]]
            return {f"generator.{n}.exciter.EMIN": float(v) for n, v in zip(names, quantity[0]) if n.endswith("-K")}


(HERE / "tier-c").mkdir(exist_ok=True)

control = {"PFFLAG": 0, "VFLAG": 0, "QFLAG": 1, "Kvp": 5.0, "Kvi": 0.0}
write("c1", "Plants behind collectors and at 220 kV hold their voltage: 5 pu of reactive current per pu of voltage",
      {f"generator.*-{id}.electrical_control.{key}": value for id in ("R", "T") for key, value in control.items()})

write("c2", "Every synchronous machine absorbs up to the limit of those that control their voltage", at_limit())

unit = {"MVA": 400.0, "MW": 160.0}
changes, tables = {}, []
gas = next(g for g in case["generator"] if g.get("id") == "C" and g["machine"]["model"] == "GENROU")
solar = {zone: machines[f"{200 + zones[zone]}-T"]["P_MW"] for zone in ("HUE", "SEV", "CAD", "COR", "MLG", "GRA", "ALM")}
for zone in sorted(solar, key=solar.get)[-4:]:
    n, bus = zones[zone], 19000 + zones[zone]
    where = next(b for b in case["bus"] if b["number"] == 400 + n)
    V = next(float(row["V_pu"]) for row in csv.DictReader(open(HERE / "start.csv")) if row["bus"] == str(400 + n))
    tables.append(table("bus", number=bus, name=f"{zone} gas more", base_kV=20.0, lon=where["lon"], lat=where["lat"], area=1, zone=n))
    step_up = assumed["step_up"]["value"]
    tables.append(table("transformer", **{"from": bus, "to": 400 + n}, name=f"{zone} gas more", base_MVA=unit["MVA"], R=step_up["R_pct"] / 100, X=step_up["X_pct"] / 100, ratio=1.0))
    tables.append(table("generator", bus=bus, id="C", P_MW=unit["MW"], Vset=V, base_MVA=unit["MVA"], machine=gas["machine"], exciter=gas["exciter"]))
    plant = machines[f"{200 + n}-T"]
    left = 1 - unit["MW"] / plant["P_MW"]
    changes[f"generator.{200 + n}-T.P_MW"] = plant["P_MW"] * left
    for key in ("Qmin_Mvar", "Qmax_Mvar"):
        changes[f"generator.{200 + n}-T.{key}"] = plant[key] * left
write("c3", "Four gas units of 400 MVA at 160 MW in Andalusia, in the place of as much solar at 220 kV", changes | fields_at_rest(changes, tables), tables)

tables = [table("shunt", bus=400 + zones[zone], id="X", B_Mvar=-100.0) for zone in ("HUE", "SEV", "CAD", "MLG")]
write("c4", "400 Mvar of reactors more in Andalusia", fields_at_rest({}, tables), tables)

write("c6", "Kinetic energy of the peninsula half as large again", {f"generator.{name}.machine.H": 1.5 * g["machine"]["H"] for name, g in machines.items() if name[-2:] in ("-C", "-K")})

stages = {f"load_shedding.{s['name']}.stages.{k}.share": 1.5 * stage["share"] for s in case["load_shedding"] for k, stage in enumerate(s["stages"])}
write("c8", "Load shedding of half as much again in every stage, after 0.1 s", stages | {f"load_shedding.{s['name']}.delay_s": 0.1 for s in case["load_shedding"]})

with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work) / HERE.name
    shutil.copytree(HERE, work)
    shutil.copy(HERE.parent / "case_writer.py", work.parent)
    rows = list(csv.DictReader(open(work / "zones.csv")))
    for row in rows:
        row["profile_kV"] = f"{max(400.0, min(405.0, float(row['profile_kV']) - 8)):g}"
    with open(work / "zones.csv", "w", newline="") as file:
        out = csv.DictWriter(file, rows[0], lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    subprocess.run([sys.executable, work / "calibrate.py", "--ballast", arguments.ballast, "--start"], check=True)
    low = {row["bus"]: row for row in csv.DictReader(open(work / "start.csv"))}
changes = {f"generator.{name}.Vset": float(low[str(g["bus"])]["V_pu"]) for name, g in machines.items() if str(g["bus"]) in low}
changes |= {f"shunt.{s['bus']}-R.B_Mvar": float(low[str(s["bus"])]["shunt_Mvar"]) for s in case["shunt"] if s["id"] == "R"}
zero_s = assumed["clock"]["value"]["zero_s"]
write("c9", "From 400 to 405 kV, every synchronous machine absorbs up to its limit, and Granada trips", changes | at_limit(),
      [table("event", at_s=zero_s, trip={"machine": ["22401-R"]})])
