/// The engine against PSS/E's own curves: every column inside the tolerance beside it, and outside it when
/// the model under test is removed or its main constant is wrong by 10 %.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/solver/psse_curves.hpp"

namespace ballast {
namespace {

using testing::psse_curves;

class PsseCurve : public ::testing::TestWithParam<testing::PsseCurve> {};

TEST_P(PsseCurve, IsHeldByEveryColumn) {
  const testing::PsseCurve& curve = GetParam();
  BALLAST_NEEDS_REFERENCE(path, "psse/" + std::string(curve.folder) + "/" + curve.file);
  const testing::CurveDistance distance = distance_from(curve);
  ASSERT_TRUE(distance.failure.empty()) << distance.failure;
  ASSERT_FALSE(distance.columns.empty());
  for (const testing::ColumnDistance& c : distance.columns) {
    fmt::print(
        "{} {}: RMS {:.2e}, outside {:.2e} (tolerance {:.1e}), inside [1.00, 1.05] s {:.2e} ({:.1e})\n",
        curve.file, c.name, c.rms, c.outside, c.tolerance_outside, c.inside, c.tolerance_inside);
    EXPECT_LE(c.outside, c.tolerance_outside) << c.name;
    EXPECT_LE(c.inside, c.tolerance_inside) << c.name;
  }
}

TEST_P(PsseCurve, FailsWithAWrongModel) {
  const testing::PsseCurve& curve = GetParam();
  BALLAST_NEEDS_REFERENCE(path, "psse/" + std::string(curve.folder) + "/" + curve.file);
  ASSERT_GE(curve.alterations.size(), 2U) << "the model's removal and its main constant";
  for (const testing::Alteration& a : curve.alterations) {
    const testing::CurveDistance distance = distance_from(curve, &a);
    ASSERT_TRUE(distance.failure.empty()) << a.what << ": " << distance.failure;
    fmt::print("{}, {}: {:.3g} tolerances off{}\n", curve.file, a.what, distance.in_tolerances(),
               a.weak == nullptr ? "" : fmt::format(" (need not be seen: {})", a.weak));
    EXPECT_TRUE(a.weak != nullptr || !distance.held()) << a.what << " is not seen";
  }
}

INSTANTIATE_TEST_SUITE_P(All, PsseCurve, ::testing::ValuesIn(psse_curves()),
                         [](const auto& curve) { return std::string(curve.param.name); });

TEST(PsseCurves, EveryToleranceIsUsed) {
  BALLAST_NEEDS_REFERENCE(path, "psse/tolerances.csv");
  int used = 0;
  for (const auto& [file, column] : testing::psse_tolerance_rows()) {
    bool found = false;
    for (const testing::PsseCurve& curve : psse_curves())
      for (const testing::PsseColumn& c : curve.columns)
        found = found || (file == std::string(curve.folder) + "/" + curve.file && column == c.name);
    used += found ? 1 : 0;
    EXPECT_TRUE(found) << file << " " << column;
  }
  fmt::print("{} rows used\n", used);
}

TEST(PsseCurves, TheTableListsEveryCurve) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/validation/psse/README.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const testing::PsseCurve& curve : psse_curves())
    for (const testing::PsseColumn& c : curve.columns)
      EXPECT_NE(
          text.str().find(fmt::format("| {} | {}/{} | {} |", curve.model, curve.folder, curve.file, c.name)),
          std::string::npos)
          << curve.file << " " << c.name << ": write the table again, see validation/psse/README.md";
}

}  // namespace
}  // namespace ballast
