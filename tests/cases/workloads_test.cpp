/// Jobs, accelerators and smoothing of a case: what is read, what is assumed, what a run records.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>

#include "cases/reader/case.hpp"
#include "tests/cases/small_case.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

const std::string kWorkload =
    "workload = { kind = \"training\", iteration_s = 1.0, jitter = 0, start_s = 1 }";
const std::string kPower = "it_power_MW = 80";

std::string with(const std::string& workload, const std::string& power = kPower) {
  std::string text = testing::spoiled(kWorkload, workload);
  return text.replace(text.find(kPower), kPower.size(), power);
}
/// A case whose data center has the jobs given as [[datacenter.job]] tables.
std::string with_jobs(const std::string& jobs) {
  std::string text = with("");
  return text.insert(text.find("[[datacenter.bess]]"), jobs);
}
Case read(const std::string& text) { return read_case_text(text, "small.toml"); }

std::string problems_of(const std::string& text) {
  try {
    (void)read(text);
  } catch (const Error& error) {
    std::string all;
    for (const Problem& p : error.problems()) all += p.where + ": " + p.what + "; " + p.remedy + "\n";
    return all;
  }
  return "";
}
double assumed(const Case& c, const std::string& device, const std::string& parameter) {
  for (const AssumedDefault& a : c.assumed)
    if (a.device == device && a.parameter == parameter) return a.value;
  ADD_FAILURE() << device << " " << parameter << " is not listed as assumed";
  return 0;
}
Record run(const std::string& text) {
  const Case c = read(text);
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  return recorder.record();
}
const std::vector<double>& values(const Record& record, const std::string& quantity) {
  return record.values[record.find(quantity).value()];
}

/// Amplitude of the line at `hertz` between two times: the samples joined by straight lines.
double line(const Record& record, const std::string& quantity, double hertz, double from, double to) {
  const std::vector<double>& t = record.times_s;
  const std::vector<double>& x = values(record, quantity);
  const double w = 2 * 3.14159265358979323846 * hertz;
  const std::complex<double> j(0, 1);
  std::complex<double> sum;
  for (std::size_t k = 1; k < t.size(); ++k) {
    if (t[k - 1] < from - 1e-9 || t[k] > to + 1e-9 || t[k] - t[k - 1] < 1e-9) continue;
    const double slope = (x[k] - x[k - 1]) / (t[k] - t[k - 1]);
    sum += (x[k] * j / w + slope / (w * w)) * std::exp(-j * w * t[k]) -
           (x[k - 1] * j / w + slope / (w * w)) * std::exp(-j * w * t[k - 1]);
  }
  return 2 * std::abs(sum) / (to - from);
}

TEST(Workloads, TenLinesOfTheTrainingSpectrumAreTheTheorys) {
  // Swing 0.5, r = 0.7, edges 10 ms, 1 s: warmed up at 3 s, whole seconds from 4 s on.
  std::string text = with(
      "workload = { kind = \"training\", jitter = 0, start_s = 1, warm_up_s = 2, edge_up_s = 0.01, "
      "edge_down_s "
      "= 0.01 }");
  text.replace(text.find("at_s = 5"), 8, "at_s = 99");
  text += "step_s = 0.001\n";
  const Record record = run(text);
  const auto theory = [](int k) {
    constexpr double pi = 3.14159265358979323846;
    return std::abs(2 * 0.5 * std::sin(pi * k * 0.7) / (pi * k) * std::sin(pi * k * 0.01) / (pi * k * 0.01));
  };
  EXPECT_NEAR(theory(1), 0.2575, 1e-4);
  for (int k = 1; k <= 10; ++k) {
    const double found = line(record, "datacenter.workload.P_it", k, 4, 9);
    fmt::print("line {}: {:.6f} pu, theory {:.6f}, difference {:.1e} of line 1 (allowed 1e-2)\n", k, found,
               theory(k), std::abs(found - theory(k)) / theory(1));
    EXPECT_NEAR(found, theory(k), 0.01 * theory(1));
  }
}

