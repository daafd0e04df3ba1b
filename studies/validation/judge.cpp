/// Ours against published, and against what status.csv says of today.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "studies/validation/event.hpp"

namespace ballast::validation {

std::vector<Row> judge(const Validation& v, const std::vector<Measured>& measured) {
  std::vector<Row> rows;
  for (const Expected& e : v.expected) {
    Row row{e, v.standings.at(e.id), {}, {}, {}, true};
    for (const Measured& m : measured) {
      if (m.metric->id != e.id) continue;
      row.values.push_back(m.value);
      row.ours += (row.ours.empty() ? "" : "; ") + m.text;
      if (m.inside) row.inside = row.inside.value_or(true) && *m.inside;
    }
    // A row of a status whose runs were not made (nothing measured) agrees with nothing but report-only.
    const Status status = row.standing.status;
    row.agrees = status == Status::REPORT_ONLY || (row.inside && *row.inside == (status == Status::PASS));
    rows.push_back(std::move(row));
  }
  return rows;
}

Spread spread(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto k = static_cast<std::size_t>(place);
    return k + 1 < values.size() ? values[k] + (place - static_cast<double>(k)) * (values[k + 1] - values[k])
                                 : values[k];
  };
  return values.empty() ? Spread{} : Spread{at(0.05), at(0.5), at(0.95)};
}

std::string spread_text(const std::vector<SeedFigure>& seeds) {
  std::string text;
  for (const SeedFigure& figure : seeds) {
    if (text.empty())
      text = fmt::format("\n{:<60} {:>10} {:>10} {:>10}\n", fmt::format("{} seeds", figure.values.size()),
                         "5 %", "median", "95 %");
    const Spread s = spread(figure.values);
    text += fmt::format("{:<60.60} {:10.6g} {:10.6g} {:10.6g}\n", figure.name, s.low, s.median, s.high);
  }
  return text;
}

std::string seeds_csv(const std::vector<SeedFigure>& seeds) {
  std::string csv = "seed";
  for (const SeedFigure& figure : seeds) csv += fmt::format(",\"{}\"", figure.name);
  for (std::size_t k = 0; !seeds.empty() && k < seeds.front().values.size(); ++k) {
    csv += fmt::format("\n{}", k + 1);
    for (const SeedFigure& figure : seeds)
      csv += std::isnan(figure.values[k]) ? "," : fmt::format(",{:.17g}", figure.values[k]);
  }
  return csv + "\n";
}

const char* verdict_of(const Row& row) { return !row.inside ? "-" : *row.inside ? "pass" : "MISS"; }

namespace {

bool scored(const Row& row) { return row.standing.status != Status::REPORT_ONLY; }
std::ptrdiff_t passed(const std::vector<Row>& rows) {
  return std::count_if(rows.begin(), rows.end(),
                       [](const Row& row) { return scored(row) && row.inside && *row.inside; });
}
/// Rows that the gate wants to pass and that do not.
std::vector<std::string> failed_gates(const Gate& gate, const std::vector<Row>& rows) {
  std::vector<std::string> failed;
  for (const std::string& id : gate.must_pass)
    if (std::none_of(rows.begin(), rows.end(),
                     [&](const Row& row) { return row.expected.id == id && row.inside && *row.inside; }))
      failed.push_back(id);
  return failed;
}
bool reproduces(const Gate& gate, const std::vector<Row>& rows) {
  return passed(rows) >= gate.least && failed_gates(gate, rows).empty();
}

}  // namespace

std::string gate_text(const Gate& gate, const std::vector<Row>& rows) {
  const std::vector<std::string> failed = failed_gates(gate, rows);
  return fmt::format(
      "{}: {} of {} scored rows pass, at least {} should{}\n",
      reproduces(gate, rows) ? "reproduces" : "does not reproduce", passed(rows),
      std::count_if(rows.begin(), rows.end(), scored), gate.least,
      failed.empty() ? "" : fmt::format("; missed of those that must: {}", fmt::join(failed, ", ")));
}

std::string table_text(const Validation& v, const std::vector<Row>& rows, bool wide) {
  std::string text = v.gate ? gate_text(*v.gate, rows) : "";
  text += fmt::format("{}\nassumptions {} ({} of them calibrated on a metric)\n", v.title,
                      file_sha256(v.assumptions), v.fitted);
  for (const Row& row : rows) {
    text +=
        fmt::format("\n{:<6} {:<5} {:<12}{} {}\n", row.expected.id, verdict_of(row),
                    name_of(row.standing.status), row.agrees ? "" : " NOT AS STATED", row.expected.metric);
    text += fmt::format("       published {}\n       ours      {}\n", row.expected.published,
                        row.ours.empty() ? "not measured" : row.ours);
    if (row.inside) text += fmt::format("       tolerance {}\n", row.expected.tolerance);
    if (!row.standing.reason.empty() && (wide || (row.inside && !*row.inside)))
      text += fmt::format("       why       {}\n", row.standing.reason);
  }
  const auto count = [&](auto condition) { return std::count_if(rows.begin(), rows.end(), condition); };
  const auto with = [](Status status) {
    return [status](const Row& row) { return row.standing.status == status; };
  };
  text += fmt::format("\n{} of {} scored rows pass, {} known to miss, {} report-only; {} not as stated\n",
                      passed(rows), count(scored), count(with(Status::KNOWN_MISS)),
                      count(with(Status::REPORT_ONLY)), count([](const Row& row) { return !row.agrees; }));
  return text;
}

namespace {

nlohmann::ordered_json json_of(const std::vector<Row>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows)
    list.push_back({{"id", row.expected.id},
                    {"metric", row.expected.metric},
                    {"published", row.expected.published},
                    {"ours", row.ours},
                    {"values", row.values},
                    {"tolerance", row.expected.tolerance},
                    {"verdict", verdict_of(row)},
                    {"status", name_of(row.standing.status)},
                    {"reason", row.standing.reason},
                    {"as_stated", row.agrees}});
  return list;
}

}  // namespace

std::string table_json(const Validation& v, const std::vector<Row>& rows,
                       const std::vector<SeedFigure>& seeds,
                       const std::map<std::string, std::vector<Row>>& ensembles) {
  nlohmann::ordered_json json;
  json["event"] = v.name;
  json["title"] = v.title;
  json["assumptions_sha256"] = file_sha256(v.assumptions);
  json["calibrated_assumptions"] = v.fitted;
  if (v.gate) json["reproduces"] = reproduces(*v.gate, rows);
  json["rows"] = json_of(rows);
  for (const auto& [name, judged] : ensembles) json["ensembles"][name] = json_of(judged);
  for (const SeedFigure& figure : seeds) {
    const Spread s = spread(figure.values);
    json["seeds"].push_back({{"figure", figure.name},
                             {"count", figure.values.size()},
                             {"p5", s.low},
                             {"median", s.median},
                             {"p95", s.high}});
  }
  return json.dump(2) + "\n";
}

}  // namespace ballast::validation
