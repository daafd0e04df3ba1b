// PSS/E RAW: header, sections and their ends. Layouts are in raw_layout.cpp, meanings in raw_sections.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "grid/check.hpp"
#include "grid/numbers.hpp"
#include "grid/raw_sections.hpp"
#include "grid/readers.hpp"
#include "grid/too_many_errors.hpp"
#include "grid/unsimulated.hpp"

namespace ballast {
namespace {

using raw::Line;
using raw::Lines;
using raw::Record;
using raw::Section;

const std::vector<std::string_view> kHeader = {"IC", "SBASE", "REV", "XFRRAT", "NXFRAT", "BASFRQ"};

/// "PSS/E-33.2", "PSS(R)E 33 RAW": the version in a header's comment, or 0.
int version_in(std::string_view comment) {
  const std::size_t program = comment.find("PSS");
  if (program == std::string_view::npos) return 0;
  const std::size_t digit = comment.find_first_of("0123456789", program);
  if (digit == std::string_view::npos) return 0;
  const std::size_t end = std::min(comment.find_first_not_of("0123456789", digit), comment.size());
  return parse_integer(comment.substr(digit, std::min<std::size_t>(end - digit, 4))).value_or(0);
}

class RawReader {
 public:
  RawReader(std::string_view text, const std::string& file, Problems& problems)
      : lines_(text), file_(file), problems_(problems) {}

  Network read() {
    net_.name = file_;
    if (!read_header()) return net_;
    raw::Builder builder(net_, file_, version_, problems_);
    for (const Section section : raw::sections(version_)) {
      if (ended_) break;
      if (skip_to_ && section != *skip_to_) continue;
      skip_to_.reset();
      read_section(section, builder);
      if (section == Section::BUS) net_.index_buses();
    }
    builder.finish();
    if (problems_.errors().size() < kMostErrors) check_network(net_, problems_);
    if (!problems_.any()) warn_unsimulated(net_, problems_);
    return std::move(net_);
  }

 private:
  Lines lines_;
  const std::string& file_;
  Problems& problems_;
  Network net_;
  int version_ = 0;
  bool ended_ = false;              ///< Q, or the end of the text
  std::optional<Section> skip_to_;  ///< the sections before it are left out

  bool read_header() {
    Line line;
    if (!lines_.record(&line)) {
      problems_.add(file_, "the file is empty", "give a PSS/E RAW file");
      return false;
    }
    Record header(line, kHeader, file_, problems_);
    const int change = header.integer("IC", 0);
    if (header.good() && change != 0)
      header.fail("IC", fmt::format("IC = {}: the file changes a case that is in memory", change),
                  "write the complete case (IC = 0)");
    net_.base_MVA = header.real("SBASE", 100.0);
    version_ = header.integer("REV", 0);
    net_.frequency_Hz = header.real("BASFRQ", 0.0);
    if (header.good() && !(net_.base_MVA > 0))
      header.fail("SBASE", fmt::format("system base {} MVA is not positive", net_.base_MVA),
                  "give SBASE, usually 100");
    if (!header.good()) return false;
    if (!header.given("SBASE"))
      problems_.warn(header.place("SBASE").text(), "the header gives no system base; 100 MVA is assumed");
    assume_missing(header);
    if (version_ < raw::kFirstVersion || version_ > raw::kLastVersion) {
      header.fail("REV", fmt::format("RAW version {} is not supported", version_),
                  fmt::format("save the case as version 33 (versions {} to {} are read)", raw::kFirstVersion,
                              raw::kLastVersion));
      return false;
    }
    std::string_view title;
    for (int k = 0; k < 2; ++k) {
      if (!lines_.next(&title)) {
        problems_.add(Place{file_, lines_.number(), 0}.text(), "the file ends in its header",
                      "two title lines must follow the first line");
        return false;
      }
      if (k == 0 && !trimmed(title).empty()) net_.name = trimmed(title);
    }
    return true;
  }

  void assume_missing(Record& header) {
    if (version_ == 0) {
      const int hinted = version_in(header.line().comment);
      version_ = hinted != 0 ? hinted : 33;
      problems_.warn(header.place("REV").text(),
                     fmt::format("the header gives no version; {} is assumed{}", version_,
                                 hinted != 0 ? " from its comment" : ""),
                     "write the version as the third field");
    }
    if (net_.frequency_Hz == 0) {
      net_.frequency_Hz = 60;
      problems_.warn(header.place("BASFRQ").text(), "the header gives no base frequency; 60 Hz is assumed",
                     "write it as the sixth field");
    }
  }

