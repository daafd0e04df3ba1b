// MATPOWER case format 2. The file is a MATLAB function; only plain data is read: numbers, strings, matrices
// and cell arrays assigned to fields of the returned struct. Whatever would have to be computed is refused by
// name.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "grid/check.hpp"
#include "grid/numbers.hpp"
#include "grid/readers.hpp"

namespace ballast {
namespace {

struct Cell {
  std::string_view text;
  double value = 0;  ///< Inf allowed; NaN when the text is a string
  int line = 0, column = 0;
};
using Row = std::vector<Cell>;

/// One `mpc.field = value;`
struct Assignment {
  std::vector<Row> rows;
  int line = 0, column = 0;
};

/// The MATLAB text as a stream of characters with a position.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  [[nodiscard]] bool end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip() {
    if (end()) return;
    if (text_[at_] == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    }
    ++at_;
  }
  [[nodiscard]] int line() const { return line_; }
  [[nodiscard]] int column() const { return static_cast<int>(at_ - line_start_) + 1; }
  [[nodiscard]] std::size_t mark() const { return at_; }
  [[nodiscard]] std::string_view since(std::size_t mark) const { return text_.substr(mark, at_ - mark); }
  [[nodiscard]] std::string_view rest_of_line() const {
    return text_.substr(at_, std::min(text_.find('\n', at_), text_.size()) - at_);
  }
  void skip_line() {
    while (!end() && peek() != '\n') skip();
  }

  /// Blanks, comments, block comments and continuations; newlines too when asked.
  void skip_space(bool newlines) {
    while (!end()) {
      const char c = peek();
      if (c == '%' || c == '#') {
        if (peek(1) == '{' && trimmed(rest_of_line()).size() == 2 && alone_on_line())
          skip_block();
        else
          skip_line();
      } else if (c == '.' && peek(1) == '.' && peek(2) == '.') {
        skip_line();
        skip();
      } else if (c == ' ' || c == '\t' || c == '\r' || (newlines && c == '\n')) {
        skip();
      } else {
        return;
      }
    }
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;

  [[nodiscard]] bool alone_on_line() const {
    return trimmed(text_.substr(line_start_, at_ - line_start_)).empty();
  }
  void skip_block() {
    while (!end()) {
      skip_line();
      skip();
      const std::string_view line = trimmed(rest_of_line());
      if (line == "%}" || line == "#}") {
        skip_line();
        return;
      }
    }
  }
};

class MatpowerReader {
 public:
  MatpowerReader(std::string_view text, const std::string& file, Problems& problems)
      : in_(text), file_(file), problems_(problems) {}

  Network read() {
    net_.name = file_;
    while (statement()) {
    }
    build();
    return std::move(net_);
  }

 private:
  Scanner in_;
  const std::string& file_;
  Problems& problems_;
  Network net_;
  std::string struct_ = "mpc";
  std::map<std::string, Assignment, std::less<>> fields_;
  bool unclosed_ = false;  ///< the last matrix ran into the next statement

  void fail(int line, int column, std::string what, std::string remedy) {
    problems_.add(Place{file_, line, column}.text(), std::move(what), std::move(remedy));
  }
  [[nodiscard]] Place place(const Cell& cell) const { return {file_, cell.line, cell.column}; }

  static bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
  static bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9') || c == '.'; }

  std::string name() {
    const std::size_t mark = in_.mark();
    while (!in_.end() && in_name(in_.peek())) in_.skip();
    return std::string(in_.since(mark));
  }

  /// One statement; false at the end of the file or where reading on makes no sense.
  bool statement() {
    in_.skip_space(true);
    while (in_.peek() == ';' || in_.peek() == ',') {
      in_.skip();
      in_.skip_space(true);
    }
    if (in_.end()) return false;
    const int line = in_.line(), column = in_.column();
    const std::string_view whole = trimmed(in_.rest_of_line());
    if (!starts_name(in_.peek())) {
      fail(line, column, fmt::format("'{}' is not data", whole.substr(0, 40)),
           "only assignments of plain data are read: store the case with savecase");
      in_.skip_line();
      return true;
    }
    const std::string word = name();
    if (word == "function") {
      function_line(line, column);
      return true;
    }
    if (word == "end" || word == "return" || word == "endfunction") {
      in_.skip_line();
      return true;
    }
    in_.skip_space(false);
    if (in_.peek() != '=' || in_.peek(1) == '=' || word.substr(0, struct_.size() + 1) != struct_ + ".") {
      fail(line, column, fmt::format("the statement '{}' would have to be computed", whole.substr(0, 60)),
           fmt::format("only '{}.field = data;' is read: store the case with savecase", struct_));
      skip_statement();
      return true;
    }
    in_.skip();
    assignment(word.substr(struct_.size() + 1), line, column);
    return true;
  }

