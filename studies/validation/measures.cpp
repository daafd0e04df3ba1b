/// How the figures of a table are taken of what was recorded.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "models/registry.hpp"
#include "studies/requirements/rule.hpp"
#include "studies/validation/event.hpp"

namespace ballast::validation {
namespace {

constexpr double kGone = 0.02;  ///< of what a block drew before the event: below it the block is off the grid

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The device of an element: "NV-02/ups-1" is "NV-02.ups-1".
std::string device_of(std::string element) {
  std::replace(element.begin(), element.end(), '/', '.');
  return element;
}
/// Whether a device has the settings that a metric asks for.
bool has_settings(const View& view, const Metric& m, const std::string& device) {
  if (m.where.empty()) return true;
  const auto found = view.settings.find(device);
  return found != view.settings.end() && std::all_of(m.where.begin(), m.where.end(), [&](const auto& wanted) {
           const auto setting = found->second.find(wanted.first);
           return setting != found->second.end() && setting->second == wanted.second;
         });
}

/// The elements of one quantity of a run that a metric is about.
class Curves {
 public:
  Curves(const View& view, const Metric& metric, double zero_s) : view_(view), zero_s_(zero_s) {
    const auto& all = view.schema.quantities;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Quantity& q) { return q.name == metric.of; });
    if (found == all.end())
      throw Error(metric.place.text(), fmt::format("run '{}' has not recorded '{}'", metric.run, metric.of),
                  "add it to [output] record of the case");
    quantity_ = static_cast<std::size_t>(found - all.begin());
    width_ = found->elements.size();
    const auto matches = [&](const std::vector<std::string>& patterns, std::size_t e) {
      return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) {
        return fnmatch(p.c_str(), found->elements[e].c_str(), 0) == 0;
      });
    };
    for (std::size_t e = 0; e < width_; ++e) {
      if ((metric.elements.empty() || matches(metric.elements, e)) &&
          has_settings(view, metric, device_of(found->elements[e])))
        chosen_.push_back(e);
      if (matches(metric.minus, e)) minus_.push_back(e);
    }
    if (chosen_.empty() || minus_.empty() != metric.minus.empty())
      throw Error(metric.place.text(), fmt::format("no element of '{}' matches", metric.of),
                  chosen_.empty() ? "check 'elements'" : "check 'minus'");
  }
  [[nodiscard]] const std::vector<std::size_t>& chosen() const { return chosen_; }
  [[nodiscard]] const std::string& name(std::size_t e) const {
    return view_.schema.quantities[quantity_].elements[e];
  }
  [[nodiscard]] double at(std::size_t sample, std::size_t e) const {
    return view_.values[quantity_][sample * width_ + e];
  }
  /// Straight line between the samples around t; at an event, what is there after it.
  [[nodiscard]] double value(double t, std::size_t e) const {
    const auto after = std::upper_bound(view_.times_s.begin(), view_.times_s.end(), t + zero_s_);
    if (after == view_.times_s.begin()) return at(0, e);
    const auto k = static_cast<std::size_t>(after - view_.times_s.begin()) - 1;
    if (after == view_.times_s.end()) return at(k, e);
    const double share = (t + zero_s_ - view_.times_s[k]) / (*after - view_.times_s[k]);
    return at(k, e) + share * (at(k + 1, e) - at(k, e));
  }
  [[nodiscard]] double sum(double t) const {
    return std::accumulate(chosen_.begin(), chosen_.end(), 0.0,
                           [&](double s, std::size_t e) { return s + value(t, e); });
  }
  /// Mean of the elements, less that of `minus`.
  [[nodiscard]] double mean(double t) const {
    return mean_of([&](std::size_t e) { return value(t, e); });
  }
  [[nodiscard]] double mean_of_sample(std::size_t sample) const {
    return mean_of([&](std::size_t e) { return at(sample, e); });
  }
  /// Calls f(sample, time) for the samples between two times.
  template <class F>
  void each(double from, double to, F f) const {
    constexpr double kHair = 1e-9;
    for (std::size_t k = 0; k < view_.times_s.size(); ++k)
      if (const double t = view_.times_s[k] - zero_s_; t >= from - kHair && t <= to + kHair) f(k, t);
  }

 private:
  const View& view_;
  double zero_s_;
  std::size_t quantity_ = 0, width_ = 0;
  std::vector<std::size_t> chosen_, minus_;

  template <class F>
  [[nodiscard]] double mean_of(F f) const {
    const auto over = [&](const std::vector<std::size_t>& elements) {
      double sum = 0;
      for (const std::size_t e : elements) sum += f(e);
      return elements.empty() ? 0 : sum / static_cast<double>(elements.size());
    };
    return over(chosen_) - over(minus_);
  }
};