  /// True for the record that ends a section, or "Q".
  bool ends_section(const Line& line, Section section) {
    if (line.fields.empty() || line.fields.front().quoted) return false;
    const std::string_view first = line.fields.front().text;
    if (first == "Q" || first == "q") {
      ended_ = true;
      return true;
    }
    if (first != "0") return false;
    check_announced(line, section);
    return true;
  }

  /// The comment of an end-of-section record names the next section: a section missing or out of order shows
  /// here.
  void check_announced(const Line& line, Section section) {
    const std::vector<Section> order = raw::sections(version_);
    const auto next = std::find(order.begin(), order.end(), section) + 1;
    if (next == order.end()) return;
    const Section found = raw::announced(line.comment, *next);
    const auto announced = std::find(next, order.end(), found);
    if (announced != order.end() && std::all_of(next, announced, raw::optional)) {
      skip_to_ = found;
      return;
    }
    problems_.add(Place{file_, line.number, line.fields.front().column}.text(),
                  fmt::format("this record announces the {} section where version {} has the {} section",
                              raw::title(found), version_, raw::title(*next)),
                  "check the version in the header and that no section is missing");
    ended_ = true;  // whatever follows would be read with the wrong layout
  }

  void read_section(Section section, raw::Builder& builder) {
    if (section == Section::SUBSTATION) return read_substations(builder);
    std::vector<Line> lines;
    Line line;
    bool ended = false;
    while (!ended && lines_.record(&line)) {
      if (too_many_errors(problems_, {file_, line.number, 0})) {
        ended_ = true;
        return;
      }
      ended = ends_section(line, section);
      if (section == Section::GNE) {
        // Free-form records of several lines: the first line is enough to say what is missing.
        if (lines.empty() && !ended) builder.add(section, {line});
        lines.push_back(line);
      } else if (section == Section::IMPEDANCE_CORRECTION) {
        // A table goes on with whole points; only its first line has its number before them.
        const bool more = !ended && !lines.empty() && version_ >= 34 && line.fields.size() % 3 == 0;
        if (!more && !lines.empty()) {
          builder.add(section, lines);
          lines.clear();
        }
        lines.push_back(line);
      } else if (!ended) {
        lines.assign(1, line);
        if (!read_rest(section, builder.more_lines(section, line), lines)) return;
        builder.add(section, lines);
      }
    }
    if (!ended) end_of_text(section);
  }

  /// A substation has a line of its own, then nodes, switching devices and terminals, each ended by a 0.
  void read_substations(raw::Builder& builder) {
    Line station, line;
    int part = 0;  // 0 between substations, then nodes, switching devices, terminals
    while (lines_.record(&line)) {
      if (line.fields.empty()) continue;  // "/ BEGIN SUBSTATION NODE DATA"
      if (too_many_errors(problems_, {file_, line.number, 0})) {
        ended_ = true;
        return;
      }
      if (ends_section(line, Section::SUBSTATION)) {
        if (part == 0 || ended_) return;
        part = (part + 1) % 4;
      } else if (part == 0) {
        station = line;
        part = 1;
      } else if (part == 1) {
        builder.add(Section::SUBSTATION, {station, line});
      }
    }
    end_of_text(Section::SUBSTATION);
  }

  void end_of_text(Section section) {
    ended_ = true;
    problems_.add(Place{file_, lines_.number(), 0}.text(),
                  fmt::format("the file ends inside the {} section", raw::title(section)),
                  "end every section with a record '0' and the file with 'Q'");
  }

  /// The further lines of a record of several lines.
  bool read_rest(Section section, int count, std::vector<Line>& lines) {
    for (int k = 0; k < count; ++k) {
      Line line;
      if (!lines_.record(&line)) {
        ended_ = true;
        problems_.add(Place{file_, lines.front().number, 1}.text(),
                      fmt::format("the file ends inside a {} record: {} of {} lines", raw::title(section),
                                  k + 1, count + 1),
                      "complete the record");
        return false;
      }
      if (cut_short(line)) {
        problems_.add(Place{file_, lines.front().number, 1}.text(),
                      fmt::format("the {} record has {} of {} lines: line {} ends the section",
                                  raw::title(section), k + 1, count + 1, line.number),
                      "complete the record");
        ended_ = true;  // the sections that follow cannot be told apart any more
        return false;
      }
      lines.push_back(line);
    }
    return true;
  }

  /// A line that can only be the end of a section: none of the further lines of a record is a bare 0 or Q.
  static bool cut_short(const Line& line) {
    if (line.fields.size() != 1 || line.fields.front().quoted) return false;
    const std::string_view only = line.fields.front().text;
    return only == "0" || only == "Q" || only == "q";
  }
};

}  // namespace

Network read_raw_text(std::string_view text, const std::string& file, Problems& problems) {
  return RawReader(text, file, problems).read();
}

}  // namespace ballast
