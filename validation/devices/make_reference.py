#!/usr/bin/env python3
"""Single devices computed a second time, for tests/models/device_reference_test.cpp.

    pip install numpy
    python3 validation/devices/make_reference.py

Each device is driven by given inputs, a constant and sine waves. The equations are written from the block diagrams anew and
in another form than the engine's: limits are clippings after every small step and not modes; GGOV1's acceleration limit is the
recursion with the time step that the diagram shows, its delay a buffer; the machines are circuits of windings (fluxes and
currents, solved as linear equations) and not the E'q, psi_kd form. Fixed steps.

Writes one CSV per run beside this file: lines "# key values" say what was run, then time [s] and outputs.
"""
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
W0 = 2 * np.pi * 60


class Waves:
    """Inputs as functions of time: value at rest and (amplitude, Hz) of each sine."""

    def __init__(self, rest, waves):
        self.rest, self.waves = rest, waves

    def __call__(self, t):
        now = dict(self.rest)
        for name, amplitude, frequency in self.waves:
            now[name] += amplitude * np.sin(2 * np.pi * frequency * t)
        return now


def write(name, model, parameters, base, wanted, inputs, known, until, columns, times, rows):
    with open(os.path.join(HERE, name), "w", encoding="ascii") as file:
        file.write(f"# model {model}\n# base_MVA {base}\n")
        file.write("# parameters " + " ".join(f"{v:.10g}" for v in parameters.values()) + "\n")
        for key, value in known.items():
            file.write(f"# known {key} {value:.12g}\n")
        for key, value in wanted.items():
            file.write(f"# wanted {key} {value:.12g}\n")
        for key, amplitude, frequency in inputs.waves:
            file.write(f"# wave {key} {amplitude:.10g} {frequency:.10g}\n")
        file.write("time," + ",".join(columns) + "\n")
        for t, row in zip(times, rows):
            file.write(f"{t:.2f}," + ",".join(f"{v:.8f}" for v in row) + "\n")
    print(name, len(rows), "rows to", until, "s")


