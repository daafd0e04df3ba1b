"""Draws what dips-battery-reclosing.toml found: python3 picture.py FOLDER picture.png (needs matplotlib)."""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

rows = list(csv.DictReader(open(sys.argv[1] + "/results.csv")))
dead_time = "0.35"
shots = ["0", "1", "2", "3"]
dips = sorted({r["dips_to_lock"] for r in rows}, key=float)
battery = sorted({r["battery_MW"] for r in rows}, key=float)


def grid(shot, column):
    found = {
        (r["dips_to_lock"], r["battery_MW"]): float(r[column])
        for r in rows
        if r["shots_onto_fault"] == shot and r["dead_time_s"] == dead_time
    }
    return [[found[d, b] for b in battery] for d in dips]


figure, axes = plt.subplots(2, len(shots), figsize=(15, 6), sharex=True, sharey=True, layout="constrained")
for row, (column, label, colours) in enumerate(
    [
        ("campus_energy_MWh", "energy from the grid, MWh", "viridis"),
        ("frequency_max_Hz", "highest frequency, Hz", "magma_r"),
    ]
):
    values = [grid(s, column) for s in shots]
    low = min(min(map(min, v)) for v in values)
    high = max(max(map(max, v)) for v in values)
    for at, s in enumerate(shots):
        ax = axes[row][at]
        image = ax.imshow(values[at], origin="lower", aspect="auto", cmap=colours, vmin=low, vmax=high,
                          extent=(0, float(battery[-1]) + 2.5, -0.5, len(dips) - 0.5))
        ax.set_yticks(range(len(dips)), ["none" if d == "0" else d for d in dips])
        if row == 0:
            ax.set_title(f"{1 + int(s)} dip{'s' if s != '0' else ''}: {s or 'no'} reclosing{'' if s == '1' else 's'} onto the fault")
        if row == 1:
            ax.set_xlabel("battery beside the campus, MW")
        if at == 0:
            ax.set_ylabel("dips that lock the UPS")
    figure.colorbar(image, ax=axes[row], label=label)
figure.suptitle("300 MW campus on a weak tie, fault reclosed after 0.35, 5 and 15 s")
figure.savefig(sys.argv[2], dpi=80)
