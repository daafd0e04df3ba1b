#include "studies/validation/ensemble.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <set>

#include "kernels/batch.hpp"
#include "studies/joint_problem.hpp"

namespace ballast::validation {
namespace {

/// Keeps what metrics look at.
class Kept : public Recorder {
 public:
  void begin(const RunInfo&, const Schema& schema, const Network&) override {
    schema_ = schema;
    times_s_.clear();
    events_.clear();
    values_.assign(schema.quantities.size(), {});
  }
  void sample(double time_s, std::span<const double> values) override {
    times_s_.push_back(time_s);
    auto from = values.begin();
    for (std::size_t q = 0; q < values_.size(); ++q) {
      const auto to = from + static_cast<std::ptrdiff_t>(schema_.quantities[q].elements.size());
      values_[q].insert(values_[q].end(), from, to);
      from = to;
    }
  }
  void event(const LoggedEvent& event) override { events_.push_back(event); }
  void end(const RunStatus&) override {}
  [[nodiscard]] View view() const { return {times_s_, schema_, values_, events_, {}, {}}; }

 private:
  std::vector<double> times_s_;
  Schema schema_;
  std::vector<std::vector<double>> values_;
  std::vector<LoggedEvent> events_;
};

/// A lane of the batch whose record is kept.
class Watched final : public batch::Observer {
 public:
  Watched(batch::MirrorPool& pool, const batch::Problem& problem, int scenario,
          const std::vector<batch::ToldAction>& told, RunInfo info, const std::vector<std::string>& patterns,
          std::function<void(bool, const Kept&)> tell)
      : tell_(std::move(tell)), mirror_(pool, problem, scenario, told, std::move(info), patterns, kept_) {}
  [[nodiscard]] Reads reads() const override { return mirror_.reads(); }
  void begin(const batch::Lane& lane, const batch::Store<double>& store) override {
    mirror_.begin(lane, store);
  }
  bool sample(const batch::Store<double>& store) override { return mirror_.sample(store); }
  void acting(int first, int last, const batch::Store<double>& store) override {
    mirror_.acting(first, last, store);
  }
  void moved(int group, int part, const Happening& happening, int mode_before, Effect effect,
             const Reason& reason, const batch::Store<double>& store) override {
    mirror_.moved(group, part, happening, mode_before, effect, reason, store);
  }
  void obeying(const batch::Store<double>& store) override { mirror_.obeying(store); }
  void settled(const batch::Lane& lane, const batch::Store<double>& store, bool network) override {
    mirror_.settled(lane, store, network);
  }
  void end(const batch::Result& result) override {
    mirror_.end(result);
    tell_(result.ending == batch::Ending::COMPLETED, kept_);
  }

 private:
  std::function<void(bool, const Kept&)> tell_;
  Kept kept_;
  batch::Mirror mirror_;
};

/// Runs draws side by side.
class Drawing {
 public:
  Drawing(const Validation& v, const Ensemble& e, const std::vector<int>& draws,
          const std::function<void(int)>& tell)
      : v_(v), sweep_(read_sweep(e.sweep)), tell_(tell) {
    const std::string& metrics_of = e.of.empty() ? e.name : e.of;
    std::set<std::string> recorded;
    for (const Metric& m : v.metrics)
      if (m.run == metrics_of) {
        run_.metrics.push_back(&m);
        if (!m.of.empty()) recorded.insert(m.of);
      }
    patterns_.assign(recorded.begin(), recorded.end());
    if (patterns_.empty()) patterns_.emplace_back("frequency");
    run_.ensemble = &e;
    run_.all = sweep_.scenarios;
    metrics_of_ = metrics_of;
    if (e.replaces_events) sweep_.events.clear();
    change(sweep_.base, e.changes, e.adds);
    sweep_.base_case = read_case_tree(sweep_.base, sweep_.base_file.text, sweep_.base_file.path);
    for (const int number : draws) {
      if (number >= sweep_.scenarios)
        throw Error(e.sweep.string(), fmt::format("it has {} draws, no draw {}", sweep_.scenarios, number));
      run_.draws.push_back({number, {}, {}, {}, {}});
    }
    groups_ = draws.empty() ? std::vector<std::vector<int>>{} : groups_at_rest(sweep_, draws);
  }

