"""Draws what what-prevents-it.toml found: python3 picture.py FOLDER picture.png (needs matplotlib)."""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

rows = [r for r in csv.DictReader(open(sys.argv[1] + "/results.csv")) if r["battery_MW"] == "500" and r["later_dead_s"] == "15"]


def values(name):
    return sorted({r[name] for r in rows}, key=float)


dead, shots, dips, merge = (values(n) for n in ("first_dead_s", "shots_onto_fault", "dips_to_lock", "merge_s"))
found = {(r["first_dead_s"], r["shots_onto_fault"], r["dips_to_lock"], r["merge_s"]): float(r["ups_locked_MW"] or 0) for r in rows}
figure, axes = plt.subplots(len(dead), len(shots), figsize=(12, 2.1 * len(dead)), sharex=True, sharey=True, layout="constrained")
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
figure.colorbar(image, ax=axes, label="locked on backup, MW")
figure.suptitle("Northern Virginia: what stays away, by counter and reclosing (later dead times 15 s)")
figure.savefig(sys.argv[2], dpi=80)