/// How long, and from when on, the mean of the elements is below `level`, crossings on straight lines between
/// samples. What has no frequency or voltage any more (0) is below.
struct Below {
  double total_s = 0, first_s = kUnknown;
};
Below below(const Curves& curves, const Metric& m) {
  Below result;
  double t0 = kUnknown, v0 = 0;
  curves.each(m.from_s, m.to_s, [&](std::size_t k, double t) {
    const double v = curves.mean_of_sample(k);
    if (!std::isnan(t0)) {
      const double cross = (v0 < m.level) == (v < m.level) ? t0 : t0 + (m.level - v0) / (v - v0) * (t - t0);
      if (v < m.level && std::isnan(result.first_s)) result.first_s = v0 < m.level ? t0 : cross;
      if (v0 < m.level) result.total_s += (v < m.level ? t : cross) - t0;
      if (v0 >= m.level && v < m.level) result.total_s += t - cross;
    }
    t0 = t;
    v0 = v;
  });
  return result;
}
/// Largest mean slope downwards over within_s, per second, positive.
double steepest_fall(const Curves& curves, const Metric& m) {
  double most = -kForever;
  curves.each(m.from_s, m.to_s - m.within_s, [&](std::size_t, double t) {
    most = std::max(most, (curves.mean(t) - curves.mean(t + m.within_s)) / m.within_s);
  });
  return most;
}

/// When a mean slope downwards over within_s first is beyond `level` per second; the end of that window.
double first_steeper(const Curves& curves, const Metric& m) {
  double first = kUnknown;
  curves.each(m.from_s, m.to_s, [&](std::size_t, double t) {
    if (std::isnan(first) && (curves.mean(t - m.within_s) - curves.mean(t)) / m.within_s > m.level) first = t;
  });
  return first;
}

/// A block that is off the grid at the end of a window, with what it drew before the event, and when it left
/// for good.
struct Departure {
  double MW = 0, at_s = 0;
  std::size_t element = 0;
};
/// It left with its last event of these words; without one, when it last drew anything.
std::vector<Departure> departures(const View& view, const Metric& m, const Curves& curves, double zero_s) {
  std::vector<Departure> gone;
  for (const std::size_t e : curves.chosen()) {
    const double before = curves.value(-0.1, e);
    if (!(before > 0) || curves.value(m.at_s, e) > kGone * before) continue;
    Departure d{before, -kForever, e};
    const std::string device = device_of(curves.name(e));
    for (const LoggedEvent& event : view.events)
      if (event.device == device && event.time_s - zero_s <= m.at_s &&
          std::any_of(m.words.begin(), m.words.end(),
                      [&](const std::string& w) { return contains(event.text, w); }))
        d.at_s = event.time_s - zero_s;
    if (!std::isfinite(d.at_s))
      curves.each(0, m.at_s, [&](std::size_t k, double t) {
        if (curves.at(k, e) > kGone * before) d.at_s = t;
      });
    gone.push_back(d);
  }
  return gone;
}