def fixed_steps(f, project, out, x, until, h, every):
    """Runge-Kutta of fourth order; `project` clips states after each step."""
    rows, times = [out(0, x)], [0.0]
    n = round(until / h)
    stride = round(every / h)
    for k in range(n):
        t = k * h
        k1 = f(t, x)
        k2 = f(t + h / 2, x + h / 2 * k1)
        k3 = f(t + h / 2, x + h / 2 * k2)
        k4 = f(t + h, x + h * k3)
        x = project(x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
        if (k + 1) % stride == 0:
            rows.append(out(t + h, x))
            times.append(t + h)
    return times, rows


# ---- GGOV1

GGOV1 = dict(Rselect=1, Flag=1, R=0.04, Tpelec=1, maxerr=0.05, minerr=-0.05, Kpgov=10, Kigov=2, Kdgov=0.5, Tdgov=0.5,
             Vmax=1, Vmin=0.15, Tact=0.5, Kturb=1.5, Wfnl=0.2, Tb=0.5, Tc=0.1, Teng=0, Tfload=3, Kpload=2, Kiload=0.67,
             Ldref=1, Dm=0, Ropen=0.1, Rclose=-0.1, Kimw=0, Aset=0.1, Ka=10, Ta=0.1, Trate=0, db=0, Tsa=4, Tsb=5, Rup=99,
             Rdown=-99)


def ggov1(name, changes, Pm, waves, until=60, base=150, h=2e-4):
    """Step by step as the diagram of IEEE PES-TR1 is drawn, forward Euler with a step far below its time constants."""
    p = dict(GGOV1, **changes)
    share = p["Trate"] / base if p["Trate"] > 0 else 1.0
    power = Pm / share
    valve = power / p["Kturb"] + p["Wfnl"]
    droop = {1: power, 0: 0, -1: valve, -2: valve}[p["Rselect"]]
    Pref, Pmwset = p["R"] * droop, power
    Dm = p["Dm"]
    inputs = Waves({"omega": 0.0, "Pe": Pm}, waves)
    measured, reset, integral, derivative, load_integral = power, 0.0, valve, 0.0, valve
    w_slow, fsr, stroke, turbine, led, exhaust = 0.0, valve, valve, power, valve, valve
    held = [power] * max(1, round(p["Teng"] / h))  # the delay line
    stride = round(0.05 / h)
    times, rows = [], []
    for k in range(round(until / h) + 1):
        t = k * h
        now = inputs(t)
        w, pe = now["omega"], now["Pe"] / share
        r = {1: measured if p["Tpelec"] > 0 else pe, 0: 0.0, -1: stroke, -2: fsr}[p["Rselect"]]
        e = Pref + reset - w - p["R"] * r
        e = e - p["db"] if e > p["db"] else e + p["db"] if e < -p["db"] else 0.0
        e = min(max(e, p["minerr"]), p["maxerr"])
        fsrn = p["Kpgov"] * e + integral + p["Kdgov"] * (e - derivative) / p["Tdgov"]
        load_error = p["Ldref"] / p["Kturb"] + p["Wfnl"] - exhaust
        fsrt = min(p["Kpload"] * load_error + load_integral, 1.0)
        acceleration = (w - w_slow) / p["Ta"]
        fsra = fsr + p["Ka"] * h * (p["Aset"] - acceleration)
        fsr = min(max(min(fsrn, fsrt, fsra), p["Vmin"]), p["Vmax"])
        flow = stroke * (1 + w if p["Flag"] == 1 else 1.0)
        line = p["Kturb"] * (flow - p["Wfnl"])
        if p["Teng"] > 0:
            held.append(line)
            line = held.pop(0)
        out = turbine + p["Tc"] / p["Tb"] * (line - turbine)
        Pmech = (out - (Dm * w if Dm > 0 else 0.0)) * share
        if k % stride == 0:
            times.append(t)
            rows.append([Pmech])
        limited = flow * ((1 + w) ** Dm if Dm < 0 else 1.0)
        lead = led + p["Tsa"] / p["Tsb"] * (limited - led)
        reset += h * p["Kimw"] * (Pmwset - measured)
        reset = min(max(reset, -1.1 * p["R"]), 1.1 * p["R"])
        measured += h * (pe - measured) / p["Tpelec"]
        integral += h * p["Kigov"] / p["Kpgov"] * (p["Kpgov"] * e + fsr - fsrn)
        derivative += h * (e - derivative) / p["Tdgov"]
        load_integral += h * p["Kiload"] / p["Kpload"] * (p["Kpload"] * load_error + fsr
                                                          - (p["Kpload"] * load_error + load_integral))
        w_slow += h * acceleration
        stroke += h * min(max((fsr - stroke) / p["Tact"], p["Rclose"]), p["Ropen"])
        turbine += h * (line - turbine) / p["Tb"]
        led += h * (limited - led) / p["Tsb"]
        exhaust += h * (lead - exhaust) / p["Tfload"]
    write(name, "GGOV1", p, base, {"Pm": Pm}, inputs, {"Pe": Pm}, until, ["Pm"], times, rows)


# ---- static exciters

def clip(x, low, high):
    return min(max(x, low), high)


EXST1 = dict(TR=0.02, VIMAX=0.05, VIMIN=-0.03, TC=1, TB=10, KA=200, TA=0.02, VRMAX=4, VRMIN=-2, KC=0.1, KF=0.02, TF=1)


def exst1(name, Vt, Ifd, Efd, waves, until=40, h=5e-4):
    p = EXST1
    inputs = Waves({"Vt": Vt, "Ifd": Ifd, "Vs": 0.0}, waves)
    Vref = Vt + Efd / p["KA"]

    def parts(t, x):
        now = inputs(t)
        Vc, lag, VA, fed = x
        VF = p["KF"] / p["TF"] * (VA - fed)
        VI = clip(Vref + now["Vs"] - Vc - VF, p["VIMIN"], p["VIMAX"])
        y = lag + p["TC"] / p["TB"] * (VI - lag)
        return now, VI, y

    def f(t, x):
        now, VI, y = parts(t, x)
        Vc, lag, VA, fed = x
        return np.array([(now["Vt"] - Vc) / p["TR"], (VI - lag) / p["TB"], (p["KA"] * y - VA) / p["TA"],
                         (VA - fed) / p["TF"]])

    def out(t, x):
        now = inputs(t)
        low, high = now["Vt"] * p["VRMIN"] - p["KC"] * now["Ifd"], now["Vt"] * p["VRMAX"] - p["KC"] * now["Ifd"]
        return [clip(x[2], low, high)]

    times, rows = fixed_steps(f, lambda x: x, out, np.array([Vt, Efd / p["KA"], Efd, Efd]), until, h, 0.05)
    write(name, "EXST1", p, 100, {"Efd": Efd}, inputs, {"Vt": Vt, "Ifd": Ifd, "Vs": 0.0}, until, ["Efd"], times, rows)


ESST1A = dict(UEL=1, VOS=1, TR=0.02, VIMAX=0.2, VIMIN=-0.2, TC=1, TB=10, TC1=1, TB1=2, KA=200, TA=0.02, VAMAX=7,
              VAMIN=-6, VRMAX=6, VRMIN=-5, KC=0.1, KF=0.02, TF=1, KLR=2, ILR=3)


def esst1a(name, changes, Vt, Ifd, Efd, waves, known, until=40, h=5e-4):
    p = dict(ESST1A, **changes)
    rest = {"Vt": Vt, "Ifd": Ifd, "Vs": 0.0, "VUEL": 0.0 if p["UEL"] == 1 else -1e3, "VOEL": 1e3, **known}
    inputs = Waves(rest, waves)
    LR = p["KLR"] * max(Ifd - p["ILR"], 0)
    VA0 = Efd + LR
    Vref = Vt + VA0 / p["KA"] - (rest["VUEL"] if p["UEL"] == 1 else 0)

    def parts(t, x):
        now = inputs(t)
        Vc, first, second, VA, fed = x
        sum2 = VA + (now["Vs"] if p["VOS"] == 2 else 0) - p["KLR"] * max(now["Ifd"] - p["ILR"], 0)
        VF = p["KF"] / p["TF"] * (sum2 - fed)
        e = Vref - Vc - VF + (now["Vs"] if p["VOS"] == 1 else 0) + (now["VUEL"] if p["UEL"] == 1 else 0)
        VI = clip(e, p["VIMIN"], p["VIMAX"])
        if p["UEL"] == 2:
            VI = max(VI, now["VUEL"])
        y = first + p["TC"] / p["TB"] * (VI - first)
        z = second + p["TC1"] / p["TB1"] * (y - second)
        return now, sum2, VI, y, z

    def f(t, x):
        now, sum2, VI, y, z = parts(t, x)
        Vc, first, second, VA, fed = x
        return np.array([(now["Vt"] - Vc) / p["TR"], (VI - first) / p["TB"], (y - second) / p["TB1"],
                         (p["KA"] * z - VA) / p["TA"], (sum2 - fed) / p["TF"]])

    def project(x):
        x[3] = clip(x[3], p["VAMIN"], p["VAMAX"])
        return x

    def out(t, x):
        now, u, _, _, _ = parts(t, x)
        if p["UEL"] == 3:
            u = max(u, now["VUEL"])
        u = min(u, now["VOEL"])
        return [clip(u, now["Vt"] * p["VRMIN"], now["Vt"] * p["VRMAX"] - p["KC"] * now["Ifd"])]

    x0 = np.array([Vt, VA0 / p["KA"], VA0 / p["KA"], VA0, Efd])
    times, rows = fixed_steps(f, project, out, x0, until, h, 0.05)
    write(name, "ESST1A", p, 100, {"Efd": Efd}, inputs, {"Vt": Vt, "Ifd": Ifd, "Vs": 0.0, **known}, until, ["Efd"], times,
          rows)


# ---- machines as windings

ROUND = dict(Tdop=6.5, Tdopp=0.06, Tqop=0.7, Tqopp=0.05, H=4, D=1, Xd=1.8, Xq=1.75, Xdp=0.3, Xqp=0.6, Xdpp=0.22, Xl=0.12,
             S10=0.1, S12=0.4, Ra=0.003)
SALIENT = dict(Tdop=6, Tdopp=0.04, Tqopp=0.06, H=3.5, D=1, Xd=1, Xq=0.65, Xdp=0.3, Xdpp=0.22, Xl=0.13, S10=0.12, S12=0.45,
               Ra=0.003)


def parallel(*x):
    return 1 / sum(1 / v for v in x)


def leak(X, *others):
    """The winding reactance that makes `others` in parallel with it equal X."""
    return 1 / (1 / X - sum(1 / v for v in others))


def machine(name, model, p, P, Q, angle, waves, until=20, h=1e-3):
    """Mutual and leakage reactances and resistances of the windings from the standard parameters; states are the windings'
    flux linkages. Saturation is a field voltage (and a q-axis one) that the open-circuit characteristic asks for."""
    two = "Xqp" in p
    Xl, Ra = p["Xl"], p["Ra"]
    Xad, Xaq = p["Xd"] - Xl, p["Xq"] - Xl
    Xf = leak(p["Xdp"] - Xl, Xad)
    X1 = leak(p["Xdpp"] - Xl, Xad, Xf)
    Rf = (Xad + Xf) / (W0 * p["Tdop"])
    R1 = (X1 + parallel(Xad, Xf)) / (W0 * p["Tdopp"])
    if two:
        Xa = leak(p["Xqp"] - Xl, Xaq)
        Xb = leak(p["Xdpp"] - Xl, Xaq, Xa)
        Rqa = (Xaq + Xa) / (W0 * p["Tqop"])
        Rqb = (Xb + parallel(Xaq, Xa)) / (W0 * p["Tqopp"])
        q_leak, q_R = [Xa, Xb], [Rqa, Rqb]
    else:
        Xa = leak(p["Xdpp"] - Xl, Xaq)
        q_leak, q_R = [Xa], [(Xaq + Xa) / (W0 * p["Tqopp"])]
    nq = len(q_leak)
    X = np.log(p["S12"] / p["S10"]) / np.log(1.2)
    share = Xaq / Xad

    # unknowns: id iq if i1 iq..., equations: two stator, two d windings, q windings
    A = np.zeros((4 + nq, 4 + nq))
    # vd = -psi_q - Ra id, psi_q = -Xq iq + Xaq sum(iqk)  (generator currents; rotor currents magnetise)
    A[0, 0], A[0, 1], A[0, 4:] = -Ra, p["Xq"], -Xaq
    A[1, 1], A[1, 0], A[1, 2], A[1, 3] = -Ra, -p["Xd"], Xad, Xad
    A[2, 0], A[2, 2], A[2, 3] = -Xad, Xad + Xf, Xad
    A[3, 0], A[3, 2], A[3, 3] = -Xad, Xad, Xad + X1
    for k in range(nq):
        A[4 + k, 1], A[4 + k, 4:] = -Xaq, Xaq
        A[4 + k, 4 + k] += q_leak[k]
    inverse = np.linalg.inv(A)

    def currents(vd, vq, flux):
        return inverse @ np.concatenate(([vd, vq], flux))

    def subtransient(i):
        """psi'' = E'': what is left of the stator's flux linkage when X'' i is added."""
        d = -p["Xd"] * i[0] + Xad * (i[2] + i[3]) + p["Xdpp"] * i[0]
        q = -p["Xq"] * i[1] + Xaq * i[4:].sum() + p["Xdpp"] * i[1]
        return d, q

    def saturation(d, q):
        return p["S10"] * np.hypot(d, q) ** X

    # rest: psi'' from the terminals, the angle by a secant on "no current in the q windings with saturation"
    V = complex(np.cos(angle), np.sin(angle))
    I = (complex(P, Q) / V).conjugate()
    E = V + complex(Ra, p["Xdpp"]) * I
    S0 = saturation(abs(E), 0)

    def in_rotor(delta):
        turn = np.exp(-1j * (delta - np.pi / 2))
        i, e = I * turn, E * turn
        return i.real, i.imag, e.real, e.imag  # d, q of current; e = (psi''q of the engine, psi''d)

    def mismatch(delta):
        _, iq, ed, _ = in_rotor(delta)
        # at rest the q-axis flux obeys psi''q (1 + S share) = (Xq - X'') iq, with psi''q = ed
        return ed * (1 + S0 * share) - (p["Xq"] - p["Xdpp"]) * iq

    low, high = np.angle(E) - 0.1, np.angle(E) + 1.6
    for _ in range(200):
        middle = 0.5 * (low + high)
        if (mismatch(low) > 0) == (mismatch(middle) > 0):
            low = middle
        else:
            high = middle
    delta0 = 0.5 * (low + high)
    id0, iq0, ed0, eq0 = in_rotor(delta0)
    # fluxes of the windings at rest: no damper current; the q-axis saturation is carried by a current of the same effect
    if_real = (eq0 - p["Xdpp"] * id0 + p["Xd"] * id0) / Xad
    flux_d = [-Xad * id0 + (Xad + Xf) * if_real, -Xad * id0 + Xad * if_real]
    Efd0 = Xad * if_real + S0 * eq0
    iq_sum = (p["Xq"] * iq0 - p["Xdpp"] * iq0 - ed0) / Xaq  # total current of the q windings, from saturation alone
    first = iq_sum
    flux_q = []
    for k in range(nq):
        i_k = first if k == 0 else 0.0
        flux_q.append(-Xaq * iq0 + Xaq * first + q_leak[k] * i_k)
    Te0 = eq0 * iq0 + ed0 * id0
    inputs = Waves({"Vr": V.real, "Vi": V.imag, "frame_speed": 1.0, "Efd": Efd0, "Pm": Te0}, waves)

    def rotor(t, x):
        now = inputs(t)
        v = complex(now["Vr"], now["Vi"]) * np.exp(-1j * (x[1] - np.pi / 2))
        i = currents(v.real, v.imag, x[2:])
        d, q = subtransient(i)
        return now, i, d, q, saturation(d, q)

    def f(t, x):
        now, i, d, q, S = rotor(t, x)
        torque = d * i[1] - q * i[0]
        rates = [((now["Pm"] - p["D"] * x[0]) / (1 + x[0]) - torque) / (2 * p["H"]), W0 * (1 + x[0] - now["frame_speed"])]
        rates.append(W0 * Rf / Xad * (now["Efd"] - Xad * i[2] - S * d))
        rates.append(-W0 * R1 * i[3])
        for k in range(nq):
            # the saturation of the q axis acts in the first winding
            extra = S * q * share / Xaq if k == 0 else 0.0
            rates.append(-W0 * q_R[k] * (i[4 + k] + extra))
        return np.array(rates)

    def out(t, x):
        now, i, d, q, S = rotor(t, x)
        current = complex(i[0], i[1]) * np.exp(1j * (x[1] - np.pi / 2))
        return [current.real, current.imag, x[0], Xad * i[2] + S * d]

    x0 = np.array([0.0, delta0, *flux_d, *flux_q])
    assert np.abs(f(0, x0)[[0, 2, 3, 4]]).max() < 1e-9, f(0, x0)
    times, rows = fixed_steps(f, lambda x: x, out, x0, until, h, 0.02)
    write(name, model, p, 100, {"Ir": I.real, "Ii": I.imag}, inputs, {"Vr": V.real, "Vi": V.imag, "frame_speed": 1.0},
          until, ["Ir", "Ii", "omega", "Ifd"], times, rows)


if __name__ == "__main__":
    machine("genroe.csv", "GENROE", ROUND, 0.85, 0.35, 0.3, [("Vr", 0.1, 0.3), ("Vi", 0.08, 0.7), ("Efd", 0.5, 0.2)])
    machine("gensae.csv", "GENSAE", SALIENT, 0.85, 0.35, 0.3, [("Vr", 0.1, 0.3), ("Vi", 0.08, 0.7), ("Efd", 0.5, 0.2)])
    exst1("exst1.csv", 1.02, 2.4, 2.4, [("Vt", 0.12, 0.1), ("Vt", 0.03, 0.7), ("Ifd", 0.6, 0.15)])
    swing = [("Vt", 0.1, 0.1), ("Vt", 0.04, 0.6), ("Ifd", 1.2, 0.15), ("Vs", 0.03, 0.5)]
    esst1a("esst1a_sum.csv", {}, 1.02, 2.4, 2.4, swing + [("VUEL", 0.02, 0.05)], {"VUEL": 0.0})
    esst1a("esst1a_error_gate.csv", dict(UEL=2, VOS=2, VIMAX=0.04, VIMIN=-0.04), 1.02, 2.4, 2.4, swing, {"VUEL": -0.01})
    esst1a("esst1a_output_gates.csv", dict(UEL=3, VAMAX=4, VAMIN=-2), 1.02, 2.4, 2.4, swing, {"VUEL": 0.5, "VOEL": 3.5})
    ggov1("ggov1_power.csv", dict(db=0.0005, Kimw=0.01, Dm=0.2), 0.6,
          [("omega", 0.012, 0.05), ("omega", 0.004, 0.3), ("Pe", 0.2, 0.03)])
    ggov1("ggov1_load_limit.csv", dict(Rselect=-1, Flag=0, Dm=-0.5, Vmin=0.1), 0.9,
          [("omega", 0.006, 0.03), ("omega", 0.002, 0.2)])
    ggov1("ggov1_acceleration.csv", dict(Rselect=-2, Aset=0.01, Trate=120, Ropen=1, Rclose=-1), 0.5,
          [("omega", 0.006, 0.1), ("omega", 0.003, 0.5)])
    ggov1("ggov1_isochronous.csv", dict(Rselect=0, R=0, Kpgov=3, Teng=0.1, Ldref=20, Kdgov=0), 0.5,
          [("omega", 0.07, 0.04)])
