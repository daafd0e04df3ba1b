#include "grid/admittance.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "tests/grid/networks.hpp"

namespace ballast {
namespace {

using testing::make_bus;
using testing::make_line;
using Complex = std::complex<double>;

void expect_near(Complex found, Complex wanted, double tolerance) {
  EXPECT_NEAR(found.real(), wanted.real(), tolerance);
  EXPECT_NEAR(found.imag(), wanted.imag(), tolerance);
}

TEST(BranchBlock, LineIsThePiModel) {
  const BranchBlock block = branch_block(make_line(0, 1, 0.02, 0.1, 0.4));
  const Complex y = 1.0 / Complex(0.02, 0.1);
  expect_near(block.ff, y + Complex(0, 0.2), 1e-15);
  expect_near(block.tt, y + Complex(0, 0.2), 1e-15);
  expect_near(block.ft, -y, 1e-15);
  expect_near(block.tf, -y, 1e-15);
}

TEST(BranchBlock, AnOpenEndedTransformerShowsItsRatioAndPhaseShift) {
  // No current leaves the to side: V_to = V_from / (ratio e^{j angle}), so the from side leads by the angle.
  Branch branch = make_line(0, 1, 0.01, 0.2);
  branch.ratio = 1.05;
  branch.angle_deg = 30;
  const BranchBlock block = branch_block(branch);
  const Complex V_to = -block.tf * Complex(1, 0) / block.tt;
  EXPECT_NEAR(std::abs(V_to), 1 / 1.05, 1e-15);
  EXPECT_NEAR(std::arg(V_to) * 180 / std::numbers::pi, -30, 1e-12);
}

TEST(BranchBlock, ALosslessTransformerWithPhaseShiftLosesNoActivePower) {
  Branch branch = make_line(0, 1, 0, 0.2, 0.1);
  branch.ratio = 0.93;
  branch.angle_deg = -17;
  const BranchFlow flow = branch_flow(branch_block(branch), std::polar(1.02, 0.1), std::polar(0.97, -0.2));
  EXPECT_NEAR(flow.from.real() + flow.to.real(), 0, 1e-15);
  EXPECT_GT(std::abs(flow.from.real()), 0.1);
}

TEST(BranchBlock, EndShuntsSitAtTheirEnds) {
  Branch branch = make_line(0, 1, 0, 0.1);
  branch.ratio = 2;
  branch.GI = 0.4;
  branch.BJ = 0.3;
  const BranchBlock with = branch_block(branch);
  branch.GI = branch.BJ = 0;
  const BranchBlock without = branch_block(branch);
  expect_near(with.ff - without.ff, {0.4 / 4, 0}, 1e-15);  // behind the ratio: divided by ratio^2
  expect_near(with.tt - without.tt, {0, 0.3}, 1e-15);
}

Network three_buses() {
  Network net;
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ), make_bus(3, BusType::PQ)};
  net.branches = {make_line(0, 1, 0.01, 0.1), make_line(1, 2, 0.02, 0.2), make_line(0, 2, 0.03, 0.3)};
  Shunt shunt;
  shunt.bus = 2;
  shunt.G_MW = 10;
  shunt.B_Mvar = 50;
  net.shunts = {shunt};
  Load load = testing::make_load(1, 0, 0);
  load.YP_MW = 20;
  load.YQ_Mvar = 30;
  net.loads = {load};
  return net;
}

TEST(AdmittanceMatrix, RowsAddUpToTheShunts) {
  const AdmittanceMatrix Y = admittance_matrix(three_buses());
  const Eigen::VectorXcd current = Y * Eigen::VectorXcd::Ones(3);
  expect_near(current[0], 0, 1e-14);
  expect_near(current[1], 0, 1e-14);
  expect_near(current[2], {0.1, 0.5}, 1e-14);
}

TEST(AdmittanceMatrix, AConstantAdmittanceLoadConsumesItsPowerAtOnePerUnit) {
  const AdmittanceMatrix Y =
      admittance_matrix(three_buses(), {.shunts = false, .constant_admittance_loads = true});
  const Eigen::VectorXcd current = Y * Eigen::VectorXcd::Ones(3);
  expect_near(std::conj(current[1]), {0.2, 0.3}, 1e-14);  // S = V conj(I)
}

TEST(AdmittanceMatrix, OpeningABranchKeepsThePattern) {
  const Network net = three_buses();
  const std::vector<std::uint8_t> closed = {1, 0, 1};
  const AdmittanceMatrix all = admittance_matrix(net);
  const AdmittanceMatrix some = admittance_matrix(net, {.closed = closed});
  EXPECT_EQ(all.nonZeros(), some.nonZeros());
  expect_near(some.coeff(1, 2), 0, 0);
  expect_near(some.coeff(0, 1), all.coeff(0, 1), 0);
}

TEST(AdmittanceMatrix, ABranchToAnIsolatedBusIsOpen) {
  Network net = three_buses();
  net.buses[2].type = BusType::ISOLATED;
  const AdmittanceMatrix Y = admittance_matrix(net);
  expect_near(Y.coeff(2, 2), 0, 0);
  expect_near(Y.coeff(1, 2), 0, 0);
  expect_near(Y.coeff(1, 1), 1.0 / Complex(0.01, 0.1), 1e-15);
}

}  // namespace
}  // namespace ballast
