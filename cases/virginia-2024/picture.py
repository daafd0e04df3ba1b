"""Draws what what-prevents-it.toml found: python3 picture.py FOLDER picture.png (needs matplotlib)."""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

everything = list(csv.DictReader(open(sys.argv[1] + "/results.csv")))
rows = [r for r in everything if r["battery_MW"] == "500" and r["later_dead_s"] == "15"]


def values(name):
    return sorted({r[name] for r in rows}, key=float)


dead, shots, dips, merge = (values(n) for n in ("first_dead_s", "shots_onto_fault", "dips_to_lock", "merge_s"))
found = {(r["first_dead_s"], r["shots_onto_fault"], r["dips_to_lock"], r["merge_s"]): float(r["ups_locked_MW"] or 0) for r in rows}
figure = plt.figure(figsize=(12, 2.1 * len(dead) + 3), layout="constrained")
above, below = figure.subfigures(2, 1, height_ratios=[2.1 * len(dead), 3])
axes = above.subplots(len(dead), len(shots), sharex=True, sharey=True)
for row, d in enumerate(dead):
    for column, s in enumerate(shots):
        ax = axes[row][column]
        cells = [[found[d, s, n, m] for m in merge] for n in dips]
        image = ax.imshow(cells, origin="lower", aspect="auto", cmap="YlOrRd", vmin=0, vmax=1700)
        for y, line in enumerate(cells):
            for x, MW in enumerate(line):
                ax.text(x, y, f"{MW:.0f}", ha="center", va="center", fontsize=7, color="white" if MW > 1000 else "black")
        ax.set_xticks(range(len(merge)), merge)
        ax.set_yticks(range(len(dips)), ["none" if n == "0" else n for n in dips])
        if row == 0:
            ax.set_title(f"{s} shots onto the fault", fontsize=10)
        if row == len(dead) - 1:
            ax.set_xlabel("dips merged within, s")
        if column == 0:
            ax.set_ylabel(f"first dead time {d} s\ndips that lock", fontsize=8)
above.colorbar(image, ax=axes, label="locked on backup, MW")
above.suptitle("Northern Virginia: what stays away, by counter and reclosing (battery of 500 MW, later dead times 15 s)")
ax = below.subplots()
batteries = sorted({r["battery_MW"] for r in everything}, key=float)
for k, battery in enumerate(batteries):
    mean = []
    for n in dips:
        locked = [float(r["ups_locked_MW"] or 0) for r in everything if r["battery_MW"] == battery and r["dips_to_lock"] == n]
        mean.append(sum(locked) / len(locked))
    ax.bar([x + 0.25 * (k - 1) for x in range(len(dips))], mean, 0.23, label=f"{battery} MW")
ax.set_xticks(range(len(dips)), ["none" if n == "0" else n for n in dips])
ax.set_xlabel("dips that lock")
ax.set_ylabel("locked on backup, MW,\nmean over merge times and reclosing")
ax.legend(title="battery of the area")
below.suptitle(f"all {len(everything):,} scenarios")
figure.savefig(sys.argv[2], dpi=80)