  void function_line(int line, int column) {
    in_.skip_space(false);
    if (in_.peek() == '[') {
      fail(line, column, "this is a case of MATPOWER format 1 (a function with several outputs)",
           "convert it with loadcase and savecase (format 2)");
      in_.skip_line();
      return;
    }
    const std::string output = name();
    in_.skip_space(false);
    if (in_.peek() == '=') {
      struct_ = output;
      in_.skip();
      in_.skip_space(false);
      net_.name = name();
    }
    in_.skip_line();
  }

  /// To the end of a statement that is not understood, over brackets and strings.
  void skip_statement() {
    int depth = 0;
    while (!in_.end()) {
      const char c = in_.peek();
      if (c == '%' || c == '#') {
        in_.skip_line();
      } else if (depth <= 0 && (c == ';' || c == '\n')) {
        return;
      } else {
        if (c == '[' || c == '{' || c == '(') ++depth;
        if (c == ']' || c == '}' || c == ')') --depth;
        in_.skip();
      }
    }
  }

  void assignment(const std::string& field, int line, int column) {
    Assignment assigned;
    assigned.line = line;
    assigned.column = column;
    in_.skip_space(false);
    const char open = in_.peek();
    bool good = true;
    unclosed_ = false;
    if (open == '[' || open == '{') {
      good = matrix(field, open == '[' ? ']' : '}', assigned.rows);
    } else {
      Row row;
      good = scalar(field, row);
      if (!row.empty()) assigned.rows.push_back(row);
    }
    in_.skip_space(false);
    if (good && !unclosed_ && !in_.end() && in_.peek() != ';' && in_.peek() != '\n' && in_.peek() != ',') {
      fail(in_.line(), in_.column(),
           fmt::format("'{}' after the value of {}.{} would have to be computed",
                       trimmed(in_.rest_of_line()).substr(0, 30), struct_, field),
           "write the plain value");
      good = false;
    }
    if (!good) skip_statement();
    if (!fields_.emplace(field, std::move(assigned)).second)
      fail(line, column, fmt::format("{}.{} is assigned a second time", struct_, field),
           "keep one assignment");
  }

  /// A number or a string; anything else is an expression.
  bool scalar(const std::string& field, Row& row) {
    Cell cell;
    cell.line = in_.line();
    cell.column = in_.column();
    const char quote = in_.peek();
    if (quote == '\'' || quote == '"') {
      in_.skip();
      const std::size_t mark = in_.mark();
      while (!in_.end() && in_.peek() != '\n' && (in_.peek() != quote || in_.peek(1) == quote)) {
        if (in_.peek() == quote) in_.skip();
        in_.skip();
      }
      if (in_.peek() != quote) {
        fail(cell.line, cell.column, "a quote is opened here and never closed", "close it on the same line");
        return false;
      }
      cell.text = in_.since(mark);
      cell.value = std::numeric_limits<double>::quiet_NaN();
      in_.skip();
      row.push_back(cell);
      return true;
    }
    const std::size_t mark = in_.mark();
    while (!in_.end() && std::string_view(" \t\r\n,;]}%#").find(in_.peek()) == std::string_view::npos)
      in_.skip();
    cell.text = in_.since(mark);
    const std::optional<double> value = number(cell.text);
    if (!value) {
      const bool nan = cell.text == "NaN" || cell.text == "nan";
      fail(cell.line, cell.column,
           nan ? fmt::format("{}.{} contains NaN", struct_, field)
               : fmt::format("'{}' in {}.{} is not a number (expressions are not computed)", cell.text,
                             struct_, field),
           "write the plain number");
      if (cell.text.empty()) in_.skip();
    }
    cell.value = value.value_or(0);
    row.push_back(cell);
    return value.has_value();
  }

  static std::optional<double> number(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    std::string_view magnitude = text;
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) magnitude.remove_prefix(1);
    if (magnitude == "Inf" || magnitude == "inf") {
      const double infinity = std::numeric_limits<double>::infinity();
      return negative ? -infinity : infinity;
    }
    if (magnitude.empty() ||
        (magnitude.front() != '.' && std::isdigit(static_cast<unsigned char>(magnitude.front())) == 0))
      return std::nullopt;
    return parse_real(text);
  }

