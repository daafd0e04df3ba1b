"""Writes case.toml, actions.toml and tier-b.toml from the tables of this folder and assumptions.toml: python3 make_case.py (3.11, nothing else).

--check writes nothing and fails when a file is another. --set NAME=VALUE (may be repeated) takes another value of an assumption, and
--output FOLDER writes there. --start writes the case of the start by inversion instead: ideal sources hold the 400 kV profile, everything
else has the reactive power that is assumed; calibrate.py --start solves it and writes start.csv, which case.toml is made with."""
import math
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
from case_writer import CaseWriter, toml  # noqa: E402
from parameter_sets import composite_load, converter, converter_control  # noqa: E402
from relays import write_relays  # noqa: E402
from tier_b import write_tier_b  # noqa: E402

BASE_MVA = 100.0
SOUTHWEST = "CAC BAD SEV HUE CAD COR MLG GRA ALM CRE CUE TOL".split()


def more_arguments(parser):
    parser.add_argument("--start", action="store_true")
    parser.add_argument("--start-table", type=pathlib.Path, default=HERE / "start.csv")


script = CaseWriter(HERE, more_arguments)
arguments = script.arguments
assumed, table, write, comment, out = script.assumed, script.table, script.write, script.comment, script.lines

# ---- what the zones hold

zones = {z["zone"]: z for z in table("zones.csv")}
corridors = table("corridors.csv")
named = table("plants.csv")
number = {zone: k for k, zone in enumerate(zones, 1)}
zero_s = assumed("clock")["zero_s"]
begun = {} if arguments.start else {row["bus"]: row for row in table(arguments.start_table)}


def at_start(bus, guess):
    """Voltage at the start, of a bus with a generator."""
    return float(begun[str(bus)]["V_pu"]) if begun else guess


def field_at_start(bus):
    """Field voltage of a machine at rest, in pu; before it is known, no floor."""
    return float(begun[str(bus)]["Efd_pu"] or 0) if begun else 0.0


def load_MW(zone):
    z = zones[zone]
    total = assumed("demand_MW")[z["country"]]
    share = float(z["load_share_pct"])
    if z["country"] == "PT":
        return total * share / sum(float(y["load_share_pct"]) for y in zones.values() if y["country"] == "PT")
    inside = zone in SOUTHWEST
    kin = [y for n, y in zones.items() if y["country"] == "ES" and (n in SOUTHWEST) == inside]
    part = assumed("southwest_demand_MW") if inside else total - assumed("southwest_demand_MW")
    return part * share / sum(float(y["load_share_pct"]) for y in kin)


def in_service(a, b):
    shares = assumed("circuits_in_service")
    return (shares[zones[a]["group"]] + shares[zones[b]["group"]]) / 2


def control_share(zone):
    return assumed("voltage_control_share")[
        "portugal" if zones[zone]["country"] == "PT" else "southwest" if zone in SOUTHWEST else "rest"
    ]


# ---- header

out.append(
    """# The Iberian Peninsula on 28 April 2025, 12:32:00 to 12:33:30: a slow rise of voltage, then plants that leave because it is high. Written by
# make_case.py from the tables of this folder and assumptions.toml: change those, not this file. README.md tells the story.
# Time counts from 12:31:57.22; the Granada transformer trips at 60 s.

[case]
title = "Iberia, 28 April 2025: an over-voltage cascade"

[network]
frequency_Hz = 50
base_MVA = 100"""
)


def bus(n, name, kV, zone=None, offset=(0.0, 0.0), at=None, **keys):
    if zone:
        z = zones[zone]
        at = (float(z["lon"]) + offset[0], float(z["lat"]) + offset[1])
        keys["area"] = {"ES": 1, "PT": 2}[z["country"]]
        keys["zone"] = number[zone]
    write("bus", number=n, name=name, base_kV=kV, lon=at[0], lat=at[1], **keys)


