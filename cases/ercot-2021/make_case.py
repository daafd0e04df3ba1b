"""Writes case.toml and batteries.toml from the tables of this folder and assumptions.toml: python3 make_case.py (3.11, nothing else).

--check writes nothing and fails when a file is another. --set NAME=VALUE (may be repeated) takes another value of an assumption, and
--output FOLDER writes there: sensitivity.py does so."""
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
from case_writer import CaseWriter, toml  # noqa: E402

BASE_MVA = 100.0
FREQUENCY_HZ = 60.0
VOLTAGE_PU = 1.02

script = CaseWriter(HERE)
assumed, table, write, out = script.assumed, script.table, script.write, script.lines


def seconds(clock):
    hours, minutes, rest = (int(word) for word in clock.split(":"))
    return 3600 * hours + 60 * minutes + rest


START = seconds(assumed("clock")["start"])


# ---- units lost: sizes from one seed, instants from the rates

zones = table("zones.csv")
load_MW = assumed("load_GW") * 1000
generation_MW = load_MW * (1 + assumed("losses_pct") / 100)
sizes = assumed("unit_MW")
drawn = random.Random(sizes["seed"])
lost = []  # at_s, MW, zone
due_MW = 0.0  # of the next loss, against what the rates have lost so far
gone_MW = 0.0
now = 0.0
size = drawn.uniform(sizes["low"], sizes["high"])
for until in (name for name in script.assumptions if name.startswith("loss_until_")):
    rate = assumed(until)
    end = seconds(f"{until[-4:-2]}:{until[-2:]}:00") - START
    while rate > 0:
        at = now + (size - due_MW) / rate * 60
        if at > end:
            break
        lost.append((at, size, assumed("lost_from")[len(lost) % len(assumed("lost_from"))]))
        now, due_MW = at, 0.0
        size = drawn.uniform(sizes["low"], sizes["high"])
    due_MW += rate * (end - now) / 60
    now = end

# ---- text

out.append(
    """# Texas, 15 February 2021, 01:25 to 02:05: generation lost in the frost, load shed by order, and 263 s below 59.4 Hz. Written by make_case.py from
# the tables of this folder and assumptions.toml: change those, not this file. README.md tells the story. Time counts from 01:25:00.

[case]
title = "Texas, 15 February 2021: nine minutes that were not used up"

[network]
frequency_Hz = 60
base_MVA = 100"""
)
for z in zones:
    n, x, y = int(z["number"]), float(z["x"]), float(z["y"])
    write("bus", number=n, name=z["name"], base_kV=345.0, area=n, x=x, y=y)
    keys = {"number": 10 + n, "name": z["name"] + " units", "base_kV": 22.0, "area": n, "x": x + 0.25, "y": y + 0.25}
    if z["name"] == "North Central":
        keys["slack"] = True
    write("bus", **keys)

data = assumed("line_345")
base_ohm = 345 * 345 / BASE_MVA
for c in table("corridors.csv"):
    km, circuits = float(c["km"]), int(c["circuits"])
    write(
        "line", **{"from": int(c["from"]), "to": int(c["to"])}, R=data["R_ohm_per_km"] * km / circuits / base_ohm,
        X=data["X_ohm_per_km"] * km / circuits / base_ohm, B=data["B_uS_per_km"] * 1e-6 * km * circuits * base_ohm,
    )

loading = assumed("loading")
headroom = assumed("headroom_MW") / (generation_MW - sum(MW for _, MW, _ in lost))  # of the output of units that stay
curve_share = assumed("on_the_curve_MW") / generation_MW
H = assumed("kinetic_energy_GWs") * 1000 / (generation_MW / loading)
doomed, survivors = [], {"curve": [], "other": []}


def generator(bus, id, MW, stays=True):
    keys = {"bus": bus, "id": id, "P_MW": MW, "Vset": VOLTAGE_PU, "base_MVA": MW / loading}
    keys["machine"] = {"model": "GENROU", "H": H} | assumed("machine")
    keys["exciter"] = {"model": "SEXS"} | assumed("exciter")
    if stays:  # the output of the others follows what ails them
        keys["governor"] = {"model": "TGOV1"} | assumed("governor") | {"VMAX": loading * (1 + headroom)}
    write("generator", **keys)