  bool matrix(const std::string& field, char close, std::vector<Row>& rows) {
    const int line = in_.line(), column = in_.column();
    const char open = in_.peek();
    in_.skip();
    Row row;
    bool good = true;
    const auto end_row = [&] {
      if (!row.empty()) rows.push_back(std::move(row));
      row.clear();
    };
    while (true) {
      in_.skip_space(false);
      if (in_.end()) {
        fail(line, column, fmt::format("the '{}' of {}.{} is never closed", open, struct_, field),
             fmt::format("close it with '{}'", close));
        return false;
      }
      const char c = in_.peek();
      if (c == close) {
        in_.skip();
        end_row();
        return good;
      }
      if (c == ';' || c == '\n') {
        in_.skip();
        end_row();
      } else if (c == ',') {
        in_.skip();
      } else if (in_.rest_of_line().substr(0, struct_.size() + 1) == struct_ + ".") {
        fail(in_.line(), in_.column(),
             fmt::format("'{}' begins before {}.{} (line {}) is closed",
                         trimmed(in_.rest_of_line()).substr(0, 30), struct_, field, line),
             fmt::format("close the table with '{}'", close));
        unclosed_ = true;
        end_row();
        return good;
      } else if (c == '[' || c == '{' || c == '(' || c == ']' || c == '}' || c == '=') {
        fail(in_.line(), in_.column(), fmt::format("'{}' inside {}.{}", c, struct_, field),
             fmt::format("is a '{}' missing before it? Write plain rows", close));
        return false;
      } else {
        good = scalar(field, row) && good;
      }
    }
  }

  // From the tables to the network. Column numbers are those of MATPOWER's caseformat, less one.

  const Assignment* table(const char* field, std::size_t columns) {
    const auto found = fields_.find(field);
    if (found == fields_.end()) {
      problems_.add(file_, fmt::format("there is no {}.{}", struct_, field),
                    "give the table; a MATPOWER case has baseMVA, bus, gen and branch");
      return nullptr;
    }
    Assignment& table = found->second;
    for (const Row& row : table.rows) {
      for (const Cell& cell : row) {
        if (std::isnan(cell.value))
          fail(cell.line, cell.column, fmt::format("'{}' in {}.{} is text", cell.text, struct_, field),
               "write a number");
      }
      if (row.size() >= columns) continue;
      fail(row.front().line, row.front().column,
           fmt::format("a row of {}.{} has {} columns, at least {} are needed", struct_, field, row.size(),
                       columns),
           "complete the row");
    }
    std::erase_if(table.rows, [columns](const Row& row) { return row.size() < columns; });
    return &table;
  }

  bool integer(const Cell& cell, const char* what, int* value) {
    if (std::abs(cell.value) < 2e9 && cell.value == std::floor(cell.value)) {
      *value = static_cast<int>(cell.value);
      return true;
    }
    fail(cell.line, cell.column, fmt::format("{} = '{}' is not an integer", what, cell.text),
         "give a whole number");
    return false;
  }

  bool bus(const Cell& cell, const char* what, int* index) {
    int number_ = 0;
    if (!integer(cell, what, &number_)) return false;
    *index = net_.find_bus(number_);
    if (*index >= 0) return true;
    fail(cell.line, cell.column, fmt::format("{} = {}: there is no such bus", what, number_),
         "name a bus of the bus table");
    return false;
  }

  void build() {
    read_base();
    if (const Assignment* buses = table("bus", 13)) add_buses(*buses);
    if (const Assignment* generators = table("gen", 10)) add_generators(*generators);
    if (const Assignment* branches = table("branch", 11)) add_branches(*branches);
    warn_dc_lines();
    check_network(net_, problems_);
  }

  void read_base() {
    if (const auto version = fields_.find("version"); version != fields_.end()) {
      const Row& row = version->second.rows.empty() ? Row{} : version->second.rows.front();
      if (row.empty() || row.front().text != "2")
        fail(version->second.line, version->second.column,
             fmt::format("case format version '{}' is not supported", row.empty() ? "" : row.front().text),
             "save the case in format 2");
    }
    if (const Assignment* base = table("baseMVA", 1)) {
      if (base->rows.size() == 1 && std::isfinite(base->rows.front().front().value))
        net_.base_MVA = base->rows.front().front().value;
      else
        fail(base->line, base->column, "baseMVA is not one number", "give the system base in MVA");
    }
    net_.frequency_Hz = 60;
    problems_.warn(file_, "a MATPOWER case does not say its base frequency; 60 Hz is assumed",
                   "set it in the case for a 50 Hz system");
  }