comment("buses of the zones")
for zone, n in number.items():
    bus(400 + n, f"{zone} 400", 400.0, zone)
    bus(200 + n, f"{zone} 220", 220.0, zone, (0.0, -0.15))

comment("borders, France, the rest of the Continent, Morocco")
bus(801, "FRW 400", 400.0, at=(-1.3, 43.5), area=3)
bus(802, "FRE 400", 400.0, at=(2.9, 42.9), area=3)
bus(803, "France", 400.0, at=(2.5, 46.5), area=3)
bus(804, "Continent", 400.0, at=(9.0, 49.0), area=3, slack=True)
bus(805, "Morocco 400", 400.0, at=(-5.5, 35.4), area=4)

comment("lines between the zones")
for kV, lines in ((400, assumed("line_400kV")), (220, assumed("line_220kV"))):
    base_ohm = kV * kV / BASE_MVA
    for c in corridors:
        circuits = float(c[f"circuits_{kV}kV"]) * (in_service(c["from"], c["to"]) if kV == 400 else 1)
        if circuits == 0:
            continue
        km = float(c["km"]) * assumed("length_factor")
        a, b = (number[c[end]] + (400 if kV == 400 else 200) for end in ("from", "to"))
        alone = kV == 400 and f"{c['from']}-{c['to']}" in assumed("actions")["circuits"]  # one circuit that can be switched
        for id, n in (("1", circuits - 1), ("2", 1.0)) if alone and circuits > 1 else (("2" if alone else "1", circuits),):
            write(
                "line", **{"from": a, "to": b, "id": id}, name=f"{c['from']}-{c['to']} {kV}" + (" circuit" if id == "2" else ""),
                R=lines["R_ohm_per_km"] * km / n / base_ohm, X=lines["X_ohm_per_km"] * km / n / base_ohm,
                B=lines["B_uS_per_km"] * 1e-6 * km * n * base_ohm,
            )

comment("ties to France, what lies behind them, Morocco's cables")
border = {"FRW": 801, "FRE": 802}
tie_names = []
for t in table("ties.csv"):
    lines = assumed(f"line_{t['from_kV']}kV")
    X, km = float(t["X_pu"]), float(t["km"])
    tie_names.append(t["tie"])
    write(
        "line", **{"from": number[t["from"]] + (400 if t["from_kV"] == "400" else 200), "to": border[t["to"]]}, name=t["tie"],
        R=X * lines["R_ohm_per_km"] / lines["X_ohm_per_km"], X=X, B=lines["B_uS_per_km"] * 1e-6 * km * float(t["from_kV"]) ** 2 / BASE_MVA,
    )
far = assumed("border_to_france_pu")
write("line", **{"from": 801, "to": 802}, name="north of the Pyrenees", R=assumed("border_to_border_pu") / 10, X=assumed("border_to_border_pu"), B=0.0)
write("line", **{"from": 801, "to": 803}, name="FRW to France", R=far / 10, X=far, B=0.0)
write("line", **{"from": 802, "to": 803}, name="FRE to France", R=far / 10, X=far, B=0.0)
continent = assumed("continent")
write("line", **{"from": 803, "to": 804}, name="France to the Continent", R=continent["france_to_rest_pu"] / 10, X=continent["france_to_rest_pu"], B=0.0)
ma = assumed("morocco")
base_ohm = 400 * 400 / BASE_MVA
write(
    "line", **{"from": 400 + number["CAD"], "to": 805}, name="Spain-Morocco", R=0.02 * ma["km"] / ma["circuits"] / base_ohm,
    X=0.12 * ma["km"] / ma["circuits"] / base_ohm, B=ma["B_uS_per_km"] * 1e-6 * ma["km"] * ma["circuits"] * base_ohm,
)

