#include "viz/vtk.hpp"

namespace ballast {

bool have_vtk() { return false; }

void write_vtk(const Record&, const std::filesystem::path& folder, const VtkOptions&) {
  throw Error(folder.string(), "this program was built without VTK and cannot write ParaView files",
              "build it with -DBALLAST_VTK=ON (Debian package libvtk9-dev)");
}

}  // namespace ballast
