"""What the score of tier A hangs on: every assumed value at the ends of its range, the start solved again, nothing fitted again.

Writes sensitivity.csv: changed value, rows that pass, rows whose verdict changes against the frozen values ("+IB-V16" now passes, "-IB-V18" now misses). With
--jobs 2 half an hour of processor time."""
import argparse
import concurrent.futures
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
EVENT = HERE.parent.parent / "validation" / HERE.name

# name as in assumptions.toml, values at the ends of its range (or other readings of it)
RANGES = [
    ("transformer_saturation.knee_pu", "1.10", "1.25"),
    ("transformer_saturation.air_core_X_pct", "20", "45"),
    ("french_ties.beat_below_pu", "0.5", "0.8"),
    ("french_ties.beats", "1", "3"),
    ("unit_protection.renewable_overvoltage_pu", "[1.15, 1.20]", "[1.20, 1.25]"),
    ("border_to_france_pu", "0.045", "0.08"),
    ("voltage_control_share.rest", "0.04", "0.20"),
    ("voltage_control_share.southwest", "0.02", "0.20"),
    ("southwest_demand_MW", "6600", "7400"),
    ("converter.Kqv", "0.0", "3.0"),
    ("length_factor", "1.0", "1.15"),
    ("circuits_in_service.centre", "0.75", "1.0"),
    ("circuits_in_service.south", "0.85", "1.0"),
    ("line_400kV.X_ohm_per_km", "0.27", "0.30"),
    ("zone_transformer.X_pct", "10", "16"),
    ("evacuation_transformer.X_pct", "10", "16"),
    ("evacuation_tap.mean", "1.0", "1.06"),
    ("evacuation_tap.seed", "2", "3"),
    ("step_up.X_pct", "10", "18"),
    ("renewable_Mvar_per_MW.collector", "0.15", "0.30"),
    ("granada_collector_Mvar", "95", "165"),
    ("machine_Mvar_per_MVA", "0.08", "0.16"),
    ("load_exponents.kp", "0.3", "1.0"),
    ("load_exponents.kq", "2.0", "3.5"),
    ("load_frequency", "0.0", "1.0"),
    ("tap_changers.first_s", "[10, 20]", "[40, 60]"),
    ("tap_changers.band_pct", "0.75", "1.5"),
    ("machine.Tdop", "5", "9"),
    ("hydro_machine.Tdop", "5", "9"),
    ("voltage_control_share.portugal", "0.5", "1.0"),
    ("exciter.K", "20", "100"),
    ("under_excitation_limit", "0.25", "0.40"),
    ("governor.headroom_MW", "{ ES = 0, PT = 0 }", "{ ES = 680, PT = 120 }"),
    ("unit_protection.under_frequency_Hz", "47.0", "47.4"),
    ("unit_protection.machine_overvoltage_pu", "1.2", "1.3"),
    ("load_shedding.delay_s", "0.1", "0.3"),
    ("pump_shedding.delay_s", "0.1", "0.7"),
    ("morocco.kinetic_energy_MWs", "15000", "40000"),
    ("continent.france_MWs", "150000", "400000"),
    ("continent.rest_MWs", "650000", "1050000"),
    ("border_to_border_pu", "0.008", "0.02"),
    ("continental_response.MW_per_Hz", "25000", "45000"),
    ("slow_rise.demand_MW", "0", "317"),
    ("later_losses_seed", "2", "3"),
]


def verdicts(ballast, settings):
    """Verdict of every scored row with these settings; None where a run could not go on."""
    with tempfile.TemporaryDirectory() as work:
        case, event = (pathlib.Path(work) / kind / HERE.name for kind in ("cases", "validation"))
        shutil.copytree(EVENT, event)
        case.mkdir(parents=True)
        shutil.copy(HERE / "assumptions.toml", case)
        words = [word for name, value in settings for word in ("--set", f"{name}={value}")]
        subprocess.run([sys.executable, HERE / "calibrate.py", "--ballast", ballast, "--start", "--output", case] + words, check=True)
        subprocess.run([sys.executable, HERE / "make_case.py", "--output", case, "--start-table", case / "start.csv"] + words, check=True)
        done = subprocess.run([ballast, "validate", event, "--json", "--draws", "0", "-o", pathlib.Path(work) / "out"], capture_output=True, text=True)
        try:
            rows = json.loads(done.stdout)["rows"]
        except json.JSONDecodeError:
            return done.stderr.strip().rsplit(": failed at ", 1)[-1:]
        return {row["id"]: row["verdict"] == "pass" for row in rows if row["status"] != "report-only"}


def attempt(ballast, settings):
    try:
        return verdicts(ballast, settings)
    except subprocess.CalledProcessError:
        return ["no state of rest"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballast", default="ballast")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], help="names of values; default: all")
    parser.add_argument("-o", "--output", type=pathlib.Path, default=HERE / "sensitivity.csv")
    arguments = parser.parse_args()
    runs = [()] + [((name, value),) for name, *values in RANGES if not arguments.only or name in arguments.only for value in values]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool, open(arguments.output, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["name", "value", "rows_that_pass", "verdicts_that_change"])
        frozen = None
        for settings, found in zip(runs, pool.map(lambda settings: attempt(arguments.ballast, settings), runs)):
            frozen = frozen or found
            name, value = settings[0] if settings else ("as frozen", "")
            if isinstance(found, dict):
                changed = [("+" if found[row] else "-") + row for row in found if found[row] != frozen[row]]
                out.writerow([name, value, sum(found.values()), " ".join(changed)])
            else:
                out.writerow([name, value, "", "the run cannot go on: " + " ".join(found)])
            file.flush()



if __name__ == "__main__":
    main()
