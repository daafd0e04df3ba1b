"""Relays of Iberia 2025: the defence plan, what protects units and plants, what parts the peninsula from its neighbours. Called by make_case.py."""
import random


def write_relays(script, zones, number, border, sheds, synchronous, converters, collectors):
    """border: buses at the French border by name; sheds: pumps by the stage in Hz that sheds them; synchronous, converters: names of machines;
    collectors: machine, name, MW of every plant behind a transformer of its own."""
    script.comment("the defence plan: amounts really shed, over the demand of the country")
    stages = script.table("defence.csv")
    ls = script.assumed("load_shedding")
    for country, column in (("ES", "spain_load_MW"), ("PT", "portugal_load_MW")):
        script.write(
            "load_shedding", name=f"lfdd-{country}", load=[f"{200 + n}-1" for zone, n in number.items() if zones[zone]["country"] == country],
            stages=[{"f_Hz": float(s["Hz"]), "share": float(s[column]) / script.assumed("demand_MW")[country]} for s in stages if float(s[column])], **ls,
        )
    for Hz, pumps in sorted(sheds.items(), reverse=True):
        ps = script.assumed("pump_shedding")
        script.write("protection", name=f"pumps-{Hz}", machine=pumps, frequency=[{"FL": Hz, "TP": ps["delay_s"]}], TB=ps["TB"])

    script.comment("units")
    up = script.assumed("unit_protection")
    script.write(
        "protection", name="unit", machine=synchronous, frequency=[{"FL": up["under_frequency_Hz"], "TP": up["under_frequency_s"]}],
        voltage=[{"VU": up["machine_overvoltage_pu"], "TP": up["machine_overvoltage_s"]}, {"VL": up["undervoltage_pu"], "TP": up["undervoltage_s"]}],
        volts_per_hertz={"level_1": up["volts_per_hertz"], "time_1": up["volts_per_hertz_s"], "level_2": up["volts_per_hertz"] + 0.1, "time_2": up["volts_per_hertz_s"], "TB": up["TB"]}, TB=up["TB"],
    )
    low, high = up["renewable_overvoltage_pu"]
    highest = random.Random(up["seed"])
    last = {"TP": up["renewable_overvoltage_s"]}, {"VL": up["undervoltage_pu"], "TP": up["undervoltage_s"]}
    for machine in converters:
        script.write("protection", name=f"limits of {machine}", machine=machine, voltage=[{"VU": low + (high - low) * highest.random()} | last[0], last[1]], TB=up["TB"])
    ov = script.assumed("plant_overvoltage")
    for machine, name, MW in collectors:
        script.write("protection", name="59-" + name.replace(" ", "-"), machine=machine, voltage=[{"VU": ov["VU"], "TP": ov["TP"]}], TB=ov["TB"])

    script.comment("separation")
    ma = script.assumed("morocco")
    cable = f"{400 + number['CAD']}-805-1"
    script.write("remedial_action", name="morocco", when={"frequency_Hz": 400 + number["CAD"], "below": ma["relay_Hz"]}, pickup_s=ma["relay_s"], actions=[{"open": {"branch": cable}, "delay_s": ma["breaker_s"]}])
    ft = script.assumed("french_ties")
    for t in script.table("ties.csv"):
        script.write(
            "remedial_action", name=f"loss of synchronism {t['tie']}", arm={"voltage_pu": border[t["to"]], "below": ft["beat_below_pu"]}, arm_s=0.02, disarm_s=2.0,
            when={"voltage_pu": border[t["to"]], "above": ft["beat_over_pu"]}, pickup_s=0.02, count=ft["beats"], count_s=ft["beats_within_s"], actions=[{"open": {"branch": t["tie"]}, "delay_s": ft["breaker_s"]}],
        )
    hb = script.assumed("hvdc_block")
    script.write(
        "remedial_action", name="HVDC block", when={"voltage_pu": 400 + number["CATE"], "below": hb["voltage_pu"]}, pickup_s=hb["pickup_s"],
        actions=[{"trip": {"load": [f"{400 + number['CATE']}-DC", "802-DC"]}, "delay_s": hb["delay_s"]}],
    )
    lo = script.assumed("line_overvoltage")
    a, b = lo["line"].split("-")
    script.write(
        "remedial_action", name="line over-voltage", when={"any": [{"voltage_pu": 400 + number[end], "above": lo["kV"] / 400} for end in (a, b)]}, pickup_s=lo["pickup_s"],
        actions=[{"open": {"branch": f"{400 + number[a]}-{400 + number[b]}-2"}, "delay_s": lo["breaker_s"]}],
    )