comment("transformers between 400 and 220 kV")
zt = assumed("zone_transformer")
rated = {}
for zone, n in number.items():
    need = max(load_MW(zone), float(zones[zone]["renewables_MW"]))
    units = max(zt["least"], math.ceil(zt["per_MW"] * need / zt["unit_MVA"]))
    write("transformer", **{"from": 400 + n, "to": 200 + n}, name=f"{zone} 400/220", base_MVA=units * zt["unit_MVA"], R=zt["R_pct"] / 100, X=zt["X_pct"] / 100, ratio=1.0)
    rated[zone] = units * zt["unit_MVA"]

comment("their saturation")
core = assumed("transformer_saturation")
for zone, n in number.items():
    write("transformer_saturation", transformer=f"{400 + n}-{200 + n}-1", base_MVA=rated[zone], knee_pu=core["knee_pu"], Xac=core["air_core_X_pct"] / 100)

# ---- synchronous machines: groups of one kind, each in a part that controls its voltage and one at constant excitation

comment("synchronous machines behind their transformers: C controls its voltage, K does not lower its excitation")
rating = assumed("MVA_per_MW")
pump_stage = {"VAL": 49.5, "DUE": 49.5, "NOR": 49.5, "GUA": 49.3}  # in Spain; the others below
groups = []  # name, zone, level, kind, MW, stage of the pump shedding in Hz


def group(name, zone, level, kind, MW, stage=None):
    if MW:
        groups.append((name, zone, level, kind, MW, stage))


portuguese = {row["Hz"]: float(row["portugal_pumps_MW"]) for row in table("defence.csv") if float(row["portugal_pumps_MW"])}
for zone, z in zones.items():
    MW = {kind: float(z[f"{kind}_MW"]) for kind in ("nuclear", "gas", "coal", "hydro")}
    if zone == "CATW":
        group("CATW nuclear A", zone, 400, "nuclear", MW["nuclear"] * 2 / 3)
        group("CATW nuclear B", zone, 400, "nuclear", MW["nuclear"] / 3)
    else:
        group(f"{zone} nuclear", zone, 400, "nuclear", MW["nuclear"])
    group(f"{zone} gas", zone, 400, "gas", MW["gas"])
    group(f"{zone} coal", zone, 400, "coal", MW["coal"])
    group(f"{zone} hydro", zone, 400 if z["country"] == "PT" else 220, "hydro", MW["hydro"])
    group(f"{zone} thermal", zone, 220, "thermal", float(z["thermal_220kV_MW"]))
    pumps = float(z["pumps_MW"])
    if z["country"] == "PT":
        for Hz, stage_MW in portuguese.items():
            if (zone == "PTS") == (Hz == "49.3") and pumps:
                group(f"{zone} pumps {Hz}", zone, 400, "pumps", -stage_MW, float(Hz))
    elif zone == "MLG":  # 2,168 MW at 49.5 Hz and 588 MW at 49.3 Hz in all
        group("MLG pumps 49.5", zone, 400, "pumps", -77.0, 49.5)
        group("MLG pumps 49.3", zone, 400, "pumps", -(pumps - 77), 49.3)
    elif zone == "CATW":
        group("CATW pumps 49.3", zone, 400, "pumps", -225.0, 49.3)
        group("CATW pumps", zone, 400, "pumps", -(pumps - 225))
    else:
        group(f"{zone} pumps", zone, 400, "pumps", -pumps, pump_stage.get(zone))


def MVA(zone, kind, MW):
    return abs(MW) * rating[f"hydro_{zones[zone]['country']}" if kind == "hydro" else kind]


energy, headroom_base = {"ES": 0.0, "PT": 0.0}, {"ES": 0.0, "PT": 0.0}
for _, zone, _, kind, MW, _ in groups:
    energy[zones[zone]["country"]] += assumed("H")[kind] * MVA(zone, kind, MW)
    if kind in ("gas", "hydro"):
        headroom_base[zones[zone]["country"]] += MVA(zone, kind, MW)
