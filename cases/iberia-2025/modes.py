"""Modes before the event (IB-V29), the forced oscillation (IB-V30) and the reduced V-Q matrix along the ramp: python3 modes.py FOLDER [PROGRAM].

Prints the tables of README.md, section "Oscillations and stiffness", and draws FOLDER/vq.png. PROGRAM is `ballast` (default:
./ballast of the repository). Needs matplotlib.
"""
import csv
import pathlib
import re
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

HERE = pathlib.Path(__file__).resolve().parent
folder = pathlib.Path(sys.argv[1])
program = sys.argv[2] if len(sys.argv) > 2 else str(HERE.parents[1] / "ballast")
folder.mkdir(parents=True, exist_ok=True)


def rows(case, name, *words):
    """The rows of NAME.csv that `ballast modes` writes."""
    out = folder / name
    subprocess.run([program, "modes", str(case), *words, "-o", str(out)], check=True, capture_output=True)
    return list(csv.DictReader((out / f"{name.split('-')[0]}.csv").open()))


# What operators did before 12:30 taken back, from the state of 12:32:00: circuits open at 5 s, more export from 15 s on.
text = re.sub(r"\[\[event\]\]\n(?:.+\n)+", "", (HERE / "case.toml").read_text())
actions = folder / "actions-case.toml"
actions.write_text(text + (HERE / "actions.toml").read_text())

print("IB-V29: mode of Iberia against the Continent")
for t, what in (("0", "12:32:00"), ("14.9", "fifteen circuits open"), ("59", "and 1,150 MW more export")):
    for row in rows(actions, f"modes-{t}", "--near", "0.21", "-n", "4", "--at", t):
        if 0.15 <= float(row["frequency_Hz"]) <= 0.6:
            print(f"  {what}: {float(row['frequency_Hz']):.3f} Hz, damping {float(row['damping_percent']):.1f} %")

print("IB-V30: power that swings at Badajoz, 400 kV, 0.63 Hz, peak to peak")
for MW, Mvar in (("100", "0"), ("100", "-30"), ("0", "100")):
    found = {int(r["bus"]): r for r in rows(HERE / "case.toml", "forced", "--force", "418", "--Hz", "0.63", "--MW", MW, "--Mvar", Mvar)}
    kV = {name: float(found[bus]["voltage_kV"]) for name, bus in (("Almaraz", 417), ("San Servan", 418), ("France", 801))}
    mHz = {name: float(found[bus]["frequency_mHz"]) for name, bus in (("San Servan", 418), ("Madrid", 412), ("France", 801), ("Continent", 804))}
    print(f"  {MW} MW, {Mvar} Mvar: " + ", ".join(f"{n} {v:.2f} kV" for n, v in kV.items()) + "; " + ", ".join(f"{n} {v:.1f} mHz" for n, v in mHz.items()))
print("  100 Mvar, by frequency, kV at San Servan:")
swept = rows(HERE / "case.toml", "forced", "--force", "418", "--Hz", "0.1,0.2,0.3,0.4,0.5,0.63,0.8,1,1.3", "--MW", "0", "--Mvar", "100")
print("  " + ", ".join(f"{float(r['driven_Hz']):g} Hz {float(r['voltage_kV']):.2f}" for r in swept if r["bus"] == "418"))

moments = [0, 2.7] + [3 + k for k in range(77)] + [79.3 + 0.1 * k for k in range(32)]  # then the peninsula slips: no rest is near
stiffness = {}
for row in rows(HERE / "case.toml", "vq", "--vq", "--kV", "200", "--at", ",".join(f"{t:g}" for t in moments)):
    stiffness.setdefault(float(row["time_s"]) - 60, (float(row["smallest"]), row["bus"]))
print("smallest eigenvalue of the reduced V-Q matrix, pu/pu:")
for t in sorted(stiffness):
    if t < 19 and round(t) % 10 == 0 or t < -56 or t >= 19 and round(10 * t) % 4 == 0:
        print(f"  {t:+.1f} s: {stiffness[t][0]:.3f}, {stiffness[t][1]}")

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=(2, 1), sharey=True)
t = sorted(stiffness)
for axes, (low, high) in ((left, (-60, 19)), (right, (19, 22.5))):
    axes.semilogy(t, [stiffness[k][0] for k in t], ".-", ms=4, lw=1)
    axes.set_xlim(low, high)
    axes.axhline(3.5, color="#999999", lw=0.8, ls=":")
    axes.grid(alpha=0.3, which="both")
    axes.set_xlabel("s after the Granada trip")
left.axvline(-57.22, color="#e8590c", lw=0.8)
left.text(-56.5, 0.012, "ramp begins", color="#e8590c", fontsize=8)
left.axvline(0, color="#e8590c", lw=0.8)
left.text(0.7, 0.012, "Granada", color="#e8590c", fontsize=8)
left.set_ylabel("pu of Mvar (100) per pu of voltage")
figure.suptitle("Smallest eigenvalue of the reduced V-Q matrix, buses of 220 and 400 kV", fontsize=10)
figure.tight_layout()
figure.savefig(folder / "vq.png", dpi=110)
