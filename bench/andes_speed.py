#!/usr/bin/env python3
"""How long ANDES takes for the 10 s of `bench_speed steam case39.m 16`: the peer of that figure.

    pip install andes
    python3 bench/andes_speed.py path/to/reference/networks

The case is the one of validation/andes (IEEE 39, GENROU, EXST1, IEEEST, IEEEG1 with limits that do not bind), the fault is
through X = 0.01 pu at bus 16 from 1.00 to 1.15 s. For each fixed step it prints the error of the rotor speeds (root mean square,
10 ms grid) against ANDES's own run at 1/1920 s and the processor time of the time-domain run alone: no reading, no set-up,
no code generation. Plotting and output are off.
"""
import os
import sys
import time

import andes
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "validation", "andes"))
import make_reference as reference  # noqa: E402

kept = {}


def run(ss, fault_bus, t_fault, t_clear, until):
    """In the place of make_reference.run: the same options, another fault and step, timed."""
    reference.psse_torque(ss)
    ss.add("Fault", dict(bus=fault_bus, tf=1.0, tc=1.15, xf=0.01, rf=0))
    ss.setup()
    for share in ("p2p", "q2q", "p2i", "q2i"):
        setattr(ss.PQ.config, share, 0)
    ss.PQ.config.p2z = ss.PQ.config.q2z = 1
    ss.PFlow.config.tol = 1e-10
    ss.PFlow.run()
    config = ss.TDS.config
    config.tf, config.tstep, config.fixt, config.shrinkt, config.tol = 10, kept["step"], 1, 0, 1e-6
    config.no_tqdm = 1
    start = time.process_time()
    ss.TDS.run()
    kept["seconds"] = time.process_time() - start
    return ss


def speeds(ss, *_):
    grid = np.arange(0, 10 + 1e-9, 0.01)
    t = np.array(ss.dae.ts.t)
    kept["speed"] = np.array([np.interp(grid, t, ss.dae.ts.x[:, a]) for a in ss.GENROU.omega.a])


reference.run, reference.write = run, speeds
andes.config_logger(40)
exact = None
for step in (1 / 1920, 1 / 480, 1 / 240, 1 / 120, 1 / 60, 1 / 30):
    kept["step"] = step
    reference.ieee39(sys.argv[1], "", reference.steam_controls)
    if exact is None:
        exact = kept["speed"]
    error = np.sqrt(np.mean((kept["speed"] - exact) ** 2))
    print(f"ANDES {andes.__version__}, step 1/{1 / step:.0f} s: {kept['seconds']:.2f} s, RMS speed error {error:.1e} pu",
          flush=True)
