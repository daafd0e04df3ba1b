/// Fitting PERC1 and CMLDBLU2 to what a data center does.
#include <fmt/format.h>
#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>

#include "models/loads/cmldblu2.hpp"
#include "models/loads/perc1.hpp"
#include "studies/equivalent/equivalent.hpp"

namespace ballast::equivalent {
namespace {

/// What can be read off the trials: where the search starts.
struct Features {
  double V_half = 0.7;          ///< in the sag: half of what leaves has left
  double V_first = 0.8;         ///< the first of it leaves
  double V_last = 0.6;          ///< the last
  double left = 0;              ///< share of the power gone at the end of the long dip to 0.5 pu
  double comes_back = 1;        ///< share of that which is back at the end
  double ceases_s = 0.01;       ///< into the dip, until half of what leaves has left
  double delay_s = 0.05;        ///< from the end of the dip to the beginning of the return
  double ramp_s = 1;            ///< of the return
  double P_MW = 0, Q_Mvar = 0;  ///< at rest
};

const Trial& trial_named(const std::vector<Trial>& trials, const std::string& start) {
  const auto found = std::find_if(trials.begin(), trials.end(),
                                  [&](const Trial& t) { return t.test.name.starts_with(start); });
  if (found == trials.end()) throw Error("fit", fmt::format("there is no trial '{}'", start));
  return *found;
}

Features features_of(const std::vector<Trial>& trials) {
  Features f;
  const LoadSeries& sag = trial_named(trials, "sag").seen;
  f.P_MW = sag.power_MW.front();
  f.Q_Mvar = sag.reactive_Mvar.front();
  const auto lowest = static_cast<std::size_t>(
      std::min_element(sag.voltage_pu.begin(), sag.voltage_pu.end()) - sag.voltage_pu.begin());
  const double lost = f.P_MW - *std::min_element(sag.power_MW.begin(), sag.power_MW.end());
  if (lost > 0.01 * f.P_MW) {
    const auto voltage_at = [&](double share) {
      for (std::size_t k = 0; k <= lowest; ++k)
        if (f.P_MW - sag.power_MW[k] >= share * lost) return sag.voltage_pu[k];
      return sag.voltage_pu[lowest];
    };
    f.V_half = voltage_at(0.5);
    const double spread = (voltage_at(0.05) - voltage_at(0.95)) / 0.9;
    f.V_first = voltage_at(0.05) + 0.05 * spread;
    f.V_last = f.V_first - spread;
  }
  // The longest dip shows all that leaves, and when.
  const Trial& dip = trial_named(trials, "dip-0.5-2000ms");
  const LoadSeries& s = dip.seen;
  const double ends_s = dip.test.starts_s + dip.test.moves.front().times_s.back();
  std::size_t end = 0;
  while (end + 1 < s.time_s.size() && s.time_s[end + 1] < ends_s) ++end;
  const double gone = s.power_MW.front() - s.power_MW[end];
  f.left = std::clamp(gone / f.P_MW, 0.0, 1.0);
  if (gone <= 0.01 * f.P_MW) return f;
  f.comes_back = std::clamp((s.power_MW.back() - s.power_MW[end]) / gone, 0.0, 1.0);
  for (std::size_t k = 0; k <= end; ++k)
    if (s.power_MW.front() - s.power_MW[k] >= 0.5 * gone) {
      f.ceases_s = std::max(0.0, s.time_s[k] - dip.test.starts_s);
      break;
    }
  const auto time_of = [&](double share) {
    const double level = s.power_MW[end] + share * (s.power_MW.back() - s.power_MW[end]);
    for (std::size_t k = end + 1; k < s.time_s.size(); ++k)
      if (s.time_s[k] > ends_s && s.power_MW[k] >= level) return s.time_s[k] - ends_s;
    return 0.0;
  };
  f.ramp_s = std::max(0.01, (time_of(0.95) - time_of(0.05)) / 0.9);
  f.delay_s = std::max(0.0, time_of(0.05) - 0.05 * f.ramp_s);
  return f;
}

/// A model as the search sees it: numbers x within bounds, from which parameters follow.
struct Form {
  std::string model;
  std::vector<double> base;    ///< parameters before the search
  std::vector<int> parameter;  ///< places of those that are searched for
  std::vector<double> start, step, low, high;
  void (*apply)(const double* x, std::vector<double>& parameters);
};

/// Cease and return. Washouts, lead-lags and frequency terms stay off: no steady load of a data center has
/// them.
Form perc1(const Features& f) {
  using M = Perc1;
  Form form{"PERC1", std::vector<double>(M::kParameters), {}, {}, {}, {}, {}, nullptr};
  std::vector<double>& p = form.base;
  p[M::TV] = 0.005;
  p[M::TVP] = p[M::TVQ] = p[M::TF] = 0.02;
  p[M::TBP] = p[M::TBQ] = 0.02;
  p[M::TAP] = p[M::TAQ] = 0.02;  // lead over lag: one
  p[M::DBFL] = -0.0006;
  p[M::DBFH] = 0.0006;
  form.parameter = {M::VCEASE, M::TCEASE, M::VRECON, M::TRECON, M::TRAMP, M::FCEASE, M::FRECON};
  // Vrecon is searched for as its distance from Vcease.
  form.start = {f.V_half, f.ceases_s, 0.02, f.delay_s, f.ramp_s, std::max(0.01, f.left), f.comes_back};
  form.step = {
      0.02, std::max(0.003, 0.3 * f.ceases_s), 0.01, 0.05 + 0.1 * f.delay_s, 0.05 + 0.1 * f.ramp_s, 0.1, 0.1};
  form.low = {0.06, 0, 0.002, 0, 0.01, 0, 0};
  form.high = {0.99, 3, 0.5, 2 * f.delay_s + 5, 2 * f.ramp_s + 5, 1, 1};
  form.apply = [](const double* x, std::vector<double>& parameters) {
    parameters[M::VCEASE] = x[0];
    parameters[M::TCEASE] = x[1];
    parameters[M::VRECON] = std::min(x[0] + x[2], 1.2);
    for (int k = 3; k < 7; ++k) parameters[M::TRECON + k - 3] = x[k];
  };
  return form;
}

/// Electronic and static load and motor A, without transformer and feeder: the data center's own bus.
Form composite(const Features& f) {
  Form form{"CMLDBLU2", {}, {}, {}, {}, {}, {}, nullptr};
  const double power_factor = std::copysign(f.P_MW / std::hypot(f.P_MW, f.Q_Mvar), f.Q_Mvar);
  // The data-center set of PNNL's library of large loads; no transformer, feeder or tap changer.
  form.base = {-1.25, 0,      0,
               0,     0,      0,
               1,     1,      -1,
               0.9,   1.1,    0.00625,
               1.025, 1.04,   30,
               5,     0,      0,  // to Xcmp
               0,     0,      0,
               0,     0.89,   power_factor,
               0.65,  0.6,    power_factor,  // to PFs
               2,     0,      1,
               0,     0,      2,
               0,     1,      0,
               0,  // static
               3,     0.75,   0.04,
               1.8,   0.12,   0.104,
               0.095, 0.0021, 0.1,
               0,  // motor A
               0.65,  0.5,    0.3,
               1,     99999,  0.5,
               0.25,  0.6,    0.65,
               0.1,  //
               3,     0.75,   0.03,
               1.8,   0.19,   0.14,
               0.2,   0.0026, 0.5,
               2,  // motor B
               0,     0.02,   0,
               0.65,  0.05,   0,
               0.025, 0,      0.6,
               0.05,  //
               3,     0.75,   0.03,
               1.8,   0.19,   0.14,
               0.2,   0.0026, 0.1,
               2,  // motor C
               0,     0.03,   0,
               0.68,  0.05,   0,
               0.03,  0,      0.62,
               0.1,  //
               0.03,  0.3,    0.025,
               0.05,  1,      0.98,
               0.45,  0.1,    0.1,
               0,  // motor D
               0,     1,      6,
               2,     12,     3.2,
               11,    2.5,    0.86,
               0.2,   0.95,   1,
               -3.3,  0.5,    0.4,
               0.6,   0.5,  //
               15,    0.7,    1.9,
               0.1,   0.6,    0.2,
               0,     9999,   0.8};
  form.parameter = {C_FEL, C_VD1, C_VD2, C_FRCEL, C_FMA};
  // Vd2 is searched for as its distance below Vd1, FmA as a share of what Fel leaves.
  form.start = {std::clamp(f.left, 0.05, 1.0), std::clamp(f.V_first, 0.12, 0.98),
                std::clamp(f.V_first - f.V_last, 0.01, 0.5), f.comes_back, 0.01};
  form.step = {0.1, 0.02, 0.02, 0.1, 0.1};
  form.low = {0, 0.1, 0.002, 0, 0};
  form.high = {1, 0.99, 0.6, 1, 1};
  form.apply = [](const double* x, std::vector<double>& parameters) {
    parameters[C_FEL] = x[0];
    parameters[C_VD1] = x[1];
    parameters[C_VD2] = std::max(0.02, x[1] - x[2]);
    parameters[C_FRCEL] = x[3];
    parameters[C_FMA] = (1 - x[0]) * x[4];
  };
  return form;
}

std::vector<LoadSeries> run_model(const mqt::Bench& bench, const std::vector<Trial>& trials,
                                  const std::string& model, const std::vector<double>& parameters) {
  std::vector<LoadSeries> series;
  for (const Trial& trial : trials)
    series.push_back(observe(bench.build_load(trial.test, model, parameters)));
  return series;
}

/// What the search calls.
struct Search {
  const mqt::Bench& bench;
  const std::vector<Trial>& trials;
  const Form& form;
  const std::function<void(int)>& progress;
  nlopt_opt opt;
  int evaluations = 0;
  std::exception_ptr stopped;  ///< by progress: not across the library

