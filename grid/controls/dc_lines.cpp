/// Two-terminal DC lines in the power flow: their injections follow the voltages, their taps keep the angles
/// in range.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/controls/control.hpp"
#include "grid/controls/injection.hpp"
#include "grid/controls/lcc.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;

struct Converter {
  std::size_t injection = 0;
  double start_tap = 1;
  Reversals reversals;
};

struct Link {
  std::size_t line = 0;
  Converter rectifier, inverter;
};

class LccLinks : public Control {
 public:
  LccLinks(FlowModel& model, std::vector<Link> links, bool taps)
      : model_(model), links_(std::move(links)), taps_(taps) {}

  int adjust(FlowSolver& flow) override {
    int moved = 0;
    for (Link& link : links_) {
      const TwoTerminalDc& dc = line(link);
      const double Vr = flow.Vm(dc.rectifier.bus), Vi = flow.Vm(dc.inverter.bus);
      if (Vr <= 0 || Vi <= 0) {
        stop(link, &moved);
        continue;
      }
      if (taps_) move_taps(link, Vr, Vi, &moved);
      moved += follow_voltages(link, Vr, Vi);
    }
    return moved;
  }

  void start() {
    for (Link& link : links_) {
      const auto V = [this](int bus) {
        return std::clamp(model_.network.buses[static_cast<std::size_t>(bus)].Vm, 0.9, 1.1);
      };
      follow_voltages(link, V(line(link).rectifier.bus), V(line(link).inverter.bus));
    }
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Link& link : links_) report(link, flow, result);
  }

 private:
  FlowModel& model_;
  std::vector<Link> links_;
  bool taps_;

  [[nodiscard]] TwoTerminalDc& line(const Link& link) const {
    return model_.network.two_terminal_dc[link.line];
  }

  int follow_voltages(const Link& link, double Vr, double Vi) {
    const TwoTerminalDc& dc = line(link);
    const double base = model_.network.base_MVA;
    const bool at_rectifier = follow(model_.injections[link.rectifier.injection], Vr,
                                     [&](double V) { return lcc_point(dc, V, Vi).rectifier_MVA / base; });
    const bool at_inverter = follow(model_.injections[link.inverter.injection], Vi,
                                    [&](double V) { return lcc_point(dc, Vr, V).inverter_MVA / base; });
    return at_rectifier || at_inverter ? 1 : 0;
  }

  void stop(const Link& link, int* moved) {
    for (const std::size_t k : {link.rectifier.injection, link.inverter.injection}) {
      Injection& injection = model_.injections[k];
      if (injection.power == 0.0 && injection.current == 0.0) continue;
      injection.power = injection.current = 0;
      ++*moved;
    }
  }

  void move_taps(Link& link, double Vr, double Vi, int* moved) {
    TwoTerminalDc& dc = line(link);
    const LccTaps wanted = lcc_taps(dc, Vr, Vi);
    const auto go = [moved](Converter& converter, double& tap, double to) {
      if (std::abs(to - tap) < 1e-9 || !converter.reversals.allow(to > tap ? 1 : -1)) return;
      tap = to;
      ++*moved;
    };
    go(link.rectifier, dc.rectifier.TAP, wanted.rectifier);
    go(link.inverter, dc.inverter.TAP, wanted.inverter);
  }

  void report(const Link& link, const FlowSolver& flow, PowerFlowResult& result) const {
    const TwoTerminalDc& dc = line(link);
    const std::string name = fmt::format("two-terminal DC line '{}'", dc.name);
    const double Vr = flow.Vm(dc.rectifier.bus), Vi = flow.Vm(dc.inverter.bus);
    if (Vr <= 0 || Vi <= 0) {
      result.warnings.push_back({name, "one of its buses is dead: it carries nothing", ""});
      return;
    }
    const LccPoint point = lcc_point(dc, Vr, Vi);
    const int index = static_cast<int>(link.line);
    result.injections.push_back({ElementKind::LCC_DC, index, dc.rectifier.bus, point.rectifier_MVA.real(),
                                 point.rectifier_MVA.imag(), name + " rectifier"});
    result.injections.push_back({ElementKind::LCC_DC, index, dc.inverter.bus, point.inverter_MVA.real(),
                                 point.inverter_MVA.imag(), name + " inverter"});
    const auto tap = [&](const char* end, const Converter& c, double now) {
      if (now != c.start_tap)
        result.acts.push_back(
            {name, fmt::format("{} tap", end), c.start_tap, now, "pu",
             c.reversals.locked ? fmt::format("locked after {} reversals", kMaxReversals) : std::string{}});
    };
    tap("rectifier", link.rectifier, dc.rectifier.TAP);
    tap("inverter", link.inverter, dc.inverter.TAP);
    std::string note;
    if (!point.possible) note = "its order cannot be carried at these voltages: it is at zero";
    if (point.possible && point.limit == LccPoint::Limit::INVERTER)
      note = fmt::format("the inverter is at a limit of its margin angle ({:.2f} degrees)", point.gamma_deg);
    if (point.possible && point.limit == LccPoint::Limit::RECTIFIER)
      note = fmt::format(
          "the rectifier is at its minimum angle ({:.2f} degrees): the inverter holds the "
          "order less the margin",
          point.alpha_deg);
    if (point.possible && point.limit == LccPoint::Limit::BOTH)
      note = "both ends are at their minimum angle: the order is not met";
    if (point.by_current) note += note.empty() ? "below VCMOD: current mode" : "; below VCMOD: current mode";
    const double order =
        dc.MDC == DcMode::CURRENT ? std::abs(dc.SETVL) * dc.VSCHD_kV / 1000 : std::abs(dc.SETVL);
    result.acts.push_back({name, dc.SETVL < 0 ? "power at the inverter" : "power at the rectifier", order,
                           std::abs((dc.SETVL < 0 ? point.Vdi_kV : point.Vdr_kV) * point.Id_A / 1000), "MW",
                           note});
    if (point.possible && point.alpha_deg > dc.rectifier.ANMX + 1e-6)
      result.warnings.push_back({name,
                                 fmt::format("the rectifier's firing angle of {:.2f} degrees is above its "
                                             "maximum of {} and its tap cannot help",
                                             point.alpha_deg, dc.rectifier.ANMX),
                                 ""});
  }
};

