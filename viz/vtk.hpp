/// \file
/// ParaView files of a run: the network as a map over time, its events as points, and a scene to look at
/// them.
#pragma once

#include <filesystem>

#include "viz/frames.hpp"
#include "viz/record.hpp"

namespace ballast {

/// False in a program built without VTK.
[[nodiscard]] bool have_vtk();

struct VtkOptions {
  FrameOptions frames;
};

/// Writes into `folder` (made if missing):
///   network.pvd, network/*.vtp   points are buses, lines are branches; one file per frame
///   events.pvd, events/*.vtp     the events so far, at their buses; one file per frame
///   events.vtp                   all events
///   scene.py                     paraview --script=scene.py, or pvbatch scene.py --help
/// Arrays are named after the recorded quantities: "bus.voltage" [pu] becomes voltage_pu, "branch.power" [MW]
/// becomes power_MW; any quantity of buses or branches is written, whatever its name.
/// Throws Error when a file cannot be written, when the record has no buses, or when the program was built
/// without VTK.
void write_vtk(const Record& record, const std::filesystem::path& folder, const VtkOptions& options = {});

}  // namespace ballast
