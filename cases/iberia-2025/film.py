"""The cascade as a film on the map: python3 film.py RUN FOLDER [--times 0,40,...] [--from 15 --to 27 --step 0.04] [--joined film.gif].

RUN is the folder that `ballast run cases/iberia-2025` left. Times are seconds after the Granada trip (12:32:57.22). With --times
only these stills are drawn, as still-1.png, still-2.png ...; else a numbered frame for every step, for any program that joins
pictures; --joined also writes them as one animated GIF. Needs h5py, matplotlib, numpy. The same run in ParaView, to look
around in: paraview --script=RUN/vtk/scene.py; frames from there: pvbatch RUN/vtk/scene.py --frames movie.

The coast is drawn by hand from memory, to know where one is; nothing is computed from it.
"""
import argparse
import pathlib

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap

GRANADA = 60.0  # s of the run
COAST = np.array([(3.1, 43.1), (3.0, 42.5), (3.3, 42.3), (3.2, 41.9), (2.2, 41.3), (0.9, 40.9), (0.3, 40.2), (-0.3, 39.4), (0.2, 38.7), (-0.5, 38.3), (-0.8, 37.6), (-1.9, 36.9), (-2.2, 36.7),
                  (-3.5, 36.7), (-4.5, 36.7), (-5.4, 36.1), (-6.0, 36.2), (-6.4, 36.8), (-7.4, 37.2), (-8.0, 37.0), (-9.0, 37.0), (-8.8, 38.4), (-9.5, 38.8), (-8.9, 40.2), (-8.7, 41.2), (-8.9, 42.1),
                  (-9.3, 43.0), (-8.0, 43.7), (-5.8, 43.6), (-3.8, 43.5), (-1.8, 43.4), (-1.2, 44.7)])
VOLTAGE = LinearSegmentedColormap.from_list("voltage", [(0.0, "#101010"), (0.4, "#d9480f"), (0.5, "#2f9e44"), (0.62, "#74c0fc"), (0.8, "#1c4ed8"), (1.0, "#7b2cbf")])


class Run:
    def __init__(self, folder):
        with h5py.File(pathlib.Path(folder) / "record.h5") as file:
            self.t = file["time"][:] - GRANADA
            bus, branch = file["network/bus"], file["network/branch"]
            self.number = bus["number"][:]
            self.kV = bus["base_kV"][:]
            self.xy = np.column_stack([bus["x"][:], bus["y"][:]])  # longitude, latitude
            self.ends = np.column_stack([branch["from"][:], branch["to"][:]])
            self.V = file["quantity/bus.voltage"][:]
            self.closed = file["quantity/branch.in_service"][:] > 0.5
            names = [n.decode() for n in file["elements/protection"]]
            self.Hz = 50 * file["quantity/protection.meter.frequency"][:, next(k for k, n in enumerate(names) if "212-1" in n)]
            machines = [n.decode() for n in file["elements/machine"]]
            P = file["quantity/machine.power"][:]
            renewable = [k for k, n in enumerate(machines) if n.split("-")[1][0] in "RNTD"]
            self.lost_GW = (P[0, renewable].sum() - P[:, renewable].sum(axis=1)) / 1000
            self.events = [(e["time_s"] - GRANADA, e["kind"].decode(), e["device"].decode(), int(e["bus"]), e["power_MW"]) for e in file["events"][:]]
        self.Hz[self.V[:, list(self.number).index(412)] < 0.05] = np.nan
        self.grid = self.kV >= 200
        self.south = [k for k, n in enumerate(self.number) if 414 <= n <= 425]

    def at(self, t):
        return max(int(np.searchsorted(self.t, t + 1e-9)) - 1, 0)