trips = []
for z in zones:
    n = int(z["number"])
    total_MW = generation_MW * float(z["generation_share"])
    step_up = assumed("step_up")
    write(
        "transformer", **{"from": 10 + n, "to": n}, R=step_up["R_pct"] / 100, X=step_up["X_pct"] / 100, base_MVA=total_MW / loading,
        ratio=1.0, rate_MVA=total_MW / loading,
    )
    here = [(at, MW) for at, MW, zone in lost if zone == z["name"]]
    for k, (at, MW) in enumerate(here, 1):
        generator(10 + n, f"L{k}", MW, stays=False)
        doomed.append(f"{10 + n}-L{k}")
        trips.append((at, doomed[-1]))
    rest_MW = total_MW - sum(MW for _, MW in here)
    for group, share in (("curve", curve_share), ("other", 1 - curve_share)):
        id = group[0].upper()
        generator(10 + n, id, rest_MW * share)
        survivors[group].append(f"{10 + n}-{id}")

tangent = (1 / assumed("power_factor") ** 2 - 1) ** 0.5
for z in zones:
    MW = load_MW * float(z["load_share"])
    write("load", bus=int(z["number"]), P_MW=MW, Q_Mvar=MW * tangent)
    write("shunt", bus=int(z["number"]), id="C", B_Mvar=MW * tangent)
shares = assumed("static_load")
exponent = assumed("load_damping") / (1 - shares["impedance"])  # constant impedances do not follow frequency
out.append(
    f"""
[loads]
active = {toml(shares)}
reactive = {{ impedance = 1, current = 0, power = 0 }}
frequency = {{ m = {toml(exponent)}, n = 0, r = {toml(exponent)}, s = 0 }}
pqbrak = {toml(assumed("pqbrak_pu"))}"""
)

# ---- relays
write("load_shedding", name="ufls", load={"kV": 345}, plan="ERCOT-2021")
write("protection", name="prc-024", machine=doomed + survivors["curve"], settings="PRC-024-ERCOT", TB=assumed("breaker_s"))
write("protection", name="machine", machine=survivors["other"], frequency=assumed("other_units"))

# ---- what happened
orders = [(seconds(clock) - START, MW) for clock, MW in assumed("first_orders").items()]
orders += [(seconds(o["time"]) - START, float(o["MW"])) for o in table("orders.csv")]
for at, MW in orders:
    write(
        "event", at_s=at + assumed("order_wait_s"),
        load_ramp={"load": {"kV": 345}, "active_MW": -MW, "reactive_Mvar": -MW * tangent, "over_s": assumed("order_ramp_s")},
    )
for at, machine in sorted(trips):
    back = min(assumed("run_back_s"), at)
    write("event", at_s=at - back, reference_step={"machine": machine, "part": "machine", "input": "Pm", "value": 0.0, "over_s": back})
    write("event", at_s=at, trip={"machine": machine})
out.append(
    f"""
[simulation]
until_s = {seconds(assumed("clock")["end"]) - START}
max_step_s = 1

[output]
step_s = 0.5
record = ["frequency", "bus.voltage", "island", "machine.power", "branch.power", "load.power"]"""
)
case = script.text()

# ---- what batteries would have changed: tables for an include
out.append("# Batteries that answer within a quarter of a second, for the runs that ask what they would have changed. Written by make_case.py, like case.toml.")
battery = assumed("battery")
for z in zones:
    share = float(z["load_share"])
    write(
        "bess", name=f"FFR {z['name']}", bus=int(z["number"]), power_MW=battery["MW"] * share, energy_MWh=battery["MW"] * share * battery["hours"],
        control=["frequency-response"], droop_gain=1000.0, frequency_band=1 - battery["trigger_Hz"] / FREQUENCY_HZ,
        active_response_s=battery["full_s"] / 5, soc_initial=0.75,
    )
batteries = script.text()

script.save({"case.toml": case, "batteries.toml": batteries})
