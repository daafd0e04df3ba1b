#include "grid/matlab_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "grid/numbers.hpp"
#include "grid/too_many_errors.hpp"

namespace ballast::matlab {
namespace {

constexpr std::size_t kShown = 60;  ///< characters of a line in a message

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
  /// At most `most` characters of it: a line may be the whole file.
  [[nodiscard]] std::string_view rest_of_line(std::size_t most = kShown) const {
    const std::string_view rest = text_.substr(at_, most);
    return rest.substr(0, rest.find('\n'));
  }
  [[nodiscard]] bool at(std::string_view word) const { return text_.substr(at_, word.size()) == word; }
  void skip_line() {
    while (!end() && peek() != '\n') skip();
  }

  /// Blanks, comments, block comments and continuations; newlines too when asked.
  void skip_space(bool newlines) {
    while (!end()) {
      const char c = peek();
      if (c == '%' || c == '#') {
        if (peek(1) == '{' && trimmed(rest_of_line(text_.size())).size() == 2 && alone_on_line())
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
      const std::string_view line = trimmed(rest_of_line(text_.size()));
      if (line == "%}" || line == "#}") {
        skip_line();
        return;
      }
    }
  }
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& file, Problems& problems)
      : in_(text), file_(file), problems_(problems) {}

  Data run() {
    while (!too_many_errors(problems_, {file_, in_.line(), in_.column()}) && statement()) {
    }
    return std::move(data_);
  }

 private:
  Scanner in_;
  const std::string& file_;
  Problems& problems_;
  Data data_;
  bool unclosed_ = false;  ///< the last matrix ran into the next statement

  void fail(int line, int column, std::string what, std::string remedy) {
    problems_.add(Place{file_, line, column}.text(), std::move(what), std::move(remedy));
  }

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
    if (in_.peek() != '=' || in_.peek(1) == '=' ||
        word.substr(0, data_.structure.size() + 1) != data_.structure + ".") {
      fail(line, column, fmt::format("the statement '{}' would have to be computed", whole),
           fmt::format("only '{}.field = data;' is read: store the case with savecase", data_.structure));
      skip_statement();
      return true;
    }
    in_.skip();
    assignment(word.substr(data_.structure.size() + 1), line, column);
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
      data_.structure = output;
      in_.skip();
      in_.skip_space(false);
      data_.function = name();
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
                       trimmed(in_.rest_of_line()).substr(0, 30), data_.structure, field),
           "write the plain value");
      good = false;
    }
    if (!good) skip_statement();
    if (!data_.fields.emplace(field, std::move(assigned)).second)
      fail(line, column, fmt::format("{}.{} is assigned a second time", data_.structure, field),
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
           nan ? fmt::format("{}.{} contains NaN", data_.structure, field)
               : fmt::format("'{}' in {}.{} is not a number (expressions are not computed)", cell.text,
                             data_.structure, field),
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
      if (too_many_errors(problems_, {file_, in_.line(), in_.column()})) return false;
      if (in_.end()) {
        fail(line, column, fmt::format("the '{}' of {}.{} is never closed", open, data_.structure, field),
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
      } else if (in_.at(data_.structure + ".")) {
        fail(in_.line(), in_.column(),
             fmt::format("'{}' begins before {}.{} (line {}) is closed",
                         trimmed(in_.rest_of_line()).substr(0, 30), data_.structure, field, line),
             fmt::format("close the table with '{}'", close));
        unclosed_ = true;
        end_row();
        return good;
      } else if (c == '[' || c == '{' || c == '(' || c == ']' || c == '}' || c == '=') {
        fail(in_.line(), in_.column(), fmt::format("'{}' inside {}.{}", c, data_.structure, field),
             fmt::format("is a '{}' missing before it? Write plain rows", close));
        return false;
      } else {
        good = scalar(field, row) && good;
      }
    }
  }
};

}  // namespace

Data read_data(std::string_view text, const std::string& file, Problems& problems) {
  return Parser(text, file, problems).run();
}

}  // namespace ballast::matlab
