#include <gmock/gmock.h>

#include "tests/viz/synthetic_run.hpp"
#include "viz/vtk.hpp"

namespace ballast {
namespace {

TEST(VtkWithout, SaysThatTheProgramWasBuiltWithoutVtk) {
  EXPECT_THAT(test::error_of([] { write_vtk(Record{}, "vtk"); }), testing::HasSubstr("built without VTK"));
}

}  // namespace
}  // namespace ballast
