/// \file
/// Every PSS/E curve with the case that reproduces it, and the engine's distance from it: used by the test
/// (psse_curve_test.cpp) and by the program that writes validation/psse/README.md.
#pragma once

#include <string>
#include <vector>

#include "tests/solver/raw_case.hpp"

namespace ballast::testing {

/// A column of a curve and the recorded series it is held to.
struct PsseColumn {
  const char* name;      ///< as in tolerances.csv
  int position;          ///< in the file, time = 0
  const char* quantity;  ///< of the record
  const char* element;
  double origin = 0;  ///< taken off the recorded value: 1 where PSS/E prints the speed deviation
  double scale = 1;   ///< recorded unit in the curve's unit
};

/// A wrong model, to see whether the curve would notice it.
struct Alteration {
  std::string what;  ///< "KA + 10 %"
  void (*apply)(RawCase&);
  const char* weak = nullptr;  ///< why the curve need not notice it; nullptr: it must
};

struct PsseCurve {
  const char* name;   ///< of the test
  const char* model;  ///< under test
  const char* folder;
  const char* file;
  const char* raw;
  const char* dyr;
  std::vector<PsseColumn> columns;
  std::vector<Alteration> alterations;  ///< first the model's removal, then its main constant
  Shares loads{1, 0, 0};
  int from = 101, to = 102;             ///< buses of the line that trips at 1 s
  void (*prepare)(RawCase&) = nullptr;  ///< what the DYR beside the curve does not say
  double first_s = 0;                   ///< time of the curve's first row
};
const std::vector<PsseCurve>& psse_curves();

/// Largest and RMS distance of one column, in the unit of tolerances.csv. The 50 ms after the event have
/// their own tolerance: PSS/E's explicit step is off there.
struct ColumnDistance {
  std::string name;
  double rms = 0, outside = 0, inside = 0;
  double tolerance_outside = 0, tolerance_inside = 0;
  [[nodiscard]] bool held() const { return outside <= tolerance_outside && inside <= tolerance_inside; }
  /// Largest distance in tolerances.
  [[nodiscard]] double in_tolerances() const;
};
struct CurveDistance {
  std::string failure;  ///< why there is no trajectory; empty when there is one
  std::vector<ColumnDistance> columns;
  [[nodiscard]] bool held() const;
  [[nodiscard]] double in_tolerances() const;
};

/// Runs the case, altered or as it is, and measures every column that tolerances.csv names.
CurveDistance distance_from(const PsseCurve&, const Alteration* = nullptr);

/// "file,column" of every row of tolerances.csv.
std::vector<std::pair<std::string, std::string>> psse_tolerance_rows();

}  // namespace ballast::testing
