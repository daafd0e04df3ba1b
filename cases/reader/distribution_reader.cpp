/// The keys of a distribution.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/distribution.hpp"
#include "models/math.hpp"

namespace ballast {
namespace {

using Kind = Distribution::Kind;

constexpr double kLeastShare = 1e-6;  ///< a truncation that leaves less of a distribution is a mistake
constexpr double kMostWhole = 1e9;

class DistributionReader {
 public:
  explicit DistributionReader(Section& section) : section_(section) {}

  Distribution read() {
    const std::size_t before = section_.problems().errors().size();
    const std::string kind =
        section_.choice("kind", {"uniform", "normal", "lognormal", "triangular", "choice"},
                        "uniform, normal, lognormal, triangular or choice");
    if (section_.problems().errors().size() > before || !section_.has("kind")) {
      for (const char* key : {"low", "high", "mean", "deviation", "median", "log_deviation", "mode", "whole",
                              "values", "weights"})
        (void)section_.find(key);
      return std::move(d_);
    }
    if (kind == "uniform") read_uniform();
    if (kind == "normal") read_normal();
    if (kind == "lognormal") read_lognormal();
    if (kind == "triangular") read_triangular();
    if (kind == "choice") read_choice();
    return std::move(d_);
  }

 private:
  Section& section_;
  Distribution d_;

  /// Is everything below worth checking together: no problem so far, all keys there?
  [[nodiscard]] bool sound(std::size_t problems_before, std::initializer_list<const char*> keys) const {
    return section_.problems().errors().size() == problems_before &&
           std::all_of(keys.begin(), keys.end(), [&](const char* key) { return section_.has(key); });
  }

  void read_uniform() {
    d_.kind = Kind::UNIFORM;
    const std::size_t before = section_.problems().errors().size();
    d_.low = section_.number("low", {}, "lower end");
    d_.high = section_.number("high", {}, "upper end");
    d_.whole = section_.flag_if("whole").value_or(false);
    if (!sound(before, {"low", "high"})) return;
    if (!(d_.low < d_.high))
      section_.problem("high", fmt::format("{} runs from {:g} to {:g}", section_.label(), d_.low, d_.high),
                       "give high above low");
    else if (d_.whole && (d_.low != std::floor(d_.low) || d_.high != std::floor(d_.high) ||
                          std::max(std::abs(d_.low), std::abs(d_.high)) > kMostWhole))
      section_.problem("low",
                       fmt::format("the ends {:g} and {:g} of {} are not whole numbers up to 1e9", d_.low,
                                   d_.high, section_.label()),
                       "give whole numbers, or leave out whole");
  }

  void read_normal() {
    d_.kind = Kind::NORMAL;
    const std::size_t before = section_.problems().errors().size();
    d_.mean = section_.number("mean", {}, "before truncation");
    d_.deviation = section_.number("deviation", {"", positive()}, "standard deviation before truncation");
    read_ends();
    if (sound(before, {"mean", "deviation"}))
      check_truncation((d_.low - d_.mean) / d_.deviation, (d_.high - d_.mean) / d_.deviation);
  }

  void read_lognormal() {
    d_.kind = Kind::LOGNORMAL;
    const std::size_t before = section_.problems().errors().size();
    const double median = section_.number("median", {"", within(1e-100, 1e100)}, "before truncation");
    d_.deviation = section_.number("log_deviation", {"", within(1e-6, 10)},
                                   "standard deviation of the natural logarithm");
    read_ends();
    if (!sound(before, {"median", "log_deviation"})) return;
    if (!(d_.high > 0))
      return section_.problem("high", fmt::format("no value of {} is below {:g}", section_.label(), d_.high),
                              "give high above 0");
    d_.mean = log_(median);
    const auto deviations = [&](double end) {
      if (!std::isfinite(end)) return end;
      return end > 0 ? (log_(end) - d_.mean) / d_.deviation : -std::numeric_limits<double>::infinity();
    };
    check_truncation(deviations(d_.low), deviations(d_.high));
  }

  void read_triangular() {
    d_.kind = Kind::TRIANGULAR;
    const std::size_t before = section_.problems().errors().size();
    d_.low = section_.number("low", {}, "lower end");
    d_.mode = section_.number("mode", {}, "the most likely value");
    d_.high = section_.number("high", {}, "upper end");
    if (sound(before, {"low", "mode", "high"}) &&
        !(d_.low < d_.high && d_.low <= d_.mode && d_.mode <= d_.high))
      section_.problem("mode",
                       fmt::format("{} has low = {:g}, mode = {:g}, high = {:g}", section_.label(), d_.low,
                                   d_.mode, d_.high),
                       "give low <= mode <= high, with low below high");
  }

  void read_ends() {
    d_.low = section_.number_if("low", {}).value_or(d_.low);
    d_.high = section_.number_if("high", {}).value_or(d_.high);
  }
  /// In deviations from the mean.
  void check_truncation(double low, double high) {
    const double share = low < high ? normal_share(high) - normal_share(low) : 0;
    if (share < kLeastShare)
      section_.problem(
          section_.has("low") ? "low" : "high",
          fmt::format("between {:g} and {:g} lies {:.1e} of {}", d_.low, d_.high, share, section_.label()),
          fmt::format("give ends that leave at least {:g} of it", kLeastShare));
  }

  void read_choice() {
    d_.kind = Kind::CHOICE;
    const TomlValue* list = section_.find("values");
    if (list == nullptr) {
      section_.missing("values", "what to choose from", "add values = [...]");
    } else if (list->kind != TomlValue::Kind::LIST || list->items.empty()) {
      section_.problem("values",
                       fmt::format("'values' in {} is {}", section_.label(),
                                   list->kind == TomlValue::Kind::LIST ? "empty" : list->described()),
                       "give a list, such as [100, 200, 300]");
    } else {
      for (const TomlValue& item : list->items) {
        if (item.kind != TomlValue::Kind::NUMBER && item.kind != TomlValue::Kind::TEXT &&
            item.kind != TomlValue::Kind::FLAG)
          section_.problems().add(item.place.text(),
                                  fmt::format("a value of {} is {}", section_.label(), item.described()),
                                  "values are numbers, texts, true or false");
        d_.values.push_back(item);
      }
    }
    d_.weights = section_.numbers_if("weights", {"", not_negative()})
                     .value_or(std::vector<double>(d_.values.size(), 1.0));
    if (d_.values.empty()) return;
    if (d_.weights.size() != d_.values.size())
      section_.problem("weights",
                       fmt::format("{} has {} values and {} weights", section_.label(), d_.values.size(),
                                   d_.weights.size()),
                       "give one weight for each value");
    else if (std::all_of(d_.weights.begin(), d_.weights.end(), [](double w) { return w == 0; }))
      section_.problem("weights", fmt::format("all weights of {} are 0", section_.label()),
                       "give one above 0");
  }
};

}  // namespace

Distribution read_distribution(Section& section) { return DistributionReader(section).read(); }

}  // namespace ballast