/// Share, in per cent, of the MW of data centers, over all dips, whose bus is left between low and high. The
/// residual voltage of a dip is the lowest in it (IEC 61000-4-30), from settle_s after its start on: one
/// cycle, which an r.m.s. value needs.
double residual_share(const View& view, const Metric& m, double zero_s, std::string& text) {
  const Curves voltage(view, m, zero_s);
  Metric power = m;
  power.of = "datacenter.power";
  power.elements.clear();
  const Curves sites(view, power, zero_s);
  double inside = 0, all = 0;
  std::vector<std::string> per_dip;
  for (std::size_t dip = 0; dip < m.starts_s.size(); ++dip) {
    double here = 0, total = 0, least = kForever, most = 0;
    for (const std::size_t e : sites.chosen()) {
      const auto bus = view.bus_of.find(sites.name(e));
      double lowest = kForever;
      for (const std::size_t b : voltage.chosen())
        if (bus != view.bus_of.end() && voltage.name(b) == bus->second)
          voltage.each(m.starts_s[dip] + m.settle_s, m.ends_s[dip],
                       [&](std::size_t k, double) { lowest = std::min(lowest, voltage.at(k, b)); });
      if (!std::isfinite(lowest)) continue;
      const double MW = sites.value(-0.1, e);
      total += MW;
      if (lowest >= m.low && lowest <= m.high) here += MW;
      least = std::min(least, lowest);
      most = std::max(most, lowest);
    }
    inside += here;
    all += total;
    per_dip.push_back(fmt::format("{:.2f}-{:.2f}", least, most));
  }
  text = fmt::format(" (pu by dip: {})", fmt::join(per_dip, ", "));
  return all > 0 ? 100 * inside / all : kUnknown;
}

