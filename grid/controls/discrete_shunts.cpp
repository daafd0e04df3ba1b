/// Switched shunts that move in steps: MODSW 1 holds a voltage, 3 to 6 the var output of something else.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "grid/controls/control.hpp"
#include "grid/controls/shunt_steps.hpp"

namespace ballast {
namespace {

constexpr double kBand = 1e-6;      ///< out of the band beyond this, pu or share of the range
constexpr double kNoEffect = 1e-6;  ///< change of what is held per Mvar

struct Bank {
  std::size_t shunt = 0;
  std::vector<double> totals;  ///< Mvar, ascending
  double start = 0;
  Reversals reversals;
  bool too_coarse = false, powerless = false;
};

class DiscreteShunts : public Control {
 public:
  DiscreteShunts(FlowModel& model, std::vector<Bank> banks) : model_(model), banks_(std::move(banks)) {}

  int adjust(FlowSolver& flow) override {
    undo_.clear();
    std::vector<int> taken;  // one bank at a time per held bus
    std::vector<std::pair<Bank*, double>> moves;
    for (Bank& bank : banks_) {
      const int target = held_bus(shunt(bank));
      if (std::find(taken.begin(), taken.end(), target) != taken.end()) continue;
      double total = 0;
      if (!plan(bank, flow, &total)) continue;
      taken.push_back(target);
      moves.emplace_back(&bank, total);
    }
    for (const auto& [bank, total] : moves) {
      SwitchedShunt& moved = model_.network.switched_shunts[bank->shunt];
      undo_.emplace_back(bank, moved.BINIT_Mvar);
      moved.BINIT_Mvar = total;
    }
    return static_cast<int>(moves.size());
  }

  void undo() override {
    for (const auto& [bank, total] : undo_) {
      model_.network.switched_shunts[bank->shunt].BINIT_Mvar = total;
      bank->reversals.locked = true;
    }
  }

  void report(const FlowSolver& flow, PowerFlowResult& result) const override {
    for (const Bank& bank : banks_) {
      const SwitchedShunt& s = shunt(bank);
      if (!flow.alive(s.bus)) continue;
      std::string note;
      double value = 0;
      if (held(s, flow, &value) && outside(s, value) > kBand) {
        note = fmt::format("holds {:.5g}, outside {:.5g} to {:.5g}: {}", value, s.VSWLO, s.VSWHI,
                           bank.reversals.locked ? fmt::format("locked after {} reversals", kMaxReversals)
                           : bank.powerless      ? "its susceptance does not move it"
                           : bank.too_coarse     ? "one step would pass the band"
                                                 : "at the end of its range");
      }
      if (s.BINIT_Mvar == bank.start && note.empty()) continue;
      result.acts.push_back(
          {shunt_label(model_.network, s), "B", bank.start, s.BINIT_Mvar, "Mvar", std::move(note)});
    }
  }

 private:
  FlowModel& model_;
  std::vector<Bank> banks_;
  std::vector<std::pair<Bank*, double>> undo_;

  [[nodiscard]] const SwitchedShunt& shunt(const Bank& bank) const {
    return model_.network.switched_shunts[bank.shunt];
  }
  [[nodiscard]] static int held_bus(const SwitchedShunt& s) {
    return s.regulated_bus < 0 ? s.bus : s.regulated_bus;
  }
  [[nodiscard]] static double outside(const SwitchedShunt& s, double value) {
    return std::max({value - s.VSWHI, s.VSWLO - value, 0.0});
  }

  /// The voltage, or the share of its var range that the helped element uses. False when there is none.
  bool held(const SwitchedShunt& s, const FlowSolver& flow, double* value) const {
    const int bus = held_bus(s);
    const auto share = [value](double Q, double low, double high) {
      if (!(high - low > 1e-6) || !std::isfinite(high - low)) return false;
      *value = (Q - low) / (high - low);
      return true;
    };
    const auto source_share = [&](const std::string& name) {
      const auto found = std::find_if(model_.sources.begin(), model_.sources.end(), [&](const VarSource& v) {
        return v.active && v.name.find("'" + name + "'") != std::string::npos;
      });
      return found != model_.sources.end() && share(found->Q_Mvar, found->Qmin_Mvar, found->Qmax_Mvar);
    };
    switch (s.MODSW) {
      case ShuntMode::DISCRETE_VOLTAGE:
        *value = flow.Vm(bus);
        return *value > 0;
      case ShuntMode::DISCRETE_PLANT_MVAR: {
        const IslandSolver* island = flow.at(bus);
        const Regulator* plant = island == nullptr ? nullptr : island->regulator(bus);
        return plant != nullptr && share(island->regulator_Mvar(*plant), plant->Qmin_Mvar, plant->Qmax_Mvar);
      }
      case ShuntMode::DISCRETE_VSC_MVAR:
      case ShuntMode::DISCRETE_FACTS_MVAR:
        return source_share(s.RMIDNT);
      case ShuntMode::DISCRETE_SHUNT_POSITION: {
        for (const SwitchedShunt& other : model_.network.switched_shunts) {
          if (&other == &s || other.bus != bus || !other.in_service) continue;
          const std::vector<double> totals = shunt_totals(other);
          return share(other.BINIT_Mvar, totals.front(), totals.back());
        }
        return false;
      }
      case ShuntMode::LOCKED:
      case ShuntMode::CONTINUOUS_VOLTAGE:
        return false;
    }
    return false;
  }

