/// \file
/// Two networks field by field, but for the places where they were read.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "grid/network.hpp"

namespace ballast::testing {

/// Compares everything; numbers may differ by `relative` (0: every bit).
class SameNetwork {
 public:
  explicit SameNetwork(double relative = 0) : relative_(relative) {}

  /// Largest relative difference met.
  double worst = 0;

  void compare(const Network& a, const Network& b) {
    at_ = "network";
    same(a.name, b.name);
    same(a.base_MVA, b.base_MVA);
    same(a.frequency_Hz, b.frequency_Hz);
    list("bus", a.buses, b.buses);
    list("load", a.loads, b.loads);
    list("shunt", a.shunts, b.shunts);
    list("generator", a.generators, b.generators);
    list("branch", a.branches, b.branches);
    list("three-winding", a.three_windings, b.three_windings);
    list("correction", a.impedance_corrections, b.impedance_corrections);
    list("switched shunt", a.switched_shunts, b.switched_shunts);
    list("two-terminal DC", a.two_terminal_dc, b.two_terminal_dc);
    list("VSC", a.vsc_dc, b.vsc_dc);
    list("FACTS", a.facts, b.facts);
    list("induction machine", a.induction_machines, b.induction_machines);
    list("multi-section line", a.multi_section_lines, b.multi_section_lines);
    list("area", a.areas, b.areas);
    list("zone", a.zones, b.zones);
    list("owner", a.owners, b.owners);
    list("transfer", a.transfers, b.transfers);
  }

 private:
  double relative_;
  std::string at_;

  template <class T>
  void same(const T& a, const T& b) {
    EXPECT_EQ(a, b) << at_;
  }
  void same(double a, double b) {
    if (a == b) return;
    const double difference = std::abs(a - b) / std::max(std::abs(a), std::abs(b));
    worst = std::max(worst, difference);
    EXPECT_LE(difference, relative_) << at_ << ": " << a << " and " << b;
  }
  template <class T, class... Members>
  void all(const T& a, const T& b, Members... members) {
    (same(a.*members, b.*members), ...);
  }
  template <class T>
  void list(const char* name, const std::vector<T>& a, const std::vector<T>& b) {
    ASSERT_EQ(a.size(), b.size()) << name;
    for (std::size_t k = 0; k < a.size(); ++k) {
      at_ = std::string(name) + " " + std::to_string(k);
      element(a[k], b[k]);
    }
  }

