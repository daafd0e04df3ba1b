"""Writes case.toml and operators.toml from the tables of this folder and assumptions.toml: python3 make_case.py (3.11, nothing else).

--check writes nothing and fails when a file is another. --set NAME=VALUE (may be repeated) takes another value of an assumption, and
--output FOLDER writes there: sensitivity.py does so."""
import math
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
from case_writer import CaseWriter, toml  # noqa: E402

BASE_MVA = 100.0
FIRST_FAULT_S = 5.0  # of simulated time; the facts count from here
FREQUENCY_HZ = 60.0

script = CaseWriter(HERE)
assumed, table, write, out = script.assumed, script.table, script.write, script.lines


def line(start, end, kV, km, circuits=1, name=None):
    """One [[line]] of `circuits` in parallel, pu on the system base."""
    data = assumed(f"line_{kV}")
    base_ohm = kV * kV / BASE_MVA
    keys = {"from": start, "to": end}
    if name:
        keys["name"] = name
    keys["R"] = data["R_ohm_per_km"] * km / circuits / base_ohm
    keys["X"] = data["X_ohm_per_km"] * km / circuits / base_ohm
    keys["B"] = data["B_uS_per_km"] * 1e-6 * km * circuits * base_ohm
    write("line", **keys)


# ---- what is where

buses = table("buses.csv")
branches = table("branches.csv")
faults = table("faults.csv")
loops = table("loops.csv")

place_of = {b["number"]: (float(b["x"]), float(b["y"])) for b in buses}
substations = []  # number, name, x, y, loop
for loop in loops:
    count = int(loop["substations"])
    (x0, y0), (x1, y1) = (place_of[loop[end]] for end in ("from", "to"))
    for k in range(1, count + 1):
        along = k / (count + 1)
        bulge = 4 * along * (1 - along) * float(loop["bulge"])  # of an arc between the ends, for the map
        number_ = 100 + len(substations) + 1
        substations.append((number_, f"NV-{number_ - 100:02d}", x0 + along * (x1 - x0) + bulge, y0 + along * (y1 - y0), loop["loop"]))

drawn = random.Random(assumed("substation_seed"))
sites = [1] * len(substations)
for _ in range(assumed("sites") - len(substations)):
    sites[drawn.randrange(len(substations))] += 1

# ---- text

out.append(
    """# Northern Virginia, 10 July 2024: six faults in 82 s on one 230 kV line, and 60 data centers that leave. Written by make_case.py from the tables
# of this folder and assumptions.toml: change those, not this file. README.md tells the story. Time counts from """
    + toml(FIRST_FAULT_S)
    + """ s before the first fault.

[case]
title = "Northern Virginia, 10 July 2024: three dips within a minute, and 1,500 MW of data centers stay away"

[network]
frequency_Hz = 60
base_MVA = 100"""
)
for b in buses:
    keys = {"number": int(b["number"]), "name": b["name"], "base_kV": float(b["kV"])}
    if b["name"] == "EI West":
        keys["slack"] = True
    keys["area"] = 2 if b["name"].startswith("EI") else 1
    keys["x"], keys["y"] = float(b["x"]), float(b["y"])
    write("bus", **keys)
for n, name, x, y, _ in substations:
    write("bus", number=n, name=name, base_kV=230.0, area=1, x=x, y=y)

place = assumed("fault_place_pct") / 100
length_km = assumed("line_length_km")
for b in branches:
    start, end, kV = int(b["from"]), int(b["to"]), int(b["kV"])
    if b["what"] == "transformer":
        data = assumed("transformer_500_230")
        for k in range(int(b["circuits"])):
            write(
                "transformer", **{"from": start, "to": end}, id=str(k + 1), R=data["R_pct"] / 100, X=data["X_pct"] / 100,
                base_MVA=data["MVA"], ratio=data["ratio"], rate_MVA=data["MVA"],
            )
    elif b["km"] == "to fault":
        line(start, end, kV, length_km * place, name="Terminal A")
    elif b["km"] == "from fault":
        line(start, end, kV, length_km * (1 - place), name="Terminal B")
    elif b["what"] == "line":
        line(start, end, kV, float(b["km"]), int(b["circuits"]))