  void add_buses(const Assignment& table) {
    const auto names = fields_.find("bus_name");
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const Row& row = table.rows[i];
      Bus bus;
      int type = 1;
      if (!integer(row[0], "bus number", &bus.number) || !integer(row[1], "bus type", &type) ||
          !integer(row[6], "area", &bus.area) || !integer(row[10], "zone", &bus.zone))
        continue;
      if (type < 1 || type > 4) {
        fail(row[1].line, row[1].column, fmt::format("bus type {} is not one of 1 to 4", type),
             "1 PQ, 2 PV, 3 slack, 4 isolated");
        type = 1;
      }
      constexpr BusType kTypes[] = {BusType::PQ, BusType::PV, BusType::SLACK, BusType::ISOLATED};
      bus.type = kTypes[type - 1];
      bus.Vm = row[7].value;
      bus.Va_deg = row[8].value;
      bus.base_kV = row[9].value;
      bus.Vmax = row[11].value;
      bus.Vmin = row[12].value;
      bus.place = place(row[0]);
      if (names != fields_.end() && i < names->second.rows.size() && !names->second.rows[i].empty())
        bus.name = trimmed(names->second.rows[i].front().text);
      const int index = static_cast<int>(net_.buses.size());
      net_.buses.push_back(bus);
      if (row[2].value != 0 || row[3].value != 0) {
        Load load;
        load.bus = index;
        load.P_MW = row[2].value;
        load.Q_Mvar = row[3].value;
        load.area = bus.area;
        load.zone = bus.zone;
        load.place = place(row[2]);
        net_.loads.push_back(load);
      }
      if (row[4].value != 0 || row[5].value != 0) {
        Shunt shunt;
        shunt.bus = index;
        shunt.G_MW = row[4].value;
        shunt.B_Mvar = row[5].value;
        shunt.place = place(row[4]);
        net_.shunts.push_back(shunt);
      }
    }
    net_.index_buses();
  }

  void add_generators(const Assignment& table) {
    std::map<int, int> count;
    for (const Row& row : table.rows) {
      Generator generator;
      if (!bus(row[0], "generator bus", &generator.bus)) continue;
      generator.id = std::to_string(++count[generator.bus]);
      generator.P_MW = row[1].value;
      generator.Q_Mvar = row[2].value;
      generator.Qmax_Mvar = row[3].value;
      generator.Qmin_Mvar = row[4].value;
      generator.Vset = row[5].value;
      generator.base_MVA =
          row[6].value != 0 ? row[6].value : net_.base_MVA;  // caseformat: defaults to baseMVA
      generator.in_service = row[7].value > 0;
      generator.Pmax_MW = row[8].value;
      generator.Pmin_MW = row[9].value;
      generator.place = place(row[0]);
      net_.generators.push_back(generator);
    }
  }

  void add_branches(const Assignment& table) {
    std::map<std::pair<int, int>, int> count;
    for (const Row& row : table.rows) {
      Branch branch;
      if (!bus(row[0], "from bus", &branch.from) || !bus(row[1], "to bus", &branch.to)) continue;
      branch.id = std::to_string(++count[std::minmax(branch.from, branch.to)]);
      branch.R = row[2].value;
      branch.X = row[3].value;
      branch.B = row[4].value;
      branch.rate_MVA = row[5].value;
      branch.transformer = row[8].value != 0 || row[9].value != 0;
      branch.ratio = row[8].value == 0 ? 1 : row[8].value;  // 0 means a line
      branch.angle_deg = row[9].value;
      branch.in_service = row[10].value != 0;
      branch.place = place(row[0]);
      net_.branches.push_back(branch);
    }
  }

  void warn_dc_lines() {
    const auto lines = fields_.find("dcline");
    if (lines == fields_.end()) return;
    for (const Row& row : lines->second.rows) {
      if (row.size() < 4 || row[2].value == 0) continue;
      problems_.warn(
          place(row[0]).text(),
          fmt::format("DC line from bus {} to bus {} ({} MW) is not modelled: it is missing from the network",
                      row[0].text, row[1].text, row[3].text),
          "represent it by loads and generators at its buses if it matters");
    }
  }
};

}  // namespace

Network read_matpower_text(std::string_view text, const std::string& file, Problems& problems) {
  return MatpowerReader(text, file, problems).read();
}

}  // namespace ballast