/// Value that most elements end with; all must be accepted, so the text lists every one.
double final_values(const Curves& curves, const Metric& m, std::string& text, bool& all_accepted) {
  std::map<double, int> counts;
  for (const std::size_t e : curves.chosen()) ++counts[curves.value(m.at_s, e)];
  std::vector<std::string> parts;
  for (const auto& [value, count] : counts) {
    parts.push_back(fmt::format("{:g} at {}", value, count));
    all_accepted = all_accepted && std::any_of(m.accept.begin(), m.accept.end(), [&](const auto& i) {
                     return value >= i.first && value <= i.second;
                   });
  }
  text = fmt::format(" ({} elements)", fmt::join(parts, ", "));
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

class Measuring {
 public:
  Measuring(const Validation& v, const std::map<std::string, View>& views) : v_(v), views_(views) {}

  Measured take(const Metric& m, const std::vector<Measured>& before) const {
    Measured result{&m, kUnknown, {}, {}};
    std::string note;
    bool all_accepted = true;
    if (m.take == "input")
      result.text = m.label.empty() ? "input" : m.label;
    else
      result.value = m.take == "ratio" || m.take == "difference"
                         ? of_others(m, before)
                         : of_run(timed(m, before), views_.at(m.run), note, all_accepted);
    if (result.text.empty())
      result.text = std::isnan(result.value)
                        ? "none"
                        : fmt::format("{:.6g}{}{}", result.value, m.unit.empty() ? "" : " ", m.unit);
    if (!m.label.empty() && m.take != "input") result.text = m.label + " " + result.text;
    result.text += note;
    if (!m.accept.empty())
      result.inside = all_accepted && std::any_of(m.accept.begin(), m.accept.end(), [&](const auto& i) {
                        return result.value >= i.first && result.value <= i.second;
                      });
    return result;
  }

 private:
  const Validation& v_;
  const std::map<std::string, View>& views_;

  static double value_of(const std::string& name, const Metric& m, const std::vector<Measured>& before) {
    for (const Measured& b : before)
      if (b.metric->name == name || (b.metric->name.empty() && b.metric->id == name)) return b.value;
    throw Error(m.place.text(), fmt::format("'{}' is not measured before it", name), "put it above");
  }
  static double of_others(const Metric& m, const std::vector<Measured>& before) {
    const double first = value_of(m.uses[0], m, before), second = value_of(m.uses[1], m, before) - m.less;
    return m.scale * (m.take == "ratio" ? first / second : first - second);
  }

  /// The metric with the time that another one gives.
  static Metric timed(const Metric& m, const std::vector<Measured>& before) {
    Metric result = m;
    if (!m.after.empty()) {
      const double zero = value_of(m.after, m, before);
      for (double* time : {&result.from_s, &result.to_s, &result.at_s}) *time += zero;
    }
    if (!m.at.empty()) result.at_s = value_of(m.at, m, before);
    return result;
  }

  double of_log(const Metric& m, const View& view) const {
    double count = 0;
    for (const LoggedEvent& event : view.events) {
      const double t = event.time_s - v_.zero_s;
      if (t < m.from_s || t > m.to_s || !has_settings(view, m, event.device)) continue;
      const auto in_text = [&](const std::string& w) { return contains(event.text, w); };
      if (m.take == "first-event" && std::all_of(m.words.begin(), m.words.end(), in_text)) return t;
      if (m.take == "count" && (std::find(m.words.begin(), m.words.end(), event.kind) != m.words.end() ||
                                std::any_of(m.words.begin(), m.words.end(), in_text)))
        ++count;
    }
    return m.take == "count" ? count : kUnknown;
  }

  /// When the first or the last of some machines tripped; not a number when none did.
  double trip(const Metric& m, const View& view, const std::vector<std::string>& machines) const {
    double when = kUnknown;
    for (const LoggedEvent& event : view.events) {
      const double t = event.time_s - v_.zero_s;
      if (event.kind != "machine-tripped" || t < m.from_s || t > m.to_s) continue;
      if (std::any_of(machines.begin(), machines.end(), [&](const std::string& name) {
            return fnmatch(name.c_str(), event.device.c_str(), 0) == 0;
          }))
        when = std::isnan(when) || m.take == "last-trip" ? t : when;
    }
    return when;
  }
  /// Share, in per cent, of the pairs of groups whose first trips come in the order given. One that does not
  /// trip comes after all that do; of two that do not, nothing is in order.
  double order(const Metric& m, const View& view) const {
    std::vector<double> first;
    for (const auto& group : m.groups) {
      const double t = trip(m, view, group);
      first.push_back(std::isnan(t) ? kForever : t);
    }
    double pairs = 0, right = 0;
    for (std::size_t a = 0; a < first.size(); ++a)
      for (std::size_t b = a + 1; b < first.size(); ++b, ++pairs)
        if (first[a] < first[b]) ++right;
    return 100 * right / pairs;
  }

  double of_departures(const Metric& m, const View& view, const Curves& curves) const {
    Metric settled = m;
    if (m.take == "stayed") settled.at_s = m.to_s;
    double all = 0, here = 0;
    for (const Departure& d : departures(view, settled, curves, v_.zero_s)) {
      all += d.MW;
      if (m.take == "stayed" ? curves.value(m.at_s, d.element) <= kGone * d.MW
                             : d.at_s >= m.from_s && d.at_s < m.to_s)
        here += d.MW;
    }
    return m.take == "left" ? here : all > 0 ? 100 * here / all : kUnknown;
  }

  double of_run(const Metric& m, const View& view, std::string& note, bool& all_accepted) const {
    if (m.take == "residual-share") return residual_share(view, m, v_.zero_s, note);
    if (m.take == "first-event" || m.take == "count") return of_log(m, view);
    if (m.take == "first-trip" || m.take == "last-trip") return trip(m, view, m.elements);
    if (m.take == "order") return order(m, view);
    const Curves curves(view, m, v_.zero_s);
    if (m.take == "final-values") return final_values(curves, m, note, all_accepted);
    if (m.take == "elements") return static_cast<double>(curves.chosen().size());
    if (m.take == "fall") return curves.sum(m.from_s) - curves.sum(m.to_s);
    if (m.take == "left" || m.take == "left-share" || m.take == "stayed")
      return of_departures(m, view, curves);
    if (m.take == "rise-rate")
      return m.scale * (curves.sum(m.to_s) - curves.sum(m.from_s)) / (m.to_s - m.from_s);
    if (m.take == "value") return std::isnan(m.at_s) ? kUnknown : m.scale * (curves.mean(m.at_s) - m.less);
    if (m.take == "first-steeper") return first_steeper(curves, m);
    if (m.take == "time-below") return m.scale * (below(curves, m).total_s - m.less);
    if (m.take == "first-below") return m.scale * (below(curves, m).first_s - m.less);
    if (m.take == "steepest-fall") return m.scale * steepest_fall(curves, m);
    if (m.take == "recovered") {
      double least = kForever;
      for (const double end : m.ends_s)
        least = std::min(least, 100 * curves.sum(end + m.within_s) / curves.sum(-0.1));
      return least;
    }
    const double side = m.take == "max" ? 1 : -1;  // max, min, time-of-min
    double most = -kForever, when = 0;
    std::size_t where = 0;
    curves.each(m.from_s, m.to_s, [&](std::size_t k, double t) {
      if (m.together) {
        const double sum = curves.mean_of_sample(k) * static_cast<double>(curves.chosen().size());
        if (side * sum > most) most = side * sum, when = t;
        return;
      }
      for (const std::size_t e : curves.chosen())
        if (side * curves.at(k, e) > most) most = side * curves.at(k, e), when = t, where = e;
    });
    if (std::isinf(most)) return kUnknown;  // no sample in that time
    if (m.take == "time-of-min") return m.scale * (when - m.less);
    note = fmt::format(" (at {:.2f} s{})", when,
                       curves.chosen().size() > 1 && !m.together ? ", " + curves.name(where) : "");
    return side * most;
  }
};

}  // namespace

