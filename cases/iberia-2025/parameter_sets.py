"""Records of models that all plants and all loads of the case share; what is assumed of them stands in assumptions.toml."""
import math


def converter(conv):
    """REGCA1; conv: the assumption `converter`."""
    return {"model": "REGCA1", "Lvplsw": 0, "Tg": 0.02, "Rrpwr": 10, "Brkpt": 0.9, "Zerox": 0.4, "Lvpl1": 1.22, "Volim": conv["Volim"], "Lvpnt1": 0.4, "Lvpnt0": 0.2, "Iolim": -1.3, "Tfltr": 0.02, "Khv": 0.7, "Iqrmax": 99, "Iqrmin": -99, "Accel": 0.7}


def converter_control(conv):
    """REECA1 at constant active power and power factor, reactive current in dips; conv: the assumption `converter`."""
    return {
        "model": "REECA1", "bus": 0, "PFFLAG": 1, "VFLAG": 0, "QFLAG": 0, "PFLAG": 0, "PQFLAG": 0, "Vdip": conv["Vdip"], "Vup": 1.5, "Trv": 0.02, "dbd1": -1, "dbd2": conv["dead_band_pu"], "Kqv": conv["Kqv"],
        "Iqh1": 1, "Iql1": -1, "Vref0": 0, "Iqfrz": 0, "Thld": 0, "Thld2": 0, "Tp": 0.05, "Qmax": 0.6, "Qmin": -0.6, "Vmax": 1.5, "Vmin": 0.5, "Kqp": 0, "Kqi": 0.1, "Kvp": 0, "Kvi": 1,
        "Vbias": 0, "Tiq": 0.02, "dPmax": 99, "dPmin": -99, "Pmax": 1.2, "Pmin": 0, "Imax": conv["Imax"], "Tpord": 0.02,
        "Vq1": 0.1, "Iq1": conv["Imax"], "Vq2": 0.5, "Iq2": conv["Imax"], "Vq3": 1, "Iq3": conv["Imax"], "Vq4": 1.5, "Iq4": conv["Imax"], "Vp1": 0.1, "Ip1": conv["Imax"], "Vp2": 0.5, "Ip2": conv["Imax"], "Vp3": 1, "Ip3": conv["Imax"], "Vp4": 1.5, "Ip4": conv["Imax"],
    }


MOTOR = {"Mtp": 3, "LF": 0.75, "Rs": 0.04, "Ls": 1.8, "Lp": 0.12, "Lpp": 0.104, "Tpo": 0.095, "Tppo": 0.0021, "H": 0.5, "Etrq": 0, "Vtr1": 0, "Ttr1": 1, "Ftr1": 0, "Vrc1": 1, "Trc1": 9999, "Vtr2": 0, "Ttr2": 1, "Ftr2": 0, "Vrc2": 1, "Trc2": 9999}


def composite_load(tc, e, frequency):
    """CMLDBLU2 of static load behind a transformer with a tap changer, no motors; tc, e: the assumptions `tap_changers` and `load_exponents`,
    frequency: dependence of the active power."""
    load = {
        "MVA": 0, "Bss": 0, "Rfdr": 0, "Xfdr": 0, "Fb": 1, "Xxf": tc["X_pct"] / 100, "Tfixhs": 1, "Tfixls": 1, "LTC": 1, "Tmin": 1 - tc["range_pct"] / 100, "Tmax": 1 + tc["range_pct"] / 100,
        "step": tc["step_pct"] / 100, "Vmin": 1.02 - tc["band_pct"] / 100, "Vmax": 1.02 + tc["band_pct"] / 100, "Ttap": tc["next_s"], "Rcmp": 0, "Xcmp": 0,
        "FmA": 0, "FmB": 0, "FmC": 0, "FmD": 0, "Fel": 0, "PFel": 1, "Vd1": 0.7, "Vd2": 0.5, "PFs": 1 / math.hypot(1, e["Mvar_per_MW"]),
        "P1e": e["kp"], "P1c": 1, "P2e": 0, "P2c": 0, "Pfrq": frequency, "Q1e": e["kq"], "Q1c": 1, "Q2e": 0, "Q2c": 0, "Qfrq": 0,
    }
    for motor in "ABC":
        load |= {f"{key}{motor}": value for key, value in MOTOR.items()}
    load |= {
        "Tstall": 9999, "Trst": 9999, "Tv": 0.02, "Tf": 0.05, "CompLF": 1, "CompPF": 0.98, "Vstall": 0.45, "Rstall": 0.1, "Xstall": 0.1, "LFadj": 0, "Kp1": 0, "Np1": 1, "Kq1": 6, "Nq1": 2,
        "Kp2": 12, "Np2": 3.2, "Kq2": 11, "Nq2": 2.5, "Vbrk": 0.86, "Frst": 0, "Vrst": 0.95, "CmpKpf": 1, "CmpKqf": -3.3, "Vc1off": 0.5, "Vc2off": 0.4, "Vc1on": 0.6, "Vc2on": 0.5, "Tth": 15, "Th1t": 0.7,
        "Th2t": 1.9, "Fuvr": 0, "UVtr1": 0, "Ttr1": 9999, "UVtr2": 0, "Ttr2": 9999, "Frcel": 1,
    }
    return load
