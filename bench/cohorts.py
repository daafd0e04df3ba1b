#!/usr/bin/env python3
"""What 200 cohorts cost: New England's four campuses with 50 blocks each and three dips in a minute, against the shipped
case with one block each. Processor time of bench_case (reading, power flow, run and record), all cases in turn, so that
a busy machine is busy for all of them. Fails when the median over the turns is above --at-most.

    python3 bench/cohorts.py build/release/bench/bench_case [--before PROGRAM] [--rounds 9] [--at-most 3] [--keep FOLDER]

--before: bench_case of an earlier commit; it runs the shipped case, and the one with three dips, in the same turns.
"""
import argparse
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASE = ROOT / "cases/new-england-campuses/case.toml"
ONE_DIP = "reclose_after_s = [5.0], shots_onto_fault = 0"
THREE_DIPS = "reclose_after_s = [5.0, 12.0, 6.0], shots_onto_fault = 2"


def cases(folder):
    plain = CASE.read_text()
    assert ONE_DIP in plain
    supply = (ROOT / "bench/cohorts-supply.toml").read_text()
    three = plain.replace(ONE_DIP, THREE_DIPS)
    seeds = iter(range(1, 1000))
    scattered = re.sub(r"^ups = \{.*$", lambda _: supply.replace("{seed}", str(next(seeds))), three, flags=re.M)
    files = {}
    for name, text in {"one-dip": plain, "three-dips": three, "cohorts": scattered}.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        files[name] = folder / name / "case.toml"
        files[name].write_text(text)
    return files


def run(program, case, *more):
    """Processor time in s, and what the program says about its steps."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, case, "1", *more], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{program} {case}\n{done.stdout}{done.stderr}")
    steps = re.search(r"\d+ states.*", done.stdout)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, steps.group() if steps else ""


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    options.add_argument("program")
    options.add_argument("--before")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--at-most", type=float, default=3, help="times the shipped case (default 3)")
    options.add_argument("--keep", type=pathlib.Path)
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        files = cases(args.keep or pathlib.Path(scratch))
        runs = [("now", args.program, name) for name in files]
        if args.before:
            runs += [("before", args.before, name) for name in ("one-dip", "three-dips")]
        runs += [("bare", args.program, name) for name in ("one-dip", "cohorts")]  # no record
        times = {(when, name): [] for when, _, name in runs}
        steps = {}
        for _ in range(args.rounds):
            for when, program, name in runs:
                more = ["bare"] if when == "bare" else []
                taken, steps[when, name] = run(program, files[name], *more)
                times[when, name].append(taken)
    cohorts = times["now", "cohorts"]
    print("processor time, s: median (least to most); how many times dearer cohorts are, median of the turns")
    for (when, name), taken in times.items():
        dear = times["bare", "cohorts"] if when == "bare" else cohorts
        ratio = statistics.median(c / t for c, t in zip(dear, taken))
        print(f"{when:7} {name:11} {statistics.median(taken):7.3f} ({min(taken):.3f} to {max(taken):.3f})   {ratio:5.2f}")
        print(f"        {steps[when, name]}")
    dearer = statistics.median(c / t for c, t in zip(cohorts, times["now", "one-dip"]))
    if dearer > args.at_most:
        raise SystemExit(f"200 cohorts cost {dearer:.2f} times one block each, at most {args.at_most:g} wanted")


if __name__ == "__main__":
    main()
