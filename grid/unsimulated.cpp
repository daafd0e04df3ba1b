#include "grid/unsimulated.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ballast {

void warn_unsimulated(const Network& network, Problems& problems) {
  const auto scheduled = std::count_if(network.transfers.begin(), network.transfers.end(),
                                       [](const AreaTransfer& transfer) { return transfer.P_MW != 0; });
  if (scheduled > 0)
    problems.warn(
        network.name,
        fmt::format("{} inter-area transfer records are not used; the net export of an area is held "
                    "by its area record",
                    scheduled));
}

}  // namespace ballast
