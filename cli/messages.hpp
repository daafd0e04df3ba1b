/// \file
/// What the program says on the terminal.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "grid/error.hpp"
#include "grid/power_flow.hpp"

namespace ballast {

/// True for the names of network files: .raw and .m.
[[nodiscard]] bool is_network_file(const std::filesystem::path& path);

/// Every problem on a line of its own, on the standard error output.
void print_errors(const Error& error);
void print_warnings(const std::vector<Problem>& warnings);
/// A few lines about a solved power flow, on the standard output.
void print_flow_summary(const Network& network, const PowerFlowResult& flow);

}  // namespace ballast