H_scale = {country: assumed("kinetic_energy_MWs")[country] / energy[country] for country in energy}
governor = dict(assumed("governor"))
headroom = governor.pop("headroom_MW")


def field_floor(data, p):
    """Field voltage at which a machine without saturation absorbs the limit at 1 pu."""
    P, Q, Xq, Xd = p, -assumed("under_excitation_limit"), data["Xq"], data["Xd"]
    delta = math.atan2(Xq * P, 1 + Xq * Q)
    return math.cos(delta) + Xd * (math.sin(delta) * P + math.cos(delta) * Q)


def rotor(kind):
    return dict(assumed("hydro_machine" if kind in ("hydro", "pumps") else "machine"))


step_up = assumed("step_up")
members = {}  # machines of a group
sheds = {}  # stage in Hz: pumps
synchronous = []
count = {}
for name, zone, level, kind, MW, stage in groups:
    S, country = MVA(zone, kind, MW), zones[zone]["country"]
    share = control_share(zone)
    for part, of in (("C", share), ("K", 1 - share)):
        count[zone] = count.get(zone, 0) + 1
        n = 10000 + 100 * number[zone] + count[zone]
        spread = 0.12 * count[zone]
        bus(n, f"{name} {part}", 20.0, zone, (0.25 * math.cos(spread * 6), 0.25 * math.sin(spread * 6)))
        write("transformer", **{"from": n, "to": (400 if level == 400 else 200) + number[zone]}, name=f"{name} {part}", base_MVA=S * of, R=step_up["R_pct"] / 100, X=step_up["X_pct"] / 100, ratio=1.0)
        Q = -assumed("machine_Mvar_per_MVA") * S * of
        keys = {"bus": n, "id": part, "P_MW": MW * of, "Vset": at_start(n, 1.0), "base_MVA": S * of}
        if arguments.start:
            keys |= {"Qmin_Mvar": Q, "Qmax_Mvar": Q}
        data = rotor(kind)
        keys["machine"] = {"model": "GENSAL" if "Xqp" not in data else "GENROU", "H": assumed("H")[kind] * H_scale[country]} | data
        if part == "C":
            keys["exciter"] = {"model": "SEXS"} | assumed("exciter") | {"EMIN": field_floor(data, MW / S)}
        else:
            keys["exciter"] = {"model": "SEXS"} | assumed("exciter_of_the_rest") | {"EMIN": field_at_start(n)}
        if kind in ("gas", "hydro"):
            extra = headroom[country] / headroom_base[country]
            keys["governor"] = {"model": "TGOV1"} | governor | {"VMAX": MW / S + extra}
        write("generator", **keys)
        members.setdefault(name, []).append(f"{n}-{part}")
        synchronous.append(f"{n}-{part}")
        if stage:
            sheds.setdefault(stage, []).append(f"{n}-{part}")

# ---- renewables: converters at fixed power factor

comment("renewables: converters at constant active power and fixed power factor")
conv = assumed("converter")
CONVERTER, CONTROL = converter(conv), converter_control(conv)
absorbed = assumed("renewable_Mvar_per_MW")
split = assumed("renewable_split")
tap = assumed("evacuation_tap")
evacuation = assumed("evacuation_transformer")
drawn = random.Random(tap["seed"])
converters, collectors, ramped, trips, pool = [], [], [], [], []


def plant(n, id, MW, Mvar, ramps):
    write(
        "generator", bus=n, id=id, P_MW=MW, Vset=at_start(n, 1.03), base_MVA=MW, Qmin_Mvar=-Mvar, Qmax_Mvar=-Mvar, converter=CONVERTER, electrical_control=CONTROL,
    )
    converters.append(f"{n}-{id}")
    if ramps:
        ramped.append((f"{n}-{id}", MW))