TEST(Workloads, AcceleratorsAndRacksComeToMegawatts) {
  const auto MW = [](const std::string& power) {
    const Case c = read(with(kWorkload, power));
    return assumed(c, "Campus-A", "it_power_MW");
  };
  // 500,000 GB200 are 6,945 racks of 120 kW.
  const double stargate = 6945 * 0.12;
  Case c = read(with(kWorkload, "accelerators = { kind = \"GB200\", count = 500 }"));
  EXPECT_NEAR(assumed(c, "Campus-A", "it_power_MW"), 7 * 0.12, 1e-12);
  EXPECT_NEAR(assumed(c, "Campus-A", "accelerator_share"), 0.72, 1e-12);
  EXPECT_NEAR(MW("accelerators = { kind = \"GB200\", count = 500000 }"), stargate, 1e-9);
  EXPECT_NEAR(stargate, 833, 0.5);
  EXPECT_NEAR(MW("accelerators = { kind = \"generic\", count = 1000, kW_each = 1.5 }"), 1.5, 1e-12);
  EXPECT_NEAR(MW("accelerators = { kind = \"Kyber\", count = 14400 }"), 33.1, 1e-9);
  EXPECT_NEAR(MW("racks = { kind = \"1MW\", count = 80 }"), 80, 1e-12);
  EXPECT_NEAR(MW("racks = { kind = \"GB300-NVL72\", count = 100 }"), 13.2, 1e-12);
  const std::string twice = problems_of(with(kWorkload, kPower + "\nracks = { kind = \"1MW\", count = 80 }"));
  EXPECT_NE(twice.find("gives its IT power twice"), std::string::npos) << twice;
  const std::string unknown = problems_of(with(kWorkload, "accelerators = { kind = \"GB20\", count = 5 }"));
  EXPECT_NE(unknown.find("did you mean 'GB200'?"), std::string::npos) << unknown;
}

TEST(Workloads, RequestsAndTheirEnergyAreAMeanPower) {
  // A billion requests of 0.34 Wh a day: 340 MWh, 14.2 MW.
  const Case c =
      read(with("workload = { kind = \"inference\", requests_per_day = 1e9, energy_per_request_Wh = 0.34 }",
                "it_power_MW = 20"));
  const double mean_MW = 20 * assumed(c, "Campus-A.workload", "mean_level");
  fmt::print("mean power {:.4f} MW, by hand {:.4f}\n", mean_MW, 340.0 / 24);
  EXPECT_NEAR(mean_MW, 340.0 / 24, 1e-9);
  EXPECT_NEAR(mean_MW, 14.2, 0.05);
}