void check(const TwoTerminalDc& dc, Problems& problems) {
  const std::string name = fmt::format("two-terminal DC line '{}'", dc.name);
  if (!(dc.VSCHD_kV > 0))
    problems.add(name, fmt::format("VSCHD = {} kV is not positive", dc.VSCHD_kV),
                 "give the scheduled voltage");
  if (!(dc.RDC >= 0))
    problems.add(name, fmt::format("RDC = {} ohm is negative", dc.RDC), "give the resistance of the line");
  if (dc.SETVL == 0) problems.warn(name, "SETVL = 0: it carries nothing");
  for (const LccConverter* c : {&dc.rectifier, &dc.inverter}) {
    const char* end = c == &dc.rectifier ? "rectifier" : "inverter";
    if (c->bridges < 1 || !(c->EBAS_kV > 0) || !(c->TR > 0) || !(c->TAP > 0) || !(c->XC >= 0))
      problems.add(name,
                   fmt::format("{}: NB = {}, EBAS = {} kV, TR = {}, TAP = {}, XC = {} ohm", end, c->bridges,
                               c->EBAS_kV, c->TR, c->TAP, c->XC),
                   "NB, EBAS, TR and TAP must be above 0, XC not below");
    if (c->XCAP != 0)
      problems.add(name,
                   fmt::format("{}: a commutating capacitor (XCAP = {} ohm) is not modelled", end, c->XCAP),
                   "set XCAP to 0, block the line, or switch DC elements off");
  }
}

}  // namespace

std::unique_ptr<Control> lcc_control(FlowModel& model, const PowerFlowOptions& options) {
  std::vector<Link> links;
  Problems problems;
  for (std::size_t k = 0; k < model.network.two_terminal_dc.size(); ++k) {
    const TwoTerminalDc& dc = model.network.two_terminal_dc[k];
    if (dc.MDC == DcMode::BLOCKED) continue;
    check(dc, problems);
    Link link{k,
              {model.injections.size(), dc.rectifier.TAP, {}},
              {model.injections.size() + 1, dc.inverter.TAP, {}}};
    model.injections.push_back({dc.rectifier.bus, 0, 0});
    model.injections.push_back({dc.inverter.bus, 0, 0});
    const bool at_inverter = dc.margin_at_inverter;  // METER
    model.dc_ties.push_back({at_inverter ? link.inverter.injection : link.rectifier.injection,
                             at_inverter ? dc.rectifier.bus : dc.inverter.bus});
    links.push_back(link);
  }
  problems.throw_if_any();
  if (links.empty()) return nullptr;
  auto control = std::make_unique<LccLinks>(model, std::move(links), options.controls.taps);
  control->start();
  return control;
}

}  // namespace ballast