  /// Change of what is held per Mvar of the bank. A var output falls by what the bank gives: at once for the
  /// first move, then as the network shows; here to first order.
  [[nodiscard]] double effect(const Bank& bank, FlowSolver& flow) const {
    const SwitchedShunt& s = shunt(bank);
    const FlowResponse response = flow.response_to_susceptance(s.bus);
    if (!response.known()) return 0;
    const double base = model_.network.base_MVA;
    if (s.MODSW == ShuntMode::DISCRETE_VOLTAGE) {
      if (flow.at(held_bus(s)) != flow.at(s.bus)) return 0;
      return response.dVm(held_bus(s)) / base;
    }
    double low = 0, high = 0;
    if (s.MODSW == ShuntMode::DISCRETE_PLANT_MVAR) {
      const Regulator* plant = flow.at(held_bus(s))->regulator(held_bus(s));
      low = plant->Qmin_Mvar;
      high = plant->Qmax_Mvar;
    } else if (s.MODSW == ShuntMode::DISCRETE_SHUNT_POSITION) {
      for (const SwitchedShunt& other : model_.network.switched_shunts) {
        if (&other == &s || other.bus != held_bus(s) || !other.in_service) continue;
        const std::vector<double> totals = shunt_totals(other);
        low = totals.front();
        high = totals.back();
      }
    } else {
      for (const VarSource& v : model_.sources) {
        if (!v.active || v.name.find("'" + s.RMIDNT + "'") == std::string::npos) continue;
        low = v.Qmin_Mvar;
        high = v.Qmax_Mvar;
      }
    }
    return high > low ? -flow.Vm(s.bus) * flow.Vm(s.bus) / (high - low) : 0;
  }

  /// The total to go to, if it is to move.
  bool plan(Bank& bank, FlowSolver& flow, double* total) {
    const SwitchedShunt& s = shunt(bank);
    double value = 0;
    if (bank.reversals.locked || !flow.alive(s.bus) || !held(s, flow, &value)) return false;
    if (outside(s, value) <= kBand) {
      bank.too_coarse = false;
      return false;
    }
    const double slope = effect(bank, flow);
    bank.powerless = std::abs(slope) < kNoEffect * 1e-2;
    if (bank.powerless) return false;
    const double wanted = (value > s.VSWHI ? s.VSWHI : s.VSWLO) - value;
    const int direction = (wanted > 0) == (slope > 0) ? 1 : -1;
    const std::vector<double> way = steps_from(bank.totals, s.BINIT_Mvar, direction);
    if (way.empty()) return false;  // at its end
    // To just before the first total on the way that reaches the band (the response is not straight), and
    // from there by single steps.
    const auto reaches = std::find_if(way.begin(), way.end(), [&](double B) {
      return std::abs((B - s.BINIT_Mvar) * slope) >= std::abs(wanted) * (1 - 1e-9);
    });
    *total = reaches == way.begin() ? *reaches : *(reaches - 1);
    if (reaches == way.begin()) {
      const double after = value + (*total - s.BINIT_Mvar) * slope;
      bank.too_coarse = outside(s, after) >= outside(s, value);
      if (bank.too_coarse) return false;
    }
    return bank.reversals.allow(direction);
  }
};

}  // namespace

std::unique_ptr<Control> discrete_shunt_control(FlowModel& model) {
  std::vector<Bank> banks;
  for (std::size_t k = 0; k < model.network.switched_shunts.size(); ++k) {
    const SwitchedShunt& s = model.network.switched_shunts[k];
    if (!s.in_service || s.MODSW == ShuntMode::LOCKED || s.MODSW == ShuntMode::CONTINUOUS_VOLTAGE) continue;
    banks.push_back({k, shunt_totals(s), s.BINIT_Mvar, {}, false, false});
  }
  if (banks.empty()) return nullptr;
  return std::make_unique<DiscreteShunts>(model, std::move(banks));
}

}  // namespace ballast
