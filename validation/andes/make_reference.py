#!/usr/bin/env python3
"""Trajectories by ANDES for the comparison in tests/solver/andes_test.cpp.

    pip install andes
    python3 validation/andes/make_reference.py path/to/reference/networks

ANDES balances torque as Pm - Te; PSS/E and Ballast as Pm/(1 + dw) - Te. The equation is set to the latter here
(GENROU.omega), so that the comparison is one of engines, not of conventions; `--native` leaves ANDES as it is.

Writes kundur.csv, ieee39.csv and ieee39_steam.csv beside this file (and kundur_modes.csv, eigenvalues): time [s], rotor speed of each machine [pu], voltage of
some buses [pu], sampled every 10 ms. Loads are constant impedances; no network frequency dependence.
"""
import os
import sys

import andes
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
STEP = 1 / 480


def psse_torque(ss):
    if "--native" not in sys.argv:
        ss.GENROU.omega.e_str = "u * (tm / omega - te - D * (omega - 1) / omega)"
        ss.prepare(quick=True, incremental=False, models=["GENROU"], nomp=True)


def run(ss, fault_bus, t_fault, t_clear, until):
    psse_torque(ss)
    ss.add("Fault", dict(bus=fault_bus, tf=t_fault, tc=t_clear, xf=1e-3, rf=0))
    ss.setup()
    ss.PQ.config.p2p = ss.PQ.config.q2q = 0
    ss.PQ.config.p2i = ss.PQ.config.q2i = 0
    ss.PQ.config.p2z = ss.PQ.config.q2z = 1
    ss.PFlow.config.tol = 1e-10
    ss.PFlow.run()
    ss.TDS.config.tf = until
    ss.TDS.config.tstep = STEP
    ss.TDS.config.fixt = 1
    ss.TDS.config.shrinkt = 0
    ss.TDS.config.tol = 1e-6
    ss.TDS.run()
    return ss


def write(ss, name, buses, until):
    t = np.array(ss.dae.ts.t)
    grid = np.arange(0, until + 1e-9, 0.01)
    columns, header = [grid], ["time_s"]
    for i, gen in enumerate(ss.GENROU.idx.v):
        y = ss.dae.ts.x[:, ss.GENROU.omega.a[i]]
        columns.append(np.interp(grid, t, y))
        header.append(f"speed_{ss.GENROU.bus.v[i]}")
    for bus in buses:
        i = ss.Bus.idx2uid(bus)
        columns.append(np.interp(grid, t, ss.dae.ts.y[:, ss.Bus.v.a[i]]))
        header.append(f"voltage_{bus}")
    np.savetxt(os.path.join(HERE, name), np.column_stack(columns), delimiter=",", header=",".join(header),
               comments="", fmt=["%.2f"] + ["%.7f"] * (len(columns) - 1))
    print(name, "ANDES", andes.__version__, "steps", len(t))


def kundur(networks):
    ss = andes.load(os.path.join(networks, "kundur-twoarea_v33.raw"),
                    addfile=os.path.join(networks, "kundur-twoarea.dyr"), setup=False, no_output=True,
                    default_config=True)
    run(ss, 8, 1.0, 1.05, 20)
    write(ss, "kundur.csv", [5, 8, 9], 20)


def kundur_modes(networks):
    """Eigenvalues of the same system at rest, those that oscillate: kundur_modes.csv."""
    ss = andes.load(os.path.join(networks, "kundur-twoarea_v33.raw"),
                    addfile=os.path.join(networks, "kundur-twoarea.dyr"), setup=False, no_output=True,
                    default_config=True)
    psse_torque(ss)
    ss.setup()
    ss.PQ.config.p2p = ss.PQ.config.q2q = ss.PQ.config.p2i = ss.PQ.config.q2i = 0
    ss.PQ.config.p2z = ss.PQ.config.q2z = 1
    ss.PFlow.config.tol = 1e-10
    ss.PFlow.run()
    ss.TDS.init()
    ss.EIG.run()
    swings = sorted((e for e in ss.EIG.mu if e.imag > 0.05), key=lambda e: e.imag)
    np.savetxt(os.path.join(HERE, "kundur_modes.csv"), [(e.real, e.imag) for e in swings], delimiter=",",
               header="real_per_s,imaginary_rad_per_s", comments="", fmt="%.7f")