for loop in loops:
    chain = [int(loop["from"])] + [s[0] for s in substations if s[4] == loop["loop"]] + [int(loop["to"])]
    for start, end in zip(chain, chain[1:]):
        line(start, end, 230, assumed("segment_km"), circuits=2)
for start, end in ((1, 11), (2, 12), (3, 13)):
    X = assumed("boundary_X_pu")
    write("line", **{"from": start, "to": end}, R=X / assumed("equivalent")["X_over_R"], X=X, B=0.0)
for start, end in ((1, 2), (2, 3), (1, 3)):
    X = assumed("ei_tie_X_pu")
    write("line", **{"from": start, "to": end}, R=X / assumed("equivalent")["X_over_R"], X=X, B=0.0)
plant = assumed("local_plant")
write(
    "transformer", **{"from": 41, "to": 32}, R=plant["step_up_R"], X=plant["step_up_X"], base_MVA=plant["step_up_MVA"], ratio=1.0,
    rate_MVA=plant["step_up_MVA"],
)

# ---- the equivalents: classical machines with the load damping in D; governors of the responsive share
ei_MW = assumed("ei_load_GW") * 1000
equivalent = assumed("equivalent")
ei_MVA = ei_MW / equivalent["load_over_MVA"]
share = assumed("responsive_share")
damping_MW_per_dHz = assumed("load_damping") * ei_MW / FREQUENCY_HZ * 0.1
droop = ei_MVA / ((assumed("response_MW_per_dHz") - damping_MW_per_dHz) * FREQUENCY_HZ / 0.1)  # on the whole base
control = assumed("governor")
governor = {
    "model": "GGOV1", "Rselect": -1, "Flag": 0, "R": droop, "Tpelec": 1, "maxerr": 0.05, "minerr": -0.05,
    "Kpgov": control["Kpgov"] * share, "Kigov": control["Kigov"] * share, "Kdgov": 0, "Tdgov": 1, "Vmax": 1, "Vmin": 0.2,
    "Tact": control["Tact"], "Kturb": 1, "Wfnl": 0, "Tb": control["Tb"], "Tc": control["Tc"], "Teng": 0, "Tfload": 3,
    "Kpload": 2, "Kiload": 0.67, "Ldref": 1, "Dm": 0, "Ropen": 0.1, "Rclose": -0.1, "Kimw": 0, "Aset": 0.01, "Ka": 0,
    "Ta": 0.1, "Trate": 0, "db": assumed("dead_band_mHz") / 1000 / FREQUENCY_HZ, "Tsa": 4, "Tsb": 5, "Rup": 99, "Rdown": -99,
}
for n, where in ((1, "north"), (2, "west"), (3, "south")):
    part = assumed("ei_split")[where]
    write("load", bus=n, P_MW=ei_MW * part, Q_Mvar=0.0)
    keys = {"bus": n, "Vset": assumed("voltage_500_pu"), "base_MVA": ei_MVA * part}
    if where != "west":
        keys["P_MW"] = ei_MW * part + assumed("import_MW")[where]
    keys["machine"] = {
        "model": "GENCLS", "H": assumed("ei_kinetic_energy_GWs") * 1000 / ei_MVA,
        "D": assumed("load_damping") * ei_MW / ei_MVA, "Ra": 0.0, "Xdp": equivalent["Xdp"],
    }
    keys["governor"] = governor
    write("generator", **keys)

# ---- the area: a plant, load that is no data center, capacitors
write(
    "generator", bus=41, P_MW=assumed("local_generation_MW"), Vset=assumed("voltage_local_pu"), regulates=32,
    base_MVA=plant["base_MVA"], Qmin_Mvar=plant["Qmin_Mvar"], Qmax_Mvar=plant["Qmax_Mvar"],
    machine={"model": "GENROU"} | assumed("local_machine"), exciter={"model": "SEXS"} | assumed("local_exciter"),
)
other_MW = assumed("other_load_MW") / len(substations)
factor = assumed("other_load_power_factor")
for n, *_ in substations:
    write("load", bus=n, P_MW=other_MW, Q_Mvar=other_MW * (1 / factor**2 - 1) ** 0.5)
