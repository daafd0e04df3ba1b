#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/dyr.hpp"

namespace ballast {
namespace {

/// As it can stand in a record: bare when it cannot be misread, else quoted.
std::string quoted(const std::string& text) {
  const char quote = text.find('\'') == std::string::npos ? '\'' : '"';
  return quote + text + quote;
}

bool needs_quotes(const std::string& text) {
  return text.empty() || text.find_first_of(" \t,/'\"") != std::string::npos;
}

}  // namespace

std::string write_dyr(const std::vector<DynamicRecord>& records) {
  constexpr std::size_t kPerLine = 10;
  std::string out;
  for (const DynamicRecord& record : records) {
    out += fmt::format("{},{},{}", record.bus,
                       quoted(record.written_model.empty() ? record.model : record.written_model),
                       needs_quotes(record.id) ? quoted(record.id) : record.id);
    for (const DyrField& field : record.header)
      out += "," + (needs_quotes(field.text) ? quoted(field.text) : field.text);
    for (std::size_t k = 0; k < record.fields.size(); ++k) {
      const DyrField& field = record.fields[k];
      out += k > 0 && k % kPerLine == 0 ? ",\n  " : ",";
      if (!field.blank) out += needs_quotes(field.text) ? quoted(field.text) : field.text;
    }
    // A comma before the end separates nothing: a blank last field needs one of its own.
    if (!record.fields.empty() && record.fields.back().blank) out += ',';
    out += " /\n";
  }
  return out;
}

DynamicRecord make_record(int bus, const std::string& model, const std::string& id,
                          std::span<const double> values) {
  DynamicRecord record;
  record.bus = bus;
  record.model = model;
  record.id = id;
  for (const double value : values) {
    record.fields.push_back({std::isnan(value) ? "" : fmt::format("{}", value), {}, std::isnan(value)});
    record.values.push_back(value);
  }
  if (model == "CMLDBLU2") {  // PSS/E keeps it among its user models
    record.written_model = "USRLOD";
    for (const char* field : {"CMLDBLU2", "12", "1", "2", "133", "27", "146", "48", "0", "0"})
      record.header.push_back({field, {}, false});
  }
  return record;
}

}  // namespace ballast
