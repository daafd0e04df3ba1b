/// VSC DC lines in the power flow: active power from the DC side; reactive power holds a voltage or follows a
/// power factor.
#include "grid/controls/vsc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "grid/controls/control.hpp"

namespace ballast {

VscPoint vsc_point(const VscDc& line) {
  const std::size_t holder = line.converters[0].TYPE == 1 ? 0 : 1, order = 1 - holder;
  const VscConverter &v = line.converters[holder], &p = line.converters[order];
  const auto loss_MW = [](const VscConverter& c, double I_kA) {
    return std::max(c.ALOSS_kW + c.BLOSS_kW_per_A * std::abs(I_kA) * 1000, c.MINLOSS_kW) / 1000;
  };
  const double V = v.DCSET, R = line.RDC;
  VscPoint point;
  double I = p.DCSET / V;  // kA
  for (int k = 0; k < 100; ++k) {
    // R I^2 - V I + P = 0 with the losses of the last current
    const double P = p.DCSET + loss_MW(p, I);
    const double inside = V * V - 4 * R * P;
    if (inside < 0) return point;
    const double next = 2 * P / (V + std::sqrt(inside));
    const bool settled = std::abs(next - I) <= 1e-14 * (1 + std::abs(next));
    I = next;
    if (settled) break;
  }
  point.possible = true;
  point.I_A = 1000 * I;
  point.P_MW[order] = p.DCSET;
  point.P_MW[holder] = -(V * I + loss_MW(v, I));
  return point;
}

namespace {

struct End {
  std::size_t injection = 0;
  std::optional<std::size_t> source;
};
struct Link {
  std::size_t line = 0;
  VscPoint point;
  End ends[2];
};

class VscLinks : public Control {
 public:
  VscLinks(FlowModel& model, std::vector<Link> links) : model_(model), links_(std::move(links)) {}

  int adjust(FlowSolver& flow) override {
    int moved = 0;
    for (const Link& link : links_) {
      const VscDc& dc = line(link);
      const bool alive = flow.alive(dc.converters[0].bus) && flow.alive(dc.converters[1].bus);
      for (std::size_t k = 0; k < 2; ++k) {
        const End& end = link.ends[k];
        Injection& injection = model_.injections[end.injection];
        if (!alive && injection.power != 0.0) {
          injection.power = 0;
          if (end.source) model_.sources[*end.source].active = false;
          ++moved;
        }
        if (alive && end.source && set_range(link, k, flow.Vm(dc.converters[k].bus))) ++moved;
      }
    }
    return moved;
  }

  /// Var range at a voltage; true when it changed.
  bool set_range(const Link& link, std::size_t k, double V) {
    const VscConverter& c = line(link).converters[k];
    VarSource& source = model_.sources[*link.ends[k].source];
    double S = std::numeric_limits<double>::infinity();
    if (c.SMAX_MVA > 0) S = c.SMAX_MVA;
    if (c.IMAX_A > 0) {
      const double kV = model_.network.buses[static_cast<std::size_t>(c.bus)].base_kV;
      S = std::min(S, std::numbers::sqrt3 * kV * V * c.IMAX_A / 1000);
    }
    const double P = link.point.P_MW[k];
    const double room = std::isfinite(S) ? std::sqrt(std::max(S * S - P * P, 0.0)) : S;
    const double high = std::min(c.MAXQ_Mvar, room), low = std::max(c.MINQ_Mvar, -room);
    if (std::abs(high - source.Qmax_Mvar) + std::abs(low - source.Qmin_Mvar) <= 1e-7) return false;
    source.Qmax_Mvar = high;
    source.Qmin_Mvar = low;
    return true;
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Link& link : links_) {
      const VscDc& dc = line(link);
      const std::string name = fmt::format("VSC DC line '{}'", dc.name);
      if (!flow.alive(dc.converters[0].bus) || !flow.alive(dc.converters[1].bus)) {
        result.warnings.push_back({name, "one of its buses is dead: it carries nothing", ""});
        continue;
      }
      for (std::size_t k = 0; k < 2; ++k) report(link, k, name, result);
    }
  }

 private:
  FlowModel& model_;
  std::vector<Link> links_;

  [[nodiscard]] const VscDc& line(const Link& link) const { return model_.network.vsc_dc[link.line]; }