void describe(const Case& c, View& view) {
  for (const Plant& plant : c.plants) {
    if (plant.kind != "datacenter") continue;
    view.bus_of[plant.name] = std::to_string(c.network.buses[static_cast<std::size_t>(plant.bus)].number);
    for (const Part& part : plant.parts) {
      const ModelInfo& model = *find_model(part.model);
      for (std::size_t k = 0; k < model.parameters.size(); ++k)
        view.settings[plant.name + "." + part.name][model.parameters[k].name] = part.parameters[k];
    }
  }
}

LoadSeries overview(const Validation& v, const View& view) {
  LoadSeries s;
  Metric m;
  const auto curve = [&](const std::string& of, const std::vector<std::string>& elements, bool mean,
                         std::vector<double>& values) {
    if (of.empty()) return;
    m.of = of;
    m.elements = elements;
    const Curves curves(view, m, v.zero_s);
    for (std::size_t k = 0; k < view.times_s.size(); ++k) {
      double sum = 0;
      for (const std::size_t e : curves.chosen()) sum += curves.at(k, e);
      values.push_back(mean ? sum / static_cast<double>(curves.chosen().size()) : sum);
    }
  };
  for (const double t : view.times_s) s.time_s.push_back(t - v.zero_s);
  curve(v.drawn.power, {}, false, s.power_MW);
  curve(v.drawn.voltage, v.drawn.voltage_elements, true, s.voltage_pu);
  curve(v.drawn.frequency, {}, true, s.frequency_Hz);
  return s;
}

LoadSeries published_levels(const Validation& v, double before_MW) {
  LoadSeries s;
  const auto put = [&](double t, const Level* level) {
    s.time_s.push_back(t);
    const auto value = [&](const char* of) {
      return level != nullptr && level->of == of ? level->value : kUnknown;
    };
    s.power_MW.push_back(before_MW - value("lost"));
    s.voltage_pu.push_back(value("voltage"));
    s.frequency_Hz.push_back(value("frequency"));
  };
  for (const Level& level : v.levels) {
    put(level.from_s, &level);
    put(level.to_s, &level);
    put(level.to_s, nullptr);
  }
  return s;
}

std::vector<Measured> measure_run(const Validation& v, const std::string& run, const View& view) {
  const std::map<std::string, View> views{{run, view}};
  const Measuring measuring(v, views);
  std::vector<Measured> all;
  for (const Metric& m : v.metrics)
    if (m.run == run) all.push_back(measuring.take(m, all));
  return all;
}

std::vector<Measured> measure(const Validation& v, const std::map<std::string, View>& views,
                              const std::vector<std::string>& only) {
  const Measuring measuring(v, views);
  std::vector<Measured> all;
  for (const Metric& m : v.metrics) {
    if (!only.empty() && std::find(only.begin(), only.end(), m.id) == only.end()) continue;
    if (!m.run.empty() && !views.contains(m.run)) continue;
    all.push_back(measuring.take(m, all));
  }
  return all;
}

}  // namespace ballast::validation
