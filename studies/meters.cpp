#include "studies/meters.hpp"

#include <algorithm>
#include <cmath>

namespace ballast {
namespace {

using Take = MetricSpec::Take;
constexpr double kSecondsPerHour = 3600;

/// Share of an interval during which a straight line from a to b is below zero.
double share_below(double a, double b) {
  if (a < 0 && b < 0) return 1;
  if (a >= 0 && b >= 0) return 0;
  return std::min(a, b) / (std::min(a, b) - std::max(a, b));
}

}  // namespace

bool has_place(Take take) {
  return take == Take::MIN || take == Take::MAX || take == Take::END_MIN || take == Take::END_MAX;
}

std::string metric_unit(Take take, const std::string& unit) {
  if (take == Take::TIME_BELOW || take == Take::TIME_ABOVE) return "s";
  if (take == Take::INTEGRAL) return unit == "1" ? "h" : unit + "h";
  return unit;
}

Meter::Meter(MetricSpec spec, const Quantity& elements, const Schema& schema)
    : spec_(std::move(spec)),
      names_(elements.elements),
      positive_only_(elements.name == "frequency" || elements.name == "bus.frequency") {
  const QuantitySpan span = find_quantity(schema, elements.name).value();
  const std::vector<std::string>& all = span.quantity->elements;
  for (const std::string& name : names_)
    columns_.push_back(span.first +
                       static_cast<std::size_t>(std::find(all.begin(), all.end(), name) - all.begin()));
  if (elements.name.starts_with("bus.")) energised_ = Energised(schema, elements);
}

void Meter::sample(double time_s, std::span<const double> values) {
  if (time_s < spec_.from_s) return;
  // What the elements come to at this instant: their sum, or the one that is furthest out.
  const bool least = spec_.take == Take::MIN || spec_.take == Take::END_MIN || spec_.take == Take::TIME_BELOW;
  double value = 0;
  std::size_t at = columns_.size();
  for (std::size_t e = 0; e < columns_.size(); ++e) {
    const double one = values[columns_[e]];
    if (!std::isfinite(one) || (positive_only_ && one <= 0) || !energised_(values, e)) continue;
    if (spec_.take == Take::INTEGRAL)
      value += one;
    else if (at == columns_.size() || (least ? one < value : one > value))
      value = one;
    else
      continue;
    at = e;
  }
  const bool any = at < columns_.size();
  switch (spec_.take) {
    case Take::MIN:
    case Take::MAX:
      if (any && (!result_ || (least ? value < result_->value : value > result_->value)))
        result_ = Extreme{value, time_s, names_[at]};
      return;
    case Take::END_MIN:
    case Take::END_MAX:
      result_.reset();
      if (any) result_ = Extreme{value, time_s, names_[at]};
      return;
    case Take::INTEGRAL:
    case Take::TIME_BELOW:
    case Take::TIME_ABOVE:
      break;
  }
  if (!result_) result_ = Extreme{0, time_s, ""};
  if (spec_.take != Take::INTEGRAL) {
    value = spec_.take == Take::TIME_BELOW ? value - spec_.threshold : spec_.threshold - value;
    if (!any) value = 1;  // no element that could be beyond the threshold
  }
  if (started_) {
    const double span = time_s - last_s_;
    result_->value += spec_.take == Take::INTEGRAL ? 0.5 * (last_value_ + value) * span / kSecondsPerHour
                                                   : share_below(last_value_, value) * span;
  }
  started_ = true;
  last_s_ = time_s;
  last_value_ = value;
}

}  // namespace ballast
