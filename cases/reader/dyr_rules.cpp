/// [[dyr_rule]]: what the case says about records of its dynamics file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/reading.hpp"

namespace ballast {
namespace {

/// Which records a rule is about: all that match every criterion given.
struct Pattern {
  std::optional<std::string> model, name, id;
  std::optional<int> bus;
  [[nodiscard]] bool any() const { return model || name || id || bus; }
  [[nodiscard]] bool matches(const DynamicRecord& record) const {
    return (!model || *model == record.model || *model == record.written_model) &&
           (!name || *name == record.vendor_name) && (!id || *id == record.id) &&
           (!bus || *bus == record.bus);
  }
};

/// The record that replace_with describes; its bus and id are those of what it replaces.
std::optional<DynamicRecord> read_replacement(Section& rule, Reading& reading) {
  auto table = rule.section_if("replace_with");
  if (!table) return {};
  table->relabel("replace_with of [[dyr_rule]]");
  std::vector<std::string> names;
  for (const ModelInfo& model : all_models())
    if (model.role != Role::LOAD && model.role != Role::DATACENTER && model.role != Role::STORAGE &&
        model.role != Role::MEASUREMENT && model.role != Role::PROTECTION)
      names.emplace_back(model.name);
  const std::size_t before = reading.problems.errors().size();
  const std::string name = table->choice("model", names, "name of the model");
  if (!table->has("model") || reading.problems.errors().size() > before) return {};
  ModelInfo model = *find_model(name);
  model.parameters = model.parameters.first(static_cast<std::size_t>(model.record_parameters));
  DynamicRecord record;
  record.model = name;
  record.values = read_parameters(*table, model, reading, table->label());
  record.fields.resize(record.values.size());
  for (std::size_t k = 0; k < record.values.size(); ++k)
    if (model.parameters[k].is_name)
      record.fields[k].text = table->text_if(model.parameters[k].name).value_or("1");
  record.place = table->place();
  table->finish();
  return record;
}

/// set = { Khv = 0.7 }: values by parameter name into the record.
void set_values(DynamicRecord& record, Section& set, Reading& reading) {
  const ModelInfo* model = find_model(record.model);
  if (model == nullptr) return;
  const auto needed = static_cast<std::size_t>(model->record_parameters);
  // Values may have what the standard says where the record has no fields any more.
  if (record.values.size() < needed) record.values.resize(needed, kUnknown);
  if (record.fields.size() < needed) record.fields.resize(needed, {"", record.place, true});
  std::string text;
  for (std::size_t k = 0; k < needed; ++k) {
    const ParameterInfo& p = model->parameters[k];
    const auto value = set.number_if(p.name, {p.unit, p.possible});
    if (!value) continue;
    record.values[k] = *value;
    record.fields[k] = {fmt::format("{:g}", *value), set.place(p.name), false};
    std::erase(record.by_default, static_cast<int>(k));
    text += fmt::format("{}{} = {:g}", text.empty() ? "" : ", ", p.name, *value);
  }
  if (!text.empty())
    reading.result.adjustments.push_back(
        {record_label(record), fmt::format("{}, as the [[dyr_rule]] at {} says", text, set.place().text())});
}

void apply_rule(Section& rule, Reading& reading) {
  Pattern pattern;
  pattern.model = rule.text_if("model");
  pattern.name = rule.text_if("name");
  pattern.bus = rule.whole_if("bus", 0, 999997);
  pattern.id = rule.text_if("id");
  const bool ignore = rule.flag_if("ignore").value_or(false);
  const auto replacement = read_replacement(rule, reading);
  auto set = rule.section_if("set");
  if (set) set->relabel("set of [[dyr_rule]]");
  const int actions = (ignore ? 1 : 0) + (rule.has("replace_with") ? 1 : 0) + (set ? 1 : 0);
  if (!pattern.any())
    rule.problem("model", "[[dyr_rule]] does not say which records it is about",
                 "give model, name (of a vendor's model), bus or id");
  if (actions != 1)
    rule.problem("ignore", fmt::format("[[dyr_rule]] has {} actions", actions),
                 "give exactly one of ignore = true, replace_with = { model = ... }, set = { ... }");
  std::vector<DynamicRecord> kept;
  int matched = 0;
  for (DynamicRecord& record : reading.records) {
    if (!pattern.any() || actions != 1 || !pattern.matches(record)) {
      kept.push_back(std::move(record));
      continue;
    }
    ++matched;
    if (ignore) {
      reading.ignored_records.push_back(std::move(record));
      continue;
    }
    if (replacement) {
      DynamicRecord other = *replacement;
      other.bus = record.bus;
      other.id = record.id;
      other.replaces = full_model_name(record);
      record = std::move(other);
    }
    if (set) set_values(record, *set, reading);
    kept.push_back(std::move(record));
  }
  reading.records = std::move(kept);
  if (matched == 0 && pattern.any() && actions == 1)
    rule.problem("model", "no record of the dynamics file matches this [[dyr_rule]]",
                 "correct it or leave it out");
  if (set && matched > 0) set->finish();
  rule.finish();
}

}  // namespace

void apply_dyr_rules(Section& root, Reading& reading) {
  for (Section& rule : root.sections("dyr_rule")) apply_rule(rule, reading);
}

}  // namespace ballast