  EnsembleRun run(int jobs) {
    const std::size_t most = kGroupsPerThread * static_cast<std::size_t>(jobs);
    for (std::size_t first = 0; first < groups_.size(); first += most) {
      std::vector<RestGroup> some(std::min(most, groups_.size() - first));
      for (std::size_t k = 0; k < some.size(); ++k) some[k].scenarios = std::move(groups_[first + k]);
      run_groups(some, jobs);
    }
    return std::move(run_);
  }

 private:
  const Validation& v_;
  Sweep sweep_;
  const std::function<void(int)>& tell_;
  EnsembleRun run_;
  std::string metrics_of_;
  std::vector<std::string> patterns_;
  std::vector<std::vector<int>> groups_;
  std::mutex mutex_;
  int done_ = 0;

  void run_groups(std::vector<RestGroup>& groups, int threads) {
    prepare_groups(sweep_, groups, threads, [] { return false; });
    std::set<int> left;
    for (const RestGroup& group : groups) left.insert(group.scenarios.begin(), group.scenarios.end());
    for (const JointProblem& joint : join_groups(groups)) {
      batch::Options options;
      options.threads = threads;
      options.sample_every_s = sweep_.record_step_s.value_or(joint.record_step_s);
      options.observe = [&](int index) {
        const auto& [group, k] = joint.place[static_cast<std::size_t>(index)];
        const int number = group->made.scenario_of[static_cast<std::size_t>(k)];
        return std::make_unique<Watched>(
            *group->pool, joint.problem, index, group->made.told[static_cast<std::size_t>(k)],
            run_info(group->shared->model), patterns_, [&, number](bool completed, const Kept& kept) {
              if (!completed) return;
              take(number, "batch", kept.view());
              const std::lock_guard<std::mutex> lock(mutex_);
              left.erase(number);
            });
      };
      options.done = [](batch::Result&&) {};
      (void)batch::run_cpu(joint.problem, options);
    }
    const std::vector<int> by_ida(left.begin(), left.end());
    std::exception_ptr failure;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (std::size_t k = 0; k < by_ida.size(); ++k) try {
        run_by_ida(by_ida[k]);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex_);
        failure = std::current_exception();
      }
    if (failure) std::rethrow_exception(failure);
  }

  void run_by_ida(int number) {
    const std::unique_ptr<SharedCase> own = prepare_shared(sweep_, number);
    if (!own->problem.empty()) return fail(number, own->problem);
    try {
      read_events(own->model, event_tree(sweep_, number));
      Kept kept;
      auto simulation = own->model.simulation;
      simulation.record = patterns_;
      if (sweep_.record_step_s) simulation.record_step_s = *sweep_.record_step_s;
      const RunResult result = simulate(*own->ready.system, own->ready.y, own->model.disturbances, simulation,
                                        run_info(own->model), &kept);
      if (!result.status.completed) return fail(number, result.status.outcome);
      take(number, "IDA", kept.view());
    } catch (const Error& error) {
      fail(number, error.what());
    }
  }