TEST(Workloads, JobsAddUpBehindTheirOwnSmoothing) {
  const Record record = run(with_jobs(R"([[datacenter.job]]
name = "main"
share = 0.6
workload = { kind = "training", jitter = 0, start_s = 1, warm_up_s = 2 }
smoothing = { kind = "gpu", preset = "floor-80" }
storage = [ { kind = "psu-capacitor", accelerator_W = 1000 }, { kind = "bbu" } ]
[[datacenter.job]]
share = 0.3
workload = { kind = "ko-zhu-training" }
smoothing = { kind = "software-filler" }
[[datacenter.job]]
share = 0.1
workload = { kind = "constant", level = 0.9 }
)"));
  const auto& sum = values(record, "datacenter.it.P_it");
  const auto& main = values(record, "datacenter.main-storage-2.P_it");
  const auto& second = values(record, "datacenter.job-2-smoothing.P_it");
  const auto& served = values(record, "datacenter.ups.P_served");
  double worst = 0;
  for (std::size_t k = 0; k < sum.size(); ++k) {
    worst = std::max(worst, std::abs(0.6 * main[k] + 0.3 * second[k] + 0.1 * 0.9 - sum[k]));
    worst = std::max(worst, std::abs(served[k] - sum[k]));
  }
  fmt::print("jobs against their sum: {:.1e} pu at most\n", worst);
  EXPECT_LT(worst, 1e-9);
  EXPECT_GT(values(record, "datacenter.main-smoothing.E_wasted").back(), 0);
  EXPECT_GT(values(record, "datacenter.job-2-smoothing.E_wasted").back(), 0);
}

TEST(Workloads, OneJobDrivesTwoSites) {
  std::string text = with(kWorkload);
  text.insert(text.find("[[event]]"), R"([[datacenter]]
name = "Campus-B"
bus = 1
it_power_MW = 40
workload = { kind = "job-of", datacenter = "Campus-A" }
ups = { kind = "double-conversion" }

)");
  const Record record = run(text);
  const std::size_t q = record.find("datacenter.ups.P_served").value();
  ASSERT_EQ(record.elements(q), 2U);
  for (std::size_t k = 0; k < record.times_s.size(); ++k)
    EXPECT_EQ(record.values[q][2 * k], record.values[q][2 * k + 1]);
  std::string wrong = text;
  wrong.replace(wrong.find("datacenter = \"Campus-A\""), 23, "datacenter = \"Campus-C\"");
  EXPECT_NE(problems_of(wrong).find("no data center above has a job 'Campus-C/workload'"), std::string::npos)
      << problems_of(wrong);
}

TEST(Workloads, IndependentJobsStartApartAndLockedOnesTogether) {
  const auto starts = [](const std::string& phase) {
    const std::string job =
        "[[datacenter.job]]\nshare = 0.5\nworkload = { kind = \"training\"" + phase + " }\n";
    const Case c = read(with_jobs(job + job));
    std::vector<double> found;
    for (const Plant& plant : c.plants)
      for (const Part& part : plant.parts)
        if (part.model == "TRAINING") found.push_back(part.parameters[12]);
    return found;
  };
  const auto apart = starts("");
  EXPECT_NE(apart[0], apart[1]);
  EXPECT_LT(std::max(apart[0], apart[1]), 1);
  EXPECT_EQ(starts(""), apart);
  const auto locked = starts(", phase = \"locked\"");
  EXPECT_EQ(locked, (std::vector<double>{0, 0}));
}

TEST(Workloads, ATraceIsReadScaledAndPlayed) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "ballast-trace.csv";
  std::ofstream(file) << "t,\"kW\"\n# measured\n10,400\n11,600\n12,500\n";
  const std::string trace = fmt::format(
      "workload = {{ kind = \"trace\", file = \"{}\", rating = 1000, power_column = \"kW\", repeat = 0 }}",
      file.string());
  const Record record = run(with(trace));
  const auto& power = values(record, "datacenter.workload.P_it");
  for (std::size_t k = 0; k < record.times_s.size(); ++k) {
    const double t = record.times_s[k];
    EXPECT_NEAR(power[k], t < 1 ? 0.4 + 0.2 * t : t < 2 ? 0.7 - 0.1 * t : 0.5, 1e-9) << t;
  }
  std::ofstream(file) << "t,kW\n10,400\n10,600\n";
  EXPECT_NE(problems_of(with(trace)).find("ballast-trace.csv:3: time 10 s is not after"), std::string::npos)
      << problems_of(with(trace));
  std::ofstream(file) << "t,kW\n10,400\n11,much\n";
  EXPECT_NE(problems_of(with(trace)).find("'much' is no number"), std::string::npos);
  std::filesystem::remove(file);
  EXPECT_NE(problems_of(with(trace)).find("cannot open"), std::string::npos);
}

TEST(Workloads, WhatIsWrongIsNamed) {
  const auto expect = [](const std::string& text, const std::string& message) {
    EXPECT_NE(problems_of(text).find(message), std::string::npos)
        << problems_of(text) << "wanted: " << message;
  };
  const std::string half = "[[datacenter.job]]\nshare = 0.5\nworkload = { kind = \"training\" }\n";
  expect(with_jobs(half), "add up to 0.5, not 1");
  expect(with_jobs("[[datacenter.job]]\nname = \"ups\"\nshare = 1\nworkload = { kind = \"training\" }\n"),
         "'ups' is the name of a part");
  expect(with(kWorkload + "\nstorage = [ { kind = \"psu-capacitor\" } ]"), "name the accelerators");
  expect(with(kWorkload + "\nsmoothing = { kind = \"gpu\" }"), "floor");
  expect(with(kWorkload + "\nsmoothing = { kind = \"gpu\", preset = \"floor-85\" }"), "preset = 'floor-85'");
  expect(with("workload = { kind = \"trainin\" }"), "did you mean 'training'?");
  expect(with("workload = { kind = \"serving\", requests_per_s = 1000, service_s = 10, servers = 100, batch "
              "= 8 }"),
         "requests in service");
  expect(with("workload = { kind = \"square\", frequency_Hz = 1.2, low = 0.4, amplitude = 0.3, phase = "
              "\"lokked\" }"),
         "did you mean 'locked'?");
}

}  // namespace
}  // namespace ballast
