#!/usr/bin/env python3
"""Draws what race-sweep.toml found: IT energy that was not served, over start and UPS.

    ./ballast sweep cases/abilene-phase-1/race-sweep.toml --jobs 2 -o race
    python3 race_picture.py race race.png
"""
import csv
import sys

import matplotlib
import numpy

matplotlib.use("Agg")
import matplotlib.pyplot as plot

folder, picture = sys.argv[1:3]
with open(folder + "/results.csv", newline="") as file:
    rows = list(csv.DictReader(file))
starts = sorted({float(r["accelerate_s"]) for r in rows})
minutes = sorted({float(r["ups_s"]) for r in rows})
served = {(float(r["close_MW"]), float(r["accelerate_s"]), float(r["ups_s"])): float(r["served_MWh"]) for r in rows}
most = max(served.values())
PURGE = 60
fig, axes = plot.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
for axis, (close, title) in zip(axes, ((945, "plant alone"), (645, "with a battery of 300 MW beside it"))):
    lost = numpy.array([[most - served[close, a, u] for u in minutes] for a in starts])
    image = axis.imshow(lost, origin="lower", cmap="magma_r", vmin=0, vmax=60, aspect="auto")
    for i in range(len(starts)):
        for j in range(len(minutes)):
            axis.text(j, i, f"{lost[i, j]:.1f}", ha="center", va="center", color="white" if lost[i, j] > 30 else "black")
    axis.set_xticks(range(len(minutes)), [f"{m / 60:g}" for m in minutes])
    axis.set_yticks(range(len(starts)), [f"{(a + PURGE) / 60:g}" for a in starts])
    axis.set_xlabel("UPS battery at rated load, minutes")
    axis.set_title(title)
axes[0].set_ylabel("turbines to speed, minutes")
fig.colorbar(image, ax=axes, label="IT energy not served, MWh")
fig.suptitle("Abilene, grid lost: who wins, UPS or turbines?")
fig.savefig(picture, dpi=110)