for zone, n in number.items():
    z = zones[zone]
    total = float(z["renewables_MW"])
    south = zone in SOUTHWEST
    at_collector = split["collector"] * total if south else 0.0
    at_220 = split["transmission_220kV"] * total if south else 0.6 * total
    in_distribution = total - at_collector - at_220
    mine = [p for p in named if p["zone"] == zone]
    behind = [(p["name"], float(p["MW"]), p) for p in mine if p["level"] == "collector"]
    rest = at_collector - sum(MW for _, MW, _ in behind)
    blocks = max(1, round(rest / assumed("block_MW"))) if rest > 1 else 0
    behind += [(f"{zone} block {k}", rest / blocks, None) for k in range(1, blocks + 1)]
    for k, (name, MW, p) in enumerate(behind, 1):
        m = 20000 + 100 * n + k
        angle = 2 * math.pi * k / len(behind)
        bus(m, name, 220.0, zone, (0.45 * math.cos(angle), 0.35 * math.sin(angle)))
        up = tap["granada"] if name == "Granada" else tap["mean"] + tap["half_range"] * (2 * drawn.random() - 1)
        write("transformer", **{"from": 400 + n, "to": m}, name=name, base_MVA=MW / evacuation["loading"], R=evacuation["R_pct"] / 100, X=evacuation["X_pct"] / 100, ratio=1 / up)
        if name == "Granada":
            Mvar = assumed("granada_collector_Mvar")
        else:
            Mvar = float(p["absorbed_Mvar"]) if p and p["absorbed_Mvar"] else absorbed["collector"] * MW
        plant(m, "R", MW, Mvar, ramps=p is None)
        collectors.append((f"{m}-R", name, MW))
        if p:
            trips.append((float(p["trip_s"]), [f"{m}-R"]))
        else:
            pool.append((f"{m}-R", MW))
    for k, p in enumerate((p for p in mine if p["level"] == "220"), 1):
        MW = float(p["MW"])
        per_MW = absorbed["small_trips" if p["name"].startswith("Small") else "transmission_220kV"]
        plant(200 + n, f"N{k}", MW, per_MW * MW, ramps=False)
        trips.append((float(p["trip_s"]), [f"{200 + n}-N{k}"]))
        at_220 -= MW
    if at_220 > 0:
        plant(200 + n, "T", at_220, absorbed["transmission_220kV"] * at_220, ramps=True)
    if in_distribution > 0:
        plant(200 + n, "D", in_distribution, absorbed["distribution"] * in_distribution, ramps=False)

# ---- loads and shunts

comment("loads")
net = assumed("net_load_Mvar")
loads_MW = {zone: load_MW(zone) for zone in zones}
others = sum(MW for zone, MW in loads_MW.items() if zones[zone]["country"] == "ES" and zone not in ("MAD", "VAL"))
for zone, n in number.items():
    MW = loads_MW[zone]
    if zone in ("MAD", "VAL"):
        Mvar = net[zone]
    elif zones[zone]["country"] == "ES":
        Mvar = net["rest_of_spain"] * MW / others
    else:
        Mvar = net["portugal"] * MW / assumed("demand_MW")["PT"]
    write("load", bus=200 + n, P_MW=MW, Q_Mvar=Mvar)
CONSTANT = {"impedance": 0, "current": 0, "power": 1}
hvdc = assumed("exports_MW")["hvdc"]
link = {"active": CONSTANT, "reactive": CONSTANT, "pqbrak": 0.5}
write("load", bus=400 + number["CATE"], id="DC", P_MW=hvdc, Q_Mvar=0.0, **link)
write("load", bus=802, id="DC", P_MW=-hvdc, Q_Mvar=0.0, **link)
foreign = {"active": {"impedance": 0.4, "current": 0.2, "power": 0.4}, "reactive": {"impedance": 1, "current": 0, "power": 0}}
write("load", bus=803, P_MW=continent["france_load_MW"], Q_Mvar=0.0)
write("load", bus=804, P_MW=continent["rest_load_MW"], Q_Mvar=0.0)
write("load", bus=805, P_MW=ma["load_MW"], Q_Mvar=0.0)
exponent = assumed("continental_response")["load_exponent"] / 0.6
out.append(
    f"""
[loads]
active = {toml(foreign["active"])}
reactive = {toml(foreign["reactive"])}
frequency = {{ m = {toml(exponent)}, n = 0, r = {toml(exponent)}, s = 0 }}
pqbrak = 0.7"""
)

