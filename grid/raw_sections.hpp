/// \file
/// The records of a RAW file turned into network elements, section by section. Internal to grid/.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"
#include "grid/raw_layout.hpp"
#include "grid/raw_text.hpp"

namespace ballast::raw {

/// A branch of zero impedance joins two buses; it is represented by this reactance (pu), small beside any
/// line and still harmless for the factorisation.
inline constexpr double kJumperX = 1e-5;

class Builder {
 public:
  Builder(Network& network, const std::string& file, int version, Problems& problems)
      : net_(network), file_(file), version_(version), problems_(problems) {}

  /// Number of further lines that belong to the record that starts with `first`.
  [[nodiscard]] int more_lines(Section section, const Line& first);
  /// One complete record.
  void add(Section section, const std::vector<Line>& lines);
  /// After the last section: correction tables, and what is said once for the whole file.
  void finish();

 private:
  struct Correction {
    std::size_t branch;
    int table;
    Place place;
  };
  struct Winding {
    double ratio = 1, angle_deg = 0, rate_MVA = 0;
    std::optional<TapControl> control;  ///< its bus and side are those of the winding's own bus
    int table = 0;                      ///< TAB
    Place place;                        ///< of TAB
  };

  void add_bus(Record record);
  void add_load(Record record);
  void add_fixed_shunt(Record record);
  void add_generator(Record record);
  void add_branch(Record record);
  void add_switching_device(Record record);
  void add_multi_section_line(const Line& line);
  void add_transformer(const std::vector<Line>& lines);
  void add_three_winding(const std::vector<Line>& lines, const Branch& common, const Winding& first,
                         int third);
  void add_switched_shunt(const Line& line);
  void add_area(Record record);
  void add_group(Record record, std::string_view name, std::vector<NumberedName>& groups);
  void add_transfer(Record record);
  void add_impedance_correction(const std::vector<Line>& lines);
  void add_two_terminal_dc(const std::vector<Line>& lines);
  void add_vsc_dc(const std::vector<Line>& lines);
  void add_facts(Record record);
  void add_induction_machine(const std::vector<Line>& lines);
  void add_substation_node(const std::vector<Line>& lines);
  void warn_not_modelled(Section section, const std::vector<Line>& lines);

  [[nodiscard]] Record record(Section section, const std::vector<Line>& lines, std::size_t line);
  /// Dense index of the bus named in a field; reports a bus that does not exist, returns -1.
  [[nodiscard]] int bus(Record& record, std::string_view field);
  /// The same for a field that may be 0 or empty: -1.
  [[nodiscard]] int bus_or_none(Record& record, std::string_view field);
  [[nodiscard]] bool one_of(Record& record, std::string_view field, int value, int first, int last);
  [[nodiscard]] bool in_service(Record& record, std::string_view field);
  [[nodiscard]] LccConverter lcc_converter(Record record, char end);
  [[nodiscard]] VscConverter vsc_converter(Record record);
  [[nodiscard]] Winding winding(Record record, char digit, int CW, const std::array<int, 3>& ends);
  [[nodiscard]] int not_metered(Record& head, int windings);
  [[nodiscard]] std::optional<TapControl> tap_control(Record& record, char digit, int CW, double nominal_kV,
                                                      const std::array<int, 3>& ends);
  void use_correction(const Winding& winding);
  [[nodiscard]] std::string branch_name(const Branch& branch, const std::string& id) const;
  /// Gives a second circuit of the same name a new id, with a warning.
  void keep_unique(Branch& branch);

  Network& net_;
  const std::string& file_;
  int version_;
  Problems& problems_;
  std::set<std::tuple<int, int, std::string>> circuits_;
  std::vector<Correction> corrections_;
  std::map<std::string, int> seen_;  ///< what is reported once per file, with its count
  int star_buses_ = 0;
  int repeated_circuits_ = 0;
};

}  // namespace ballast::raw
