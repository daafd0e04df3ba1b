/// DYR records against the models there are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "grid/too_many_errors.hpp"
#include "models/check_parameters.hpp"
#include "models/dyr.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

/// Unusual values of one parameter of one model, over all records.
struct Unusual {
  int count = 0;
  double low = 0, high = 0;
  Problem first;
  const ParameterInfo* parameter = nullptr;
};

struct Unknown {
  int count = 0;
  const DynamicRecord* first = nullptr;
};

class Checker {
 public:
  explicit Checker(Problems& problems) : problems_(problems) {}

  void check(const DynamicRecord& record) {
    const ModelInfo* model = find_model(record.model);
    if (model == nullptr) {
      Unknown& unknown = unknown_[{record.model, record.vendor_name}];
      if (unknown.count++ == 0) unknown.first = &record;
      return;
    }
    const std::string device = record_label(record);
    check_role(record, *model, device);
    const std::string where = record.place.text();
    const std::size_t needed = static_cast<std::size_t>(model->record_parameters);
    if (record.values.size() != needed) {
      std::string missing;
      for (std::size_t i = record.values.size(); i < needed; ++i)
        missing += fmt::format("{}{}", missing.empty() ? "; without " : ", ", model->parameters[i].name);
      problems_.add(where,
                    fmt::format("{} has {} values, {} needs {}{}", device, record.values.size(), record.model,
                                needed, missing),
                    missing.empty() ? "`ballast models` lists them in order"
                                    : "complete the record, or give them in a [[dyr_rule]] with set");
    }
    for (std::size_t i = 0; i < std::min(needed, record.values.size()); ++i)
      check_value(record, *model, i, device);
    if (record.values.size() != needed) return;
    const std::string name = fmt::format("{}: {}", where, device);
    check_relations(model->relations, model->parameters, record.values, name, problems_);
    for (const Need& need : model->needs) {
      const std::size_t k = static_cast<std::size_t>(need.parameter);
      const std::string at = k < record.fields.size() ? record.fields[k].place.text() : "";
      check_needs({&need, 1}, model->parameters, record.values,
                  at.empty() ? name : fmt::format("{}: {}", at, device), problems_);
    }
  }

  void finish() {
    for (const auto& [key, u] : unusual_)
      if (u.count == 1)
        problems_.warn(u.first.where, u.first.what, u.first.remedy);
      else
        problems_.warn(u.first.where,
                       u.low == u.high
                           ? fmt::format("and {} more {}: {} = {:g} is unusual ({})", u.count - 1, key.first,
                                         u.parameter->name, u.low, u.parameter->meaning)
                           : fmt::format("and {} more {}: {} = {:g} to {:g} is unusual ({})", u.count - 1,
                                         key.first, u.parameter->name, u.low, u.high, u.parameter->meaning),
                       u.first.remedy);
    std::vector<std::string> names;
    for (const ModelInfo& model : all_models()) names.emplace_back(model.name);
    for (const auto& [key, unknown] : unknown_) {
      const auto& [name, vendor] = key;
      const std::string uses = fmt::format("{} record{} use{} it", unknown.count,
                                           unknown.count == 1 ? "" : "s", unknown.count == 1 ? "s" : "");
      const std::string rule =
          fmt::format("say in a [[dyr_rule]] what becomes of it: ignore or replace_with");
      if (is_vendor_record(name)) {
        problems_.add(unknown.first->place.text(),
                      fmt::format("{} '{}' is a vendor's model, which is not here; {}", name, vendor, uses),
                      rule);
        continue;
      }
      const std::string hint = nearest(name, names);
      problems_.add(unknown.first->place.text(), fmt::format("there is no model {}; {}", name, uses),
                    hint.empty() ? "`ballast models` lists what there is; or " + rule
                                 : fmt::format("did you mean {}? Or {}", hint, rule));
    }
  }

 private:
  Problems& problems_;
  std::map<std::pair<std::string, std::string>, Unknown> unknown_;
  std::map<std::pair<std::string, std::size_t>, Unusual> unusual_;
  std::map<std::string, const DynamicRecord*> seen_;

  void check_role(const DynamicRecord& record, const ModelInfo& model, const std::string& device) {
    const std::string key = fmt::format("{} {} {} {}", record.bus, record.id, role_name(model.role),
                                        static_cast<int>(record.scope));
    if (const auto [first, is_new] = seen_.try_emplace(key, &record); !is_new)
      problems_.add(
          record.place.text(),
          fmt::format("{} is a second {}; the first is {} at {}", device,
                      model.role == Role::LOAD ? "model of these loads"
                                               : fmt::format("{} of this machine", role_name(model.role)),
                      full_model_name(*first->second), first->second->place.text()),
          "keep one of the two");
  }

  void check_value(const DynamicRecord& record, const ModelInfo& model, std::size_t i,
                   const std::string& device) {
    const ParameterInfo& parameter = model.parameters[i];
    const double value = record.values[i];
    const DyrField* field = i < record.fields.size() ? &record.fields[i] : nullptr;
    const std::string where =
        (field != nullptr && field->place.line > 0 ? field->place : record.place).text();
    if (std::isnan(value)) {
      if (field == nullptr || field->blank)
        problems_.add(
            where, fmt::format("{} of {} is blank and has no documented default", parameter.name, device),
            fmt::format("give {} {} {}", parameter.name, range_text(parameter.possible), parameter.unit));
      else
        problems_.add(where,
                      fmt::format("{} of {} is '{}', not a number", parameter.name, device, field->text));
      return;
    }
    Problems one;
    check_parameters(model.parameters.subspan(i, 1), std::span(&value, 1), where + ": " + device, one);
    for (const Problem& p : one.errors()) problems_.add(p.where, p.what, p.remedy);
    for (const Problem& p : one.warnings()) {
      Unusual& u = unusual_[{record.model, i}];
      if (u.count++ == 0) {
        u.first = p;
        u.parameter = &parameter;
        u.low = u.high = value;
      }
      u.low = std::min(u.low, value);
      u.high = std::max(u.high, value);
    }
  }
};

}  // namespace

void check_dyr(const std::vector<DynamicRecord>& records, Problems& problems) {
  Checker checker(problems);
  for (const DynamicRecord& record : records) {
    if (too_many_errors(problems, record.place)) break;
    checker.check(record);
  }
  checker.finish();
}

}  // namespace ballast
