#!/usr/bin/env python3
"""Solves MATPOWER cases with pandapower and writes the voltages as reference for tests/grid.

    python3 validation/power_flow/make_reference.py <folder with the .m files>

Development only: the engine and its tests need no Python. pandapower's converter (from_mpc) changes the data: the
charging of a transformer becomes a magnetising current of the opposite sign, windings are swapped to put the higher
voltage first. So the Newton solver of pandapower (its PYPOWER core) is run on the arrays of the file themselves; the
converter's own result is only printed, as a second opinion. Nothing that the file stores as a solution is used
except as a starting point.
"""
import copy
import pathlib
import re
import sys
import warnings

import numpy as np
import pandapower
from pandapower.pf.run_newton_raphson_pf import _run_newton_raphson_pf
from pandapower.pypower import idx_brch, idx_brch_dc, idx_bus, idx_bus_dc, idx_gen, idx_source_dc, idx_ssc, idx_svc
from pandapower.pypower import idx_tcsc, idx_vsc
from pandapower.pypower.makeSbus import makeSbus
from pandapower.pypower.makeYbus import makeYbus

CASES = ["case9", "case14", "case39", "case118", "case300", "case2383wp", "case_ACTIVSg2000", "case_ACTIVSg10k"]
TOLERANCE = 1e-10  # pu
NO_LIMIT_MVAR = 1e7  # PYPOWER's split of Q among units cannot handle Inf


def table(text, name):
    body = re.search(r"mpc\.%s\s*=\s*\[(.*?)\];" % name, text, re.S).group(1)
    rows = [re.sub(r"%.*", "", row).replace(",", " ").split() for row in re.split(r"[;\n]", body)]
    return np.array([[float(x) for x in row] for row in rows if row])


def widened(values, columns):
    out = np.zeros((values.shape[0], columns))
    width = min(values.shape[1], columns)
    out[:, :width] = values[:, :width]
    return out


def internal_case(path):
    """The file's arrays in PYPOWER's internal form: consecutive buses, only what is in service."""
    text = path.read_text()
    base = float(re.search(r"mpc\.baseMVA\s*=\s*([0-9.eE+]+)", text).group(1))
    bus, gen, branch = table(text, "bus")[:, :13], table(text, "gen")[:, :10], table(text, "branch")[:, :13]
    assert not np.any(bus[:, 1] == 4), "isolated buses: not handled here"
    numbers = bus[:, 0].astype(int)
    place = {number: i for i, number in enumerate(numbers)}
    gen = gen[gen[:, 7] > 0]
    branch = branch[branch[:, 10] > 0]
    bus[:, 0] = range(len(bus))
    gen[:, 0] = [place[int(b)] for b in gen[:, 0]]
    branch[:, 0] = [place[int(b)] for b in branch[:, 0]]
    branch[:, 1] = [place[int(b)] for b in branch[:, 1]]
    running = np.zeros(len(bus), bool)
    running[gen[:, 0].astype(int)] = True
    assert running[bus[:, 1] == 3].all(), "slack without generator"
    bus[(bus[:, 1] == 2) & ~running, 1] = 1  # regulated by nobody
    for b in range(len(bus)):  # units of a bus must agree on its voltage
        assert len(set(gen[gen[:, 0] == b, 5])) <= 1, f"set points differ at bus {numbers[b]}"
    gen[:, 3] = np.clip(gen[:, 3], -NO_LIMIT_MVAR, NO_LIMIT_MVAR)
    gen[:, 4] = np.clip(gen[:, 4], -NO_LIMIT_MVAR, NO_LIMIT_MVAR)

    def empty(columns):
        return np.zeros((0, columns))

    ppci = {
        "baseMVA": base, "version": 2,
        "bus": widened(bus, idx_bus.bus_cols), "gen": widened(gen, idx_gen.gen_cols),
        "branch": widened(branch, idx_brch.branch_cols),
        "bus_dc": empty(idx_bus_dc.dc_bus_cols), "branch_dc": empty(idx_brch_dc.branch_dc_cols),
        "tcsc": empty(idx_tcsc.tcsc_cols), "svc": empty(idx_svc.svc_cols), "ssc": empty(idx_ssc.ssc_cols),
        "vsc": empty(idx_vsc.vsc_cols), "source_dc": empty(idx_source_dc.source_dc_cols),
        "internal": {"Ybus": np.array([]), "ref_gens": np.flatnonzero(np.isin(gen[:, 0], np.flatnonzero(bus[:, 1] == 3)))},
    }
    # MATPOWER's columns beyond the 13th (bus), 10th (gen) and 13th (branch) mean other things in pandapower.
    return ppci, numbers


