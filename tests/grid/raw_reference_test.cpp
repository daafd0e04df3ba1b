// Every RAW file of the reference data is read without an error and solved.
#include <gtest/gtest.h>

#include <iostream>

#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

struct RawCase {
  const char* file;
  std::size_t buses, loads, shunts, generators, branches;
};

class RawFiles : public ::testing::TestWithParam<RawCase> {};

TEST_P(RawFiles, AreReadAndSolved) {
  BALLAST_NEEDS_REFERENCE(path, GetParam().file);
  Problems problems;
  const Network net = read_network(path, problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  // Counts by grep over the records of each section.
  EXPECT_EQ(net.buses.size(), GetParam().buses);
  EXPECT_EQ(net.loads.size(), GetParam().loads);
  EXPECT_EQ(net.shunts.size() + net.switched_shunts.size(), GetParam().shunts);
  EXPECT_EQ(net.generators.size(), GetParam().generators);
  EXPECT_EQ(net.branches.size(), GetParam().branches);
  for (const bool limits : {false, true}) {
    PowerFlowOptions options;
    options.reactive_limits = limits;
    const PowerFlowResult flow = solve_power_flow(net, options);
    std::cout << "  " << GetParam().file << (limits ? ", limits on: " : ", limits off: ") << "mismatch "
              << flow.mismatch_pu << " pu, " << flow.iterations << " iterations, " << flow.at_limit.size()
              << " buses at a limit\n";
    EXPECT_LT(flow.mismatch_pu, 1e-9);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, RawFiles,
    ::testing::Values(RawCase{"networks/kundur-twoarea_v33.raw", 11, 3, 2, 4, 12},
                      RawCase{"networks/IEEE14_PTIv33.raw", 14, 11, 1, 5, 20},
                      RawCase{"networks/118_PTIv33.raw", 118, 91, 14, 54, 179},
                      RawCase{"networks/ieee39.raw", 39, 19, 2, 14, 46},
                      RawCase{"networks/240busWECC_2018_PSS_fixedshunt.raw", 243, 139, 7, 146, 451},
                      RawCase{"networks/case_ACTIVSg2000_1.raw", 2000, 1125, 149, 544, 3206},
                      RawCase{"psse/AC1A/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/GAST/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/GENROU/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/GENSAL/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/HYGOV/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/IEEEST/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/LOAD/ThreeBusMulti.raw", 3, 3, 0, 2, 3},
                      RawCase{"psse/SEXS/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/TGOV1/ThreeBusMulti.raw", 3, 1, 0, 2, 3},
                      RawCase{"psse/MultiGen/FourBusMulti.raw", 4, 1, 0, 9, 4},
                      RawCase{"psse/RENA/ThreeBusRenewable.raw", 3, 2, 0, 2, 3},
                      RawCase{"psse/ESST1A/TVC_System_32.raw", 4, 1, 1, 2, 4}));

/// PSS/E wrote these files after solving them, so their voltages are its solution: an independent check of
/// the reader (transformers, remote regulation) and the solver. Five decimals of V, four of the angle in the
/// file.
TEST(PsseSolutions, AreReproducedFromTheRawFiles) {
  for (const char* file : {"networks/kundur-twoarea_v33.raw", "psse/GENROU/ThreeBusMulti.raw",
                           "psse/ESST1A/TVC_System_32.raw", "psse/MultiGen/FourBusMulti.raw"}) {
    BALLAST_NEEDS_REFERENCE(path, file);
    const Network net = read_network(path);
    const PowerFlowResult flow = solve_power_flow(net);
    double dV = 0, dA = 0;
    for (std::size_t i = 0; i < net.buses.size(); ++i) {
      dV = std::max(dV, std::abs(flow.Vm[i] - net.buses[i].Vm));
      dA = std::max(dA, std::abs(flow.Va_deg[i] - net.buses[i].Va_deg));
    }
    std::cout << "  " << file << ": " << dV << " pu, " << dA << " deg from PSS/E\n";
    EXPECT_LT(dV, 1.0e-5) << file;  // measured 4.9e-6
    EXPECT_LT(dA, 2.0e-4) << file;  // measured 1.0e-4
  }
}

/// The nine machines of FourBusMulti: units of one bus share Q as PSS/E wrote it into the file.
TEST(PsseSolutions, UnitsOfOneBusShareTheReactivePowerAsInTheFile) {
  BALLAST_NEEDS_REFERENCE(path, "psse/MultiGen/FourBusMulti.raw");
  const Network net = read_network(path);
  const PowerFlowResult flow = solve_power_flow(net);
  for (std::size_t g = 0; g < net.generators.size(); ++g) {
    EXPECT_NEAR(flow.generator_P_MW[g], net.generators[g].P_MW, 5e-3) << net.generators[g].id;
    EXPECT_NEAR(flow.generator_Q_Mvar[g], net.generators[g].Q_Mvar, 5e-3) << net.generators[g].id;
  }
}

}  // namespace
}  // namespace ballast