  void element(const Bus& a, const Bus& b) {
    all(a, b, &Bus::number, &Bus::name, &Bus::base_kV, &Bus::type, &Bus::Vm, &Bus::Va_deg, &Bus::Vmax,
        &Bus::Vmin, &Bus::area, &Bus::zone, &Bus::owner);
  }
  void element(const Load& a, const Load& b) {
    all(a, b, &Load::bus, &Load::id, &Load::in_service, &Load::P_MW, &Load::Q_Mvar, &Load::IP_MW,
        &Load::IQ_Mvar, &Load::YP_MW, &Load::YQ_Mvar, &Load::area, &Load::zone, &Load::owner);
  }
  void element(const Shunt& a, const Shunt& b) {
    all(a, b, &Shunt::bus, &Shunt::id, &Shunt::in_service, &Shunt::G_MW, &Shunt::B_Mvar);
  }
  void element(const Generator& a, const Generator& b) {
    using G = Generator;
    all(a, b, &G::bus, &G::id, &G::in_service, &G::P_MW, &G::Q_Mvar, &G::Qmax_Mvar, &G::Qmin_Mvar,
        &G::Pmax_MW, &G::Pmin_MW, &G::Vset, &G::regulated_bus, &G::share_percent, &G::base_MVA, &G::ZR,
        &G::ZX, &G::RT, &G::XT, &G::GTAP);
  }
  void element(const Branch& a, const Branch& b) {
    using B = Branch;
    all(a, b, &B::from, &B::to, &B::id, &B::in_service, &B::R, &B::X, &B::B, &B::GI, &B::BI, &B::GJ, &B::BJ,
        &B::ratio, &B::angle_deg, &B::rate_MVA, &B::transformer, &B::SBASE_MVA, &B::name, &B::correction,
        &B::metered_at_to);
    same(a.tap_control.has_value(), b.tap_control.has_value());
    if (!a.tap_control || !b.tap_control) return;
    using C = TapControl;
    all(*a.tap_control, *b.tap_control, &C::target, &C::adjusts, &C::bus, &C::on_tapped_side, &C::RMA,
        &C::RMI, &C::VMA, &C::VMI, &C::NTP, &C::CR, &C::CX);
  }
  void element(const ThreeWinding& a, const ThreeWinding& b) {
    all(a, b, &ThreeWinding::name, &ThreeWinding::id, &ThreeWinding::star_bus, &ThreeWinding::branches,
        &ThreeWinding::NMETR);
  }
  void element(const ImpedanceCorrection& a, const ImpedanceCorrection& b) {
    same(a.number, b.number);
    ASSERT_EQ(a.points.size(), b.points.size()) << at_;
    for (std::size_t k = 0; k < a.points.size(); ++k) {
      same(a.points[k].T, b.points[k].T);
      same(a.points[k].F.real(), b.points[k].F.real());
      same(a.points[k].F.imag(), b.points[k].F.imag());
    }
  }
  void element(const SwitchedShunt& a, const SwitchedShunt& b) {
    using S = SwitchedShunt;
    all(a, b, &S::bus, &S::id, &S::in_service, &S::MODSW, &S::ADJM, &S::VSWHI, &S::VSWLO, &S::regulated_bus,
        &S::RMPCT, &S::RMIDNT, &S::BINIT_Mvar);
    ASSERT_EQ(a.blocks.size(), b.blocks.size()) << at_;
    for (std::size_t k = 0; k < a.blocks.size(); ++k)
      all(a.blocks[k], b.blocks[k], &S::Block::in_service, &S::Block::N, &S::Block::B_Mvar);
  }
  void element(const TwoTerminalDc& a, const TwoTerminalDc& b) {
    using D = TwoTerminalDc;
    all(a, b, &D::name, &D::MDC, &D::RDC, &D::SETVL, &D::VSCHD_kV, &D::VCMOD_kV, &D::RCOMP, &D::DELTI,
        &D::margin_at_inverter, &D::DCVMIN_kV, &D::CCCITMX, &D::CCCACC);
    using C = LccConverter;
    for (const auto& end : {&D::rectifier, &D::inverter})
      all(a.*end, b.*end, &C::bus, &C::bridges, &C::ANMX, &C::ANMN, &C::RC, &C::XC, &C::EBAS_kV, &C::TR,
          &C::TAP, &C::TMX, &C::TMN, &C::STP, &C::measured_bus, &C::XCAP);
  }
  void element(const VscDc& a, const VscDc& b) {
    all(a, b, &VscDc::name, &VscDc::in_service, &VscDc::RDC);
    using C = VscConverter;
    for (std::size_t k = 0; k < 2; ++k)
      all(a.converters[k], b.converters[k], &C::bus, &C::TYPE, &C::holds_voltage, &C::DCSET, &C::ACSET,
          &C::ALOSS_kW, &C::BLOSS_kW_per_A, &C::MINLOSS_kW, &C::SMAX_MVA, &C::IMAX_A, &C::PWF, &C::MAXQ_Mvar,
          &C::MINQ_Mvar, &C::regulated_bus, &C::RMPCT);
  }
  void element(const Facts& a, const Facts& b) {
    using F = Facts;
    all(a, b, &F::name, &F::bus, &F::terminal_bus, &F::MODE, &F::PDES_MW, &F::QDES_Mvar, &F::VSET,
        &F::SHMX_MVA, &F::TRMX_MW, &F::VTMN, &F::VTMX, &F::VSMX, &F::IMX_MVA, &F::LINX, &F::RMPCT, &F::SET1,
        &F::SET2, &F::VSREF, &F::regulated_bus);
  }
  void element(const InductionMachine& a, const InductionMachine& b) {
    using M = InductionMachine;
    all(a, b, &M::bus, &M::id, &M::in_service, &M::SCODE, &M::DCODE, &M::TCODE, &M::BCODE, &M::PCODE,
        &M::area, &M::zone, &M::owner, &M::MBASE_MVA, &M::RATEKV, &M::PSET_MW, &M::H, &M::A, &M::B, &M::D,
        &M::E, &M::RA, &M::XA, &M::XM, &M::R1, &M::X1, &M::R2, &M::X2, &M::X3, &M::E1, &M::SE1, &M::E2,
        &M::SE2, &M::IA1, &M::IA2, &M::XAMULT);
  }
  void element(const MultiSectionLine& a, const MultiSectionLine& b) {
    using L = MultiSectionLine;
    all(a, b, &L::from, &L::to, &L::id, &L::dummy_buses);
  }
  void element(const Area& a, const Area& b) {
    all(a, b, &Area::number, &Area::name, &Area::swing_bus, &Area::PDES_MW, &Area::PTOL_MW);
  }
  void element(const NumberedName& a, const NumberedName& b) {
    all(a, b, &NumberedName::number, &NumberedName::name);
  }
  void element(const AreaTransfer& a, const AreaTransfer& b) {
    using T = AreaTransfer;
    all(a, b, &T::from_area, &T::to_area, &T::id, &T::P_MW);
  }
};

}  // namespace ballast::testing