  Draw& draw_of(int number) {
    return *std::find_if(run_.draws.begin(), run_.draws.end(),
                         [&](const Draw& d) { return d.number == number; });
  }
  void take(int number, const char* engine, const View& view) {
    const std::vector<Measured> measured = measure_run(v_, metrics_of_, view);
    const std::lock_guard<std::mutex> lock(mutex_);
    Draw& draw = draw_of(number);
    draw.engine = engine;
    for (const Measured& m : measured) {
      draw.values.push_back(m.value);
      draw.inside.push_back(m.inside);
    }
    if (tell_) tell_(++done_);
  }
  void fail(int number, std::string why) {
    const std::lock_guard<std::mutex> lock(mutex_);
    draw_of(number).problem = std::move(why);
    if (tell_) tell_(++done_);
  }
};

/// Figures of one metric over the draws that ran.
std::vector<double> values_of(const EnsembleRun& run, std::size_t metric) {
  std::vector<double> values;
  for (const Draw& d : run.draws)
    if (!d.values.empty()) values.push_back(d.values[metric]);
  return values;
}

/// "rise 12.1 12.4 12.6 kV (in 40 of 100)": 5 %, median, 95 % of the draws that have it.
std::string spread_of(const Metric& m, const std::vector<double>& values) {
  const auto there =
      std::count_if(values.begin(), values.end(), [](double value) { return !std::isnan(value); });
  std::string text = m.label.empty() ? "" : m.label + " ";
  if (there == 0) return text + "in no draw";
  const Spread s = spread(values);
  text +=
      fmt::format("{:.5g}, {:.5g}, {:.5g}{}{}", s.low, s.median, s.high, m.unit.empty() ? "" : " ", m.unit);
  if (there < static_cast<std::ptrdiff_t>(values.size()))
    text += fmt::format(" (in {} of {})", there, values.size());
  return text;
}

double share_for(const Ensemble& e, const std::string& id) {
  for (const auto& [name, share] : e.shares)
    if (name == id) return share;
  return e.share;
}

const Expected& expected_of(const Validation& v, const std::string& id) {
  return *std::find_if(v.expected.begin(), v.expected.end(), [&](const Expected& e) { return e.id == id; });
}

/// The row of an id with the status of "<ensemble>/<id>"; report-only where nothing is stated.
Row row_of(const Validation& v, const Ensemble& e, const std::string& id) {
  Row row{expected_of(v, id), {}, {}, {}, {}, true};
  if (const auto found = v.standings.find(e.name + "/" + id); found != v.standings.end())
    row.standing = found->second;
  return row;
}
/// `drawn`: the run itself, or that of the ensemble it is of.
void hold_against_status(Row& row, const EnsembleRun& drawn) {
  if (static_cast<int>(drawn.draws.size()) < drawn.all) return;
  const Status status = row.standing.status;
  row.agrees = status == Status::REPORT_ONLY || !row.inside || *row.inside == (status == Status::PASS);
}

/// Whether a draw shows a sign; nothing when the draw says nothing about it.
std::optional<bool> shows(const Sign& sign, double ours, double before) {
  using Expect = Sign::Expect;
  const bool here = !std::isnan(ours), there = !std::isnan(before);
  if (sign.expect == Expect::WITHIN) return ours >= sign.low && ours <= sign.high;
  if (!there) return {};
  if (sign.expect == Expect::NEVER) return !here;
  if (sign.expect == Expect::LATER) return !here || ours >= before + sign.margin;
  if (sign.expect == Expect::LESS) return here && ours <= sign.margin * before;
  return here;
}
const char* name_of(Sign::Expect expect) {
  using Expect = Sign::Expect;
  return expect == Expect::NEVER   ? "not at all"
         : expect == Expect::LATER ? "not at all or later"
         : expect == Expect::LESS  ? "less"
         : expect == Expect::STILL ? "as well"
                                   : "inside";
}

std::vector<Row> judge_signs(const Validation& v, const EnsembleRun& run, const EnsembleRun& base) {
  std::vector<Row> rows;
  for (const Sign& sign : run.ensemble->signs) {
    const int at = base.find(sign.of);
    const Metric& m = *base.metrics[static_cast<std::size_t>(at)];
    int asked = 0, shown = 0;
    std::vector<double> before, ours;
    for (const Draw& d : run.draws) {
      const auto same = std::find_if(base.draws.begin(), base.draws.end(),
                                     [&](const Draw& other) { return other.number == d.number; });
      if (d.values.empty() || same == base.draws.end() || same->values.empty()) continue;
      const auto k = static_cast<std::size_t>(at);
      const std::optional<bool> result = shows(sign, d.values[k], same->values[k]);
      if (!result) continue;
      ++asked;
      if (*result) ++shown;
      before.push_back(same->values[k]);
      ours.push_back(d.values[k]);
    }
    std::string text =
        asked == 0 ? fmt::format("{}: happens in none of the draws that were run", m.label)
                   : fmt::format("{}: {} in {} of {} draws; {}; before {}", m.label, name_of(sign.expect),
                                 shown, asked, spread_of(m, ours), spread_of(m, before));
    auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.expected.id == sign.id; });
    if (row == rows.end()) row = rows.insert(rows.end(), row_of(v, *run.ensemble, sign.id));
    row->ours += (row->ours.empty() ? "" : "; ") + text;
    if (asked > 0)
      row->inside = row->inside.value_or(true) && shown >= share_for(*run.ensemble, sign.id) * asked;
  }
  for (Row& row : rows) hold_against_status(row, base);
  return rows;
}

}  // namespace

int EnsembleRun::find(const std::string& name) const {
  for (std::size_t k = 0; k < metrics.size(); ++k)
    if (metrics[k]->name == name) return static_cast<int>(k);
  return -1;
}