  void report(const Link& link, std::size_t k, const std::string& name, PowerFlowResult& result) const {
    const VscConverter& c = line(link).converters[k];
    double Q = model_.injections[link.ends[k].injection].power.imag() * model_.network.base_MVA;
    const std::string end = fmt::format("{} converter {}", name, k + 1);
    if (link.ends[k].source) {
      const VarSource& source = model_.sources[*link.ends[k].source];
      Q += source.Q_Mvar;
      const bool top = source.Q_Mvar > source.Qmax_Mvar - 1e-6,
                 bottom = source.Q_Mvar < source.Qmin_Mvar + 1e-6;
      if (top || bottom)
        result.acts.push_back({end, "Q", Q, Q, "Mvar", top ? "at its maximum" : "at its minimum"});
    }
    if (c.SMAX_MVA > 0 && std::abs(link.point.P_MW[k]) > c.SMAX_MVA * (1 + 1e-9))
      result.warnings.push_back(
          {end, fmt::format("its {:.1f} MW are more than SMAX = {} MVA", link.point.P_MW[k], c.SMAX_MVA),
           ""});
    result.injections.push_back(
        {ElementKind::VSC_DC, static_cast<int>(link.line), c.bus, link.point.P_MW[k], Q, end});
  }
};

void check(const VscDc& dc, Problems& problems) {
  const std::string name = fmt::format("VSC DC line '{}'", dc.name);
  const int a = dc.converters[0].TYPE, b = dc.converters[1].TYPE;
  if (std::min(a, b) != 1 || std::max(a, b) != 2)
    problems.add(
        name,
        fmt::format("TYPE {} and {}: one converter must hold the DC voltage (1), the other the power (2)", a,
                    b),
        "correct TYPE");
  const VscConverter& holder = dc.converters[a == 1 ? 0 : 1];
  if (!(holder.DCSET > 0) || !(dc.RDC >= 0))
    problems.add(name, fmt::format("DC voltage {} kV, RDC {} ohm", holder.DCSET, dc.RDC),
                 "give a voltage above 0 and RDC not below");
  for (const VscConverter& c : dc.converters) {
    if (!c.holds_voltage && (c.ACSET == 0 || std::abs(c.ACSET) > 1))
      problems.add(name, fmt::format("power factor ACSET = {}", c.ACSET), "give 0 < |ACSET| <= 1");
  }
}

}  // namespace

std::unique_ptr<Control> vsc_control(FlowModel& model) {
  std::vector<Link> links;
  Problems problems;
  for (std::size_t k = 0; k < model.network.vsc_dc.size(); ++k) {
    const VscDc& dc = model.network.vsc_dc[k];
    if (!dc.in_service || dc.converters[0].TYPE == 0 || dc.converters[1].TYPE == 0) continue;
    const std::size_t errors = problems.errors().size();
    check(dc, problems);
    if (problems.errors().size() > errors) continue;
    Link link{k, vsc_point(dc), {}};
    const std::string name = fmt::format("VSC DC line '{}'", dc.name);
    if (!link.point.possible) {
      problems.add(name, "its resistance lets no current carry the power", "correct DCSET or RDC");
      continue;
    }
    for (std::size_t end = 0; end < 2; ++end) {
      const VscConverter& c = dc.converters[end];
      const double P = link.point.P_MW[end];
      // A positive power factor: Q has the sign of P.
      const double Q =
          c.holds_voltage ? 0 : P * std::sqrt(1 / (c.ACSET * c.ACSET) - 1) * (c.ACSET < 0 ? -1 : 1);
      link.ends[end].injection = model.injections.size();
      model.injections.push_back({c.bus, std::complex<double>(P, Q) / model.network.base_MVA, 0});
      if (!c.holds_voltage) continue;
      link.ends[end].source = model.sources.size();
      model.sources.push_back({fmt::format("{} converter {}", name, end + 1), c.bus,
                               c.regulated_bus < 0 ? c.bus : c.regulated_bus, true, c.ACSET, c.MINQ_Mvar,
                               c.MAXQ_Mvar, c.RMPCT, 0});
    }
    model.dc_ties.push_back({link.ends[0].injection, dc.converters[1].bus});
    links.push_back(link);
  }
  problems.throw_if_any();
  if (links.empty()) return nullptr;
  auto control = std::make_unique<VscLinks>(model, links);
  for (const Link& link : links) {
    for (std::size_t end = 0; end < 2; ++end)
      if (link.ends[end].source) (void)control->set_range(link, end, 1);
  }
  return control;
}

}  // namespace ballast
