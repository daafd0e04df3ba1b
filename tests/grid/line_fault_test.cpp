/// A fault along a line against a network with a real bus there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "grid/line_fault.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;

Branch long_line() {
  Branch line;
  line.from = 0;
  line.to = 1;
  line.R = 0.004;
  line.X = 0.06;
  line.B = 0.9;
  line.GI = 0.01;
  line.BI = -0.2;
  line.BJ = -0.15;
  return line;
}

/// The same from three buses (from, to, point), the point eliminated; open ends by removing the bus's rows.
BranchBlock with_a_bus(const Branch& line, const FaultedLine& fault) {
  Eigen::Matrix<Complex, 5, 5> Y =
      Eigen::Matrix<Complex, 5, 5>::Zero();  // 0, 1 buses, 2 point, 3, 4 line ends
  const auto put = [&](int a, int b, const Branch& part) {
    const BranchBlock k = branch_block(part);
    Y(a, a) += k.ff;
    Y(a, b) += k.ft;
    Y(b, a) += k.tf;
    Y(b, b) += k.tt;
  };
  Branch first = line;
  Branch second = line;
  first.R *= fault.share;
  first.X *= fault.share;
  first.B *= fault.share;
  first.GJ = first.BJ = 0;
  second.R *= 1 - fault.share;
  second.X *= 1 - fault.share;
  second.B *= 1 - fault.share;
  second.GI = second.BI = 0;
  put(fault.from_closed ? 0 : 3, 2, first);
  put(2, fault.to_closed ? 1 : 4, second);
  if (fault.from_closed) Y(3, 3) = 1;
  if (fault.to_closed) Y(4, 4) = 1;
  Y(2, 2) += fault.admittance;
  const Eigen::Matrix2cd reduced = Y.topLeftCorner<2, 2>() - Y.topRightCorner<2, 3>() *
                                                                 Y.bottomRightCorner<3, 3>().inverse() *
                                                                 Y.bottomLeftCorner<3, 2>();
  return {reduced(0, 0), reduced(0, 1), reduced(1, 0), reduced(1, 1)};
}

double difference(const BranchBlock& a, const BranchBlock& b) {
  return std::max(
      {std::abs(a.ff - b.ff), std::abs(a.ft - b.ft), std::abs(a.tf - b.tf), std::abs(a.tt - b.tt)});
}

TEST(LineFault, EqualsANetworkWithABusThere) {
  double worst = 0;
  for (const double share : {0.01, 0.3, 0.5, 0.95})
    for (const Complex y : {Complex(0), Complex(3, -40), Complex(1e7)})
      for (const int ends : {0, 1, 2, 3}) {
        const FaultedLine fault{share, y, ends % 2 == 0, ends < 2};
        worst =
            std::max(worst, difference(faulted_block(long_line(), fault), with_a_bus(long_line(), fault)));
      }
  fmt::print("largest difference of the two-port: {:.1e} pu, tolerance 1e-9\n", worst);
  EXPECT_LT(worst, 1e-9);
}

TEST(LineFault, AtAnEndIsAShuntAtTheBus) {
  const BranchBlock whole = branch_block(long_line());
  const Complex y(2, -30);
  const BranchBlock from = faulted_block(long_line(), {0, y, true, true});
  EXPECT_LT(difference(from, {whole.ff + y, whole.ft, whole.tf, whole.tt}), 1e-12);
  const BranchBlock to = faulted_block(long_line(), {1, y, true, true});
  EXPECT_LT(difference(to, {whole.ff, whole.ft, whole.tf, whole.tt + y}), 1e-12);
  // The near breaker open: what is left is the line fed from the far end, with the fault behind it.
  const BranchBlock fed = faulted_block(long_line(), {0, y, false, true});
  EXPECT_EQ(fed.ff, 0.0);
  EXPECT_LT(std::abs(fed.tt - (whole.tt - whole.tf * whole.ft / (whole.ff + y))), 1e-12);
  EXPECT_LT(difference(faulted_block(long_line(), {0.4, y, false, false}), {}), 1e-15);
}

TEST(LineFault, VoltageAtThePlaceIsThatOfTheEliminatedBus) {
  const Complex V_from = std::polar(1.02, 0.1);
  const Complex V_to = std::polar(0.97, -0.2);
  const FaultedLine fault{0.35, {0.5, -8}, true, true};
  const SplitBranch parts = split_branch(long_line(), fault.share);
  const BranchBlock first = branch_block(parts.first);
  const BranchBlock second = branch_block(parts.second);
  const Complex V = fault_voltage(long_line(), fault, V_from, V_to);
  const Complex sum =
      first.tf * V_from + first.tt * V + second.ff * V + second.ft * V_to + fault.admittance * V;
  fmt::print("current left over at the point: {:.1e} pu, tolerance 1e-12\n", std::abs(sum));
  EXPECT_LT(std::abs(sum), 1e-12);
}

}  // namespace
}  // namespace ballast