def plain_controls(ss, syn):
    ss.add("SEXS", dict(syn=syn, TATB=0.1, TB=10.0, K=100.0, TE=0.1, EMIN=-6.0, EMAX=6.0))
    ss.add("TGOV1", dict(syn=syn, R=0.05, T1=0.5, VMAX=1.2, VMIN=0.0, T2=3.0, T3=10.0, Dt=0.0))


def limited_controls(ss, syn):
    """For ieee39_limits.csv: ESAC1A with its rectifier loaded, IEEEG1 whose valve limits bind. KF = 0: ANDES's ESAC1A does
    not use its rate feedback. ANDES takes UO and UC per second on the system base, not on the machine's as everything else."""
    share = ss.GENROU.get("Sn", syn) / ss.config.mva
    ss.add("ESAC1A", dict(syn=syn, TR=0.02, TB=10, TC=1, KA=100, TA=0.02, VAMAX=14.5, VAMIN=-14.5, TE=0.5, KF=0, TF=1,
                          KC=0.2, KD=0.38, KE=1, E1=4.2, SE1=0.1, E2=3.1, SE2=0.03, VRMAX=20, VRMIN=-20))
    ss.add("IEEEG1", dict(syn=syn, K=20, T1=0, T2=0, T3=0.2, UO=0.05 * share, UC=-0.1 * share, PMAX=0.915, PMIN=0,
                          T4=0.3, K1=0.25, K2=0, T5=7, K3=0.25, K4=0, T6=0.5, K5=0.3, K6=0, T7=0.4, K7=0.2, K8=0))


def steam_controls(ss, syn):
    """Limits wide enough not to bind: ANDES's EXST1 ceiling does not follow the terminal voltage."""
    exciter = ss.add("EXST1", dict(syn=syn, TR=0.02, VIMAX=10, VIMIN=-10, TC=1, TB=10, KA=200, TA=0.02, VRMAX=100,
                                   VRMIN=-100, KC=0.05, KF=0.01, TF=1))
    ss.add("IEEEST", dict(avr=exciter, MODE=1, A1=0, A2=0, A3=0, A4=0, A5=0, A6=0, T1=0.2, T2=0.04, T3=0.2, T4=0.04,
                          T5=5, T6=5, KS=10, LSMAX=1, LSMIN=-1))
    ss.add("IEEEG1", dict(syn=syn, K=20, T1=0, T2=0, T3=0.2, UO=10, UC=-10, PMAX=5, PMIN=-5, T4=0.3, K1=0.25, K2=0,
                          T5=7, K3=0.25, K4=0, T6=0.5, K5=0.3, K6=0, T7=0.4, K7=0.2, K8=0))


def ieee39(networks, name, controls):
    """case39.m with the same unit at every generator: GENROU and controls on 1.1 times its dispatch."""
    ss = andes.load(os.path.join(networks, "case39.m"), setup=False, no_output=True, default_config=True)
    flow = andes.load(os.path.join(networks, "case39.m"), no_output=True, default_config=True)
    flow.PFlow.config.tol = 1e-10
    flow.PFlow.run()
    dispatch = {}
    for model in (flow.Slack, flow.PV):
        for i, bus in enumerate(model.bus.v):
            dispatch[bus] = (model.idx.v[i], model.p.v[i] * flow.config.mva)
    for bus in sorted(dispatch):
        gen, p = dispatch[bus]
        base = 1.1 * max(p, 100.0)
        ss.add("GENROU", dict(idx=f"G{bus}", bus=bus, gen=gen, Sn=base, Vn=ss.Bus.get("Vn", bus), M=9.0, D=0.0,
                              xl=0.2, xd=1.8, xq=1.7, xd1=0.3, xq1=0.55, xd2=0.25, xq2=0.25, Td10=8.0, Td20=0.03,
                              Tq10=0.4, Tq20=0.05, S10=0.04, S12=0.3, ra=0.0))
        controls(ss, f"G{bus}")
    run(ss, 16, 1.0, 1.1, 10)
    write(ss, name, [16, 2, 25, 39], 10)


if __name__ == "__main__":
    andes.config_logger(30)
    ieee39(sys.argv[1], "ieee39_limits.csv", limited_controls)
    kundur(sys.argv[1])
    ieee39(sys.argv[1], "ieee39.csv", plain_controls)
    ieee39(sys.argv[1], "ieee39_steam.csv", steam_controls)
    kundur_modes(sys.argv[1])
