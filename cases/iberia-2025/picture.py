"""Draws voltage, frequency and lost generation of a run over what was published: python3 picture.py RUN PICTURE. Needs h5py, matplotlib, numpy."""
import pathlib
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

run, picture = sys.argv[1:3]
with h5py.File(pathlib.Path(run) / "record.h5") as file:
    t = file["time"][:] - 60

    def of(name):
        quantity = file[f"quantity/{name}"]
        return [n.decode() for n in file["elements/" + quantity.attrs["elements"].decode()]], quantity[:]

    buses, V = of("bus.voltage")
    relays, f = of("protection.meter.frequency")
    machines, P = of("machine.power")
kV = lambda bus: 400 * V[:, buses.index(bus)]
Hz = 50 * f[:, next(k for k, name in enumerate(relays) if "212-1" in name)]
Hz[V[:, buses.index("412")] < 0.05] = np.nan
renewables = [k for k, name in enumerate(machines) if name.split("-")[1][0] in "RNTD"]
lost = (P[0, renewables].sum() - P[:, renewables].sum(axis=1)) / 1000

figure, rows = plt.subplots(3, 2, figsize=(12, 9), width_ratios=(1.1, 1), sharex="col")
for column, (low, high) in enumerate(((-60, 19), (19, 29))):
    top, middle, bottom = rows[0, column], rows[1, column], rows[2, column]
    for bus, name in (("424", "Granada"), ("418", "Badajoz"), ("414", "Cuenca"), ("419", "Sevilla"), ("412", "Madrid"), ("407", "Catalonia")):
        top.plot(t, kV(bus), label=name, lw=1.2)
    middle.plot(t, Hz, color="k", lw=1.2, label="Madrid")
    bottom.plot(t, lost, color="k", lw=1.2, label="renewables, ours")
    top.set_xlim(low, high)
# published: EF p.109 and p.116, REE; facts 6.3, 6.4
rows[0, 0].plot([-57.2, -0.2], [413, 428], "o", mfc="none", color="C2", label="Olmedilla, published")
rows[0, 0].plot([-57.2, -0.2], [411, 424], "o", mfc="none", color="C1", label="San Servan, published")
rows[0, 0].plot([-0.05, 0.1], [417.9, 423.9], "s", mfc="none", color="C0", label="Granada, published")
rows[0, 1].hlines([442.5, 451.4], [19.78, 20.78], [20.78, 21.78], color="r", lw=2, label="highest, published")
rows[1, 0].plot([-2.22, 2], [49.98, 49.94], "o", mfc="none", color="r", label="published")
rows[1, 1].plot([19.28, 20.28, 22.4, 23.25, 23.38, 24.16, 24.315, 24.82, 25.48], [49.9, 49.8, 49.7, 49.5, 49.0, 48.4, 48.458, 48.0, 47.79], "o", mfc="none", color="r", label="published")
rows[2, 1].plot([20.8, 23.34], [2.535, 5.75], "o", mfc="none", color="r", label="published, cumulative")
rows[0, 0].set_ylim(400, 440), rows[0, 1].set_ylim(300, 560)
rows[1, 0].set_ylim(49.9, 50.02), rows[1, 1].set_ylim(46.8, 50.1)
rows[2, 0].set_ylim(0, 2), rows[2, 1].set_ylim(0, 12)
for row, label in zip(rows, ("kV, 400 kV level", "Hz", "GW lost")):
    row[0].set_ylabel(label)
    for axes in row:
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7, loc="upper left")
for axes in rows[2]:
    axes.set_xlabel("s after the Granada trip, 12:32:57.22")
figure.tight_layout()
figure.savefig(picture, dpi=110)
