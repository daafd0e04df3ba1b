#include "studies/batch_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>

#include "kernels/prepare/join.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "kernels/problem_file.hpp"

namespace ballast {

namespace fs = std::filesystem;

BatchProblem batch_problem(const Sweep& sweep, SharedCase& shared, const std::vector<int>& scenarios) {
  BatchProblem made;
  const auto leave_out = [&](int scenario, std::string why) {
    made.left_out.emplace_back(scenario, std::move(why));
  };
  std::optional<batch::ProblemBuilder> builder;
  std::string problem = shared.problem;
  if (problem.empty()) try {
      builder.emplace(*shared.ready.system, shared.ready.y,
                      batch::ProblemOptions{0, shared.model.simulation.until_s,
                                            sweep.step_cycles / shared.model.network.frequency_Hz});
    } catch (const Error& error) {
      problem = error.what();
    }
  for (const int k : scenarios) {
    if (!builder) {
      leave_out(k, problem);
      continue;
    }
    try {
      read_events(shared.model, event_tree(sweep, k));
      builder->add(shared.model.disturbances);
      made.scenario_of.push_back(k);
    } catch (const Error& error) {
      leave_out(k, error.what());
    }
  }
  if (made.scenario_of.empty()) return made;
  made.problem = builder->finish();
  made.told = builder->told();
  return made;
}

std::vector<std::vector<int>> groups_at_rest(const Sweep& sweep, const std::vector<int>& scenarios) {
  std::vector<std::vector<int>> groups;
  std::map<std::string, std::size_t> place;
  for (const int k : scenarios) {
    const auto [found, is_new] = place.try_emplace(case_key(sweep, k), groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].push_back(k);
  }
  return groups;
}

ExportedSweep export_sweep(const Sweep& sweep, const fs::path& file) {
  std::vector<int> all(static_cast<std::size_t>(sweep.scenarios));
  std::iota(all.begin(), all.end(), 0);
  const std::vector<std::vector<int>> groups = groups_at_rest(sweep, all);
  ExportedSweep exported;
  std::vector<std::vector<BatchProblem>> families;
  for (const std::vector<int>& group : groups) {
    const std::unique_ptr<SharedCase> shared = prepare_shared(sweep, group.front());
    BatchProblem made = batch_problem(sweep, *shared, group);
    std::move(made.left_out.begin(), made.left_out.end(), std::back_inserter(exported.left_out));
    if (made.scenario_of.empty()) continue;
    const auto family = std::find_if(families.begin(), families.end(), [&](const auto& f) {
      return batch::alike(f.front().problem, made.problem);
    });
    (family == families.end() ? families.emplace_back() : *family).push_back(std::move(made));
  }
  for (std::size_t f = 0; f < families.size(); ++f) {
    ExportedProblem one;
    one.path = file;
    if (families.size() > 1)
      one.path.replace_filename(
          fmt::format("{}-{}{}", file.stem().string(), f + 1, file.extension().string()));
    std::vector<batch::Problem> problems;
    for (BatchProblem& made : families[f]) {
      one.scenario_of.insert(one.scenario_of.end(), made.scenario_of.begin(), made.scenario_of.end());
      problems.push_back(std::move(made.problem));
    }
    const batch::Problem problem = batch::join(std::move(problems));
    try {
      batch::save_problem(problem, one.path.string());
    } catch (const std::runtime_error& error) {
      throw Error("", error.what());
    }
    one.bytes = fs::file_size(one.path);
    one.buses = problem.buses;
    one.states = problem.states;
    exported.files.push_back(std::move(one));
  }
  return exported;
}

}  // namespace ballast