def draw(run, t, path):
    k = run.at(t)
    figure = plt.figure(figsize=(12.8, 7.2))
    map_axes = figure.add_axes((0.01, 0.10, 0.61, 0.83))
    map_axes.plot(*COAST.T, color="#b9b2a3", lw=1, zorder=0)
    lines = [i for i, (a, b) in enumerate(run.ends) if run.grid[a] and run.grid[b]]
    segments = run.xy[run.ends[lines]]
    closed = run.closed[k, lines] & (run.V[k][run.ends[lines]].min(axis=1) > 0.05)
    map_axes.add_collection(LineCollection(segments[closed], colors="#8a8f98", lw=0.8, zorder=1))
    map_axes.add_collection(LineCollection(segments[~closed], colors="#e03131", lw=0.8, linestyles=":", zorder=1))
    dots = map_axes.scatter(*run.xy[run.grid].T, c=run.V[k, run.grid], cmap=VOLTAGE, vmin=0.8, vmax=1.2, s=34, edgecolors="#333333", linewidths=0.4, zorder=3)
    tripped = {}
    for when, kind, _, bus, MW in run.events:
        if kind == "machine-tripped" and when <= t and bus >= 0 and abs(MW) >= 1:
            tripped[bus] = (max(tripped.get(bus, (0, 0))[0], abs(MW)), when)
    for bus, (MW, when) in tripped.items():
        fresh = t - when < 0.3
        map_axes.scatter(*run.xy[bus], s=30 + 0.6 * MW, facecolors="none", edgecolors="#e8590c" if fresh else "#f3b391", linewidths=2.4 if fresh else 1.0, zorder=4)
    map_axes.set_aspect(1.3)  # a degree of latitude over one of longitude, at 40 degrees
    map_axes.set_xlim(-10.2, 4.6), map_axes.set_ylim(35.6, 45.0)
    map_axes.axis("off")
    bar = figure.colorbar(dots, cax=figure.add_axes((0.08, 0.075, 0.46, 0.02)), orientation="horizontal", extend="both")
    bar.set_label("voltage of 400 and 220 kV buses, pu; rings: tripped plants and units (bold: in the last 0.3 s); dotted: open or dead", fontsize=8)
    clock = 12 * 3600 + 32 * 60 + 57.22 + t
    figure.text(0.02, 0.95, f"12:{int(clock // 60 % 60):02d}:{clock % 60:05.2f}", fontsize=20, weight="bold")
    figure.text(0.19, 0.955, f"{t:+.2f} s from the Granada trip; {len(tripped)} plants and units tripped. Replay, tier A", fontsize=9)

    window = (-60, 28) if t < 15 else (17, 26)
    shown = run.t <= t
    for place, values, label, span in ((0.70, 400 * run.V[:, run.south].max(axis=1), "highest voltage in the south, kV at the 400 kV level", (400, 560)),
                                       (0.39, run.Hz, "frequency at Madrid, Hz", (47, 50.2)), (0.08, run.lost_GW, "renewable generation lost, GW", (0, 12))):
        axes = figure.add_axes((0.66, place, 0.32, 0.24))
        axes.plot(run.t, values, color="#dddddd", lw=1)
        axes.plot(run.t[shown], values[shown], color="#1c4ed8", lw=1.6)
        axes.axvline(t, color="#e8590c", lw=0.8)
        axes.set_xlim(window), axes.set_ylim(span)
        axes.set_title(label, fontsize=9, loc="left")
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("run")
    words.add_argument("folder")
    words.add_argument("--times", help="stills at these seconds after Granada")
    words.add_argument("--from", dest="start", type=float, default=15)
    words.add_argument("--to", dest="end", type=float, default=26)
    words.add_argument("--step", type=float, default=0.04)
    words.add_argument("--joined", help="also one animated GIF (needs Pillow)")
    given = words.parse_args()
    run = Run(given.run)
    folder = pathlib.Path(given.folder)
    folder.mkdir(parents=True, exist_ok=True)
    if given.times:
        for number, t in enumerate(given.times.split(","), 1):
            draw(run, float(t), folder / f"still-{number}.png")
        return
    frames = []
    for number, t in enumerate(np.arange(given.start, given.end + 1e-9, given.step)):
        frames.append(folder / f"frame-{number:04d}.png")
        draw(run, t, frames[-1])
    if given.joined:
        from PIL import Image

        pictures = [Image.open(f).convert("P", palette=Image.ADAPTIVE) for f in frames]
        pictures[0].save(given.joined, save_all=True, append_images=pictures[1:], duration=80, loop=0)


if __name__ == "__main__":
    main()
