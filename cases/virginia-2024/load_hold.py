"""Draws what load-hold.toml found: python3 load_hold.py FOLDER picture.png (needs matplotlib)."""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SUBSTATIONS = 32
rows = list(csv.DictReader(open(sys.argv[1] + "/results.csv")))
total = [SUBSTATIONS * float(r["battery_MW_each"]) for r in rows]
curves = [
    ("highest frequency, mHz above 60 Hz", [1000 * (float(r["frequency_peak_Hz"]) - 60) for r in rows]),
    ("the same at 200 s", [1000 * (float(r["frequency_end_Hz"]) - 60) for r in rows]),
    ("steepest half second, mHz/s", [1000 * float(r["rocof_Hz_per_s"]) for r in rows]),
    ("highest voltage, % above nominal", [100 * (float(r["voltage_peak_pu"]) - 1) for r in rows]),
]
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for title, values in curves[:2]:
    axes[0].plot(total, values, "o-", label=title)
for title, values in curves[2:]:
    axes[1].plot(total, values, "o-", label=title)
for axis in axes:
    axis.set_xlabel("load-hold, MW in all")
    axis.set_ylim(0)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)
figure.suptitle("10 July 2024 with batteries that take the place of the load that leaves")
figure.savefig(sys.argv[2], dpi=110)
