#include "viz/vtk.hpp"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkSmartPointer.h>
#include <vtkStringArray.h>
#include <vtkXMLPolyDataWriter.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "viz/file_output.hpp"
#include "viz/resources.hpp"

namespace ballast {
namespace {

enum class Carrier { BUS, BRANCH };

/// A quantity that belongs on the map.
struct MapQuantity {
  std::size_t quantity;
  Carrier carrier;
  std::string array;
};

/// "bus.voltage" in pu -> "voltage_pu"; ParaView's calculator wants names without dots and slashes.
std::string array_name(const Quantity& quantity) {
  std::string name = quantity.name;
  for (const char* prefix : {"bus.", "branch."})
    if (name.starts_with(prefix)) name.erase(0, std::string(prefix).size());
  if (!quantity.unit.empty() && quantity.unit != "1") name += "_" + quantity.unit;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

std::vector<MapQuantity> map_quantities(const Record& record) {
  std::vector<MapQuantity> found;
  for (std::size_t q = 0; q < record.schema.quantities.size(); ++q) {
    const Quantity& quantity = record.schema.quantities[q];
    if (quantity.indices.empty()) continue;
    const Carrier carrier = quantity.name.starts_with("branch.") ? Carrier::BRANCH : Carrier::BUS;
    found.push_back({q, carrier, array_name(quantity)});
  }
  return found;
}

void write(vtkPolyData* data, const std::filesystem::path& path) {
  const vtkNew<vtkXMLPolyDataWriter> writer;
  writer->SetFileName(path.c_str());
  writer->SetInputData(data);
  writer->SetDataModeToAppended();
  writer->EncodeAppendedDataOff();
  writer->SetCompressorTypeToZLib();
  if (writer->Write() != 1 || writer->GetErrorCode() != 0)
    throw Error(path.string(), "cannot write this ParaView file",
                "free space on that disk, or write elsewhere");
}

template <class Array, class Value>
void put(vtkFieldData* data, const char* name, std::size_t count, Value value) {
  const vtkNew<Array> array;
  array->SetName(name);
  array->SetNumberOfValues(static_cast<vtkIdType>(count));
  for (std::size_t i = 0; i < count; ++i) array->SetValue(static_cast<vtkIdType>(i), value(i));
  data->AddArray(array);
}

/// The map: what does not change with time.
vtkSmartPointer<vtkPolyData> make_map(const Record& record, const std::vector<Position>& positions) {
  const NetworkMap& map = record.network;
  auto data = vtkSmartPointer<vtkPolyData>::New();
  const vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  for (const Position& position : positions) points->InsertNextPoint(position.x, position.y, 0);
  data->SetPoints(points);
  const vtkNew<vtkCellArray> lines;
  for (const MapBranch& branch : map.branches) {
    const vtkIdType ends[2] = {branch.from, branch.to};
    lines->InsertNextCell(2, ends);
  }
  data->SetLines(lines);
  vtkFieldData* buses = data->GetPointData();
  const std::size_t n = map.buses.size(), m = map.branches.size();
  put<vtkIntArray>(buses, "number", n, [&](std::size_t i) { return map.buses[i].number; });
  put<vtkStringArray>(buses, "name", n, [&](std::size_t i) { return map.buses[i].name; });
  put<vtkDoubleArray>(buses, "base_kV", n, [&](std::size_t i) { return map.buses[i].base_kV; });
  put<vtkIntArray>(buses, "area", n, [&](std::size_t i) { return map.buses[i].area; });
  put<vtkDoubleArray>(buses, "generation_MW", n, [&](std::size_t i) { return map.buses[i].generation_MW; });
  put<vtkDoubleArray>(buses, "load_MW", n, [&](std::size_t i) { return map.buses[i].load_MW; });
  vtkFieldData* branches = data->GetCellData();
  put<vtkStringArray>(branches, "id", m, [&](std::size_t i) { return map.branches[i].id; });
  put<vtkDoubleArray>(branches, "rate_MVA", m, [&](std::size_t i) { return map.branches[i].rate_MVA; });
  put<vtkIntArray>(branches, "transformer", m,
                   [&](std::size_t i) { return int{map.branches[i].transformer}; });
  put<vtkIntArray>(branches, "in_service_at_start", m,
                   [&](std::size_t i) { return int{map.branches[i].in_service}; });
  return data;
}

/// Puts the values of one sample on the map; elements that were not recorded are not-a-number.
void put_sample(const Record& record, const std::vector<MapQuantity>& quantities, std::size_t sample,
                vtkPolyData* data) {
  for (const MapQuantity& one : quantities) {
    const bool on_bus = one.carrier == Carrier::BUS;
    std::vector<double> values(on_bus ? record.network.buses.size() : record.network.branches.size(),
                               std::nan(""));
    const Quantity& quantity = record.schema.quantities[one.quantity];
    for (std::size_t e = 0; e < quantity.indices.size(); ++e)
      values[quantity.indices[e]] = record.at(one.quantity, sample, e);
    vtkFieldData* target = on_bus ? static_cast<vtkFieldData*>(data->GetPointData()) : data->GetCellData();
    put<vtkDoubleArray>(target, one.array.c_str(), values.size(), [&](std::size_t i) { return values[i]; });
    if (quantity.name == "island")
      put<vtkIntArray>(target, "alive", values.size(), [&](std::size_t i) { return values[i] < 0 ? 0 : 1; });
  }
}

/// Where an event is drawn: at its bus; without one, in a row below the map.
Position place_of(const LoggedEvent& event, const std::vector<Position>& positions) {
  if (event.bus >= 0) return positions[event.bus];
  double left = positions[0].x, right = left, low = positions[0].y, high = low;
  for (const Position& p : positions) {
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    low = std::min(low, p.y);
    high = std::max(high, p.y);
  }
  const double step = 0.05 * std::max({right - left, high - low, 1e-9});
  return {left + step * (event.id % 20), low - 2 * step};
}

/// Events logged at or before `until_s`.
vtkSmartPointer<vtkPolyData> make_events(const Record& record, const std::vector<Position>& positions,
                                         double until_s) {
  std::vector<const LoggedEvent*> events;
  for (const LoggedEvent& event : record.events)
    if (event.time_s <= until_s) events.push_back(&event);
  auto data = vtkSmartPointer<vtkPolyData>::New();
  const vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  const vtkNew<vtkCellArray> vertices;
  for (const LoggedEvent* event : events) {
    const Position place = place_of(*event, positions);
    const vtkIdType point = points->InsertNextPoint(place.x, place.y, 0);
    vertices->InsertNextCell(1, &point);
  }
  data->SetPoints(points);
  data->SetVerts(vertices);
  vtkFieldData* arrays = data->GetPointData();
  const std::size_t n = events.size();
  put<vtkIntArray>(arrays, "id", n, [&](std::size_t i) { return events[i]->id; });
  put<vtkIntArray>(arrays, "cause", n, [&](std::size_t i) { return events[i]->cause; });
  put<vtkDoubleArray>(arrays, "time_s", n, [&](std::size_t i) { return events[i]->time_s; });
  put<vtkDoubleArray>(arrays, "age_s", n, [&](std::size_t i) {
    return std::isfinite(until_s) ? until_s - events[i]->time_s : 0.0;
  });
  put<vtkDoubleArray>(arrays, "power_MW", n, [&](std::size_t i) { return events[i]->power_MW; });
  put<vtkIntArray>(arrays, "at_bus", n, [&](std::size_t i) { return events[i]->bus >= 0 ? 1 : 0; });
  put<vtkStringArray>(arrays, "kind", n, [&](std::size_t i) { return events[i]->kind; });
  put<vtkStringArray>(arrays, "device", n, [&](std::size_t i) { return events[i]->device; });
  put<vtkStringArray>(arrays, "text", n, [&](std::size_t i) { return events[i]->text; });
  put<vtkStringArray>(arrays, "cause_text", n, [&](std::size_t i) { return events[i]->cause_text; });
  return data;
}

/// A ParaView collection: which file holds which time.
void write_collection(const std::filesystem::path& path,
                      const std::vector<std::pair<double, std::string>>& files) {
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
      "  <Collection>\n";
  for (const auto& [time, file] : files)
    text += fmt::format("    <DataSet timestep=\"{}\" file=\"{}\"/>\n", time, file);
  text += "  </Collection>\n</VTKFile>\n";
  write_whole_file(path, text);
}

/// A Python string literal.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      result += ' ';
    else
      result += c;
  }
  return result + "\"";
}

void write_scene(const Record& record, const std::filesystem::path& path) {
  std::string scene(resources::kScene);
  const std::string marker = "TITLE = \"\"";
  const auto at = scene.find(marker);
  scene.replace(at, marker.size(), "TITLE = " + quoted(record.info.title));
  write_whole_file(path, scene);
}

}  // namespace

