#!/usr/bin/env python3
"""Independent numbers for the tests of power-flow controls: prints what tests/grid/controls_*_test.cpp hold.

    pip install pandapower==3.5.6
    python3 validation/power_flow/make_controls_reference.py

Two sources: pandapower (tap changer with its DiscreteTapControl, shunt steps, DC line), and the currents of a
line-commutated converter integrated numerically over one period, without the closed formula of the program.
"""
import math

import numpy as np
import pandapower as pp
from pandapower.control import DiscreteTapControl


def grid():
    """Slack 220 kV - transformer 220/110 kV - load bus 110 kV - line - load bus 110 kV with a shunt."""
    net = pp.create_empty_network(sn_mva=100, f_hz=50)
    b = [pp.create_bus(net, kv) for kv in (220, 110, 110)]
    pp.create_ext_grid(net, b[0], vm_pu=1.02)
    pp.create_transformer_from_parameters(
        net, b[0], b[1], sn_mva=100, vn_hv_kv=220, vn_lv_kv=110, vk_percent=12, vkr_percent=0.5, pfe_kw=0,
        i0_percent=0, tap_side="hv", tap_neutral=0, tap_min=-16, tap_max=16, tap_step_percent=0.625, tap_pos=0,
        tap_changer_type="Ratio")
    pp.create_line_from_parameters(net, b[1], b[2], length_km=1, r_ohm_per_km=121 * 0.02, x_ohm_per_km=121 * 0.1,
                                   c_nf_per_km=0, max_i_ka=10)
    pp.create_load(net, b[1], 50, 20)
    pp.create_load(net, b[2], 40, 25)
    pp.create_shunt(net, b[2], q_mvar=-10, step=0, max_step=4)
    return net, b


def solve(net, **more):
    pp.runpp(net, tolerance_mva=1e-11, trafo_model="pi", calculate_voltage_angles=True, max_iteration=50, **more)


def show(net, what):
    print(what, *(f"{v:.12f}" for v in net.res_bus.vm_pu), *(f"{v:.10f}" for v in net.res_bus.va_degree))


def taps():
    net, _ = grid()
    DiscreteTapControl(net, 0, 0.99, 1.0, side="lv")
    solve(net, run_control=True)
    show(net, f"tap changer: position {int(net.trafo.tap_pos[0])}:")


def shunts():
    net, _ = grid()
    for step in range(5):
        net.shunt.loc[0, "step"] = step
        solve(net)
        show(net, f"shunt: {step} steps:")


def dc_line():
    net, b = grid()
    pp.create_dcline(net, b[0], b[2], p_mw=30, loss_percent=2, loss_mw=0.5, vm_from_pu=1.02, vm_to_pu=1.01,
                     max_p_mw=100, min_q_from_mvar=-50, min_q_to_mvar=-50, max_q_from_mvar=50, max_q_to_mvar=50)
    solve(net)
    show(net, f"DC line: to end {-net.res_dcline.p_to_mw[0]:.10f} MW {-net.res_dcline.q_to_mvar[0]:.10f} Mvar:")


def converter(name, V, EBAS, TR, TAP, XC, NB, Id, angle):
    """P and Q drawn by a converter with delay angle `angle` (rad), currents from the waveform (kV, kA, ohm)."""
    E = V * EBAS * TR / TAP
    a = angle
    end = math.acos(math.cos(a) - math.sqrt(2) * XC * Id / E)
    mu = end - a
    # Phase current against phase voltage sqrt(2/3) E cos(x): commutation begins at -pi/3 + a after its crest.
    n = 2_000_000
    x = (np.arange(n) + 0.5) / n * 2 * np.pi - np.pi
    rise = lambda y: np.clip((math.cos(a) - np.cos(np.clip(y, a, end))) / (math.cos(a) - math.cos(end)), 0, 1)
    # y: angle since the natural commutation instants of this phase
    pulse = lambda z: rise(z) - rise(z - 2 * np.pi / 3)
    z = np.mod(x + np.pi / 3, 2 * np.pi)
    i = Id * (pulse(z) - pulse(np.mod(z + np.pi, 2 * np.pi)))
    v = math.sqrt(2 / 3) * E * np.cos(x)
    P = 3 * np.mean(v * i)
    q = math.sqrt(2 / 3) * E * np.sin(x)
    Q = 3 * np.mean(q * i)
    print(f"{name}: angle {math.degrees(angle):.9f} overlap {math.degrees(mu):.9f} P {NB * P:.7f} Q {NB * Q:.7f}")


def lcc():
    """400 MW at the rectifier, 500 kV at the inverter, 10 ohm, both AC buses at 1 pu."""
    P, VSCHD, RDC = 400.0, 500.0, 10.0
    Id = (-VSCHD + math.sqrt(VSCHD**2 + 4 * RDC * P)) / (2 * RDC)
    Vdr = VSCHD + RDC * Id
    k = 3 * math.sqrt(2) / math.pi
    for name, Vd, TAP in (("rectifier", Vdr, 1.0), ("inverter", VSCHD, 1.0)):
        NB, XC, EBAS, TR = 2, 8.0, 345.0, 0.66 if name == "inverter" else 0.64
        E = EBAS * TR / TAP
        angle = math.acos((Vd / NB + 3 / math.pi * XC * Id) / (k * E))
        converter(name, 1.0, EBAS, TR, TAP, XC, NB, Id, angle)
    print(f"Id {1000 * Id:.9f} A, Vdr {Vdr:.9f} kV")


def main():
    print("pandapower", pp.__version__)
    taps()
    shunts()
    dc_line()
    lcc()


if __name__ == "__main__":
    main()