  double at(const double* x) {
    constexpr double kNoRun = 10;  // parameters with which a test cannot run
    std::vector<double> parameters = form.base;
    form.apply(x, parameters);
    ++evaluations;
    try {
      return misfit(trials, run_model(bench, trials, form.model, parameters));
    } catch (const Error&) {
      return kNoRun;
    }
  }
  static double objective(unsigned, const double* x, double*, void* self) {
    auto& search = *static_cast<Search*>(self);
    try {
      if (search.progress) search.progress(search.evaluations);
    } catch (...) {
      search.stopped = std::current_exception();
      nlopt_force_stop(search.opt);
      return 0;
    }
    return search.at(x);
  }
};

}  // namespace

std::vector<std::string> models() { return {"PERC1", "CMLDBLU2"}; }

Fit fit(const mqt::Bench& bench, const std::vector<Trial>& trials, const std::string& model,
        int most_evaluations, const std::function<void(int)>& progress) {
  const Features features = features_of(trials);
  if (model != "PERC1" && model != "CMLDBLU2")
    throw Error("fit", fmt::format("no fit for a model '{}'", model), "PERC1 or CMLDBLU2");
  const Form form = model == "PERC1" ? perc1(features) : composite(features);
  std::vector<double> x = form.start;
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = std::clamp(x[k], form.low[k], form.high[k]);

  const auto n = static_cast<unsigned>(x.size());
  const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> opt(nlopt_create(NLOPT_LN_SBPLX, n),
                                                                   &nlopt_destroy);
  Search search{bench, trials, form, progress, opt.get(), 0, nullptr};
  Fit result;
  result.misfit_at_start = search.at(x.data());
  std::vector<double> step = form.step;
  for (std::size_t k = 0; k < x.size(); ++k)
    if (x[k] + step[k] > form.high[k]) step[k] = -step[k];
  nlopt_set_lower_bounds(opt.get(), form.low.data());
  nlopt_set_upper_bounds(opt.get(), form.high.data());
  nlopt_set_initial_step(opt.get(), step.data());
  nlopt_set_min_objective(opt.get(), &Search::objective, &search);
  nlopt_set_ftol_rel(opt.get(), 1e-4);
  nlopt_set_xtol_rel(opt.get(), 1e-5);
  nlopt_set_maxeval(opt.get(), most_evaluations);
  double least = 0;
  std::vector<double> best = x;
  nlopt_optimize(opt.get(), best.data(), &least);
  if (search.stopped) std::rethrow_exception(search.stopped);
  if (least > result.misfit_at_start) best = x;  // it may end where it ran out of evaluations

  result.model = model;
  result.parameters = form.base;
  form.apply(best.data(), result.parameters);
  std::vector<double> at_start = form.base;
  form.apply(x.data(), at_start);
  for (const int p : form.parameter)
    result.fitted.push_back(
        {p, at_start[static_cast<std::size_t>(p)], result.parameters[static_cast<std::size_t>(p)]});
  result.series = run_model(bench, trials, model, result.parameters);
  result.misfit = misfit(trials, result.series);
  result.evaluations = search.evaluations;
  return result;
}

}  // namespace ballast::equivalent
