/// \file
/// Transformer data of a RAW record in the engine's form, for every CW, CZ and CM. Internal to grid/.
///
/// The record's circuit: magnetising admittance at bus I, ideal transformer t1:1, series impedance, ideal
/// transformer 1:t2, bus J. Ours has one ideal transformer at the from side and everything else behind it, so
/// that ratio = t1/t2, Z = Z12 t2^2 and Ym = Ym t1^2/t2^2 (the admittance is moved behind the ratio).
/// As in PSS/E, impedances are on the bus voltage bases; NOMV enters only with CW = 3 and CM = 2.
#pragma once

#include <complex>

namespace ballast::raw {

/// Turns ratio in per unit of the bus voltage. CW 1: WINDV is that; 2: WINDV in kV; 3: WINDV in per unit of
/// NOMV (NOMV = 0 means the bus voltage).
[[nodiscard]] double turns_ratio(int CW, double WINDV, double NOMV_kV, double base_kV);

/// Impedance in pu of system_MVA. CZ 1: R + jX on the system base; 2: on SBASE; 3: R is the load loss in W
/// and X is |Z| in pu on SBASE. NaN when |Z| is smaller than the R that the loss means.
[[nodiscard]] std::complex<double> series_impedance(int CZ, double R, double X, double SBASE_MVA,
                                                    double system_MVA);

/// Admittance G + jB in pu of system_MVA and the bus voltage. CM 1: MAG1 + j MAG2 is that; 2: MAG1 is the
/// no-load loss in W and MAG2 the exciting current in pu on SBASE and NOMV. NaN when the current is smaller
/// than the loss.
[[nodiscard]] std::complex<double> magnetising_admittance(int CM, double MAG1, double MAG2, double SBASE_MVA,
                                                          double system_MVA, double NOMV_kV, double base_kV);

/// The legs of the star that is equivalent to three impedances measured between pairs of windings.
struct Star {
  std::complex<double> z1, z2, z3;
};
[[nodiscard]] Star star_of(std::complex<double> z12, std::complex<double> z23, std::complex<double> z31);

}  // namespace ballast::raw
