#include "solver/part_group.hpp"

#include "solver/part_group_table.hpp"

namespace ballast {
namespace {
template <class Infos>
int position(const Infos& infos, std::string_view name) {
  for (std::size_t i = 0; i < infos.size(); ++i)
    if (name == infos[i].name) return static_cast<int>(i);
  return -1;
}
}  // namespace

int PartGroup::find_input(std::string_view name) const { return position(inputs, name); }
int PartGroup::find_output(std::string_view name) const { return position(outputs, name); }
int PartGroup::find_state(std::string_view name) const { return position(states, name); }

std::unique_ptr<PartGroup> make_part_group(std::string_view model) {
  for (const PartGroupMaker& maker : kPartGroupMakers)
    if (model == maker.model) return maker.make();
  return nullptr;
}

std::vector<std::string> part_group_names() {
  std::vector<std::string> names;
  for (const PartGroupMaker& maker : kPartGroupMakers) names.emplace_back(maker.model);
  return names;
}

}  // namespace ballast
