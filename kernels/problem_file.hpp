/// \file
/// A batch problem as one self-contained file, for nodes where nothing but this engine is installed.
///
///     batch::save_problem(problem, "problem.bin");
///     const batch::Problem problem = batch::load_problem("problem.bin");
///
/// Format, everything little-endian: "BALLASTB"; version, 4 bytes; length of the content, 8 bytes; its 64-bit
/// FNV-1a checksum, 8 bytes; the content: the members of Problem in the order of their declaration, int in 4
/// bytes (two's complement), double in 8 (IEEE 754), bool in 1, a list or text as its count in 8 bytes and
/// its items.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/problem.hpp"

namespace ballast::batch {

/// Raised for a file that is no sound batch problem: where, what, and what to do.
class BadProblem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Checks every size against every other and every index against its size, that the factor holds all fill,
/// and that times and steps are numbers to go by. What passes runs without reading or writing outside its
/// arrays. Throws BadProblem that lists what is wrong; `where` names the problem in it.
void check_problem(const Problem& problem, const std::string& where = "batch problem");

/// The file's bytes.
[[nodiscard]] std::vector<unsigned char> problem_bytes(const Problem& problem);
/// Back; checks everything. `where` is the name used in errors.
[[nodiscard]] Problem problem_from(std::span<const unsigned char> bytes, const std::string& where);

/// Writes beside the file first and renames, so that no half-written one is left under its name. Throws
/// std::runtime_error when the file cannot be written.
void save_problem(const Problem& problem, const std::string& path);
/// Reads and checks a file. Throws BadProblem.
[[nodiscard]] Problem load_problem(const std::string& path);

}  // namespace ballast::batch
