#include <gmock/gmock.h>
#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkStringArray.h>
#include <vtkXMLPolyDataReader.h>

#include <cmath>

#include "tests/viz/synthetic_run.hpp"
#include "viz/vtk.hpp"

namespace ballast {
namespace {

using namespace test;
using testing::HasSubstr;

class Vtk : public testing::Test {
 protected:
  void SetUp() override {
    MemoryRecorder memory;
    play(memory);
    record_ = memory.record();
    write_vtk(record_, scratch_.path() / "vtk", {{std::nullopt, 20}});
  }

  /// Times and files of a collection.
  [[nodiscard]] std::vector<std::pair<double, std::string>> collection(const std::string& name) const {
    const std::string text = read_text(scratch_ / ("vtk/" + name));
    std::vector<std::pair<double, std::string>> entries;
    const auto attribute = [&](const std::string& key, std::size_t& at) {
      const std::size_t from = text.find(key + "=\"", at) + key.size() + 2;
      at = text.find('"', from);
      return text.substr(from, at - from);
    };
    for (std::size_t at = text.find("<DataSet"); at != std::string::npos; at = text.find("<DataSet", at)) {
      const double time = std::stod(attribute("timestep", at));
      entries.emplace_back(time, attribute("file", at));
    }
    return entries;
  }

  vtkPolyData* load(const std::string& name) {
    reader_->SetFileName((scratch_ / ("vtk/" + name)).c_str());
    reader_->Update();
    return reader_->GetOutput();
  }

  ScratchFolder scratch_;
  Record record_;
  vtkNew<vtkXMLPolyDataReader> reader_;
};

TEST_F(Vtk, ValuesReadBackEqualTheRecord) {
  const auto frames = collection("network.pvd");
  ASSERT_GE(frames.size(), 20U);
  const auto voltage = *record_.find("bus.voltage"), loading = *record_.find("branch.loading");
  for (const auto& [time, file] : frames) {
    std::size_t sample = 0;
    while (sample + 1 < record_.samples() && record_.times_s[sample + 1] <= time) ++sample;
    ASSERT_EQ(record_.times_s[sample], time) << "times in the collection are exact";
    vtkPolyData* data = load(file);
    ASSERT_EQ(data->GetNumberOfPoints(), 5);
    ASSERT_EQ(data->GetNumberOfLines(), 5);
    for (int bus = 0; bus < 5; ++bus)
      EXPECT_EQ(data->GetPointData()->GetArray("voltage_pu")->GetTuple1(bus),
                record_.at(voltage, sample, bus));
    EXPECT_EQ(data->GetCellData()->GetArray("loading")->GetTuple1(2), record_.at(loading, sample, 1));
    EXPECT_TRUE(std::isnan(data->GetCellData()->GetArray("loading")->GetTuple1(1))) << "not recorded";
  }
}

TEST_F(Vtk, BusesCarryNumberNameVoltageLevelAndLife) {
  vtkPolyData* data = load(collection("network.pvd").back().second);
  EXPECT_EQ(data->GetPointData()->GetArray("number")->GetTuple1(3), 2104);
  EXPECT_EQ(data->GetPointData()->GetArray("base_kV")->GetTuple1(3), 34.5);
  auto* names = vtkStringArray::SafeDownCast(data->GetPointData()->GetAbstractArray("name"));
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(names->GetValue(0), "Süd-0");
  EXPECT_EQ(data->GetPointData()->GetArray("alive")->GetTuple1(4), 0);
  EXPECT_EQ(data->GetPointData()->GetArray("alive")->GetTuple1(0), 1);
  EXPECT_EQ(data->GetPoint(1)[0], std::cos(1.2));
}

TEST_F(Vtk, FramesIncludeTheInstantsOfEventsAndEventsGatherOverTime) {
  for (const LoggedEvent& event : ring_events()) {
    bool found = false;
    for (const auto& [time, file] : collection("events.pvd")) {
      if (time != event.time_s) continue;
      found = true;
      EXPECT_EQ(load(file)->GetNumberOfPoints(), event.id + 1) << time;
    }
    EXPECT_TRUE(found) << event.time_s;
  }
  EXPECT_EQ(load(collection("events.pvd").front().second)->GetNumberOfPoints(), 0);
}

TEST_F(Vtk, EventsCarryTimeKindPowerTextAndCause) {
  vtkPolyData* data = load("events.vtp");
  ASSERT_EQ(data->GetNumberOfPoints(), 3);
  vtkPointData* arrays = data->GetPointData();
  EXPECT_EQ(arrays->GetArray("time_s")->GetTuple1(2), 1.25);
  EXPECT_EQ(arrays->GetArray("power_MW")->GetTuple1(2), -300);
  EXPECT_EQ(arrays->GetArray("cause")->GetTuple1(2), 0);
  EXPECT_EQ(vtkStringArray::SafeDownCast(arrays->GetAbstractArray("kind"))->GetValue(2), "mode");
  EXPECT_EQ(vtkStringArray::SafeDownCast(arrays->GetAbstractArray("text"))->GetValue(0),
            ring_events()[0].text);
  EXPECT_EQ(data->GetPoint(2)[0], std::cos(1.2 * 3)) << "at its bus";
}

TEST_F(Vtk, TheSceneHasTheTitleAsAPythonText) {
  EXPECT_THAT(read_text(scratch_ / "vtk/scene.py"), HasSubstr("TITLE = \"Ring & <campus> \\\"dip\\\"\"\n"));
}

TEST_F(Vtk, ANetworkWithoutAnyPositionGetsALayout) {
  for (MapBus& bus : record_.network.buses) bus.position.reset();
  write_vtk(record_, scratch_.path() / "vtk");
  vtkPolyData* data = load("network/00000.vtp");
  double least = 1e9;
  for (int a = 0; a < 5; ++a)
    for (int b = a + 1; b < 5; ++b)
      least = std::min(least, std::hypot(data->GetPoint(a)[0] - data->GetPoint(b)[0],
                                         data->GetPoint(a)[1] - data->GetPoint(b)[1]));
  EXPECT_GT(least, 0.1) << "no two buses on one spot";
}

TEST_F(Vtk, AnUnwritableFolderAndARecordWithoutBusesAreErrors) {
  EXPECT_THAT(error_of([&] { write_vtk(record_, "/proc/no-such-folder"); }),
              HasSubstr("/proc/no-such-folder"));
  EXPECT_THAT(error_of([&] { write_vtk(Record{}, scratch_.path()); }), HasSubstr("no buses"));
}

}  // namespace
}  // namespace ballast
