"""Tier B of Iberia 2025: the sweep over thresholds and delays of the plants' relays. Called by make_case.py."""


def write_tier_b(script, zones, number, collectors, begun, slow_rise):
    """collectors: machine, name, MW of every plant behind a transformer of its own; begun: start.csv by bus; slow_rise: lines of the events
    that are prescribed. No plant tripped before 12:32:57.22: a band begins where the voltage of the plant stood at most by then (stood.csv)."""
    stood = {row["bus"]: float(row["V_pu"]) for row in script.table("stood.csv")}
    tb = script.assumed("tier_b")
    script.lines.append(
        f"""# Tier B: the slow rise is prescribed, every later trip comes of relays whose settings are drawn. Written by make_case.py, like case.toml.
# ballast sweep tier-b.toml --jobs 2 -o FOLDER

[sweep]
title = "Iberia, 28 April 2025: thresholds of the plants drawn"
case = "case.toml"
combine = "zip"
base_events = "drop"

[set.simulation]
until_s = {tb["until_s"]}

[output]
step_s = 0.05

[sampling]
method = "latin-hypercube"
samples = {tb["samples"]}
seed = {tb["seed"]}

[figures]
from_s = 1"""
    )
    for machine, name, MW in collectors:
        column = name.replace(" ", "-")
        bus_number = int(machine.split("-")[0])
        zone = next(z for z, n in number.items() if n == (bus_number - 20000) // 100)
        carried = float(begun[str(bus_number)]["V_pu"]) / (float(zones[zone]["profile_kV"]) / 400)
        if name == "Granada":
            low, high = tb["granada_220kV_pu"]
        elif " block " in name:
            low, high = tb["others_220kV_pu"]
        else:
            low, high = (carried * kV / 400 for kV in tb["named_400kV"].get(name, tb["reported_400kV"]))
        low = max(low, stood[str(bus_number)])
        if low >= high:
            raise SystemExit(f"{name} stood at {low:.4f} pu before the trips, above its band")
        script.write("axis", name=f"VU-{column}", path=f"protection.59-{column}.voltage.0.VU", distribution={"kind": "uniform", "low": low, "high": high})
        low, high = tb["delay_s"]
        script.write("axis", name=f"TP-{column}", path=f"protection.59-{column}.voltage.0.TP", distribution={"kind": "uniform", "low": low, "high": high})
        if " block " not in name:
            script.write("metric", name=f"on-{column}", take="time_above", of=f"machine.{machine}.power", threshold=1.0)
    for name, element, threshold in (("alive-Madrid", "bus.412.voltage", 0.0025), ("alive-Lisbon", "bus.428.voltage", 0.0025), ("below-Sevilla", "bus.419.voltage", 1.13)):
        script.write("metric", name=name, take="time_below" if "below" in name else "time_above", of=element, threshold=threshold)
    script.lines += slow_rise
