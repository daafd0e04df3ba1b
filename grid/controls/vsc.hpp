/// \file
/// The DC side of a VSC line. Internal to grid/.
///
/// Converter 1 (TYPE 1) holds V1 = DCSET; converter 2 (TYPE 2) injects P2 = DCSET into its AC bus. With the
/// DC current I from 1 to 2 and the losses ALOSS + BLOSS |I|, at least MINLOSS, of each converter:
///     (V1 - RDC I) I = P2 + loss2,    P1 = -(V1 I + loss1)
/// Source: fields as in the PSS/E RAW format; the loss formula from memory of its manual.
#pragma once

#include "grid/dc_equipment.hpp"

namespace ballast {

struct VscPoint {
  bool possible = false;  ///< false: the resistance lets no current carry the order
  double I_A = 0;
  double P_MW[2] = {0, 0};  ///< injected into the AC bus, by converter
};

[[nodiscard]] VscPoint vsc_point(const VscDc& line);

}  // namespace ballast
