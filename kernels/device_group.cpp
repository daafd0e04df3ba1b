#include "kernels/device_group.hpp"

#include "kernels/device_group_table.hpp"

namespace ballast::batch {

std::unique_ptr<DeviceGroup> make_device_group(std::string_view model) {
  for (const DeviceGroupMaker& maker : kDeviceGroupMakers)
    if (model == maker.model) return maker.make();
  return nullptr;
}

}  // namespace ballast::batch