comment("loads of the zones: transformer with tap changer, static load behind it, compensation beside it")
e, tc = assumed("load_exponents"), assumed("tap_changers")
first = random.Random(tc["seed"])
COMPOSITE = composite_load(tc, e, assumed("load_frequency"))
for zone, n in number.items():
    low, high = tc["first_s"]
    write("load_model", load=f"{200 + n}-1", model="CMLDBLU2", **COMPOSITE, Tdel=low + (high - low) * first.random())

comment("shunts: charging of the lines inside a zone (L), reactors as the start by inversion leaves them (R)")
for zone, n in number.items():
    z = zones[zone]
    for kV, level in ((400, 400), (220, 200)):
        lines = assumed(f"line_{kV}kV")
        between = sum(float(c[f"circuits_{kV}kV"]) * float(c["km"]) for c in corridors if zone in (c["from"], c["to"])) / 2
        left = (float(z[f"km_{kV}kV"]) - between * assumed("length_factor")) * (assumed("circuits_in_service")[z["group"]] if kV == 400 else 1)
        if left > 0:
            write("shunt", bus=level + n, id="L", B_Mvar=lines["B_uS_per_km"] * 1e-6 * left * kV * kV)
    if arguments.start:
        write("generator", bus=400 + n, id="V", P_MW=0.0, Vset=float(z["profile_kV"]) / 400, base_MVA=1000.0)
    else:
        write("shunt", bus=400 + n, id="R", B_Mvar=float(begun[str(400 + n)]["shunt_Mvar"]))
if arguments.start:
    out.append('\n[generators_without_dynamics]\nrepresent_as = "negative-load"')
    for n in (801, 802):
        write("generator", bus=n, id="V", P_MW=0.0, Vset=1.0, base_MVA=1000.0)
else:
    for n in (801, 802):
        write("shunt", bus=n, id="R", B_Mvar=float(begun[str(n)]["shunt_Mvar"]))

# ---- France, the Continent, Morocco

comment("machines that stand for France, the rest of the Continent and Morocco")
response = assumed("continental_response")


def mass(n, energy, load, kinetic_share):
    S = energy / continent["H"]
    keys = {"bus": n, "Vset": 1.0, "base_MVA": S}
    if n != 804:
        keys["P_MW"] = load
    keys["machine"] = {"model": "GENCLS", "H": continent["H"], "D": 0.0, "Ra": 0.0, "Xdp": continent["Xdp_pct"] / 100}
    keys["governor"] = {"model": "TGOV1", "R": 1 / (response["MW_per_Hz"] * kinetic_share * 50 / S), "T1": response["T1"], "VMAX": 5.0, "VMIN": 0.0, "T2": response["T2"], "T3": response["T3"], "Dt": 0.0}
    write("generator", **keys)


all_energy = continent["france_MWs"] + continent["rest_MWs"]
mass(803, continent["france_MWs"], continent["france_load_MW"] - hvdc, continent["france_MWs"] / all_energy)
mass(804, continent["rest_MWs"], continent["rest_load_MW"], continent["rest_MWs"] / all_energy)
write(
    "generator", bus=805, P_MW=ma["load_MW"] - assumed("exports_MW")["morocco"], Vset=at_start(805, 1.03), base_MVA=ma["MVA"],
    machine={"model": "GENCLS", "H": ma["kinetic_energy_MWs"] / ma["MVA"], "D": 0.0, "Ra": 0.0, "Xdp": 0.25},
    governor={"model": "TGOV1", "R": 0.05, "T1": 0.5, "VMAX": 1.0, "VMIN": 0.0, "T2": 2.0, "T3": 7.0, "Dt": 0.0},
)