bool have_vtk() { return true; }

void write_vtk(const Record& record, const std::filesystem::path& folder, const VtkOptions& options) {
  if (record.network.buses.empty() || record.samples() == 0)
    throw Error(record.path.string(), "has no buses or no samples to draw on a map",
                "record a case with a network");
  make_folder(folder / "network");
  make_folder(folder / "events");
  const std::vector<Position> positions = map_positions(record.network);
  const std::vector<MapQuantity> quantities = map_quantities(record);
  const vtkSmartPointer<vtkPolyData> map = make_map(record, positions);
  std::vector<std::pair<double, std::string>> networks, events;
  for (const std::size_t sample : select_frames(record, options.frames)) {
    const double time_s = record.times_s[sample];
    const std::string name = fmt::format("{:05}.vtp", networks.size());
    put_sample(record, quantities, sample, map);  // replaces the arrays of the frame before
    write(map, folder / "network" / name);
    networks.emplace_back(time_s, "network/" + name);
    write(make_events(record, positions, time_s), folder / "events" / name);
    events.emplace_back(time_s, "events/" + name);
  }
  write(make_events(record, positions, std::numeric_limits<double>::infinity()), folder / "events.vtp");
  write_scene(record, folder / "scene.py");
  write_collection(folder / "events.pvd", events);
  write_collection(folder / "network.pvd", networks);  // last: a folder with it is complete
}

}  // namespace ballast
