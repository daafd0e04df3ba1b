/// \file
/// The one error vocabulary of Ballast: what is wrong, where, the value found, and what to do.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace ballast {

/// A place in a text file. Lines and columns count from 1; 0 means unknown.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  /// "case.toml:14:3", "case.toml:14", "case.toml" or "".
  [[nodiscard]] std::string text() const;
};

/// One thing that is wrong. `what` contains the offending value; `remedy` says what to do.
struct Problem {
  std::string where;   ///< Place::text(), or bus and device: "bus 2101, GENROU '1'"
  std::string what;    ///< "inertia H = -3 s is not positive"
  std::string remedy;  ///< "give H > 0"; may be empty
  /// "where: what; remedy"
  [[nodiscard]] std::string text() const;
};

/// Thrown for bad input, an impossible case or a failed solution; carries every problem found.
class Error : public std::runtime_error {
 public:
  explicit Error(std::vector<Problem> problems);
  Error(std::string where, std::string what, std::string remedy = {});
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// Collects the problems of a file or a case, so that all of them are shown together.
class Problems {
 public:
  void add(std::string where, std::string what, std::string remedy = {});
  void warn(std::string where, std::string what, std::string remedy = {});
  [[nodiscard]] bool any() const { return !errors_.empty(); }
  [[nodiscard]] const std::vector<Problem>& errors() const { return errors_; }
  [[nodiscard]] const std::vector<Problem>& warnings() const { return warnings_; }
  /// Throws one Error with everything collected, if there is anything.
  void throw_if_any() const;

 private:
  std::vector<Problem> errors_;
  std::vector<Problem> warnings_;
};

/// The candidate nearest to `word` by edit distance, or "" when none is near: for "did you mean".
[[nodiscard]] std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace ballast