BANKS = assumed("capacitor_banks")
for k in range(BANKS):
    n = substations[(2 * k + 1) * len(substations) // (2 * BANKS)][0]
    write("shunt", bus=n, id="C", B_Mvar=assumed("capacitors_Mvar") / BANKS)
shares = assumed("static_load")
out.append(f"\n[loads]\nactive = {toml(shares)}\nreactive = {toml({'impedance': 1, 'current': 0, 'power': 0})}\npqbrak = {toml(assumed('pqbrak_pu'))}")

# ---- 60 sites in cohorts: one distribution and one seed for all of them
fixed = assumed("ups_fixed")
first = 1
for (n, name, *_), count in zip(substations, sites):
    write("datacenter", name=name, bus=n, it_power_MW=assumed("exposed_MW") * count / sum(sites) * fixed["efficiency"])
    out.append('workload = { kind = "constant", level = 1.0 }')
    out.append('[datacenter.ups]\nkind = "double-conversion"')
    out.extend(f"{key} = {toml(value)}" for key, value in fixed.items())
    out.append(f"[datacenter.ups.cohorts]\ncount = {count}\nfirst = {first}\nseed = {assumed('seed')}")
    out.append(f"shares = {toml(assumed('site_size'))}")
    out.extend(f"{key} = {toml(entry['value'])}" for key, entry in script.assumptions["ups"].items())
    first += count

# ---- the faults: a permanent one at the arrester; what opens and closes are the line's terminals
volts_ohm = 230 * 230 / BASE_MVA
impedance = assumed("fault_impedance_ohm")
write(
    "event", at_s=FIRST_FAULT_S,
    fault={"bus": "Arrester", "impedance_pu": [impedance["R"] / volts_ohm, impedance["X"] / volts_ohm], "duration_s": math.inf},
)
ENDS = {"A": ["Terminal A"], "B": ["Terminal B"], "both": ["Terminal A", "Terminal B"]}
for fault in faults:
    start = FIRST_FAULT_S + float(fault["start_s"])
    ends = ENDS.get(fault["closes"])
    if ends:
        write("event", at_s=start, close={"line": ends})
    write("event", at_s=start + float(fault["duration_ms"]) / 1000, open={"line": ends or ENDS["both"]})
out.append(
    """
[simulation]
until_s = 205
max_step_s = 0.5

[output]
step_s = 0.02
record = ["frequency", "bus.voltage", "island", "branch.power", "machine.power", "datacenter.power", "datacenter.total.P_load", "datacenter.total.P_off",
          "datacenter.total.P_backup", "datacenter.*/*.ups.P_load", "datacenter.*/*.ups.dips"]"""
)

case = script.text()

# ---- what operators did later: a file of its own, for runs of half an hour
out.append("# What operators did after the event, for runs of half an hour. Written by make_case.py, like case.toml.")
removed = round(assumed("capacitors_removed_Mvar") / assumed("capacitors_Mvar") * BANKS)
banks = [f"{substations[(2 * k + 1) * len(substations) // (2 * BANKS)][0]}-C" for k in range(removed)]
write("event", at_s=FIRST_FAULT_S + assumed("capacitors_removed_at_s"), open={"shunt": banks})
times = assumed("generation_cut_times_s")
for n, where in ((1, "north"), (2, "west"), (3, "south")):
    write(
        "event", at_s=FIRST_FAULT_S + times["from"],
        reference_step={
            "machine": f"{n}-1", "part": "governor", "input": "Pref",
            "change": -assumed("generation_cut_MW") / ei_MVA * droop, "over_s": times["over"],
        },
    )

operators = script.text()

script.save({"case.toml": case, "operators.toml": operators})