# ---- relays, and what happened

if not arguments.start:
    write_relays(script, zones, number, border, sheds, synchronous, converters, collectors)

    comment("12:32:00 to 12:32:57: output falls at fixed power factor, demand grows")
    begin_rise = len(out)
    rise = assumed("slow_rise")
    share = rise["renewables_MW"] / sum(MW for _, MW in ramped)
    write(
        "event", at_s=zero_s + rise["from_s"],
        reference_step={"machine": [name for name, _ in ramped], "part": "electrical_control", "input": "Pref", "change": -share, "over_s": rise["to_s"] - rise["from_s"]},
    )
    if rise["demand_MW"]:
        write(
            "event", at_s=zero_s + rise["from_s"],
            load_ramp={"load": [f"{200 + n}-1" for zone, n in number.items() if zones[zone]["country"] == "ES"], "active_percent": 100 * rise["demand_MW"] / assumed("demand_MW")["ES"], "reactive_percent": 0.0, "over_s": -rise["from_s"] - 0.22},
        )
    slow_rise = out[begin_rise:]
    for at, machines in sorted(trip for trip in trips if trip[0] < 0):
        before = len(out)
        write("event", at_s=round(zero_s + at, 4), trip={"machine": machines})
        slow_rise += out[before:]
        del out[before:]
    comment("trips as published; later ones of plants that nobody named, drawn")
    order = random.Random(assumed("later_losses_seed"))
    order.shuffle(pool)
    for window in assumed("later_losses"):
        chosen, MW = [], 0.0
        while pool and MW + pool[0][1] / 2 <= window["MW"]:
            chosen.append(pool.pop(0))
            MW += chosen[-1][1]
        for k, (name, _) in enumerate(chosen):
            trips.append((window["from_s"] + (k + 0.5) / len(chosen) * (window["to_s"] - window["from_s"]), [name]))
    for loss in assumed("synchronous_losses"):
        trips.append((loss["s"], members[loss["group"]]))
    for at, machines in sorted(trips):
        write("event", at_s=round(zero_s + at, 4), trip={"machine": machines})

out.append(
    f"""
[simulation]
until_s = {toml(assumed("clock")["end_s"])}
relative_tolerance = 1e-4

[output]
step_s = 0.02
record = ["frequency", "bus.voltage", "bus.angle", "bus.frequency", "island", "machine.power", "machine.reactive_power", "branch.power", "branch.in_service", "load.power", "machine.804-1.speed", "protection.lfdd-*.meter.frequency"]"""
)
case = script.text()

# ---- what operators did before 12:30, taken back: tables for an include
out.append("# Circuits that were coupled before 12:30 open again, and more export, from the state of 12:32:00. Written by make_case.py, like case.toml.")
acts = assumed("actions")
write("event", at_s=5.0, open={"line": [f"{400 + number[pair.split('-')[0]]}-{400 + number[pair.split('-')[1]]}-2" for pair in acts["circuits"]]})
write(
    "event", at_s=15.0,
    reference_step={"machine": [name for name, _ in ramped], "part": "electrical_control", "input": "Pref", "change": acts["export_MW"] / sum(MW for _, MW in ramped), "over_s": 20.0},
)
actions = script.text()

# ---- tier B: thresholds drawn, nothing prescribed but the slow rise; of the frozen values alone, which stood.csv is of
files = {"start.toml": case} if arguments.start else {"case.toml": case, "actions.toml": actions}
if not arguments.start and not arguments.set:
    write_tier_b(script, zones, number, collectors, begun, slow_rise)
    files["tier-b.toml"] = script.text()

script.save(files)
