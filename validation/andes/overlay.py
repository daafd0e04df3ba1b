#!/usr/bin/env python3
"""Overlay of Ballast on ANDES for the Kundur fault: runs the program and draws both.

    pip install h5py matplotlib
    python3 validation/andes/overlay.py path/to/reference/networks overlay.png
"""
import os
import subprocess
import sys
import tempfile

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CASE = """[case]
title = "Kundur two-area, fault at the mid point"
[network]
raw = "{networks}/kundur-twoarea_v33.raw"
dyr = "{networks}/kundur-twoarea.dyr"
[loads]
active = {{ impedance = 1.0, current = 0.0, power = 0.0 }}
reactive = {{ impedance = 1.0, current = 0.0, power = 0.0 }}
[[event]]
at_s = 1.0
fault = {{ bus = 8, impedance_pu = [0.0, 0.001], duration_s = 0.05 }}
[simulation]
until_s = 20
relative_tolerance = 1e-7
[output]
record = ["machine.speed", "bus.voltage"]
step_s = 0.01
"""


def main():
    networks, picture = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "case.toml"), "w") as file:
            file.write(CASE.format(networks=networks))
        subprocess.run([os.environ.get("BALLAST", os.path.join(HERE, "..", "..", "ballast")), "run", folder, "-o", os.path.join(folder, "out"),
                        "--quiet"], check=True)
        with h5py.File(os.path.join(folder, "out", "record.h5")) as record:
            t = record["time"][:]
            speed = record["quantity"]["machine.speed"][:]
    names = open(os.path.join(HERE, "kundur.csv")).readline().strip().split(",")
    andes = np.loadtxt(os.path.join(HERE, "kundur.csv"), delimiter=",", skiprows=1)
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(10, 7), height_ratios=[3, 1.3])
    for k in range(4):
        reference = andes[:, names.index(f"speed_{k + 1}")]
        top.plot(andes[:, 0], reference, color=f"C{k}", linewidth=4, alpha=0.35, label=f"ANDES, machine {k + 1}")
        top.plot(t, speed[:, k], color=f"C{k}", linewidth=1, label=f"Ballast, machine {k + 1}")
        bottom.plot(andes[:, 0], np.interp(andes[:, 0], t, speed[:, k]) - reference, color=f"C{k}", linewidth=1)
    top.set_ylabel("rotor speed, pu")
    top.legend(ncol=4, fontsize=8, loc="lower center")
    top.set_title("Kundur two-area, three-phase fault at bus 8 for 50 ms")
    bottom.set_ylabel("difference, pu")
    bottom.set_xlabel("time, s")
    bottom.set_ylim(-5e-6, 5e-6)
    figure.tight_layout()
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main()