EnsembleRun run_ensemble(const Validation& v, const Ensemble& e, const std::vector<int>& draws, int jobs,
                         const std::function<void(int)>& tell) {
  return Drawing(v, e, draws, tell).run(jobs);
}

std::vector<int> draws_for(const Ensemble& e, int count, const EnsembleRun* base) {
  std::vector<int> numbers;
  if (base == nullptr) {
    const Sweep sweep = read_sweep(e.sweep);
    for (int k = 0; k < std::min(count, sweep.scenarios); ++k) numbers.push_back(k);
    return numbers;
  }
  for (const Draw& d : base->draws) {
    if (static_cast<int>(numbers.size()) == count) break;
    const bool happened = std::any_of(e.signs.begin(), e.signs.end(), [&](const Sign& sign) {
      const int at = base->find(sign.of);
      return !d.values.empty() && !std::isnan(d.values[static_cast<std::size_t>(at)]);
    });
    if (happened || e.all_draws) numbers.push_back(d.number);
  }
  return numbers;
}

std::vector<Row> judge_ensemble(const Validation& v, const EnsembleRun& run, const EnsembleRun* base) {
  if (base != nullptr) return judge_signs(v, run, *base);
  std::vector<Row> rows;
  for (const Expected& e : v.expected) {
    Row row = row_of(v, *run.ensemble, e.id);
    int inside = 0, asked = 0;
    for (std::size_t k = 0; k < run.metrics.size(); ++k)
      if (run.metrics[k]->id == e.id)
        row.ours += (row.ours.empty() ? "" : "; ") + spread_of(*run.metrics[k], values_of(run, k));
    if (row.ours.empty()) continue;
    for (const Draw& d : run.draws) {
      std::optional<bool> all;
      for (std::size_t k = 0; k < d.values.size(); ++k)
        if (run.metrics[k]->id == e.id && d.inside[k]) all = all.value_or(true) && *d.inside[k];
      if (!all) continue;
      ++asked;
      if (*all) ++inside;
    }
    if (asked > 0) {
      const double share = share_for(*run.ensemble, e.id);
      row.inside = inside >= share * asked;
      row.ours +=
          fmt::format("; inside in {} of {} draws, {:.0f} % are asked for", inside, asked, 100 * share);
    }
    hold_against_status(row, run);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string ensemble_text(const EnsembleRun& run, const std::vector<Row>& rows) {
  const auto ran = [&](const char* engine) {
    return std::count_if(run.draws.begin(), run.draws.end(),
                         [&](const Draw& d) { return d.engine == engine; });
  };
  std::string text = fmt::format("\n{}: {}\n", run.ensemble->name, run.ensemble->title);
  if (run.draws.empty())
    return text +
           fmt::format("       no draw of '{}' in which what it asks about has happened\n", run.ensemble->of);
  text += fmt::format(
      "{} draws of {}: {} by the batch engine, {} by IDA, {} could not go on. Figures: 5 %, median, 95 %\n",
      run.draws.size(), run.all, ran("batch"), ran("IDA"), ran(""));
  for (const Draw& d : run.draws)
    if (d.engine.empty()) text += fmt::format("       draw {}: {}\n", d.number, d.problem);
  if (run.ensemble->gate) text += gate_text(*run.ensemble->gate, rows);
  for (const Row& row : rows) {
    text +=
        fmt::format("\n{:<6} {:<5} {:<12}{} {}\n       published {}\n       ours      {}\n", row.expected.id,
                    verdict_of(row), name_of(row.standing.status), row.agrees ? "" : " NOT AS STATED",
                    row.expected.metric, row.expected.published, row.ours);
    if (!row.standing.reason.empty() && row.inside && !*row.inside)
      text += fmt::format("       why       {}\n", row.standing.reason);
  }
  return text;
}

std::string draws_csv(const EnsembleRun& run) {
  std::string csv = "draw,engine";
  for (const Metric* m : run.metrics) csv += fmt::format(",\"{} {}\"", m->id, m->label);
  for (const Draw& d : run.draws) {
    csv += fmt::format("\n{},{}", d.number, d.engine);
    for (const double value : d.values) csv += std::isnan(value) ? "," : fmt::format(",{:.10g}", value);
  }
  return csv + "\n";
}

}  // namespace ballast::validation