def solve(ppci, limits):
    options = dict(tolerance_mva=TOLERANCE, max_iteration=60, numba=False, algorithm="nr", voltage_depend_loads=False,
                   distributed_slack=False, v_debug=False, use_umfpack=False, permc_spec=None, tdpf=False,
                   lightsim2grid=False, recycle=None, only_v_results=False, enforce_q_lims=limits, init_va_degree="init",
                   calculate_voltage_angles=True)
    case = copy.deepcopy(ppci)
    result = _run_newton_raphson_pf(case, options)
    assert result["success"]
    return result


def mismatch(ppci, result):
    """Largest |P| or |Q| missing in pu where both are given, recomputed from the voltages."""
    bus = ppci["bus"]
    Y, _, _ = makeYbus(ppci["baseMVA"], bus, ppci["branch"])
    V = result["bus"][:, 7] * np.exp(1j * np.deg2rad(result["bus"][:, 8]))
    S = V * np.conj(Y * V) - makeSbus(ppci["baseMVA"], bus, ppci["gen"])
    return max(np.abs(S.real[bus[:, 1] != 3]).max(), np.abs(S.imag[bus[:, 1] == 1]).max())


def converter_difference(path, numbers, result):
    """pandapower's documented route, from_mpc and runpp, compared with its solver on the unchanged arrays."""
    try:
        from pandapower.converter.matpower.from_mpc import from_mpc
        net = from_mpc(str(path), f_hz=60)
        pandapower.runpp(net, tolerance_mva=TOLERANCE, max_iteration=60, calculate_voltage_angles=True, init="dc", numba=False)
        found = net.res_bus.loc[numbers - 1]  # the converter counts from 0
        angle = (found.va_degree.values - result["bus"][:, 8] + 180) % 360 - 180
        return f"{np.nanmax(np.abs(found.vm_pu.values - result['bus'][:, 7])):.1e} pu, {np.nanmax(np.abs(angle)):.1e} deg"
    except Exception as problem:  # noqa: BLE001  a second opinion only
        return f"fails: {type(problem).__name__} {str(problem)[:60]}"


def main():
    warnings.filterwarnings("ignore")
    here = pathlib.Path(__file__).parent
    folder = pathlib.Path(sys.argv[1])
    print(f"pandapower {pandapower.__version__}, numpy {np.__version__}")
    for name in CASES:
        ppci, numbers = internal_case(folder / f"{name}.m")
        free = solve(ppci, False)
        limited = solve(ppci, True)
        at = np.zeros(len(numbers), int)
        gen, solved = ppci["gen"], limited["gen"]
        for b in np.flatnonzero(ppci["bus"][:, 1] == 2):
            units = gen[:, 0] == b
            Q, low, high = solved[units, 2].sum(), gen[units, 4].sum(), gen[units, 3].sum()
            error = limited["bus"][b, 7] - gen[units, 5][0]
            if high - low < 1e-9:
                at[b] = 1 if error < 0 else -1
            elif abs(error) > 1e-9:
                at[b] = 1 if abs(Q - high) <= abs(Q - low) else -1
        with open(here / f"{name}.csv", "w") as out:
            out.write("bus,Vm_free_pu,Va_free_deg,Vm_limited_pu,Va_limited_deg,limit\n")
            for i, number in enumerate(numbers):
                out.write(f"{number},{free['bus'][i, 7]:.9f},{free['bus'][i, 8]:.9f},"
                          f"{limited['bus'][i, 7]:.9f},{limited['bus'][i, 8]:.9f},{at[i]}\n")
        print(f"{name}: {len(numbers)} buses, mismatch {mismatch(ppci, free):.1e} pu, "
              f"{np.count_nonzero(at)} at a limit; converter differs by {converter_difference(folder / f'{name}.m', numbers, free)}",
              flush=True)


if __name__ == "__main__":
    main()
